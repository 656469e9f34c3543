## Kinds: one, several
kind-credential = Zugang
kinds-credential = Zugänge
kind-note = Sichere Notiz
kinds-note = Sichere Notizen
kind-bank = Bankkonto
kinds-bank = Bankkonten
kind-card = Zahlungskarte
kinds-card = Zahlungskarten
kind-crypto = Krypto-Wallet
kinds-crypto = Krypto-Wallets
kind-identity = Ausweis
kinds-identity = Ausweise
kind-document = Dokument
kinds-document = Dokumente
kind-insurance = Versicherung
kinds-insurance = Versicherungen
kind-key = API- oder SSH-Schlüssel
kinds-key = API- und SSH-Schlüssel
kind-wifi = WLAN
kinds-wifi = WLANs
kind-licence = Softwarelizenz
kinds-licence = Softwarelizenzen
kind-totp = Zwei-Faktor-Code
kinds-totp = Zwei-Faktor-Codes
kind-custom = Eigener Eintrag
kinds-custom = Eigene Einträge

## Fields of templates
field-account-holder = Kontoinhaber
field-account-number = Kontonummer
field-account-type = Kontoart
field-address = Adresse
field-address-2 = Zweite Adresse
field-address-lines = Anschrift
field-agent = Ansprechpartner
field-api-key = API-Schlüssel
field-api-secret = API-Geheimnis
field-beneficiary = Begünstigte Person
field-bic = BIC
field-birth-date = Geburtsdatum
field-birth-place = Geburtsort
field-body = Text
field-branch = Filiale
field-card-expiry = Gültig bis
field-card-number = Kartennummer
field-cardholder = Name auf der Karte
field-claims-phone = Telefon für Schadensfälle
field-cvv = Prüfnummer
field-deductible = Selbstbeteiligung
field-derivation-path = Ableitungspfad
field-device-model = Gerät
field-document-number = Nummer
field-document-type = Art des Dokuments
field-email = E-Mail
field-expiry-date = Läuft ab am
field-fingerprint = Fingerabdruck
field-full-name = Vollständiger Name
field-host = Host
field-iban = IBAN
field-institution = Bank
field-insurance-type = Art der Versicherung
field-insured = Versichert
field-insurer = Versicherer
field-issue-date = Ausgestellt am
field-issuer = Aussteller
field-issuing-authority = Ausstellende Behörde
field-issuing-country = Ausstellendes Land
field-key-algorithm = Verfahren
field-key-id = Schlüssel-ID
field-key-passphrase = Passphrase
field-licence-key = Lizenzschlüssel
field-licensed-to = Lizenziert für
field-lost-card-phone = Sperr-Telefon
field-mnemonic = Wiederherstellungswörter
field-mrz = Maschinenlesbare Zone
field-nationality = Staatsangehörigkeit
field-network = Netzwerk
field-notes = Notizen
field-online-password = Online-Passwort
field-online-username = Online-Benutzername
field-order-number = Bestellnummer
field-parties = Beteiligte
field-password = Passwort
field-personal-number = Personenkennziffer
field-phone = Telefon
field-pin = PIN
field-policy-number = Versicherungsnummer
field-premium = Beitrag
field-price = Preis
field-private-key = Privater Schlüssel
field-product = Produkt
field-product-version = Version
field-public-key = Öffentlicher Schlüssel
field-purchase-date = Gekauft am
field-recovery-codes = Wiederherstellungscodes
field-router-address = Router-Adresse
field-router-password = Router-Passwort
field-router-username = Router-Benutzername
field-routing-number = Routing-Nummer
field-scopes = Berechtigungen
field-seats = Plätze
field-seed-passphrase = 25. Wort
field-service = Dienst
field-sex = Geschlecht
field-ssid = Netzwerkname
field-start-date = Beginnt am
field-storage-place = Ort des Originals
field-totp = Einmalcode
field-url = Webadresse
field-username = Benutzername
field-vendor = Anbieter
field-wallet-name = Wallet
field-wifi-identity = Identität
field-wifi-password = WLAN-Passwort
field-wifi-security = Sicherheit

## Sections of templates
section-addresses = Adressen
section-contact = Kontakt
section-device = Gerät
section-issue = Ausstellung
section-online = Online-Zugang
section-pair = Schlüsselpaar
section-person = Person
section-purchase = Kauf
section-router = Router
section-seed = Wiederherstellung

## Types of own fields
type-text = Text
type-secret = Geheimnis
type-multiline = Langer Text
type-secret-multiline = Langes Geheimnis
type-url = Webadresse
type-email = E-Mail
type-phone = Telefon
type-date = Datum
type-month-year = Monat und Jahr
type-iban = IBAN
type-bic = BIC
type-routing-number = Routing-Nummer
type-card-number = Kartennummer
type-mnemonic = Wiederherstellungswörter
type-chain-address = Blockchain-Adresse
type-totp = Einmalcode
type-recovery-codes = Wiederherstellungscodes

## Warnings under a field
warning-iban-country = Kein Land hat IBANs mit diesem Anfang
warning-iban-length = IBANs dieses Landes haben { $expected } Zeichen, diese hat { $found }
warning-iban-structure = IBANs dieses Landes haben Buchstaben und Ziffern an anderen Stellen
warning-iban-checksum = Die Prüfziffern passen nicht: wahrscheinlich ein Tippfehler
warning-bic-length = Ein BIC hat 8 oder 11 Zeichen, dieser hat { $found }
warning-bic-structure = Ein BIC hat Buchstaben und Ziffern an anderen Stellen
warning-routing-length = Eine Routing-Nummer hat 9 Ziffern, diese hat { $found }
warning-routing-checksum = Die Prüfziffer passt nicht: wahrscheinlich ein Tippfehler
warning-card-digits = Eine Kartennummer hat 12 bis 19 Ziffern
warning-card-length = Karten dieser Marke haben nicht { $found } Ziffern
warning-card-checksum = Die letzte Ziffer passt nicht: wahrscheinlich ein Tippfehler
warning-expired = Dieses Datum ist vorbei
warning-date = Kein Datum: schreibe 2031-04-30
warning-month-year = Kein Monat: schreibe 2031-04
warning-mnemonic-length = Es sind 12, 15, 18, 21 oder 24 Wörter, hier sind es { $found }
warning-mnemonic-word = Wort { $position } steht in keiner Wortliste
warning-mnemonic-checksum = Die Wörter passen nicht zusammen: ein Wort ist falsch oder vertauscht
warning-address-checksum = Die Adresse passt nicht zu ihrer Prüfsumme: wahrscheinlich ein Tippfehler
warning-address-form = Keine bekannte Form einer Blockchain-Adresse
warning-email = Keine E-Mail-Adresse
warning-url = Keine Webadresse
warning-url-plain-http = Diese Adresse ist nicht verschlüsselt (http)
warning-phone = Keine Telefonnummer
warning-totp-secret = Weder Base32-Geheimnis noch otpauth-Adresse
warning-totp-short = Dieses Geheimnis ist kürzer, als es sein sollte

## Card brands
brand-visa = Visa
brand-mastercard = Mastercard
brand-maestro = Maestro
brand-amex = American Express
brand-discover = Discover
brand-diners = Diners Club
brand-jcb = JCB
brand-unionpay = UnionPay

## Password strength: band
strength-poor = Mangelhaft
strength-weak = Schwach
strength-good = Gut
strength-excellent = Ausgezeichnet

## Password strength: one reason
strength-reason-common = Das ist eines der häufigsten Passwörter
strength-reason-word = Enthält ein Wort, das leicht zu erraten ist
strength-reason-name = Namen sind leicht zu erraten
strength-reason-keyboard = Benachbarte Tasten sind leicht zu erraten
strength-reason-repeat = Wiederholte Zeichen bringen wenig
strength-reason-sequence = Folgen wie abc oder 6543 sind leicht zu erraten
strength-reason-date = Daten und Jahre sind leicht zu erraten
strength-reason-related = Es enthält Titel, Namen oder Adresse dieses Eintrags
strength-reason-short = Es ist kurz

## Password strength: one fix
strength-fix-longer = Mach es länger
strength-fix-more-words = Füge ein oder zwei Wörter hinzu, die nicht zusammengehören
strength-fix-no-pattern = Vermeide Muster, Daten und Wiederholungen
strength-fix-no-substitution = Buchstaben durch Zeichen zu ersetzen hilft wenig: wähle andere Wörter
strength-fix-generate = Lass eines erzeugen

## Time to crack
crack-instant = weniger als eine Sekunde
crack-seconds = { $n } Sekunden
crack-minutes = { $n } Minuten
crack-hours = { $n } Stunden
crack-days = { $n } Tage
crack-years = { $n } Jahre
crack-centuries = länger als ein Jahrhundert

## Window: screens, lists, actions
# Actions
action-search = Suchen
action-palette = Befehlspalette
action-new-item = Neuer Eintrag
action-edit = Bearbeiten
action-save = Speichern
action-cancel = Zurück oder abbrechen
action-copy-user-name = Benutzernamen kopieren
action-copy-secret = Passwort oder Geheimnis kopieren
action-copy-totp = Einmalcode kopieren
action-copy-url = Webadresse kopieren
action-open-url = Webadresse öffnen
action-reveal = Geheimnisse zeigen oder verbergen
action-duplicate = Duplizieren
action-trash = In den Papierkorb
action-favourite = Zu Favoriten oder heraus
action-archive = Archivieren oder zurückholen
action-history = Verlauf
action-generator = Passwortgenerator
action-lock = Sperren
action-overview = Übersicht
action-settings = Einstellungen
action-backup = Sichern und wiederherstellen
action-shortcuts = Tastenkürzel
action-focus-sidebar = Tastatur in die Seitenleiste
action-focus-list = Tastatur in die Liste
action-focus-detail = Tastatur in den Eintrag
action-next-pane = Tastatur in den nächsten Bereich
action-zoom-in = Größer
action-zoom-out = Kleiner
action-zoom-reset = Normale Größe
action-quit = Beenden

# Everywhere
back = Zurück
cancel = Abbrechen
undo = Rückgängig
dismiss = Schließen
choose-file = Datei wählen…
clear-now = Jetzt leeren
chip-remove = { $name } entfernen
secret-show = Zeigen
secret-hide = Verbergen
pane-detail = Details
menu-open = Menü öffnen
vault-menu = { $name }: Tresormenü

# Toasts
nothing-to-copy = { $title } hat keinen solchen Wert.
nothing-to-open = { $title } hat keine Webadresse.
trashed-one = { $title } liegt jetzt im Papierkorb.
trashed-many = { $n } Einträge liegen jetzt im Papierkorb.
archived-one = { $title } archiviert.
unarchived-one = { $title } ist wieder in der Liste.
draft-is-back = Deine Eingabe von vorhin ist wieder da. Sie ist noch nicht gespeichert.
copied-clears = { $field } von { $title } kopiert. Wird in { $secs } s gelöscht.
copied = { $field } von { $title } kopiert.
copied-text-clears = Kopiert. Wird in { $secs } s gelöscht.
copied-text = In die Zwischenablage kopiert.
drop-attaches = Loslassen, um an { $title } anzuhängen
drop-attaches-new = Loslassen, um an den neuen Eintrag anzuhängen
drop-open-first = Öffne zuerst den Eintrag, zu dem die Dateien gehören
drop-needs-item = Öffne den Eintrag, zu dem die Dateien gehören, und lege sie dort ab.
clipboard-refused =
    { $here ->
        [browser] Der Browser hat das Leeren der Zwischenablage nicht erlaubt: Das Kopierte liegt noch darin. Kopiere irgendeinen anderen Text darüber.
       *[computer] Die Zwischenablage ließ sich nicht leeren. Kopiere zur Sicherheit etwas anderes.
    }
shell-read-file = Die Datei ließ sich nicht lesen.
shell-write-file = Dort ließ sich nichts schreiben. Wähle einen anderen Ort.
shell-open-url = Kein Programm hat die Adresse geöffnet.
shell-clipboard = Die Zwischenablage antwortet nicht. Es wurde nichts kopiert.
notice-resurrected = { $title } wurde auf einem anderen Gerät geändert und ist deshalb wieder aus dem Papierkorb zurück.
notice-clock-behind =
    { $here ->
        [browser] Die Uhr des Rechners unter diesem Browser geht { $minutes } Minuten nach. Zeitangaben können falsch aussehen.
       *[computer] Die Uhr dieses Computers geht { $minutes } Minuten nach. Zeitangaben können falsch aussehen.
    }
