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
warning-date = Kein Datum: schreiben Sie 2031-04-30
warning-month-year = Kein Monat: schreiben Sie 2031-04
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
strength-fix-longer = Machen Sie es länger
strength-fix-more-words = Fügen Sie ein oder zwei Wörter hinzu, die nicht zusammengehören
strength-fix-no-pattern = Vermeiden Sie Muster, Daten und Wiederholungen
strength-fix-no-substitution = Buchstaben durch Zeichen zu ersetzen hilft wenig: wählen Sie andere Wörter
strength-fix-generate = Lassen Sie eines erzeugen

## Time to crack
crack-instant = weniger als eine Sekunde
crack-seconds = { $n } Sekunden
crack-minutes = { $n } Minuten
crack-hours = { $n } Stunden
crack-days = { $n } Tage
crack-years = { $n } Jahre
crack-centuries = länger als ein Jahrhundert

## Window: screens, lists, actions
# (window words)

## Panes: detail, editor, generator, history, attachments, settings