notice-old-copy = Eine ältere Kopie dieses Tresors wurde zurückgelegt. Nichts ist verloren; es geht von hier aus weiter.
notice-moved-to-new-log =
    { $n ->
        [0] Dieser Ordner wurde anderswo fortgeführt. Weiter geht es in einem neuen Protokoll; nichts ging verloren.
        [one] Dieser Ordner wurde anderswo fortgeführt. Eine nicht gesendete Änderung ist in ein neues Protokoll umgezogen; nichts ging verloren.
       *[other] Dieser Ordner wurde anderswo fortgeführt. { $n } nicht gesendete Änderungen sind in ein neues Protokoll umgezogen; nichts ging verloren.
    }
notice-orphans =
    { $n ->
        [one] Eine übrig gebliebene Datei wurde
       *[other] { $n } übrig gebliebene Dateien wurden
    } entfernt.
notice-list-rebuilt =
    Die Liste der Tresore { $here ->
        [browser] in diesem Browser
       *[computer] auf diesem Computer
    } war beschädigt oder fehlte. { $n ->
        [0] Kein Tresor wurde gefunden; öffne eine Sicherung, falls du einen hattest.
        [one] Sie wurde neu gemacht, und dein Tresor steht darin.
       *[other] Sie wurde neu gemacht, und deine { $n } Tresore stehen darin.
    }
notice-storage-mended = Eine Datei, in der dieser Browser deine Tresore aufbewahrt, war beschädigt. Sie ist wieder heil; nichts ist verloren.
notice-storage-set-aside = Eine Datei, in der dieser Browser deine Tresore aufbewahrt, war beschädigt und liegt jetzt beiseite. Falls ein Tresor nicht aufgeht, stelle seine Sicherung wieder her.
locked-new-epoch = Gesperrt, weil ein anderes Gerät das Passwort oder die Geräte geändert hat. Mit dem Hauptpasswort öffnen; wurde es geändert, mit dem neuen.
locked-idle = Gesperrt, weil eine Weile nichts geschah.
locked-suspended = Gesperrt, weil der Computer schlafen ging.
locked-screen = Gesperrt, weil der Bildschirm gesperrt wurde.
locked-user = Gesperrt, weil der Computer zu einem anderen Benutzer wechselte.
locked-other-tab = Gesperrt, weil ein anderer Tab die Tresore übernommen hat.
locked-hidden =
    { $here ->
        [browser] Gesperrt, weil dieser Tab nicht mehr zu sehen war.
       *[computer] Gesperrt, weil das Fenster minimiert wurde.
    }
interrupted =
    { $what ->
        [create] Der Tresor wurde nicht angelegt
        [unlock] Der Tresor wurde nicht geöffnet
        [restore] Die Sicherung wurde nicht geöffnet
        [backup] Die Sicherung wurde nicht fertig
        [kit] Das Notfallkit wurde nicht fertig
        [attach] Die Datei wurde nicht hinzugefügt
        [extract] Die Datei wurde nicht gespeichert
        [item] Die Änderung wurde nicht gespeichert
        [password] Das Passwort wurde nicht geändert
        [check] Die Prüfung wurde nicht fertig
       *[other] Das Gewünschte wurde nicht getan
    }, weil im Innern etwas schiefging. Alles vorher Gespeicherte ist da; versuche es noch einmal.
attachment-damaged = { $name } wurde verändert oder beschädigt, und nichts davon wurde verwendet. Der Eintrag selbst ist in Ordnung; eine Sicherung bringt die Datei zurück.
locked-restarted = Im Innern ging etwas schief, deshalb wurde gesperrt. Alles Gespeicherte ist da.

# Dialogs
discard-title = Änderungen verwerfen?
discard-text = Was du im Editor getippt hast, ist nicht gespeichert.
discard-keep = Weiter bearbeiten
discard-go = Änderungen verwerfen
purge-title =
    { $n ->
        [one] Diesen Eintrag endgültig löschen?
       *[other] { $n } Einträge endgültig löschen?
    }
purge-text = Werte, Anhänge und Verlauf verschwinden aus diesem Tresor und kommen nicht zurück. Sicherungen behalten, was sie enthalten.
purge-keep = Im Papierkorb lassen
purge-go = Endgültig löschen

# What went wrong
failure-wrong-password = Dieses Passwort öffnet den Tresor nicht.
failure-too-early = Zu viele falsche Passwörter. Nächster Versuch in { $wait }.
failure-key-store = Der Schlüsselspeicher des Systems antwortet nicht. Entsperre ihn und versuche es noch einmal, oder nimm das Notfallkit.
failure-no-device-key =
    { $here ->
        [browser] Der Schlüssel dieses Browsers fehlt. Notfallkit und Hauptpasswort öffnen den Tresor.
       *[computer] Der Schlüssel dieses Geräts fehlt. Notfallkit und Hauptpasswort öffnen den Tresor.
    }
failure-kit-other = Dieses Notfallkit gehört zu einem anderen Tresor.
failure-kit-replaced = Dieses Notfallkit wurde durch ein neueres ersetzt.
failure-kit-unreadable = Das ist kein lesbares Notfallkit, oder ein Wort ist falsch.
failure-kit-passphrase = Das Kit braucht seine Passphrase, oder diese ist falsch.
failure-backup-damaged = Diese Datei ist keine vollständige Sicherung. Es wurde nichts geändert.
failure-backup-other = Diese Sicherung gehört zu einem anderen Tresor.
failure-backup-base = Diese Sicherung baut auf einer früheren auf, die fehlt.
failure-passphrase-required = Solange kein Notfallkit gesichert ist, braucht eine Sicherung eine eigene Passphrase.
failure-too-weak = Zu kurz: mindestens { $n } Zeichen.
failure-passphrase-is-password = Wähle eine Passphrase, die nicht das Hauptpasswort ist.
failure-in-use =
    { $here ->
        [browser] Der Tresor ist in einem anderen Tab offen. Schließe ihn dort zuerst.
       *[computer] Der Tresor ist in einem anderen Fenster offen. Schließe ihn dort zuerst.
    }
failure-not-found = Das gibt es nicht mehr.
failure-locked = Der Tresor ist gesperrt.
failure-read-only = Dieser Tresor ist nur zum Lesen offen. Es wurde nichts geändert.
failure-disk-full =
    { $here ->
        [browser] Der Browser gibt keinen Platz mehr. Nichts ist verloren; schaffe Platz auf dem Datenträger oder lösche Daten anderer Websites und versuche es noch einmal.
       *[computer] Der Datenträger ist voll. Nichts ist verloren; schaffe Platz und versuche es noch einmal.
    }
failure-io = Lesen oder Schreiben schlug fehl. Prüfe den Datenträger und versuche es noch einmal.
failure-damaged = Die Tresordatei ist beschädigt. Stelle aus einer Sicherung wieder her; an der Datei wurde nichts geändert.
failure-not-authentic = Die Aufzeichnung dieses Tresors wurde verändert. Sie wurde nicht verwendet. Prüfe den Tresor.
failure-too-new = Das hat eine neuere Programmversion geschrieben. Aktualisiere und versuche es noch einmal.
failure-attachment-missing =
    { $here ->
        [browser] Die Datei dieses Anhangs fehlt in diesem Browser.
       *[computer] Die Datei dieses Anhangs fehlt auf diesem Gerät.
    }
failure-attachment-damaged = Die Datei wurde verändert oder beschädigt, und nichts davon wurde verwendet. Der Eintrag selbst ist in Ordnung; eine Sicherung bringt die Datei zurück.
failure-source-changed = Die Datei änderte sich beim Lesen. Füge sie noch einmal hinzu.
failure-vault-name = Gib dem Tresor einen Namen.
failure-item-too-large = Dieser Eintrag ist zu groß. Lege lange Texte als Anhang ab.
failure-recipe = Aus dieser Auswahl lässt sich nichts erzeugen.
failure-kind = Diese Art von Eintrag ist hier unbekannt.
failure-cancelled = Abgebrochen.
failure-no-entropy = Das System lieferte keine Zufallszahlen, deshalb wurde nichts geschrieben.
failure-not-in-trash = Nur Einträge im Papierkorb lassen sich endgültig löschen.
failure-unknown = Das ging nicht. Es wurde nichts geändert.

# Time
ago-now = gerade eben
ago-minutes =
    { $n ->
        [one] vor einer Minute
       *[other] vor { $n } Minuten
    }
ago-hours =
    { $n ->
        [one] vor einer Stunde
       *[other] vor { $n } Stunden
    }
ago-days =
    { $n ->
        [one] gestern
       *[other] vor { $n } Tagen
    }
ago-date = am { $date }

# Unlock
master-password = Hauptpasswort
master-password-again = Hauptpasswort noch einmal
new-master-password = Neues Hauptpasswort
passwords-differ = Die beiden sind nicht gleich.
vault-name = Name des Tresors
vault-default-name = Privat
caps-lock = Feststelltaste ist an
unlock = Entsperren
unlock-open = Tresor öffnen
unlock-no-password = Dieser Tresor hat noch kein Hauptpasswort.
unlock-never-opened = Noch nicht geöffnet
unlock-last-opened = Zuletzt geöffnet { $ago }
unlock-use-kit = Notfallkit verwenden
unlock-other-vault = Anderer Tresor
unlock-wait = Nächster Versuch in { $wait }.
unlock-opening =
    { $total ->
        [one] Öffne einen Eintrag
       *[other] Öffne { $done } von { $total } Einträgen
    }
unlock-checking = Prüfe, etwa { $secs } s
picker-title = Tresor wählen
picker-create = Neuer Tresor
picker-restore = Sicherung öffnen
picker-no-password = kein Hauptpasswort

# First run
first-title = Woher soll dein Tresor kommen?
first-title-further = Ein weiterer Tresor
first-text =
    { $here ->
        [browser] Nichts verlässt diesen Browser. Kein Konto, keine E-Mail-Adresse.
       *[computer] Nichts verlässt diesen Computer. Kein Konto, keine E-Mail-Adresse.
    }
first-creating = Der Tresor entsteht…
first-start = Jetzt beginnen
first-start-note =
    { $here ->
        [browser] Geschützt durch diesen Browser. Ein Hauptpasswort kannst du jederzeit hinzufügen.
       *[computer] Geschützt durch dieses Gerät. Ein Hauptpasswort kannst du jederzeit hinzufügen.
    }
first-password = Mit Hauptpasswort anlegen
first-password-note =
    { $here ->
        [browser] Eine Minute mehr, und dieser Browser allein genügt nicht zum Öffnen.
       *[computer] Eine Minute mehr, und dieses Gerät allein genügt nicht zum Öffnen.
    }
first-restore = Sicherung öffnen
first-restore-note = Aus einer .nt2backup-Datei, mit Passphrase oder Notfallkit.
create-title = Wähle ein Hauptpasswort
create-text = Es wird nirgends gespeichert, also kann es dir niemand zuschicken. Ein Satz aus fünf, sechs Wörtern ist leicht zu merken und schwer zu raten.
create-hint = Am besten mehrere Wörter ohne Zusammenhang.
create-go = Tresor anlegen
create-go-tip = Beide Felder gleich, mindestens { $n } Zeichen

# Recovery kit
kit-by = Wie das Kit vorliegt
kit-by-file = Kit-Datei
kit-by-words = 24 Wörter
kit-file-hint = Eine .nt2recovery-Datei
kit-passphrase = Passphrase des Kits
kit-passphrase-hint = Die, die beim Sichern des Kits gewählt wurde.
kit-words = Wörter des Kits
kit-words-count = { $n } von 24 Wörtern
recover-title = Notfallkit verwenden
recover-text = Das Kit öffnet { $name } zusammen mit diesem Gerät oder mit dem Hauptpasswort.
recover-with = Was zum Kit dazukommt
recover-lost-password = Passwort vergessen
recover-know-password = Passwort bekannt
recover-after = Danach ist dieses Kit verbraucht: Sichere das neue.
recover-go = Tresor öffnen

# Restore
restore-title = Sicherung öffnen
restore-text =
    { $here ->
        [browser] Sie wird zu einem Tresor in diesem Browser. Vorhandene Tresore bleiben, wie sie sind.
       *[computer] Sie wird zu einem Tresor auf diesem Gerät. Vorhandene Tresore bleiben, wie sie sind.
    }
restore-choose = Sicherung wählen…
restore-is-here =
    { $here ->
        [browser] Sicherung eines Tresors, der auch in diesem Browser ist.
       *[computer] Sicherung eines Tresors, der auch auf diesem Gerät ist.
    }
restore-is-not-here =
    { $here ->
        [browser] Sicherung eines Tresors, der nicht in diesem Browser ist.
       *[computer] Sicherung eines Tresors, der nicht auf diesem Gerät ist.
    }
restore-by = Was die Sicherung öffnet
restore-by-passphrase = Deine Passphrase
restore-by-device =
    { $here ->
        [browser] Passwort, dieser Browser
       *[computer] Passwort, dieses Gerät
    }
restore-by-kit = Passwort und Kit
restore-passphrase = Passphrase der Sicherung
restore-passphrase-note = Die Einträge kommen in einen neuen Tresor. Gib ihm jetzt oder später ein Hauptpasswort.
restore-go = Wiederherstellen

# Overlays
new-item-title = Was möchtest du aufbewahren?
shortcuts-title = Tastenkürzel
shortcuts-move = Finden und bewegen
shortcuts-item = Ausgewählter Eintrag
shortcuts-vault = Tresor und Fenster
palette-hint = Befehl oder Eintrag tippen
palette-nothing = Nichts heißt { $words }
palette-foot = ↑↓ wählen · Enter ausführen · Esc schließen
palette-new = Neu: { $kind }

# List
list-new = Neuer Eintrag
list-name = Einträge: { $n }
list-found = { $n } in { $scope }
list-selected = { $n } ausgewählt
search-name = In { $scope } suchen
search-hint =
    { $count ->
        [one] Einen Eintrag durchsuchen
       *[other] { $n } Einträge durchsuchen
    }
sort-by = Reihenfolge der Liste
sort-title = Titel
sort-changed = Geändert
sort-created = Angelegt
sort-kind = Art
scope-all = Alle Einträge
scope-favourites = Favoriten
scope-archive = Archiv
scope-trash = Papierkorb
scope-conflicts = Konflikte
scope-expiring = Läuft ab
menu-put-back = Zurücklegen
menu-purge = Endgültig löschen…
menu-favourite-on = Zu Favoriten
menu-favourite-off = Aus Favoriten entfernen
menu-archive-on = Archivieren
menu-archive-off = Aus dem Archiv holen
empty-search = Kein Treffer in { $scope }
empty-search-note = Gesucht wurde in Titeln, Benutzernamen, Adressen, Schlagwörtern und Feldnamen.
empty-search-all =
    { $n ->
        [one] Den einen Eintrag durchsuchen
       *[other] Alle { $n } Einträge durchsuchen
    }
empty-search-clear = Suche leeren
empty-all = Noch keine Einträge
empty-all-note = Zugänge, Karten, Dokumente, Schlüssel: Alles, was sicher sein soll, kommt hierher.
empty-favourites = Noch keine Favoriten
empty-favourites-note = Der Stern in einem Eintrag legt ihn hierher.
empty-kind = Nichts von dieser Art
empty-kind-note = Neue Einträge dieser Art erscheinen hier.
empty-folder = Nichts hier
empty-folder-note = Vergib Schlagwort oder Ordner im Editor.
empty-archive = Das Archiv ist leer
empty-archive-note = Archivierte Einträge bleiben vollständig, stehen aber nicht im Weg und nicht in der Suche.
empty-trash = Der Papierkorb ist leer
empty-trash-note = Gelöschte Einträge warten hier, bis du ihn leerst.
empty-conflicts = Nichts zu klären
empty-conflicts-note = Alle Geräte sind sich einig.
empty-expiring = Nichts läuft bald ab
empty-expiring-note = Einträge mit einem Datum in den nächsten 30 Tagen erscheinen hier.

# Sidebar and status bar
sidebar-name = Orte im Tresor
sidebar-kinds = Arten
sidebar-folders = Ordner
sidebar-tags = Schlagwörter
sidebar-more = { $n } weitere
status-no-backup = Noch keine Sicherung
status-backup = Gesichert { $ago }, vollständig
status-backup-changes =
    { $n ->
        [one] Gesichert { $ago }, seither eine Änderung
       *[other] Gesichert { $ago }, seither { $n } Änderungen
    }
status-working = Läuft: { $percent } %
status-locks-in = Sperrt in { $left }
remaining-minutes = { $n } min
remaining-seconds = { $n } s
status-no-lock = Sperrt nie von selbst
status-items =
    { $count ->
        [one] Ein Eintrag
       *[other] { $n } Einträge
    }

# Banners
banner-damaged = Dieser Tresor ist beschädigt. Lesbares wird gezeigt; ändern lässt sich nichts.
banner-damaged-go = Tresor prüfen
banner-medium = Dieser Tresor liegt auf einem schreibgeschützten Medium. Lesen geht.
banner-newer = Eine neuere Version hat diesen Tresor geschrieben. Lesen geht; zum Ändern aktualisieren.
banner-password =
    { $here ->
        [browser] Wer diesen Browser benutzt, kann diesen Tresor öffnen.
       *[computer] Wer dieses Gerät benutzt, kann diesen Tresor öffnen.
    }
banner-password-go = Passwort setzen

# Overview
overview-good = Alles in Ordnung
overview-good-todo =
    { $n ->
        [one] In Ordnung, eines zu tun
       *[other] In Ordnung, { $n } Dinge zu tun
    }
overview-todo =
    { $n ->
        [one] Eines ist zu tun
       *[other] { $n } Dinge sind zu tun
    }
overview-sub =
    { $n ->
        [one] Ein Eintrag
       *[other] { $n } Einträge
    } in { $kinds ->
        [one] einer Art
       *[other] { $kinds } Arten
    }
overview-expiring = Läuft ab
overview-recent = Zuletzt geändert
begin-title = Dein Tresor ist bereit
begin-text =
    { $here ->
        [browser] Leg das Erste hinein: einen Zugang, eine Karte, ein Dokument. Alles wird in diesem Browser verschlüsselt, bevor es geschrieben wird.
       *[computer] Leg das Erste hinein: einen Zugang, eine Karte, ein Dokument. Alles wird auf diesem Gerät verschlüsselt, bevor es geschrieben wird.
    }
begin-first = Ersten Eintrag anlegen
begin-restore = Sicherung zurückspielen
begin-generator = Passwort erzeugen
card-backup = Sicherung
card-backup-none = Noch keine
card-backup-none-note =
    { $here ->
        [browser] Gelöschte Websitedaten, und alles wäre weg.
       *[computer] Ein defekter Datenträger verlöre alles.
    }
card-backup-all = Alles ist darin.
card-backup-changes =
    { $n ->
        [one] Seither eine Änderung.
       *[other] Seither { $n } Änderungen.
    }
card-backup-go = Jetzt sichern
card-backup-test = Sicherung testen
card-protect = Schutz
card-protect-two = Passwort und Gerät
card-protect-two-note = Keines öffnet ihn allein.
card-protect-password = Passwort
card-protect-password-note =
    { $here ->
        [browser] Der Geräteschlüssel liegt im selben Browser.
       *[computer] Der Geräteschlüssel liegt auf demselben Datenträger.
    }
card-protect-device =
    { $here ->
        [browser] Nur dieser Browser
       *[computer] Nur dieses Gerät
    }
card-protect-device-note =
    { $here ->
        [browser] Wer ihn benutzt, kann den Tresor öffnen.
       *[computer] Wer es benutzt, kann den Tresor öffnen.
    }
card-protect-go = Passwort ändern
card-kit = Notfallkit
card-kit-saved = Gesichert und geprüft
card-kit-saved-note = Es hilft, wenn Passwort oder Gerät fehlt.
card-kit-none = Nicht gesichert
card-kit-none-note = Ohne es ist ein vergessenes Passwort endgültig.
card-kit-go = Kit sichern
card-kit-check = Kit prüfen
todo-password =
    { $here ->
        [browser] Wer diesen Browser benutzt, kann diesen Tresor öffnen.
       *[computer] Wer dieses Gerät benutzt, kann diesen Tresor öffnen.
    }
todo-kit = Kein Notfallkit: Ein verlorenes Passwort oder Gerät wäre endgültig.
todo-backup-first =
    { $here ->
        [browser] Noch keine Sicherung: Werden die Daten dieser Website gelöscht, ist alles weg.
       *[computer] Noch keine Sicherung: Ein defekter Datenträger verlöre alles.
    }
todo-backup = Die letzte Sicherung ist { $days } Tage alt.
todo-conflicts =
    { $n ->
        [one] Ein Eintrag wurde auf zwei Geräten zugleich geändert. Beide Werte sind da.
       *[other] { $n } Einträge wurden auf zwei Geräten zugleich geändert. Alle Werte sind da.
    }
todo-conflicts-go = Wählen
expired-days =
    { $n ->
        [one] Seit gestern abgelaufen
       *[other] Seit { $n } Tagen abgelaufen
    }
expires-today = Heute
expires-days =
    { $n ->
        [one] Morgen
       *[other] In { $n } Tagen
    }

# Progress and strength
progress-working = Läuft…
progress-items =
    { $total ->
        [one] { $done } von einem Eintrag
       *[other] { $done } von { $total } Einträgen
    }
progress-bytes = { $done } von { $total }
stage-deriving = Passwort wird geprüft
stage-opening = Öffnen
stage-sealing = Verschlüsseln
stage-reading = Entschlüsseln
stage-checking = Prüfen
stage-writing = Schreiben
stage-syncing = Abgleichen
strength-line = { $word } · { $bits } Bit

## Panes: detail, editor, generator, history, attachments, settings
# Fields
field-act-copy = { $field } kopieren
field-act-reveal = { $field } zeigen
field-act-hide = { $field } verbergen
field-act-large = { $field } in großer Schrift
field-act-open = { $field } öffnen
field-act-calendar = { $field } aus dem Kalender wählen
field-click-copies = Klicken kopiert
field-hidden = Verborgen
field-revealed = Auf dem Bildschirm gezeigt
field-code = Code auf dem Bildschirm
field-unnamed = Eigenes Feld
field-unnamed-section = Abschnitt
totp-next = danach
warning-other = An diesem Wert ist etwas ungewöhnlich
calendar-back = Früher
calendar-on = Später
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
dialog-keep = Behalten

# Detail
detail-untitled = Ohne Titel
detail-edit = Bearbeiten
detail-star = Zu den Favoriten
detail-unstar = Aus den Favoriten
detail-more = Weitere Aktionen
detail-back = Zurück zum Eintrag
detail-changed = geändert { $when }
detail-changed-on = geändert auf { $device } { $when }
detail-last-changed = Geändert { $when }
detail-last-changed-on = Geändert auf { $device } { $when }
detail-created = Angelegt { $when }
detail-in-trash = Dieser Eintrag ist im Papierkorb.
detail-in-trash-days = Dieser Eintrag ist im Papierkorb. Nach { $days } Tagen wird gefragt, ob er endgültig entfernt wird.
detail-restore = Zurückholen
detail-purge = Endgültig löschen
detail-purge-more = Endgültig löschen …
detail-purge-title = Endgültig löschen?
detail-purge-sentence = Werte, Anhänge und Verlauf von { $title } verschwinden von allen Geräten und lassen sich nicht zurückholen. Sicherungen behalten, was sie enthalten.
detail-opaque = { $n } Teile stammen von einer neueren Version. Sie bleiben erhalten, werden hier aber nicht gezeigt.
detail-archived = Im Archiv
detail-expired = Abgelaufen am { $date }
detail-expires-today = Läuft heute ab
detail-expires-in =
    Läuft in { $n ->
         [one] einem Tag
        *[other] { $n } Tagen
    } ab
detail-expires-on = Läuft am { $date } ab
detail-no-fields = Noch ist nichts ausgefüllt.
detail-more-values =
    { $n ->
         [one] Ein weiterer Wert ist
        *[other] { $n } weitere Werte sind
    } daneben aufbewahrt
detail-attachments = Anhänge
detail-links = Verknüpfte Einträge
detail-link-gone = Ein Eintrag, den es nicht mehr gibt
detail-history = Verlauf
detail-show-history = Alle Änderungen zeigen
detail-duplicate = Duplizieren
detail-move = In Ordner verschieben …
detail-move-title = In Ordner verschieben
detail-move-go = Verschieben
detail-folder = Ordner
detail-folder-hint = Ordner in Ordnern werden mit Schrägstrich geschrieben: Zuhause/Versicherung. Leer für keinen.
detail-tags = Schlagwörter …
detail-tags-title = Schlagwörter
detail-new-tag = Neues Schlagwort
detail-tags-done = Schließen
detail-archive = Archivieren
detail-unarchive = Aus dem Archiv holen
detail-trash = In den Papierkorb

# Concurrent values
conflict-on = { $what } wurde auf { $first } und { $second } geändert. Alle Werte sind aufbewahrt.
conflict-somewhere = { $what } wurde an zwei Stellen zugleich geändert. Alle Werte sind aufbewahrt.
conflict-choose = Auswählen
conflict-title = { $what }: Was stimmt?
conflict-sentence = Die anderen bleiben im Verlauf.
conflict-value-of = { $device }, { $when }
conflict-use = Diesen Wert nehmen
conflict-of = { $at } von { $n }
conflict-chosen = { $what } von { $title } ist jetzt wie auf „{ $device }“. Das Übrige steht im Verlauf.
conflict-other = Das andere nehmen
row-conflict = braucht deine Entscheidung
conflict-later = Später entscheiden
part-title = Titel
part-folder = Ordner
part-favourite = Favorit
part-archived = Archiv
part-alive = Papierkorb
part-expires = Ablauf
part-kind = Art
part-tag = Schlagwort { $tag }
part-section = Abschnitt
part-attachment = Anhang
part-link = Verknüpfung
part-other = Anderes

# Editor
editor-edit = { $title } bearbeiten
editor-edit-untitled = Eintrag bearbeiten
editor-new = Neu: { $kind }
editor-save = Speichern
editor-cancel = Abbrechen
editor-title = Titel
editor-needs-title = Ein Titel hilft, den Eintrag wiederzufinden
editor-discard-title = Eingaben verwerfen?
editor-discard-changes = Deine Änderungen an diesem Eintrag sind nicht gespeichert.
editor-discard-new = Dieser neue Eintrag ist nicht gespeichert.
editor-discard-keep = Weiter bearbeiten
editor-discard = Verwerfen
editor-kept = Unverändert: Tippen ersetzt
editor-kept-hint = { $hint } · unverändert: Tippen ersetzt
editor-revealing = Wert wird geholt …
editor-hint-date = 30.04.2031
editor-hint-month = 04/31 oder 2031-04
editor-hint-totp = Base32-Geheimnis oder otpauth://…
editor-hint-codes = Ein Code je Zeile
editor-hint-url = https://…
editor-word-count = { $n } von { $of } Wörtern
editor-add-field = Feld hinzufügen
editor-add-field-to = Feld zu { $section } hinzufügen
editor-add-section = Abschnitt
editor-new-section = Neuer Abschnitt
editor-section-title = Titel des Abschnitts
editor-section-up = Abschnitt { $section } nach oben
editor-section-down = Abschnitt { $section } nach unten
editor-section-remove = Abschnitt { $section } entfernen, Felder behalten
editor-field-label = Name des Feldes
editor-field-move = { $field } verschieben: ziehen oder Pfeiltasten
editor-field-remove = { $field } entfernen
editor-organise = Ordnen
editor-favourite = Favorit
editor-folder = Ordner
editor-tags = Schlagwörter
editor-new-tag = Schlagwort hinzufügen
editor-expires = Läuft ab
editor-expires-note = Die Übersicht erinnert 30 Tage vorher.
editor-links = Verknüpfte Einträge
editor-links-find = Eintrag zum Verknüpfen suchen
editor-files-new = Dateien irgendwo ablegen: Beim Speichern werden sie angehängt.

# Generator
generator-title = Passwortgenerator
generator-note =
    { $here ->
        [browser] In diesem Browser erzeugt. Was du weder kopierst noch verwendest, ist mit dem nächsten fort.
       *[computer] Auf diesem Gerät erzeugt. Was du weder kopierst noch verwendest, ist mit dem nächsten fort.
    }
generator-copy = Kopieren
generator-use = Verwenden
generator-again = Neu erzeugen
generator-for = { $field } erzeugen
generator-offer = Passphrase erzeugen
generator-result = Erzeugter Text, auf dem Bildschirm
generator-kind = Art des Textes
generator-characters = Zeichen
generator-words = Wörter
generator-nothing = Mindestens eine Art von Zeichen wählen
generator-length = Länge
generator-lower = Kleinbuchstaben
generator-upper = Großbuchstaben
generator-digits = Ziffern
generator-symbols = Sonderzeichen
generator-lookalikes = Verwechselbare auslassen
generator-each = Von jeder Art mindestens eines
generator-n-words = Wörter
generator-separator = Zwischen den Wörtern
generator-capitals = Anfangsbuchstaben groß
generator-number = Eine Ziffer nach einem Wort

# History
history-title = Verlauf von { $title }
history-note = Jeder Wert, den dieser Eintrag je hatte. Wird einer zurückgeholt, bleiben die anderen hier.
history-all = Alle Felder
history-filter = Verlauf zeigen von
history-empty = Keine Änderungen
history-empty-note = Sobald sich etwas ändert, bleibt der frühere Wert hier.
history-current = Aktuell
history-removed = Entfernt
history-unknown-device = Unbekanntes Gerät
history-reveal = Zeigen
history-hide = Verbergen
history-copy = Kopieren
history-restore = Zurückholen
history-restore-title = Diesen Wert zurückholen?
history-restore-sentence = Er wird zum aktuellen Wert von { $title }. Der jetzige bleibt im Verlauf.

# Attachments and preview
attach-add = Dateien hinzufügen …
attach-drop = oder irgendwo ablegen
attach-none = Keine Dateien angehängt.
attach-not-here =
    { $here ->
        [browser] { $size } · nicht in diesem Browser
       *[computer] { $size } · nicht auf diesem Gerät
    }
attach-open = Vorschau von { $name }
attach-save-as = { $name } speichern unter …
attach-remove-one = { $name } entfernen
attach-remove-title = Diese Datei entfernen?
attach-remove-sentence = { $name } wird von diesem Eintrag entfernt. Der Verlauf behält die Datei, bis der Eintrag endgültig gelöscht wird.
attach-remove-keep = Behalten
attach-remove = Entfernen
attach-saved = { $name } gespeichert.
attach-saved-at = { $name } gespeichert: { $place }
preview-close = Vorschau schließen
preview-larger = Größer
preview-smaller = Kleiner
preview-fit = Passend
preview-fit-note = Zwischen passender und wahrer Größe wechseln
preview-picture = Bild
preview-never-written = Nie auf die Platte geschrieben
preview-cut = Die ersten { $size } gezeigt
preview-save-as = Speichern unter …
preview-none = Keine Vorschau für diese Art von Datei
preview-none-note = Bilder und Text werden hier gezeigt. Speichere diese Datei und öffne sie mit einem Programm, das sie kennt.

# Trash
trash-title = Papierkorb
trash-note = Was hier liegt, fehlt in den Listen und lässt sich zurückholen.
trash-note-days = Was hier liegt, lässt sich zurückholen. Nach { $days } Tagen wird gefragt, ob es endgültig entfernt wird.
trash-empty = Der Papierkorb ist leer
trash-empty-note = Gelöschte Einträge kommen zuerst hierher, damit nichts aus Versehen verloren geht.
trash-restore = Zurückholen
trash-delete = Endgültig löschen
trash-empty-all = Papierkorb leeren ({ $n })
trash-ticked = { $n } angekreuzt
trash-tick = { $title } ankreuzen
trash-since = zuletzt geändert { $when }
trash-delete-title =
    { $n ->
         [one] Einen Eintrag
        *[other] { $n } Einträge
    } endgültig löschen?
trash-delete-sentence = Werte, Anhänge und Verlauf verschwinden von allen Geräten und lassen sich nicht zurückholen. Sicherungen behalten, was sie enthalten.
trash-keep = Im Papierkorb lassen

# Settings
settings-page = Seite der Einstellungen
settings-appearance = Darstellung
settings-security = Sicherheit
settings-recovery = Sicherung und Notfall
settings-vault = Tresor
settings-about = Über
appearance-lead =
    { $here ->
        [browser] Nur in diesem Browser.
       *[computer] Nur auf diesem Gerät.
    }
appearance-theme = Farbschema
appearance-system = System
appearance-light = Hell
appearance-dark = Dunkel
appearance-contrast = Kontrast
appearance-contrast-note = Hoch: Text mindestens 7 zu 1, kräftige Ränder
appearance-normal = Normal
appearance-high = Hoch
appearance-zoom = Größe
appearance-zoom-note = 75 bis 250 %
appearance-density = Zeilen der Liste
appearance-density-note = Kompakt zeigt mehr Einträge zugleich
appearance-cosy = Bequem
appearance-compact = Kompakt
appearance-motion = Bewegung verringern
appearance-motion-note = Keine Animationen; aus Ringen werden Zahlen
appearance-language = Sprache
security-lead = Wann der Tresor sich schließt und wie lange Geheimes sichtbar bleibt.
security-password = Hauptpasswort
security-password-note = Nur Ihnen bekannt. Eine Änderung schreibt alle Schlüssel neu.
security-no-password = Noch kein Hauptpasswort
security-no-password-note =
    { $here ->
        [browser] Wer diesen Browser hat, kann den Tresor öffnen.
       *[computer] Wer dieses Gerät hat, kann den Tresor öffnen.
    }
security-change = Ändern …
security-set = Festlegen …
security-locking = Sperren
security-lock-after = Sperren nach Untätigkeit
security-lock-after-note =
    { $here ->
        [browser] Keine Taste, kein Klick, keine Berührung in diesem Tab. Schlafzeit zählt.
       *[computer] Keine Taste, kein Klick, keine Berührung in diesem Fenster. Schlafzeit zählt.
    }
security-lock-minimised = Beim Minimieren sperren
security-this-device = Nur auf diesem Gerät
security-lock-now = Jetzt sperren
security-lock = Sperren
security-secrets = Sichtbare Geheimnisse
security-clipboard = Zwischenablage leeren nach
security-clipboard-note = Nur wenn darin noch steht, was hier kopiert wurde.
security-reveal = Gezeigtes verbergen nach
security-reveal-note =
    { $here ->
        [browser] Auch wenn der Tab den Fokus verliert.
       *[computer] Auch wenn das Fenster den Fokus verliert.
    }
secs-never = Nie
secs-seconds = { $n } Sekunden
secs-minutes = { $n } Minuten
secs-hours =
    { $n ->
         [one] Eine Stunde
        *[other] { $n } Stunden
    }
password-set-title = Hauptpasswort festlegen
password-change-title = Hauptpasswort ändern
password-note =
    { $here ->
        [browser] Es wird nirgends gespeichert. Ohne das Passwort öffnen Notfallkit und dieser Browser den Tresor.
       *[computer] Es wird nirgends gespeichert. Ohne das Passwort öffnen Notfallkit und dieses Gerät den Tresor.
    }
password-current = Bisheriges Hauptpasswort
password-new = Neues Hauptpasswort
password-again = Neues Hauptpasswort noch einmal
password-differs = Die beiden sind nicht gleich
password-set = Passwort festlegen
password-change = Passwort ändern
password-changed = Das neue Hauptpasswort gilt.
password-length = Mindestens { $n } Zeichen
password-length-same-disk =
    { $here ->
        [browser] Mindestens { $n } Zeichen, weil der Schlüssel dieses Geräts im selben Browser liegt
       *[computer] Mindestens { $n } Zeichen, weil der Schlüssel dieses Geräts auf derselben Platte liegt
    }
password-crack = Tausend Grafikkarten bräuchten zum Erraten: { $time }
recovery-lead =
    { $here ->
        [browser] Was den Tresor zurückbringt, wenn dieser Browser oder seine Daten verloren gehen.
       *[computer] Was den Tresor zurückbringt, wenn dieses Gerät verloren geht.
    }
recovery-kit = Notfallkit
recovery-reminders = Erinnerungen
recovery-remind = An Sicherungen erinnern, die älter sind als
recovery-days =
    { $n ->
         [one] Ein Tag
        *[other] { $n } Tage
    }
backup-never = Noch keine Sicherung
backup-never-note =
    { $here ->
        [browser] Gehen dieser Browser oder seine Daten verloren, ist der Tresor verloren.
       *[computer] Geht dieses Gerät verloren, ist der Tresor verloren.
    }
backup-last = Letzte Sicherung { $when }
backup-changes =
    { $n ->
         [0] Seitdem nichts geändert
         [one] Seitdem eine Änderung
        *[other] Seitdem { $n } Änderungen
    }
backup-now = Jetzt sichern …
backup-test-title = Sicherung prüfen
backup-test-note = Öffnet sie neben dem Tresor und liest jeden Eintrag und jedes Byte.
backup-test = Prüfen …
backup-merge-title = Sicherung einspielen
backup-merge-note = Ergänzt, was hier fehlt. Nichts wird überschrieben. Für einen eigenen Tresor zuerst sperren.
backup-merge = Wählen …
backup-merge-dialog = Diese Sicherung einspielen?
backup-merge-same = Eine Sicherung dieses Tresors, gemacht { $when }. Fehlendes kommt zurück; neuere Werte bleiben.
backup-merge-other = Eine Sicherung eines anderen Tresors, gemacht { $when }. Ihre Einträge kommen hier als neue hinzu.
backup-merge-go = Einspielen
backup-merged =
    { $added ->
        [one] Ein Eintrag
       *[other] { $added } Einträge
    } hinzugefügt, { $changed } ergänzt, { $equal } schon gleich.
backup-purged = Ausgelassen, weil hier endgültig gelöscht: { $titles }
backup-dialog-title = Jetzt sichern
backup-passphrase = Passphrase der Sicherung
backup-passphrase-again = Passphrase noch einmal
backup-passphrase-required = Bis ein Notfallkit gesichert ist, braucht die Sicherung eine eigene Passphrase. Nicht das Hauptpasswort: Die Sicherung muss sich öffnen lassen, wenn es vergessen ist.
backup-passphrase-optional = Hauptpasswort und Notfallkit öffnen sie. Eine eigene Passphrase ist ein weiterer Weg.
backup-choose-place = Ort wählen …
backup-done =
    Sicherung geschrieben: { $items ->
        [one] ein Eintrag
       *[other] { $items } Einträge
    }, { $files ->
        [one] ein Anhang
       *[other] { $files } Anhänge
    }, { $size }. Prüfe sie gleich.
backup-done-at =
    Sicherung geschrieben nach { $place }: { $items ->
        [one] ein Eintrag
       *[other] { $items } Einträge
    }, { $files ->
        [one] ein Anhang
       *[other] { $files } Anhänge
    }, { $size }. Prüfe sie gleich.
backup-checksum = BLAKE3 { $sum }
backup-missing =
    Die Dateien von { $n ->
         [one] einem Anhang
        *[other] { $n } Anhängen
    } fehlen und sind nicht darin.
backup-tested =
    Geprüft { $when }: { $items ->
        [one] Der eine Eintrag
       *[other] Alle { $items } Einträge
    } und { $files ->
        [one] ein Anhang
       *[other] { $files } Anhänge
    } ({ $size }) lassen sich öffnen und gleichen dem Tresor.
backup-tested-behind =
    Geprüft { $when }: { $items ->
        [one] Der eine Eintrag lässt
       *[other] Alle { $items } Einträge lassen
    } sich öffnen. { $n ->
        [one] Einer ist im Tresor neuer oder fehlt
       *[other] { $n } sind im Tresor neuer oder fehlen
    } darin: bitte neu sichern.
backup-tested-damaged =
    { $n ->
        [one] Ein Teil lässt sich nicht öffnen: { $first }
       *[other] { $n } Teile lassen sich nicht öffnen, zuerst { $first }
    }. Mach eine neue Sicherung.
kit-unsaved = Das Notfallkit ist nicht gesichert
kit-unsaved-note = Ohne Kit kann ein vergessenes Passwort oder ein verlorenes Gerät den Tresor für immer schließen.
kit-saved = Das Notfallkit ist gesichert und geprüft
kit-saved-note =
    { $here ->
        [browser] Bewahre es getrennt vom Gerät mit diesem Browser auf.
       *[computer] Bewahre es getrennt von diesem Gerät auf.
    }
kit-save = Kit sichern …
kit-check-title = Kit prüfen
kit-check-note = Liest es zurück und sagt, ob es das gültige ist.
kit-check = Prüfen …
kit-dialog-title = Notfallkit sichern
kit-step = Schritt { $n } von 2
kit-what = Eine kleine Datei. Mit dem Hauptpasswort öffnet sie den Tresor auf einem neuen Gerät; mit diesem Gerät ersetzt sie ein vergessenes Passwort. Allein öffnet sie nichts.
kit-new-passphrase = Passphrase des neuen Kits
kit-needs-passphrase = Das Kit braucht eine eigene Passphrase. Es wurde nichts geschrieben.
kit-passphrase-note = Das Kit braucht eine eigene Passphrase. Nie das Hauptpasswort: Das Kit ist für den Tag, an dem es vergessen ist.
kit-passphrase-again = Passphrase noch einmal
kit-choose-place = Ort wählen …
kit-check-dialog = Notfallkit prüfen
kit-written = Geschrieben nach { $place }. Es gilt als gesichert, wenn es zurückgelesen ist.
kit-check-what = Wähle die gesicherte Datei. Hast du die 24 Wörter des Kits, gehen auch sie.
kit-check-go = Prüfen
kit-later = Später
kit-same-disk =
    { $here ->
        [browser] Der Schlüssel dieses Geräts bleibt im Speicher dieses Browsers, weil ein Browser keinen Schlüsselbund hat.
       *[computer] Der Schlüssel dieses Geräts bleibt in einer Datei auf dieser Platte, weil dieses System keinen Schlüsselbund hat.
    }
kit-good = Das Kit ist das richtige und lesbar. Es ist gesichert.
kit-replaced = Dieses Kit gehört zu diesem Tresor, wurde aber inzwischen ersetzt.
kit-other-vault = Dieses Kit gehört zu einem anderen Tresor.
vault-lead = Was dieser Tresor ist und wo sein Schlüssel liegt.
vault-own-name = Name
vault-rename = Umbenennen …
vault-rename-title = Tresor umbenennen
vault-rename-note =
    { $here ->
        [browser] Nur ein Name in diesem Browser.
       *[computer] Nur ein Name auf diesem Gerät.
    }
vault-rename-go = Umbenennen
vault-did = Öffentlicher Name
vault-did-note = Nennt den Tresor anderen gegenüber. Er öffnet nichts.
vault-did-copy = Öffentlichen Namen kopieren
vault-did-copied = Öffentlicher Name kopiert.
vault-key-account = Geräteschlüssel: im Schlüsselbund deines Kontos
vault-key-account-note = Wer die Platte kopiert, hat ihn nicht.
vault-key-disk =
    { $here ->
        [browser] Geräteschlüssel: im Speicher dieses Browsers
       *[computer] Geräteschlüssel: in einer Datei auf derselben Platte
    }
vault-key-disk-note =
    { $here ->
        [browser] In diesem Browser schützt nur das Passwort: Wer sein Profil kopiert, braucht nur dieses. Wähle ein langes.
       *[computer] Auf dieser Platte schützt nur das Passwort: Wer sie kopiert, braucht nur dieses. Wähle ein langes.
    }
vault-key-none =
    { $here ->
        [browser] Geräteschlüssel: nicht in diesem Browser
       *[computer] Geräteschlüssel: nicht auf diesem Gerät
    }
vault-key-none-note = Mit Passwort und Notfallkit geöffnet.
vault-devices =
    { $n ->
         [one] Ein Gerät hat
        *[other] { $n } Geräte haben
    } diesen Tresor
vault-trash = Nach Einträgen im Papierkorb fragen nach
vault-trash-note = Nichts wird allein durch die Uhr endgültig gelöscht.
vault-check-head = Unversehrtheit
vault-check-title = Tresor prüfen
vault-check-note = Prüft jeden Datensatz, jeden Protokolleintrag, jede Unterschrift.
vault-check = Jetzt prüfen
vault-check-bytes = Auch jeden Anhang lesen
vault-check-bytes-note = Dauert bei großen Dateien länger.
vault-check-good = Alles ist, wie es geschrieben wurde.
vault-check-bad =
    { $n ->
         [one] Ein Problem
        *[other] { $n } Probleme
    } gefunden.
vault-checked-items = Einträge geöffnet und mit dem Protokoll verglichen: { $n }
vault-checked-entries = Protokolleinträge geprüft: { $n }
vault-checked-control = Einträge über Geräte und Schlüssel geprüft: { $n }
vault-checked-attachments = Anhänge gefunden: { $n }, gelesen: { $size }
problem-database = Die Datenbank selbst ist beschädigt. Aus einer Sicherung wiederherstellen.
problem-row-damaged = { $subject } lässt sich nicht öffnen. Eine Sicherung bringt es zurück.
problem-row-differs = { $subject } weicht von seinem Protokoll ab.
problem-log-damaged = Ein Protokolleintrag fehlt oder ist verändert: { $subject }
problem-root-differs = Die Summe über alle Einträge weicht vom Unterschriebenen ab.
problem-attachment-missing = Die Datei von { $subject } fehlt. Eine Sicherung bringt sie zurück.
problem-attachment-damaged = Die Datei von { $subject } ist beschädigt. Eine Sicherung bringt sie zurück.
problem-orphan = Eine übrige Datei gehört zu keinem Eintrag: { $subject }. Sie verschwindet von selbst.
vault-danger = Gefahr
vault-delete-title =
    { $here ->
        [browser] Tresor aus diesem Browser löschen
       *[computer] Tresor von diesem Gerät löschen
    }
vault-delete-note = Andere Geräte und Sicherungen behalten ihren Stand.
vault-delete = Tresor löschen
vault-delete-dialog =
    { $here ->
        [browser] { $name } aus diesem Browser löschen?
       *[computer] { $name } von diesem Gerät löschen?
    }
vault-delete-sentence =
    { $here ->
        [browser] Einträge, Anhänge und Verlauf in diesem Browser verschwinden endgültig. Tippe den Namen des Tresors, um fortzufahren.
       *[computer] Einträge, Anhänge und Verlauf auf diesem Gerät verschwinden endgültig. Tippe den Namen des Tresors, um fortzufahren.
    }
vault-delete-no-backup = Von diesem Tresor gibt es keine Sicherung.
vault-delete-name = Name des zu löschenden Tresors
about-lead = Ein Tresor, den man prüfen kann. Zuerst auf dem Gerät, ohne Konto, ohne Telemetrie.
about-version = NT² Vault
about-licence = Lizenz
about-crypto = Verschlüsselung
about-crypto-note = XChaCha20-Poly1305; Argon2id mit { $mib } MiB, { $passes } Durchgängen, { $lanes } Bahnen
about-show = Zeigen
about-parts = Mit der Arbeit von

# Anderer Tab, neuere Version
elsewhere-title = Dieser Tresor ist in einem anderen Tab offen
elsewhere-text = Nur ein Tab kann ihn halten, damit nichts doppelt geschrieben wird. Hier öffnet er sich gesperrt; der andere Tab behält Getipptes als Entwurf.
taken-title = Ein anderer Tab hat diesen Tresor übernommen
taken-text = Dieser Tab hat alles darüber vergessen. Du kannst ihn schließen oder den Tresor hierher zurückholen.
elsewhere-go = Hier verwenden
elsewhere-waiting = Warte, bis der andere Tab gesperrt ist
action-update = Neue Version laden
update-ready = Eine neue Version ist bereit.
update-ready-draft = Eine neue Version ist bereit. Was du gerade tippst, bleibt als Entwurf erhalten.
update-go = Neu laden

# Haltbarkeit im Browser
durable-head = In diesem Browser
durable-standing = Eine Datei außerhalb des Browsers folgt diesem Tresor
durable-promised = Der Browser behält diesen Tresor, bis du ihn löschst
durable-risk = Dieser Browser kann diesen Tresor löschen
durable-backup-none = Es gibt noch keine Sicherung.
durable-backup-today = Die letzte Sicherung ist keinen Tag alt.
durable-backup =
    { $days ->
        [one] Die letzte Sicherung ist einen Tag alt.
       *[other] Die letzte Sicherung ist { $days } Tage alt.
    }
durable-back-up = Jetzt sichern
durable-word-standing = Laufende Sicherung
durable-word-kept = Vom Browser behalten
durable-word-risk = Browser kann ihn löschen
durable-safari = Safari löscht nach sieben Tagen
durable-safari-note = Was eine Website speichert, verschwindet nach sieben Tagen Safari-Nutzung ohne Besuch hier. Lege NT² Vault ins Dock oder auf den Home-Bildschirm und benutze es dort: Dann bleibt es. Sichere vorher; die installierte App beginnt leer.
promise-given = Der Browser hat zugesagt, ihn zu behalten
promise-given-note = Er geht trotzdem, wenn du die Daten dieser Website löschst oder das Profil des Browsers verlierst. Dann hilft eine Sicherung.
promise-not-asked = Der Browser hat noch nichts zugesagt
promise-not-asked-note = Wird der Datenträger voll, darf er löschen, was Websites speichern.
promise-refused = Der Browser hat nicht zugesagt, ihn zu behalten
promise-refused-note = Installiere diese Seite als App oder setze ein Lesezeichen, benutze sie einige Tage und frage dann noch einmal. Sichere bis dahin oft.
promise-unsupported = Dieser Browser kennt keine solche Zusage
promise-unsupported-note = Sichere oft, oder benutze NT² Vault als Programm.
promise-ask = Browser bitten, ihn zu behalten
promise-ask-again = Noch einmal fragen
standing-off = Keine laufende Sicherung
standing-off-note = Eine Sicherung in einer Datei deiner Wahl, nach Änderungen neu geschrieben. Am besten in einem Ordner, der selbst gesichert wird.
standing-kit-note = Eine Datei, die dem Tresor folgt, geht erst, wenn das Notfallkit gesichert ist.
standing-unavailable = Keine laufende Sicherung in diesem Browser
standing-unavailable-note = Er kann nicht von selbst in eine Datei schreiben. Chrome und Edge auf einem Computer können es.
standing-choose = Datei wählen…
standing-on = Laufende Sicherung in { $name }
standing-on-note = Zuletzt geschrieben { $ago }.
standing-first-note = Wird mit der nächsten Änderung geschrieben.
standing-waits = { $name } wartet auf deine Erlaubnis
standing-waits-note = Nach einem Neustart fragt der Browser noch einmal, bevor er in die Datei schreibt.
standing-resume = Schreiben erlauben
standing-failed = { $name } ließ sich nicht schreiben
standing-failed-note = Sie wurde verschoben, oder ihr Datenträger ist voll oder weg. Der Tresor selbst ist heil.
standing-stop = Beenden
room-used = { $used } belegt
room-used-of = { $used } von { $quota } belegt
room-short-note = Es ist wenig Platz übrig. Schaffe Platz auf dem Datenträger, oder lege große Anhänge anderswo ab.
security-lock-hidden = Sperren, wenn der Tab verborgen ist für
security-lock-hidden-note = Nur in diesem Browser. Hinter anderen Tabs oder minimiert.

# Eigene Tastenkürzel
keys-lead = Drücke den Stift, dann die neuen Tasten. Nur auf diesem Gerät.
keys-lead-browser = Drücke den Stift, dann die neuen Tasten. Manche Tasten gehören dem Browser, darum stehen hier andere als im Programm. Nur in diesem Browser.
keys-press = Drücke die neuen Tasten
keys-press-note = Mit Strg (Ctrl) oder Alt, oder eine Funktionstaste. Esc lässt alles, wie es ist.
keys-change = Tasten ändern: { $action }
keys-reset = Zurück zu den üblichen Tasten: { $action }
keys-remove = Keine Tasten: { $action }
keys-stop = Tasten behalten: { $action }
keys-reset-all = Alle Tastenkürzel zurücksetzen
keys-taken = { $keys } gehört schon zu „{ $action }“. Drücke andere Tasten.
keys-editing = { $keys } wird zum Bearbeiten von Text gebraucht. Drücke andere Tasten.
keys-browser = Der Browser behält { $keys } für sich. Drücke andere Tasten.
keys-plain = Diese Taste tippt oder bewegt von selbst. Drücke sie zusammen mit Strg (Ctrl) oder Alt.

# Abgleich: was ist, dann was zu tun ist
settings-sync = Abgleich
sync-off = Abgleich ist aus
sync-off-note = Änderungen bleiben auf diesem Gerät.
sync-done = Auf dem neuesten Stand
sync-done-note = Zuletzt abgeglichen: { $ago }. Neue Änderungen gehen von selbst hinaus.
sync-waiting =
    { $n ->
        [0] Abgleich steht an
        [one] Eine Änderung wartet
       *[other] { $n } Änderungen warten
    }
sync-waiting-note = Gleich wird abgeglichen.
sync-connecting = Verbinden mit { $host }
sync-pulling = Änderungen kommen an
sync-pushing = Änderungen gehen hinaus
sync-amount = { $done } von { $total }
sync-running-note = Du kannst weiterarbeiten.
sync-offline = { $host } ist nicht erreichbar
sync-offline-note = Deine Änderungen sind hier sicher und werden später gesendet.
sync-busy = { $host } bittet um Geduld
sync-payment = { $host } nimmt ohne Abo nichts Neues an
sync-payment-note = Änderungen deiner anderen Geräte kommen weiter an. Deine sind hier sicher und gehen hinaus, sobald das Abo läuft.
sync-not-accepted = { $host } erkennt dieses Gerät nicht an
sync-not-accepted-note = Vielleicht hat ein anderes Gerät es entfernt, oder es ist nicht derselbe Server. Sieh auf einem anderen Gerät nach, welche Geräte der Tresor hat. Hier bleibt alles lesbar.
sync-not-registered = { $host } hat diesen Tresor nicht
sync-not-registered-note = Die Kopie wurde dort gelöscht, oder es ist nicht derselbe Server. Schalte den Abgleich wieder ein, um alles neu zu übergeben.
sync-removed = Dieses Gerät wurde aus dem Tresor entfernt
sync-removed-note = Das war ein anderes Gerät. Was hier ist, bleibt lesbar, wird aber nicht mehr abgeglichen.
sync-settle = Zwei Geräte haben einander entfernt
sync-settle-note = Der Abgleich wartet, bis das Notfallkit sagt, welches recht hat. Hier kannst du weiterarbeiten; nichts geht verloren.
sync-password = Zwei Geräte haben getrennt entschieden
sync-password-note = Sie haben zugleich das Passwort oder die Geräte geändert. Bis das verbunden ist, wird nichts gesendet.
sync-update = Diese Version ist für den Abgleich zu alt
sync-update-note = Ein anderes Gerät hat eine neuere. Nach dem Aktualisieren geht es weiter; es wurde nichts ausgelassen.
sync-cannot-fill = Dieses Gerät kann den Server nicht als erstes füllen
sync-cannot-fill-note = Es stammt aus einer Sicherung und kennt nur einen Teil des Verlaufs. Schalte den Abgleich zuerst auf einem Gerät ein, das den Tresor immer hatte.
sync-alarm = Abgleich angehalten: Der Server zeigt nicht, was er sollte
sync-failed = Der Abgleich ist auf diesem Gerät stehen geblieben
sync-next-try = Nächster Versuch in { $left }.
sync-next-try-soon = Gleich wird es noch einmal versucht.
sync-word-done = Abgeglichen { $ago }
sync-word-running = Abgleich läuft
sync-word-offline = Offline
sync-word-offline-waiting =
    { $n ->
        [one] Offline · eine Änderung wartet
       *[other] Offline · { $n } Änderungen warten
    }
sync-word-busy = Server beschäftigt
sync-word-payment = Nichts geht hinaus
sync-word-stopped = Abgleich steht
sync-word-alarm = Abgleich: Alarm
sync-look = Ansehen
sync-nameless = Unbenanntes Gerät
net-unreachable = Es gibt kein Netz, oder unter dieser Adresse antwortet niemand.
net-timed-out = Der Server antwortete nicht rechtzeitig.
net-not-trusted = Sein Zertifikat ist nicht gültig, deshalb wurde nichts gesendet. Versuche es in einem anderen Netz oder frage den Betreiber des Servers.
net-broken = Die Verbindung brach ab.
net-refused =
    { $here ->
        [browser] Dieser Browser ließ die Verbindung nicht zu: Prüfe die Adresse.
       *[computer] Die Verbindung wurde auf dieser Seite nicht zugelassen: Prüfe die Adresse.
    }
alarm-rollback = Der Server zeigt einen älteren Stand als zuvor: Von „{ $device }“ hatte er Änderung { $had } und hört jetzt bei { $has } auf. Nichts davon wurde übernommen.
alarm-fork = Der Server zeigt von „{ $device }“ einen anderen Verlauf als den hier bekannten; ab Änderung { $change } weicht er ab. Vielleicht hat er deinen Geräten Verschiedenes gezeigt. Nichts davon wurde übernommen.
alarm-altered = Der Server hat etwas geschickt, das nicht so ist, wie sein Urheber es verschlossen und unterschrieben hat. Nichts davon wurde übernommen.
alarm-record-altered = Der Server hat ein Verzeichnis der Geräte und Schlüssel geschickt, das verändert, gefälscht oder gekürzt ist. Nichts davon wurde übernommen.
alarm-record-rollback = Der Server zeigt ein älteres Verzeichnis der Geräte und Schlüssel als zuvor. Nichts davon wurde übernommen.
alarm-other-vault = Der Server hat unter dem Namen dieses Tresors einen anderen. Es wurde nichts ausgetauscht.
alarm-state-differs = Nach den Änderungen von „{ $device }“ ist der Tresor nicht so, wie dieses Gerät es unterschrieben hat: Der Server hat etwas ausgelassen. Sie wurden nicht übernommen.
alarm-withheld = Der Server hält Änderung { $change } von „{ $device }“ zurück, obwohl spätere darauf aufbauen. Diese warten und wurden nicht übernommen.
alarm-device-refused = Änderung { $change } von „{ $device }“ ist unterschrieben, aber nicht gültig; von diesem Gerät wird nichts mehr übernommen. Der Server kann sie nicht gemacht haben: Sieh dir das Gerät an.
alarm-nonsense = Was der Server antwortet, ist keine Antwort eines Abgleich-Servers. Es wurde nichts ausgetauscht.

failure-offline = Der Server ist nicht erreichbar. { $why }
failure-server-busy = Der Server bittet um Geduld. Versuche es in { $wait } noch einmal.
failure-payment = Der Server nimmt ohne Abo nichts Neues an. Deine Änderungen sind hier sicher.
failure-not-accepted = Der Server nimmt diese Anmeldung nicht an: ein anderer Tresor, ein entferntes Gerät oder ein ersetztes Kit.
failure-not-registered = Der Server hat diesen Tresor nicht.
failure-bad-server = Das ist keine Adresse eines Servers. Sie sieht so aus: https://vault.example.org
failure-sync-off = Der Abgleich ist auf diesem Gerät aus.
failure-sync-stopped = Der Abgleich steht. Warum, steht unter Einstellungen › Abgleich.

merged =
    { $n ->
        [one] Ein Eintrag wurde auf einem anderen Gerät geändert.
       *[other] { $n } Einträge wurden auf anderen Geräten geändert.
    }
merged-on =
    { $n ->
        [one] Ein Eintrag wurde auf „{ $device }“ geändert.
       *[other] { $n } Einträge wurden auf „{ $device }“ geändert.
    }
merged-gone =
    { $n ->
        [one] Ein Eintrag wurde auf einem anderen Gerät endgültig gelöscht.
       *[other] { $n } Einträge wurden auf anderen Geräten endgültig gelöscht.
    }
merged-conflicts =
    { $n ->
        [one] Bei einem musst du entscheiden.
       *[other] Bei { $n } musst du entscheiden.
    }
merged-show = Zeigen

sync-lead = Hält deine Geräte gleich. Alles wird auf diesem Gerät verschlossen, bevor es hinausgeht; ein Server kann es nur weiterreichen.
sync-gets = Was der Server bekommt
sync-gets-note = Verschlossene Änderungen, die er nicht öffnen kann, ihre Größen und Zeiten, und wie viele Geräte du hast.
sync-never = Was er nie bekommt
sync-never-note = Deine Passwörter, deine Schlüssel oder was du eingetippt hast: keinen Titel, kein Schlagwort, keinen Gerätenamen.
sync-first = Zuerst
sync-first-password = Hauptpasswort setzen
sync-first-password-there = Hauptpasswort ist gesetzt
sync-first-password-note = Damit öffnen die anderen Geräte den Tresor.
sync-first-kit = Notfallkit sichern
sync-first-kit-there = Notfallkit ist gesichert
sync-first-kit-note = Es bringt den Tresor auf ein neues Gerät, und nur damit lässt sich die Kopie des Servers sofort löschen.
sync-server = Server
sync-server-field = Adresse des Servers
sync-server-hint = Dein eigener Server oder ein anderer: Lesen kann er nicht, was er aufbewahrt.
sync-go = Abgleich einschalten
sync-go-tip = Übergibt dem Server alles, verschlossen
sync-go-tip-first = Zuerst Hauptpasswort und Notfallkit
sync-is-on = Abgleich ist an. Alles liegt verschlossen auf { $host }.
sync-alarm-note = Hier kannst du weiterarbeiten. Deine Änderungen warten, bis das geklärt ist.
sync-percent = { $n } %
sync-server-nothing = Er hat noch nichts von diesem Tresor.
sync-server-holds =
    { $n ->
        [one] Bewahrt eine verschlossene Änderung auf.
       *[other] Bewahrt { $count } verschlossene Änderungen auf.
    }
sync-server-change = Ändern …
sync-here =
    { $n ->
        [one] Ein Eintrag hier
       *[other] { $count } Einträge hier
    }
sync-all-sent = Jede Änderung dieses Geräts ist auf dem Server.
sync-unsent =
    { $n ->
        [one] Eine Änderung dieses Geräts ist noch nicht gesendet.
       *[other] { $count } Änderungen dieses Geräts sind noch nicht gesendet.
    }
sync-turn-off-title = Auf diesem Gerät ausschalten
sync-turn-off-note = Der Server behält seine Kopie, und deine anderen Geräte machen weiter.
sync-turn-off = Ausschalten …
sync-turn-off-dialog = Abgleich auf diesem Gerät ausschalten?
sync-turn-off-text = Was du hier änderst, bleibt hier, und Änderungen anderer Geräte kommen nicht mehr an. { $host } behält seine Kopie. Du kannst den Abgleich jederzeit wieder einschalten; nichts geht verloren.
sync-turn-off-go = Ausschalten
sync-keep-on = Anlassen
sync-delete-title = Kopie des Servers löschen
sync-delete-note = Sofort und endgültig. Deine Geräte behalten alles.
sync-delete = Löschen …
sync-delete-dialog = Kopie auf { $host } löschen?
sync-delete-text = Der Server löscht alles, was er von diesem Tresor hat, und der Abgleich ist hier aus. Deine Geräte behalten alles, können aber über diesen Server nicht mehr abgleichen. Das Notfallkit beweist, dass du es bist.
sync-delete-go = Kopie löschen
sync-deleted = { $host } hat seine Kopie gelöscht. Der Abgleich ist hier aus.
sync-server-dialog = Mit einem anderen Server abgleichen
sync-server-text = Dieses Gerät übergibt dem neuen Server alles. Ändere die Adresse auch auf deinen anderen Geräten. Der bisherige Server behält seine Kopie, bis du sie löschst.
sync-server-go = Diesen Server nehmen
action-sync-now = Jetzt abgleichen

agree-head = Sind sich alle Geräte einig?
agree-alone = Dies ist das einzige Gerät
agree-alone-note = Sobald ein weiteres dazukommt, steht hier, ob beide dasselbe haben.
agree-all =
    { $n ->
        [2] Beide Geräte sind sich einig bis Änderung { $change }
       *[other] Alle { $n } Geräte sind sich einig bis Änderung { $change }
    }
agree-all-note = Jedes hat unterschrieben, dass es genau das hat.
agree-some =
    { $n ->
        [2] Beide Geräte sind sich einig bis Änderung { $change } von { $all }
       *[other] Alle { $n } Geräte sind sich einig bis Änderung { $change } von { $all }
    }
agree-none = Noch hat nicht jedes Gerät unterschrieben, was es hat
agree-some-note = Die neueren unterschreiben die anderen, wenn sie das nächste Mal abgleichen.
fingerprint-head = Sechs Wörter für alles, was dieses Gerät hat
fingerprint-note = Lass ein anderes Gerät abgleichen und vergleiche dann. Stehen dort dieselben sechs Wörter, haben beide genau dasselbe, und der Server hat keinem etwas verschwiegen. Andere Wörter heißen: Eines hat noch nicht abgeglichen, oder ihm wurde anderes gezeigt.
fingerprint-name = Sechs Wörter: { $words }
fingerprint-copy = Wörter kopieren
fingerprint-copied = Sechs Wörter kopiert. Sie sind nicht geheim.

sync-devices = Geräte
sync-device-this = Dieses Gerät
sync-device-silent = Still
sync-device-silent-note = Zuletzt gehört: { $ago }. Vielleicht ist es verloren, oder seine Änderungen werden zurückgehalten: Lass es abgleichen oder vergleiche die sechs Wörter.
sync-device-unseen = Hat noch nichts von sich hören lassen.
sync-device-seen = Zuletzt gehört: { $ago }

# ---- Geräte des Tresors
failure-device-name = Ein Gerät braucht einen einzeiligen Namen von höchstens 60 Zeichen.
failure-new-password-needed = Setze ein neues Hauptpasswort, ein anderes als bisher: Das bisherige kennt das entfernte Gerät.
failure-removes-itself = Ein Gerät kann sich nicht selbst entfernen. Mach das auf einem anderen.
failure-other-password-needed = Das andere Gerät hat ein anderes Passwort gesetzt. Gib auch dieses ein.
failure-other-password-wrong = Das ist nicht das Passwort, das das andere Gerät gesetzt hat.
failure-kit-not-of-fork = Das ist nicht das Notfallkit, das galt, bevor die Geräte einander entfernt haben.
device-more = Mehr zu { $device }
device-rename = Umbenennen …
device-rename-title = { $device } umbenennen
device-rename-field = Name des Geräts
device-rename-note = Alle deine Geräte zeigen ihn. Kein Server erfährt ihn.
device-rename-go = Umbenennen
device-renamed = Das Gerät heißt jetzt { $device }.
device-remove = Entfernen …
device-remove-title = { $device } aus diesem Tresor entfernen?
device-remove-text = Es behält, was es hat, und bekommt nichts, was ab jetzt geschrieben wird. Deine anderen Geräte sperren einmal und öffnen mit dem Hauptpasswort.
device-remove-read = Was { $device } lesen konnte
device-remove-read-all =
    { $n ->
        [0] Nichts: In diesem Tresor ist noch kein Eintrag.
        [one] Den einen Eintrag in diesem Tresor, mit Passwörtern und Dateien. Ist das Gerät verloren, ändere sie.
       *[other] Alle { $n } Einträge in diesem Tresor, mit Passwörtern und Dateien. Ist das Gerät verloren, ändere sie.
    }
device-remove-read-some =
    { $n ->
        [one] Einen Eintrag, mit Passwörtern und Dateien. Ist das Gerät verloren, ändere sie. { $unseen } hier geschriebene und noch nicht gesendete konnte es nie lesen.
       *[other] { $n } Einträge, mit Passwörtern und Dateien. Ist das Gerät verloren, ändere sie. { $unseen } hier geschriebene und noch nicht gesendete konnte es nie lesen.
    }
device-remove-list = Einträge, die { $device } lesen konnte
device-remove-kit = Das Notfallkit wurde auf diesem Gerät gemacht und wird deshalb ersetzt. Speichere danach das neue.
device-remove-new = Auch ein neues Hauptpasswort setzen
device-remove-new-note = Wer das Gerät hat, kennt vielleicht das bisherige.
device-remove-must =
    { $here ->
        [browser] Dieser Browser hat seinen Schlüssel neben dem Tresor liegen. Ihn schützt also allein das Passwort, und das bisherige kennt das entfernte Gerät. Deshalb wird im selben Schritt ein neues gesetzt.
       *[computer] Auf diesem Rechner schützt allein das Passwort den Tresor, und das bisherige kennt das entfernte Gerät. Deshalb wird im selben Schritt ein neues gesetzt.
    }
device-remove-go = Entfernen
device-remove-looking = Es wird nachgesehen, was das Gerät gesendet hat.
device-removed-title = { $device } ist entfernt
device-removed-told = Der Server weiß es. Was ab jetzt geschrieben wird, kann { $device } nicht lesen.
device-removed-waits = Auf diesem Gerät gilt es. Der Server erfährt es, sobald er erreichbar ist; bis dahin wissen es die anderen Geräte nicht.
device-removed-off = Auf diesem Gerät gilt es. Der Abgleich ist hier aus; deine anderen Geräte erfahren es erst, wenn er wieder an ist.
device-removed-telling = Der Server wird unterrichtet.
device-removed-kit = Speichere das neue Notfallkit: Das alte öffnet nichts mehr.
device-removed-items = Ändere die Passwörter, die { $device } kannte, die wichtigsten zuerst.
device-removed-close = Schließen

agree-behind =
    { $n ->
        [one] { $device } hat eine Änderung noch nicht unterschrieben.
       *[other] { $device } hat { $n } Änderungen noch nicht unterschrieben.
    }
agree-behind-seen = Zuletzt gehört: { $ago }.
agree-behind-unseen = Es hat noch nichts von sich hören lassen.

epochs-title = Verbinden, was zwei Geräte getrennt entschieden haben
epochs-text = { $device } hat zur selben Zeit wie dieses Gerät das Passwort oder die Geräte geändert. Gib das Passwort dieses Geräts ein; es gilt ab jetzt überall.
epochs-text-same = Zwei Geräte haben zur selben Zeit das Passwort oder die Geräte geändert. Gib das Hauptpasswort dieses Geräts ein; es gilt ab jetzt überall.
epochs-own = Hauptpasswort auf diesem Gerät
epochs-other = Hauptpasswort, das { $device } gesetzt hat
epochs-other-hint = Leer lassen, wenn es dasselbe ist.
epochs-go = Verbinden
epochs-open = Verbinden …
epochs-done = Verbunden. Deine Geräte gleichen wieder ab; jedes fragt einmal nach dem Hauptpasswort.

settle-title = Zwei Geräte haben einander entfernt
settle-text = Eines von ihnen muss gehen. Welches, sagt das Notfallkit, das davor galt. Was das gehende Gerät seither geschrieben hat, bleibt auf ihm.
settle-side = { $by } bleibt, und { $removes } wird entfernt
settle-this = Dieses Gerät bleibt.
settle-not-this = Dieses Gerät wird entfernt; was hier ist, bleibt lesbar.
settle-choice = Welche Seite gilt
settle-go = Entscheiden
settle-open = Entscheiden …
settle-done = Entschieden. Deine Geräte erfahren es, wenn sie das nächste Mal abgleichen.
settle-and = { $first } und { $second }

place-title = Einen neuen Platz in diesem Tresor einnehmen
place-text = Während dieses Gerät aufgenommen wurde, hat ein anderes das Passwort oder die Geräte geändert; sein Platz zählt deshalb nicht. Mit dem geltenden Notfallkit und Hauptpasswort nimmt es einen neuen ein. Alles, was hier geschrieben wurde, kommt mit.
place-open = Neuen Platz einnehmen …
place-go = Platz einnehmen
place-done = Dieses Gerät hat wieder seinen Platz. Speichere das neue Notfallkit: Das alte ist verbraucht.
sync-place-lost = Dieses Gerät hat seinen Platz im Tresor verloren
sync-place-lost-note = Ein anderes Gerät hat das Passwort oder die Geräte geändert, während dieses aufgenommen wurde. Nimm mit dem Notfallkit einen neuen Platz ein; nichts geht verloren.

alarm-safe = Was hier ist, ist wie zuvor.
alarm-compare = Die sechs Wörter vergleichen
alarm-compare-note = Sie stehen weiter unten und auf deinen anderen Geräten. Gleiche Wörter: Deine Geräte sind sich einig, und nur der Server liegt falsch.
alarm-again = Den Server noch einmal fragen
alarm-again-note = Falls er gerade repariert wurde, stimmt es jetzt vielleicht.
alarm-again-go = Noch einmal
alarm-other = Einen anderen Server nehmen
alarm-other-note = Jedes deiner Geräte hat alles und kann einen neuen füllen.
alarm-other-go = Anderer Server …
alarm-anew = Als neuen Anfang nehmen
alarm-anew-note = Nur wenn du den Grund kennst, etwa weil der Server aus einer alten Sicherung kam. Unterschriften werden geprüft wie immer.
alarm-anew-go = Neu anfangen …
alarm-anew-dialog = Mit { $host } neu anfangen?
alarm-anew-text = Dieses Gerät vergisst, was der Server zuvor gezeigt hat, und nimmt seinen jetzigen Stand als ersten. Was der Server verloren hat, wird von hier neu übergeben. Vergleiche danach die sechs Wörter mit deinen anderen Geräten.
alarm-anew-keep = Angehalten lassen
alarm-anew-yes = Neu anfangen

card-sync = Abgleich
card-sync-off = Aus
card-sync-off-note = Diesen Tresor hat nur ein Gerät.
card-sync-off-go = Abgleich einrichten
card-sync-alarm = Alarm
card-sync-stopped = Angehalten
card-sync-alone = Ein Gerät
card-sync-alone-note = { $word }. Mit einem zweiten bleiben beide gleich.
card-sync-agree =
    { $n ->
        [one] Ein Gerät
       *[other] { $n } einig bis { $change }
    }
card-sync-last = Zuletzt: { $device }, { $ago }
card-sync-go = Zum Abgleich
todo-silent =
    { $n ->
        [one] Von „{ $device }“ war seit über 30 Tagen nichts zu hören.
       *[other] Von { $n } Geräten war seit über 30 Tagen nichts zu hören.
    }

first-join = Tresor von einem anderen Gerät
first-join-note = Er kommt von deinem Server, mit einem Code oder dem Notfallkit.
picker-join = Von anderem Gerät
join-title = Tresor von einem anderen Gerät
join-text = Der Tresor kommt verschlossen hierher und wird erst hier geöffnet.
join-did = Öffentlicher Name des Tresors
join-did-hint = Er beginnt mit did:key: und steht auf dem Kit. Auf einem Gerät, das den Tresor hat, steht er unter Einstellungen › Tresor.
join-open = Zum Öffnen
join-after = Das Kit ist danach verbraucht: Sichere dann das neue.
join-go = Tresor holen
join-go-tip = Server, Kit, Passwort und Name werden gebraucht
join-not-accepted = Dieser Server hat den Tresor nicht, oder das Kit wurde ersetzt. Prüfe die Adresse und nimm das neueste Kit.
join-kit-other = Kit und öffentlicher Name gehören zu verschiedenen Tresoren.
join-wrong-password = Dieses Passwort öffnet den Tresor nicht.
join-did-missing = Die Wörter allein sagen nicht, welcher Tresor es ist. Gib seinen öffentlichen Namen ein; er steht auf dem Kit.

pair-add = Gerät hinzufügen
pair-add-note = Es bekommt den Tresor mit einem Code und deinem Hauptpasswort.
pair-add-go = Hinzufügen …
pair-title = Gerät hinzufügen
pair-text = Wähle auf dem neuen Gerät „{ $option }“ und gib dort ein:
pair-code = Code
pair-qr = QR-Code von Adresse und Code
pair-qr-note = Oder mit der Kamera eines Telefons lesen: Es öffnet die Seite dieses Servers mit ausgefülltem Code. Ein Link lässt sich auch dort einfügen, wo der Code einzugeben ist.
pair-copy-server = Adresse kopieren
pair-valid = Gilt für ein Gerät und noch { $left }. Lies ihn vor oder zeige ihn; verschicke ihn nicht.
pair-compare-title = Stehen diese vier Zeichen auf beiden?
pair-compare-text = Sieh auf „{ $device }“ nach. Zeigen beide dasselbe, ist niemand dazwischen. Dann lässt dein Hauptpasswort es hinein.
pair-compare-name = Vier Zeichen
pair-equal = Gleich, hineinlassen
pair-differ = Verschieden, abbrechen
pair-stop = Abbrechen
pair-continue = Weiter
pair-again = Neuer Code
pair-done = „{ $device }“ gehört jetzt zu deinen Geräten.
pair-compare-text-nameless = Sieh auf dem neuen Gerät nach. Zeigen beide dasselbe, ist niemand dazwischen. Dann lässt dein Hauptpasswort es hinein.
pair-done-nameless = Das neue Gerät gehört jetzt zu deinen.
join-server-hint = Der, mit dem das andere Gerät abgleicht.
pair-not-a-code = Das ist kein Code: Er hat sechzehn Buchstaben und Ziffern.
pair-timed-out = Das andere Gerät antwortete nicht rechtzeitig, und der Code gilt nicht mehr. Erzeuge einen neuen.
pair-not-authentic = Wer geantwortet hat, kennt den Code nicht. Es wurde nichts übergeben. Erzeuge einen neuen Code und versuche es noch einmal.
join-with = Wie der Tresor hierher kommt
join-with-code = Code
join-with-code-hint = Mit dem anderen Gerät zur Hand: Einstellungen › Abgleich › Gerät hinzufügen zeigt den Code.
join-with-kit-hint = Ohne das andere Gerät: Es muss nicht eingeschaltet sein.
join-by-code = Vom anderen Gerät
join-code-hint = Sechzehn Buchstaben und Ziffern; Striche und Großschreibung sind gleich.
join-compare-text = Zeigt das andere Gerät dasselbe, ist niemand dazwischen. Gib dort das Hauptpasswort ein; hier geht es von selbst weiter.
join-added-title = Dieses Gerät ist dabei
join-added-text = Das Hauptpasswort öffnet den Tresor.

plan-open = Kostenlos (Entwicklung: Abgleich offen für alle)
plan-open-note = Dieser Server verlangt von niemandem etwas.
plan-required = Senden braucht Premium
plan-waits = Änderungen anderer Geräte kommen weiter an; deine warten hier.
plan-active = Premium
plan-active-note = Es gehört zu diesem Tresor und gilt auf allen seinen Geräten.
plan-until = Premium bis { $date }
plan-grace = Premium ist abgelaufen
plan-grace-note = Deine Änderungen gehen noch bis { $date } hinaus.
plan-expired = Premium endete am { $date }
plan-get = Premium holen …
plan-code = Code eingeben …
plan-buy = Premium holen
plan-buy-text = { $shop } nimmt die Zahlung an. Die Seite öffnet sich im Browser; die Adresse trägt den öffentlichen Namen dieses Tresors, damit die Zahlung ihm zugeordnet wird, und sonst nichts von ihm. E-Mail und Karte sind Sache des Shops: Dieses Programm und der Server des Abgleichs sehen sie nie.
plan-buy-go = Shop öffnen
plan-buy-after = Sobald du bezahlt hast, steht es hier in ein, zwei Minuten von selbst.
plan-code-title = Code eingeben
plan-code-text = Ein Code gibt diesem Tresor eine Zeit lang Premium, auf allen seinen Geräten.
plan-code-field = Code für Premium
plan-code-hint = Groß- und Kleinschreibung, Leerzeichen und Striche sind egal.
plan-code-go = Einlösen
plan-code-done = Premium bis { $date }. Was hier wartete, wird gesendet.
sync-full = { $host } hat keinen Platz mehr für diesen Tresor
sync-full-note = Änderungen deiner anderen Geräte kommen weiter an. Deine sind hier sicher; bitte den Betreiber des Servers um mehr Platz.
failure-vault-full = Der Server hat keinen Platz mehr für diesen Tresor. Deine Änderungen sind hier sicher.
failure-promo = Dieser Code gilt nicht: vertippt, verbraucht oder abgelaufen.
failure-not-offered = Dieser Server verkauft kein Premium. Wenn du einen Code hast, gib ihn ein.
address-head = Adresse und Passwort
address-title = Auf einem neuen Gerät mit Adresse und Passwort öffnen
address-off = Aus. Ein neues Gerät braucht einen Code von einem deiner Geräte oder das Notfallkit.
address-sending = An, sobald der Server erreicht ist.
address-on = An. Wer beides kennt, kommt hinein, und wer den Server betreibt, kann Passwörter probieren.
address-write-down = Schreib sie auf oder verwahre sie, wo du sie findest. Sie ist kein Geheimnis, das Passwort schon.
address-copy = Adresse kopieren
address-copied = Adresse kopiert.
address-on-dialog = Mit Adresse und Passwort öffnen?
address-on-text = Bisher braucht ein neues Gerät etwas, das nur du hast: einen Code von einem deiner Geräte oder das Notfallkit. Hiermit genügen Adresse und Hauptpasswort.
address-on-risk = Damit ist das Passwort das einzige Schloss. Wer { $host } betreibt oder stiehlt, was dort liegt, kann ein Passwort nach dem anderen probieren, so lange er will, und niemand merkt es.
address-on-length = Darum muss es mindestens 15 Zeichen haben und darf nichts sein, das jemand erraten könnte; am besten sind Wörter aus dem Generator. Du kannst es jederzeit abschalten.
address-on-go = Einschalten
address-keep-off = Aus lassen
address-off-dialog = Adresse und Passwort abschalten?
address-off-text = { $host } löscht, was dafür dort liegt, und der Tresor bekommt neue Schlüssel, die eine alte Kopie nicht öffnet. Deine anderen Geräte fragen einmal nach dem Hauptpasswort.
address-off-go = Abschalten
address-keep-on = An lassen
address-is-on = Adresse und Passwort öffnen diesen Tresor nun auf einem neuen Gerät.
address-is-off = Adresse und Passwort bringen diesen Tresor auf kein neues Gerät mehr.
join-with-address = Adresse + Passwort
join-with-address-hint = Ohne beides, wenn du es eingeschaltet hast: Einstellungen › Abgleich auf einem Gerät, das den Tresor hat.
join-address = Adresse des Tresors
join-address-hint = Sie beginnt mit dem Server und endet mit did:key: und vielen Buchstaben.
join-address-tip = Adresse, Passwort und Name sind nötig
join-address-refused = Das hat nichts geöffnet: Adresse oder Passwort stimmen nicht, oder es ist für diesen Tresor nicht eingeschaltet.
failure-bad-address = Das ist keine Adresse eines Tresors. Sie sieht aus wie https://vault.example.org/#/join/did:key:z6Mk…

## Anhänge und der Server

stage-fetching = Wird geladen
files-head = Anhänge
files-here = { $n ->
    [0] Keine Anhänge hier
    [one] 1 Anhang hier, { $size }
   *[other] { $count } Anhänge hier, { $size }
}
files-all-sent = Alle liegen auch auf dem Server.
files-to-send = { $n ->
    [one] 1 liegt noch nicht auf dem Server ({ $size })
   *[other] { $count } liegen noch nicht auf dem Server ({ $size })
}
files-missing = { $n ->
    [one] 1 weiterer liegt nur auf dem Server ({ $size })
   *[other] { $count } weitere liegen nur auf dem Server ({ $size })
}
files-paused = Angehalten: Geladen wird nur, was du öffnest.
files-pause = Anhalten
files-resume = Fortsetzen
files-retry = Noch einmal
files-show-item = Eintrag zeigen
files-waiting = Wartet
files-uploading = Wird hochgeladen, { $n } %
files-downloading = Wird geladen, { $n } %
files-not-sent = noch nicht in der Cloud
files-in-cloud = in der Cloud
files-not-there = Der Server hat ihn nicht: Das Gerät, das ihn hinzugefügt hat, hat ihn noch nicht hochgeladen.
files-damaged = Was der Server geschickt hat, ist nicht diese Datei. Es wurde verworfen.
files-full = Auf dem Server ist kein Platz mehr für diesen Tresor.
files-payment = Der Server nimmt Dateien nur mit einem Abonnement an.
files-no-room = Kein Platz mehr { $here ->
        [browser] in diesem Browser
       *[computer] auf diesem Computer
    }.
files-failed-here = Die Datei ließ sich { $here ->
        [browser] in diesem Browser
       *[computer] auf diesem Computer
    } nicht lesen oder schreiben.
files-policy = Von selbst laden
files-policy-note = Alles andere bleibt auf dem Server, bis du es { $here ->
        [browser] in diesem Browser
       *[computer] auf diesem Computer
    } öffnest.
files-policy-all = Alle
files-policy-small = Bilder und kleine Dateien
files-policy-pinned = Nur Behaltenes
files-policy-never = Nichts
files-cap = Grenze für Geladenes
files-cap-note = Darüber verlässt das am längsten Geladene dieses Gerät wieder. Nie die einzige Kopie.
files-cap-none = Keine Grenze
files-room = Platz schaffen { $here ->
        [browser] in diesem Browser
       *[computer] auf diesem Computer
    }
files-room-note = { $size } liegen auch auf dem Server und lassen sich wieder laden.
files-room-go = Platz schaffen
files-keep = Diese Dateien auf diesem Gerät behalten
files-keep-note = Sie bleiben { $here ->
        [browser] in diesem Browser
       *[computer] auf diesem Computer
    } und lassen sich ohne den Server öffnen.
