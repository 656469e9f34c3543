## Kinds: one, several
kind-credential = Login
kinds-credential = Logins
kind-note = Secure note
kinds-note = Secure notes
kind-bank = Bank account
kinds-bank = Bank accounts
kind-card = Payment card
kinds-card = Payment cards
kind-crypto = Crypto wallet
kinds-crypto = Crypto wallets
kind-identity = Identity document
kinds-identity = Identity documents
kind-document = Document
kinds-document = Documents
kind-insurance = Insurance policy
kinds-insurance = Insurance policies
kind-key = API or SSH key
kinds-key = API and SSH keys
kind-wifi = Wi-Fi network
kinds-wifi = Wi-Fi networks
kind-licence = Software licence
kinds-licence = Software licences
kind-totp = Two-factor code
kinds-totp = Two-factor codes
kind-custom = Custom item
kinds-custom = Custom items

## Fields of templates
field-account-holder = Account holder
field-account-number = Account number
field-account-type = Account type
field-address = Address
field-address-2 = Second address
field-address-lines = Postal address
field-agent = Contact person
field-api-key = API key
field-api-secret = API secret
field-beneficiary = Beneficiary
field-bic = BIC
field-birth-date = Date of birth
field-birth-place = Place of birth
field-body = Text
field-branch = Branch
field-card-expiry = Valid until
field-card-number = Card number
field-cardholder = Name on card
field-claims-phone = Phone for claims
field-cvv = Security code
field-deductible = Deductible
field-derivation-path = Derivation path
field-device-model = Device
field-document-number = Number
field-document-type = Type of document
field-email = E-mail
field-expiry-date = Expires on
field-fingerprint = Fingerprint
field-full-name = Full name
field-host = Host
field-iban = IBAN
field-institution = Bank
field-insurance-type = Type of insurance
field-insured = Insured
field-insurer = Insurer
field-issue-date = Issued on
field-issuer = Issuer
field-issuing-authority = Issuing authority
field-issuing-country = Issuing country
field-key-algorithm = Algorithm
field-key-id = Key ID
field-key-passphrase = Passphrase
field-licence-key = Licence key
field-licensed-to = Licensed to
field-lost-card-phone = Phone to block the card
field-mnemonic = Recovery phrase
field-mrz = Machine-readable zone
field-nationality = Nationality
field-network = Network
field-notes = Notes
field-online-password = Online password
field-online-username = Online user name
field-order-number = Order number
field-parties = Parties
field-password = Password
field-personal-number = Personal number
field-phone = Phone
field-pin = PIN
field-policy-number = Policy number
field-premium = Premium
field-price = Price
field-private-key = Private key
field-product = Product
field-product-version = Version
field-public-key = Public key
field-purchase-date = Bought on
field-recovery-codes = Recovery codes
field-router-address = Router address
field-router-password = Router password
field-router-username = Router user name
field-routing-number = Routing number
field-scopes = Permissions
field-seats = Seats
field-seed-passphrase = 25th word
field-service = Service
field-sex = Sex
field-ssid = Network name
field-start-date = Starts on
field-storage-place = Where the original is
field-totp = One-time code
field-url = Web address
field-username = User name
field-vendor = Vendor
field-wallet-name = Wallet
field-wifi-identity = Identity
field-wifi-password = Wi-Fi password
field-wifi-security = Security

## Sections of templates
section-addresses = Addresses
section-contact = Contact
section-device = Device
section-issue = Issue
section-online = Online access
section-pair = Key pair
section-person = Person
section-purchase = Purchase
section-router = Router
section-seed = Recovery

## Types of own fields
type-text = Text
type-secret = Secret
type-multiline = Long text
type-secret-multiline = Long secret
type-url = Web address
type-email = E-mail
type-phone = Phone
type-date = Date
type-month-year = Month and year
type-iban = IBAN
type-bic = BIC
type-routing-number = Routing number
type-card-number = Card number
type-mnemonic = Recovery phrase
type-chain-address = Blockchain address
type-totp = One-time code
type-recovery-codes = Recovery codes

## Warnings under a field
warning-iban-country = No country has IBANs that begin so
warning-iban-length = IBANs of this country have { $expected } characters, this one has { $found }
warning-iban-structure = IBANs of this country have letters and digits in other places
warning-iban-checksum = The check digits do not match: look for a typing error
warning-bic-length = A BIC has 8 or 11 characters, this one has { $found }
warning-bic-structure = A BIC has letters and digits in other places
warning-routing-length = A routing number has 9 digits, this one has { $found }
warning-routing-checksum = The check digit does not match: look for a typing error
warning-card-digits = A card number has 12 to 19 digits
warning-card-length = Cards of this brand have other lengths than { $found } digits
warning-card-checksum = The last digit does not match: look for a typing error
warning-expired = This date has passed
warning-date = Not a date: write 2031-04-30
warning-month-year = Not a month: write 2031-04
warning-mnemonic-length = A phrase has 12, 15, 18, 21 or 24 words, this one has { $found }
warning-mnemonic-word = Word { $position } is in no word list
warning-mnemonic-checksum = The words do not fit together: look for a wrong or swapped word
warning-address-checksum = The address does not match its checksum: look for a typing error
warning-address-form = Not a known form of blockchain address
warning-email = Not an e-mail address
warning-url = Not a web address
warning-url-plain-http = This address is not encrypted (http)
warning-phone = Not a phone number
warning-totp-secret = Neither a Base32 secret nor an otpauth address
warning-totp-short = This secret is shorter than it should be

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
strength-poor = Poor
strength-weak = Weak
strength-good = Good
strength-excellent = Excellent

## Password strength: one reason
strength-reason-common = This is among the most used passwords
strength-reason-word = Built from a word that is easy to guess
strength-reason-name = Names are easy to guess
strength-reason-keyboard = Keys that are neighbours are easy to guess
strength-reason-repeat = Repeated characters add little
strength-reason-sequence = Sequences like abc or 6543 are easy to guess
strength-reason-date = Dates and years are easy to guess
strength-reason-related = It contains the title, name or address of this item
strength-reason-short = It is short

## Password strength: one fix
strength-fix-longer = Make it longer
strength-fix-more-words = Add another word or two that do not belong together
strength-fix-no-pattern = Avoid patterns, dates and repeats
strength-fix-no-substitution = Swapping letters for signs helps little: choose other words
strength-fix-generate = Let one be generated

## Time to crack
crack-instant = less than a second
crack-seconds = { $n } seconds
crack-minutes = { $n } minutes
crack-hours = { $n } hours
crack-days = { $n } days
crack-years = { $n } years
crack-centuries = longer than a century

## Window: screens, lists, actions
# Actions
action-search = Search
action-palette = Command palette
action-new-item = New item
action-edit = Edit
action-save = Save
action-cancel = Back or cancel
action-copy-user-name = Copy user name
action-copy-secret = Copy password or main secret
action-copy-totp = Copy one-time code
action-copy-url = Copy web address
action-open-url = Open web address
action-reveal = Show or hide secrets
action-duplicate = Duplicate
action-trash = Move to Trash
action-favourite = Add to or remove from Favourites
action-archive = Archive or put back
action-history = History
action-generator = Password generator
action-lock = Lock
action-overview = Overview
action-settings = Settings
action-backup = Backup and restore
action-shortcuts = Keyboard shortcuts
action-focus-sidebar = Keyboard to the sidebar
action-focus-list = Keyboard to the list
action-focus-detail = Keyboard to the item
action-next-pane = Keyboard to the next pane
action-zoom-in = Larger
action-zoom-out = Smaller
action-zoom-reset = Normal size
action-quit = Quit

# Everywhere
back = Back
cancel = Cancel
undo = Undo
dismiss = Dismiss
choose-file = Choose file…
clear-now = Clear now
chip-remove = Remove { $name }
secret-show = Show
secret-hide = Hide
pane-detail = Details
menu-open = Open menu
vault-menu = { $name }: vault menu

# Toasts
nothing-to-copy = { $title } has no such value.
nothing-to-open = { $title } has no web address.
trashed-one = { $title } moved to Trash.
trashed-many = { $n } items moved to Trash.
archived-one = { $title } archived.
unarchived-one = { $title } is back in the list.
draft-is-back = What you were typing is back. It is not saved yet.
copied-clears = { $field } of { $title } copied. Clears in { $secs } s.
copied = { $field } of { $title } copied.
copied-text-clears = Copied. Clears in { $secs } s.
copied-text = Copied to the clipboard.
drop-attaches = Let go to attach to { $title }
drop-attaches-new = Let go to attach to the new item
drop-open-first = Open the item first that the files belong to
drop-needs-item = Open the item that the files belong to, then drop them again.
clipboard-refused =
    { $here ->
        [browser] The browser did not let us clear the clipboard: what you copied is still in it. Copy any other text to replace it.
       *[computer] The clipboard could not be cleared. Copy something else to be safe.
    }
shell-read-file = The file could not be read.
shell-write-file = Nothing could be written there. Choose another place.
shell-open-url = No program opened the address.
shell-clipboard = The clipboard did not answer. Nothing was copied.
notice-resurrected = { $title } was edited on another device while it was in Trash, so it is back.
notice-clock-behind =
    { $here ->
        [browser] The clock of the computer under this browser is { $minutes } minutes behind. Dates may look wrong.
       *[computer] The clock of this computer is { $minutes } minutes behind. Dates may look wrong.
    }
notice-old-copy = An older copy of this vault was put back. Nothing is lost; work goes on from here.
notice-moved-to-new-log =
    { $n ->
        [0] This folder was continued elsewhere. Work goes on in a new log; nothing was lost.
        [one] This folder was continued elsewhere. One unsent change moved to a new log; nothing was lost.
       *[other] This folder was continued elsewhere. { $n } unsent changes moved to a new log; nothing was lost.
    }
notice-orphans =
    { $n ->
        [one] One leftover file was
       *[other] { $n } leftover files were
    } removed.
notice-list-rebuilt =
    The list of vaults { $here ->
        [browser] in this browser
       *[computer] on this computer
    } was damaged or missing. { $n ->
        [0] No vault was found; open a backup if you had one.
        [one] It was made anew, and your vault is in it.
       *[other] It was made anew, and your { $n } vaults are in it.
    }
notice-storage-mended = A file in which this browser keeps your vaults was damaged. It was mended; nothing is lost.
notice-storage-set-aside = A file in which this browser keeps your vaults was damaged and has been put aside. If a vault does not open, restore its backup.
locked-new-epoch = Locked because another device changed the password or the devices. Unlock with the master password; if it was changed, with the new one.
locked-idle = Locked because nothing was done for a while.
locked-suspended = Locked because the computer went to sleep.
locked-screen = Locked because the screen was locked.
locked-user = Locked because the computer was switched to another user.
locked-other-tab = Locked because another tab took the vaults over.
locked-hidden =
    { $here ->
        [browser] Locked because this tab was out of sight.
       *[computer] Locked because the window was minimised.
    }
interrupted =
    { $what ->
        [create] The vault was not made
        [unlock] The vault was not opened
        [restore] The backup was not opened
        [backup] The backup was not finished
        [kit] The kit was not finished
        [attach] The file was not added
        [extract] The file was not saved
        [item] The change was not saved
        [password] The password was not changed
        [check] The check was not finished
       *[other] What you asked for was not done
    }, because something went wrong inside. Everything saved before is there; try again.
attachment-damaged = { $name } was altered or damaged, and nothing of it was used. The item itself is fine; a backup brings the file back.
locked-restarted = Something went wrong inside, so the vault was locked. Everything saved is there.

# Dialogs
discard-title = Discard your changes?
discard-text = What you typed in the editor is not saved.
discard-keep = Keep editing
discard-go = Discard changes
purge-title =
    { $n ->
        [one] Delete this item for good?
       *[other] Delete { $n } items for good?
    }
purge-text = Values, attachments and history go from this vault and can't be brought back. Backups keep what they hold.
purge-keep = Keep in Trash
purge-go = Delete for good

# What went wrong
failure-wrong-password = That password does not open this vault.
failure-too-early = Too many wrong passwords. Try again in { $wait }.
failure-key-store = The key store of this system does not answer. Unlock it and try again, or use the recovery kit.
failure-no-device-key =
    { $here ->
        [browser] The key of this browser is gone. The recovery kit and the master password open the vault.
       *[computer] The key of this device is gone. The recovery kit and the master password open the vault.
    }
failure-kit-other = This recovery kit belongs to another vault.
failure-kit-replaced = This recovery kit was replaced by a newer one.
failure-kit-unreadable = This is not a readable recovery kit, or a word is wrong.
failure-kit-passphrase = The kit needs its passphrase, or this one is wrong.
failure-backup-damaged = This file is not a complete backup. Nothing was changed.
failure-backup-other = This backup belongs to another vault.
failure-backup-base = This backup builds on an earlier one that is missing.
failure-passphrase-required = Until a recovery kit is saved, a backup needs a passphrase of its own.
failure-too-weak = Too short: at least { $n } characters.
failure-passphrase-is-password = Choose a passphrase that is not the master password.
failure-in-use =
    { $here ->
        [browser] The vault is open in another tab. Close it there first.
       *[computer] The vault is open in another window. Close it there first.
    }
failure-not-found = It is no longer there.
failure-locked = The vault is locked.
failure-read-only = This vault is open for reading only. Nothing was changed.
failure-disk-full =
    { $here ->
        [browser] The browser gives no more room. Nothing was lost; make room on the disk or delete other sites' data, then try again.
       *[computer] The disk is full. Nothing was lost; make room and try again.
    }
failure-io = Reading or writing failed. Check the disk and try again.
failure-damaged = The vault file is damaged. Restore from a backup; nothing of the file was changed.
failure-not-authentic = The record of this vault was altered. It was not used. Check the vault.
failure-too-new = A newer version of the program wrote this. Update, then try again.
failure-attachment-missing =
    { $here ->
        [browser] The file of this attachment is missing in this browser.
       *[computer] The file of this attachment is missing on this device.
    }
failure-attachment-damaged = The file was altered or damaged, and nothing of it was used. The item itself is fine; a backup brings the file back.
failure-source-changed = The file changed while it was read. Add it again.
failure-vault-name = Give the vault a name.
failure-item-too-large = This item is too large. Put long texts into an attachment.
failure-recipe = Nothing can be made from these choices.
failure-kind = This kind of item is unknown here.
failure-cancelled = Stopped.
failure-no-entropy = The system gave no random numbers, so nothing was written.
failure-not-in-trash = Only items in Trash can be deleted for good.
failure-unknown = It did not work. Nothing was changed.

# Time
ago-now = just now
ago-minutes =
    { $n ->
        [one] a minute ago
       *[other] { $n } minutes ago
    }
ago-hours =
    { $n ->
        [one] an hour ago
       *[other] { $n } hours ago
    }
ago-days =
    { $n ->
        [one] yesterday
       *[other] { $n } days ago
    }
ago-date = on { $date }

# Unlock
master-password = Master password
master-password-again = Master password again
new-master-password = New master password
passwords-differ = The two are not equal.
vault-name = Name of the vault
vault-default-name = Personal
caps-lock = Caps Lock is on
unlock = Unlock
unlock-open = Open vault
unlock-no-password = This vault has no master password yet.
unlock-never-opened = Not opened yet
unlock-last-opened = Last opened { $ago }
unlock-use-kit = Use recovery kit
unlock-other-vault = Other vault
unlock-wait = Wait { $wait } before the next try.
unlock-opening =
    { $total ->
        [one] Opening one item
       *[other] Opening { $done } of { $total } items
    }
unlock-checking = Checking, about { $secs } s
picker-title = Choose a vault
picker-create = New vault
picker-restore = Open a backup
picker-no-password = no master password

# First run
first-title = Where should your vault come from?
first-title-further = A further vault
first-text =
    { $here ->
        [browser] Nothing leaves this browser. No account, no e-mail address.
       *[computer] Nothing leaves this computer. No account, no e-mail address.
    }
first-creating = Making the vault…
first-start = Start now
first-start-note =
    { $here ->
        [browser] Protected by this browser. You can add a master password at any time.
       *[computer] Protected by this device. You can add a master password at any time.
    }
first-password = Create with a master password
first-password-note =
    { $here ->
        [browser] A minute more, and this browser alone is not enough to open it.
       *[computer] A minute more, and this device alone is not enough to open it.
    }
first-restore = Open a backup
first-restore-note = From a .nt2backup file, with its passphrase or your recovery kit.
create-title = Choose a master password
create-text = It is stored nowhere, so nobody can send it to you again. A sentence of five or six words is easy to remember and hard to guess.
create-hint = Several unrelated words work best.
create-go = Create vault
create-go-tip = Both fields equal, at least { $n } characters

# Recovery kit
kit-by = How the kit is given
kit-by-file = Kit file
kit-by-words = 24 words
kit-file-hint = A .nt2recovery file
kit-passphrase = Passphrase of the kit
kit-passphrase-hint = The one that was chosen when the kit was saved.
kit-words = Words of the kit
kit-words-count = { $n } of 24 words
recover-title = Use the recovery kit
recover-text = The kit opens { $name } together with this device or with the master password.
recover-with = What the kit goes with
recover-lost-password = I forgot the password
recover-know-password = I know the password
recover-after = Afterwards this kit is used up: save the new one.
recover-go = Open vault

# Restore
restore-title = Open a backup
restore-text =
    { $here ->
        [browser] It becomes a vault in this browser. Vaults that are here stay as they are.
       *[computer] It becomes a vault on this device. Vaults that are here stay as they are.
    }
restore-choose = Choose backup…
restore-is-here =
    { $here ->
        [browser] A backup of a vault that is also in this browser.
       *[computer] A backup of a vault that is also on this device.
    }
restore-is-not-here =
    { $here ->
        [browser] A backup of a vault that is not in this browser.
       *[computer] A backup of a vault that is not on this device.
    }
restore-by = What opens the backup
restore-by-passphrase = Its passphrase
restore-by-device =
    { $here ->
        [browser] Password, this browser
       *[computer] Password, this device
    }
restore-by-kit = Password and kit
restore-passphrase = Passphrase of the backup
restore-passphrase-note = The items go into a new vault. Give it a master password now or later.
restore-go = Restore

# Overlays
new-item-title = What do you want to keep?
shortcuts-title = Keyboard shortcuts
shortcuts-move = Find and move
shortcuts-item = Selected item
shortcuts-vault = Vault and window
palette-hint = Type a command or item
palette-nothing = Nothing is called { $words }
palette-foot = ↑↓ choose · Enter run · Esc close
palette-new = New: { $kind }

# List
list-new = New item
list-name = Items: { $n }
list-found = { $n } in { $scope }
list-selected = { $n } selected
search-name = Search in { $scope }
search-hint =
    { $count ->
        [one] Search one item
       *[other] Search { $n } items
    }
sort-by = Order of the list
sort-title = Title
sort-changed = Changed
sort-created = Created
sort-kind = Kind
scope-all = All items
scope-favourites = Favourites
scope-archive = Archive
scope-trash = Trash
scope-conflicts = Conflicts
scope-expiring = Expiring
menu-put-back = Put back
menu-purge = Delete for good…
menu-favourite-on = Add to Favourites
menu-favourite-off = Remove from Favourites
menu-archive-on = Archive
menu-archive-off = Put back from Archive
empty-search = No match in { $scope }
empty-search-note = Titles, user names, addresses, tags and field names were searched.
empty-search-all =
    { $n ->
        [one] Search the one item
       *[other] Search all { $n } items
    }
empty-search-clear = Clear search
empty-all = No items yet
empty-all-note = Logins, cards, documents, keys: everything you want to keep safe goes here.
empty-favourites = No favourites yet
empty-favourites-note = The star in an item puts it here.
empty-kind = Nothing of this kind
empty-kind-note = New items of this kind appear here.
empty-folder = Nothing here
empty-folder-note = Give items this tag or folder in the editor.
empty-archive = Archive is empty
empty-archive-note = Archived items stay complete but out of the way and out of the search.
empty-trash = Trash is empty
empty-trash-note = Deleted items wait here until you empty it.
empty-conflicts = Nothing to resolve
empty-conflicts-note = All devices agree.
empty-expiring = Nothing expires soon
empty-expiring-note = Items with a date within 30 days appear here.

# Sidebar and status bar
sidebar-name = Places in the vault
sidebar-kinds = Kinds
sidebar-folders = Folders
sidebar-tags = Tags
sidebar-more = { $n } more
status-no-backup = No backup yet
status-backup = Backup { $ago }, complete
status-backup-changes =
    { $n ->
        [one] Backup { $ago }, one change since
       *[other] Backup { $ago }, { $n } changes since
    }
status-working = Working: { $percent } %
status-locks-in = Locks in { $left }
remaining-minutes = { $n } min
remaining-seconds = { $n } s
status-no-lock = Never locks by itself
status-items =
    { $count ->
        [one] One item
       *[other] { $n } items
    }

# Banners
banner-damaged = This vault is damaged. What is readable is shown; nothing can be changed.
banner-damaged-go = Check vault
banner-medium = This vault lies on a medium that can't be written. You can read everything.
banner-newer = A newer version wrote this vault. You can read it; update to change it.
banner-password =
    { $here ->
        [browser] Anyone who uses this browser can open this vault.
       *[computer] Anyone who uses this device can open this vault.
    }
banner-password-go = Set password

# Overview
overview-good = In good order
overview-good-todo =
    { $n ->
        [one] In good order, one thing to do
       *[other] In good order, { $n } things to do
    }
overview-todo =
    { $n ->
        [one] One thing to do
       *[other] { $n } things to do
    }
overview-sub =
    { $n ->
        [one] One item
       *[other] { $n } items
    } of { $kinds ->
        [one] one kind
       *[other] { $kinds } kinds
    }
overview-expiring = Expiring
overview-recent = Changed last
begin-title = Your vault is ready
begin-text =
    { $here ->
        [browser] Put the first thing in: a login, a card, a document. Everything is encrypted in this browser before it is written.
       *[computer] Put the first thing in: a login, a card, a document. Everything is encrypted on this device before it is written.
    }
begin-first = Add first item
begin-restore = Restore a backup
begin-generator = Make a password
card-backup = Backup
card-backup-none = None yet
card-backup-none-note =
    { $here ->
        [browser] Cleared site data would lose everything.
       *[computer] A broken disk would lose everything.
    }
card-backup-all = Everything is in it.
card-backup-changes =
    { $n ->
        [one] One change since then.
       *[other] { $n } changes since then.
    }
card-backup-go = Back up now
card-backup-test = Test this backup
card-protect = Protection
card-protect-two = Password and device
card-protect-two-note = Neither opens it alone.
card-protect-password = Password
card-protect-password-note =
    { $here ->
        [browser] The device key lies in the same browser.
       *[computer] The device key lies on the same disk.
    }
card-protect-device =
    { $here ->
        [browser] This browser only
       *[computer] This device only
    }
card-protect-device-note =
    { $here ->
        [browser] Whoever can use it can open the vault.
       *[computer] Whoever can use it can open the vault.
    }
card-protect-go = Change password
card-kit = Recovery kit
card-kit-saved = Saved and checked
card-kit-saved-note = It helps if password or device is lost.
card-kit-none = Not saved
card-kit-none-note = Without it a lost password is final.
card-kit-go = Save kit
card-kit-check = Check kit
todo-password =
    { $here ->
        [browser] Anyone who uses this browser can open this vault.
       *[computer] Anyone who uses this device can open this vault.
    }
todo-kit = No recovery kit: a lost password or device would be final.
todo-backup-first =
    { $here ->
        [browser] No backup yet: clearing the data of this site would lose everything.
       *[computer] No backup yet: a broken disk would lose everything.
    }
todo-backup = The last backup is { $days } days old.
todo-conflicts =
    { $n ->
        [one] One item was changed on two devices at once. Both values are kept.
       *[other] { $n } items were changed on two devices at once. All values are kept.
    }
todo-conflicts-go = Choose
expired-days =
    { $n ->
        [one] Expired yesterday
       *[other] Expired { $n } days ago
    }
expires-today = Today
expires-days =
    { $n ->
        [one] Tomorrow
       *[other] In { $n } days
    }

# Progress and strength
progress-working = Working…
progress-items =
    { $total ->
        [one] { $done } of one item
       *[other] { $done } of { $total } items
    }
progress-bytes = { $done } of { $total }
stage-deriving = Checking the password
stage-opening = Opening
stage-sealing = Encrypting
stage-reading = Decrypting
stage-checking = Checking
stage-writing = Writing
stage-syncing = Syncing
strength-line = { $word } · { $bits } bits

## Panes: detail, editor, generator, history, attachments, settings
# Fields
field-act-copy = Copy { $field }
field-act-reveal = Show { $field }
field-act-hide = Hide { $field }
field-act-large = { $field } in large type
field-act-open = Open { $field }
field-act-calendar = Pick { $field } from a calendar
field-click-copies = Click to copy
field-hidden = Hidden
field-revealed = Shown on the screen
field-code = Code on the screen
field-unnamed = Own field
field-unnamed-section = Section
totp-next = next
warning-other = Something about this value is unusual
calendar-back = Earlier
calendar-on = Later
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
dialog-keep = Keep

# Detail
detail-untitled = Untitled
detail-edit = Edit
detail-star = Add to favourites
detail-unstar = Remove from favourites
detail-more = More actions
detail-back = Back to the item
detail-changed = changed { $when }
detail-changed-on = changed on { $device } { $when }
detail-last-changed = Changed { $when }
detail-last-changed-on = Changed on { $device } { $when }
detail-created = Created { $when }
detail-in-trash = This item is in Trash.
detail-in-trash-days = This item is in Trash. After { $days } days you are asked whether it goes for good.
detail-restore = Put back
detail-purge = Delete for good
detail-purge-more = Delete for good…
detail-purge-title = Delete for good?
detail-purge-sentence = Values, attachments and history of { $title } go from all devices and can't be brought back. Backups keep what they hold.
detail-opaque = { $n } parts were written by a newer version. They are kept, but not shown here.
detail-archived = In the archive
detail-expired = Expired on { $date }
detail-expires-today = Expires today
detail-expires-in =
    Expires in { $n ->
         [one] one day
        *[other] { $n } days
    }
detail-expires-on = Expires on { $date }
detail-no-fields = Nothing is filled in yet.
detail-more-values =
    { $n ->
         [one] One other value is
        *[other] { $n } other values are
    } kept beside this one
detail-attachments = Attachments
detail-links = Linked items
detail-link-gone = An item that is no longer here
detail-history = History
detail-show-history = Show all changes
detail-duplicate = Duplicate
detail-move = Move to folder…
detail-move-title = Move to folder
detail-move-go = Move
detail-folder = Folder
detail-folder-hint = Folders within folders are written with a slash: Home/Insurance. Empty for none.
detail-tags = Tags…
detail-tags-title = Tags
detail-new-tag = New tag
detail-tags-done = Close
detail-archive = Archive
detail-unarchive = Take out of the archive
detail-trash = Move to Trash

# Concurrent values
conflict-on = { $what } was changed on { $first } and { $second }. All values are kept.
conflict-somewhere = { $what } was changed in two places at once. All values are kept.
conflict-choose = Choose
conflict-title = Which { $what } is right?
conflict-sentence = The others stay in the history.
conflict-value-of = { $device }, { $when }
conflict-use = Use this value
conflict-of = { $at } of { $n }
conflict-chosen = { $what } of { $title } is now the one from { $device }. The rest is in the history.
conflict-other = Take the other
row-conflict = needs your decision
conflict-later = Decide later
part-title = Title
part-folder = Folder
part-favourite = Favourite
part-archived = Archive
part-alive = Trash
part-expires = Expiry
part-kind = Kind
part-tag = Tag { $tag }
part-section = Section
part-attachment = Attachment
part-link = Link
part-other = Other

# Editor
editor-edit = Edit { $title }
editor-edit-untitled = Edit item
editor-new = New: { $kind }
editor-save = Save
editor-cancel = Cancel
editor-title = Title
editor-needs-title = Give it a title: that is how you find it again
editor-discard-title = Discard what you typed?
editor-discard-changes = Your changes to this item are not saved.
editor-discard-new = This new item is not saved.
editor-discard-keep = Keep editing
editor-discard = Discard
editor-kept = Unchanged: type to replace
editor-kept-hint = { $hint } · unchanged: type to replace
editor-revealing = Fetching the value…
editor-hint-date = 2031-04-30
editor-hint-month = 2031-04 or 04/31
editor-hint-totp = Base32 secret or otpauth://…
editor-hint-codes = One code a line
editor-hint-url = https://…
editor-word-count = { $n } of { $of } words
editor-add-field = Add field
editor-add-field-to = Add field to { $section }
editor-add-section = Section
editor-new-section = New section
editor-section-title = Title of the section
editor-section-up = Move section { $section } up
editor-section-down = Move section { $section } down
editor-section-remove = Remove section { $section }, keep its fields
editor-field-label = Label of the field
editor-field-move = Move { $field }: drag, or arrow keys
editor-field-remove = Remove { $field }
editor-organise = Organise
editor-favourite = Favourite
editor-folder = Folder
editor-tags = Tags
editor-new-tag = Add a tag
editor-expires = Expires
editor-expires-note = The overview reminds you 30 days before.
editor-links = Linked items
editor-links-find = Find an item to link
editor-files-new = Drop files anywhere: they are attached when you save.

# Generator
generator-title = Password generator
generator-note =
    { $here ->
        [browser] Made in this browser. What you neither copy nor use is gone with the next one.
       *[computer] Made on this device. What you neither copy nor use is gone with the next one.
    }
generator-copy = Copy
generator-use = Use
generator-again = Make another
generator-for = Generate { $field }
generator-offer = Generate a passphrase
generator-result = Generated text, shown on the screen
generator-kind = Kind of text
generator-characters = Characters
generator-words = Words
generator-nothing = Choose at least one sort of character
generator-length = Length
generator-lower = Lower case
generator-upper = Upper case
generator-digits = Digits
generator-symbols = Symbols
generator-lookalikes = Leave out look-alikes
generator-each = At least one of each
generator-n-words = Words
generator-separator = Between the words
generator-capitals = First letters in upper case
generator-number = A digit after one word

# History
history-title = History of { $title }
history-note = Every value this item ever had. Putting one back keeps the others here.
history-all = All fields
history-filter = Show the history of
history-empty = No changes
history-empty-note = As soon as something changes, its earlier value is kept here.
history-current = Current
history-removed = Removed
history-unknown-device = Unknown device
history-reveal = Show
history-hide = Hide
history-copy = Copy
history-restore = Put back
history-restore-title = Put this value back?
history-restore-sentence = It becomes the current value of { $title }. The present one stays in the history.

# Attachments and preview
attach-add = Add files…
attach-drop = or drop them anywhere
attach-none = No files are attached.
attach-not-here =
    { $here ->
        [browser] { $size } · not in this browser
       *[computer] { $size } · not on this device
    }
attach-open = Preview { $name }
attach-save-as = Save { $name } as…
attach-remove-one = Remove { $name }
attach-remove-title = Remove this file?
attach-remove-sentence = { $name } goes from this item. The history keeps it until the item is deleted for good.
attach-remove-keep = Keep
attach-remove = Remove
attach-saved = { $name } saved.
attach-saved-at = { $name } saved: { $place }
preview-close = Close the preview
preview-larger = Larger
preview-smaller = Smaller
preview-fit = Fits
preview-fit-note = Change between fitting and actual size
preview-picture = Picture
preview-never-written = Never written to disk
preview-cut = First { $size } shown
preview-save-as = Save as…
preview-none = No preview for this kind of file
preview-none-note = Pictures and text are shown here. Save this file and open it with a program that knows it.

# Trash
trash-title = Trash
trash-note = What is here is gone from the lists and can be put back.
trash-note-days = What is here can be put back. After { $days } days you are asked whether it goes for good.
trash-empty = Trash is empty
trash-empty-note = Deleted items come here first, so that nothing is lost by accident.
trash-restore = Put back
trash-delete = Delete for good
trash-empty-all = Empty Trash ({ $n })
trash-ticked = { $n } ticked
trash-tick = Tick { $title }
trash-since = last changed { $when }
trash-delete-title =
    Delete { $n ->
         [one] one item
        *[other] { $n } items
    } for good?
trash-delete-sentence = Values, attachments and history go from all devices and can't be brought back. Backups keep what they hold.
trash-keep = Keep in Trash

# Settings
settings-page = Page of the settings
settings-appearance = Appearance
settings-security = Security
settings-recovery = Backup and recovery
settings-vault = Vault
settings-about = About
appearance-lead =
    { $here ->
        [browser] Only in this browser.
       *[computer] Only on this device.
    }
appearance-theme = Theme
appearance-system = System
appearance-light = Light
appearance-dark = Dark
appearance-contrast = Contrast
appearance-contrast-note = High: text at least 7 to 1, strong borders
appearance-normal = Normal
appearance-high = High
appearance-zoom = Size
appearance-zoom-note = 75 to 250 %
appearance-density = Rows of the list
appearance-density-note = Compact shows more items at once
appearance-cosy = Cosy
appearance-compact = Compact
appearance-motion = Reduce motion
appearance-motion-note = No animations; rings become numbers
appearance-language = Language
security-lead = When the vault closes, and how long a secret stays in sight.
security-password = Master password
security-password-note = Known only to you. A change rewrites all keys.
security-no-password = No master password yet
security-no-password-note =
    { $here ->
        [browser] Whoever has this browser can open the vault.
       *[computer] Whoever has this device can open the vault.
    }
security-change = Change…
security-set = Set…
security-locking = Locking
security-lock-after = Lock when idle for
security-lock-after-note =
    { $here ->
        [browser] No key, click or touch in this tab. Time asleep counts.
       *[computer] No key, click or touch in this window. Time asleep counts.
    }
security-lock-minimised = Lock when minimised
security-this-device = Only on this device
security-lock-now = Lock now
security-lock = Lock
security-secrets = Secrets in sight
security-clipboard = Clear the clipboard after
security-clipboard-note = Only if it still holds what was copied here.
security-reveal = Hide a shown secret after
security-reveal-note =
    { $here ->
        [browser] Also when the tab loses the focus.
       *[computer] Also when the window loses the focus.
    }
secs-never = Never
secs-seconds = { $n } seconds
secs-minutes = { $n } minutes
secs-hours =
    { $n ->
         [one] One hour
        *[other] { $n } hours
    }
password-set-title = Set a master password
password-change-title = Change the master password
password-note =
    { $here ->
        [browser] It is stored nowhere. Without it, the recovery kit and this browser open the vault.
       *[computer] It is stored nowhere. Without it, the recovery kit and this device open the vault.
    }
password-current = Present master password
password-new = New master password
password-again = New master password again
password-differs = The two are not equal
password-set = Set password
password-change = Change password
password-changed = The new master password is in force.
password-length = At least { $n } characters
password-length-same-disk =
    { $here ->
        [browser] At least { $n } characters, because the key of this device lies in the same browser
       *[computer] At least { $n } characters, because the key of this device lies on the same disk
    }
password-crack = Guessing it would take a thousand graphics cards: { $time }
recovery-lead =
    { $here ->
        [browser] What brings the vault back when this browser or its data is lost.
       *[computer] What brings the vault back when this device is lost.
    }
recovery-kit = Recovery kit
recovery-reminders = Reminders
recovery-remind = Remind me of a backup older than
recovery-days =
    { $n ->
         [one] One day
        *[other] { $n } days
    }
backup-never = No backup yet
backup-never-note =
    { $here ->
        [browser] If this browser or its data is lost, so is the vault.
       *[computer] If this device is lost, so is the vault.
    }
backup-last = Last backup { $when }
backup-changes =
    { $n ->
         [0] Nothing has changed since
         [one] One change since
        *[other] { $n } changes since
    }
backup-now = Back up now…
backup-test-title = Test a backup
backup-test-note = Opens it beside the vault and reads every item and every byte.
backup-test = Test…
backup-merge-title = Merge a backup
backup-merge-note = Adds what is missing here. Nothing is overwritten. To open one as a vault of its own, lock first.
backup-merge = Choose…
backup-merge-dialog = Merge this backup?
backup-merge-same = A backup of this vault, made { $when }. What is missing here comes back; newer values stay.
backup-merge-other = A backup of another vault, made { $when }. Its items are added here as new ones.
backup-merge-go = Merge
backup-merged =
    { $added ->
        [one] One item
       *[other] { $added } items
    } added, { $changed } completed, { $equal } already equal.
backup-purged = Left out, because deleted for good here: { $titles }
backup-dialog-title = Back up now
backup-passphrase = Passphrase of the backup
backup-passphrase-again = Passphrase again
backup-passphrase-required = Until a recovery kit is saved, a backup needs a passphrase of its own. Not the master password: the backup must open when that is forgotten.
backup-passphrase-optional = Master password and recovery kit open it. A passphrase of its own is one more way.
backup-choose-place = Choose a place…
backup-done =
    Backup written: { $items ->
        [one] one item
       *[other] { $items } items
    }, { $files ->
        [one] one attachment
       *[other] { $files } attachments
    }, { $size }. Test it now to be sure.
backup-done-at =
    Backup written to { $place }: { $items ->
        [one] one item
       *[other] { $items } items
    }, { $files ->
        [one] one attachment
       *[other] { $files } attachments
    }, { $size }. Test it now to be sure.
backup-checksum = BLAKE3 { $sum }
backup-missing =
    The files of { $n ->
         [one] one attachment
        *[other] { $n } attachments
    } are missing and not in it.
backup-tested =
    Tested { $when }: { $items ->
        [one] the one item
       *[other] all { $items } items
    } and { $files ->
        [one] one attachment
       *[other] { $files } attachments
    } ({ $size }) open and equal the vault.
backup-tested-behind =
    Tested { $when }: { $items ->
        [one] the one item opens
       *[other] all { $items } items open
    }. { $n ->
        [one] One in the vault is
       *[other] { $n } in the vault are
    } newer or missing in it: back up again.
backup-tested-damaged =
    { $n ->
        [one] One part does not open: { $first }
       *[other] { $n } parts do not open, the first is { $first }
    }. Make another backup.
kit-unsaved = The recovery kit is not saved
kit-unsaved-note = Without it, a forgotten password or a lost device can close the vault for ever.
kit-saved = The recovery kit is saved and checked
kit-saved-note =
    { $here ->
        [browser] Keep it apart from the device with this browser.
       *[computer] Keep it apart from this device.
    }
kit-save = Save the kit…
kit-check-title = Check a kit
kit-check-note = Reads it back and says whether it is the one in force.
kit-check = Check…
kit-dialog-title = Save the recovery kit
kit-step = Step { $n } of 2
kit-what = One small file. With your master password it opens the vault on a new device; with this device it replaces a forgotten password. Alone it opens nothing.
kit-new-passphrase = Passphrase of the new kit
kit-needs-passphrase = The kit needs a passphrase of its own. Nothing was written.
kit-passphrase-note = The kit needs a passphrase of its own. Never the master password: the kit is for the day it is forgotten.
kit-passphrase-again = Passphrase again
kit-choose-place = Choose a place…
kit-check-dialog = Check the recovery kit
kit-written = Written to { $place }. It counts as saved when it has been read back.
kit-check-what = Choose the file you saved. If you hold the 24 words of the kit, they do as well.
kit-check-go = Check
kit-later = Later
kit-same-disk =
    { $here ->
        [browser] The key of this device stays in the storage of this browser, because a browser has no key store.
       *[computer] The key of this device stays in a file on this disk, because this system has no key store.
    }
kit-good = The kit is the right one and readable. It is saved.
kit-replaced = This kit is of this vault, but was replaced since.
kit-other-vault = This kit is of another vault.
vault-lead = What this vault is and where its key lies.
vault-own-name = Name
vault-rename = Rename…
vault-rename-title = Rename this vault
vault-rename-note =
    { $here ->
        [browser] Only a name in this browser.
       *[computer] Only a name on this device.
    }
vault-rename-go = Rename
vault-did = Public name
vault-did-note = Names the vault to others. It opens nothing.
vault-did-copy = Copy the public name
vault-did-copied = Public name copied.
vault-key-account = Device key: in the key store of your account
vault-key-account-note = Whoever copies the disk does not have it.
vault-key-disk =
    { $here ->
        [browser] Device key: in the storage of this browser
       *[computer] Device key: in a file on the same disk
    }
vault-key-disk-note =
    { $here ->
        [browser] Password only in this browser: whoever copies its profile needs only the password. Choose a long one.
       *[computer] Password only on this disk: whoever copies it needs only the password. Choose a long one.
    }
vault-key-none =
    { $here ->
        [browser] Device key: not in this browser
       *[computer] Device key: not on this device
    }
vault-key-none-note = Opened with password and recovery kit.
vault-devices =
    { $n ->
         [one] One device has
        *[other] { $n } devices have
    } this vault
vault-trash = Ask about items in Trash after
vault-trash-note = Nothing is deleted for good by a clock alone.
vault-check-head = Integrity
vault-check-title = Check the vault
vault-check-note = Verifies every record, log entry and signature.
vault-check = Check now
vault-check-bytes = Read every attachment too
vault-check-bytes-note = Takes longer with large files.
vault-check-good = Everything is as it was written.
vault-check-bad =
    { $n ->
         [one] One problem was
        *[other] { $n } problems were
    } found.
vault-checked-items = Items opened and compared with the log: { $n }
vault-checked-entries = Log entries verified: { $n }
vault-checked-control = Entries about devices and keys verified: { $n }
vault-checked-attachments = Attachments found: { $n }, read: { $size }
problem-database = The database itself is damaged. Restore from a backup.
problem-row-damaged = { $subject } does not open. A backup brings it back.
problem-row-differs = { $subject } differs from what its log says.
problem-log-damaged = A log entry is missing or altered: { $subject }
problem-root-differs = The sum over all items differs from what was signed.
problem-attachment-missing = The file of { $subject } is missing. A backup brings it back.
problem-attachment-damaged = The file of { $subject } is damaged. A backup brings it back.
problem-orphan = A leftover file belongs to no item: { $subject }. It goes by itself.
vault-danger = Danger
vault-delete-title =
    { $here ->
        [browser] Delete this vault from this browser
       *[computer] Delete this vault from this device
    }
vault-delete-note = Other devices and backups keep theirs.
vault-delete = Delete vault
vault-delete-dialog =
    { $here ->
        [browser] Delete { $name } from this browser?
       *[computer] Delete { $name } from this device?
    }
vault-delete-sentence =
    { $here ->
        [browser] Items, attachments and history in this browser go for good. Type the name of the vault to go on.
       *[computer] Items, attachments and history on this device go for good. Type the name of the vault to go on.
    }
vault-delete-no-backup = There is no backup of this vault.
vault-delete-name = Name of the vault to delete
about-lead = A vault that you can check. Local first, no account, no telemetry.
about-version = NT² Vault
about-licence = Licence
about-crypto = Encryption
about-crypto-note = XChaCha20-Poly1305; Argon2id with { $mib } MiB, { $passes } passes, { $lanes } lanes
about-show = Show
about-parts = With the work of

# Another tab, a newer version
elsewhere-title = This vault is open in another tab
elsewhere-text = Only one tab can hold it, so that nothing is written twice. Here it opens locked; the other tab keeps what you were typing as a draft.
taken-title = This vault was taken over by another tab
taken-text = This tab has forgotten everything about it. You can close it, or bring the vault back here.
elsewhere-go = Use it here
elsewhere-waiting = Waiting for the other tab to lock
action-update = Load the new version
update-ready = A new version is ready.
update-ready-draft = A new version is ready. What you are typing is kept as a draft.
update-go = Reload

# Durability in a browser
durable-head = In this browser
durable-standing = A file outside of the browser follows this vault
durable-promised = The browser keeps this vault until you delete it
durable-risk = This browser may delete this vault
durable-backup-none = There is no backup yet.
durable-backup-today = The last backup is less than a day old.
durable-backup =
    { $days ->
        [one] The last backup is one day old.
       *[other] The last backup is { $days } days old.
    }
durable-back-up = Back up now
durable-word-standing = Standing backup
durable-word-kept = Kept by the browser
durable-word-risk = Browser may delete it
durable-safari = Safari deletes after seven days
durable-safari-note = Whatever a website keeps goes after seven days of using Safari without a visit here. Add NT² Vault to the Dock or Home Screen and use it there: then it stays. Back up before; the installed app begins empty.
promise-given = The browser promised to keep it
promise-given-note = It still goes if you clear the data of this site or lose the browser's profile. A backup helps then.
promise-not-asked = The browser has promised nothing yet
promise-not-asked-note = It may clear what sites keep when the disk runs full.
promise-refused = The browser did not promise to keep it
promise-refused-note = Install this page as an app or bookmark it, use it for a few days, then ask again. Until then, back up often.
promise-unsupported = This browser makes no such promise
promise-unsupported-note = Back up often, or use NT² Vault as a program.
promise-ask = Ask the browser to keep it
promise-ask-again = Ask again
standing-off = No standing backup
standing-off-note = A backup in a file of your choice, written anew after changes. Best in a folder that is backed up.
standing-kit-note = A file that follows the vault is possible once the recovery kit is saved.
standing-unavailable = No standing backup in this browser
standing-unavailable-note = It can't write to a file by itself. Chrome and Edge on a computer can.
standing-choose = Choose a file…
standing-on = Standing backup in { $name }
standing-on-note = Last written { $ago }.
standing-first-note = Written with the next change.
standing-waits = { $name } waits for your permission
standing-waits-note = After a restart the browser asks again before it writes to the file.
standing-resume = Allow writing
standing-failed = { $name } could not be written
standing-failed-note = It was moved, or its disk is full or gone. The vault itself is whole.
standing-stop = Stop
room-used = { $used } used
room-used-of = { $used } of { $quota } used
room-short-note = Little room is left. Make room on the disk, or move large attachments out.
security-lock-hidden = Lock when the tab is hidden for
security-lock-hidden-note = Only in this browser. Behind other tabs or minimised.

# Own shortcuts
keys-lead = Press the pencil, then the new keys. Only on this device.
keys-lead-browser = Press the pencil, then the new keys. Some keys belong to the browser, so others stand here than in the program. Only in this browser.
keys-press = Press the new keys
keys-press-note = With Ctrl or Alt, or a function key. Esc keeps what there is.
keys-change = Change the keys of { $action }
keys-reset = Back to the usual keys of { $action }
keys-remove = No keys for { $action }
keys-stop = Keep the keys of { $action }
keys-reset-all = Reset all shortcuts
keys-taken = { $keys } already belongs to { $action }. Press other keys.
keys-editing = { $keys } is needed for editing text. Press other keys.
keys-browser = The browser keeps { $keys } for itself. Press other keys.
keys-plain = That key types or moves by itself. Press it together with Ctrl or Alt.

# Sync: what is so, then what to do
settings-sync = Sync
sync-off = Sync is off
sync-off-note = Changes stay on this device.
sync-done = Up to date
sync-done-note = Synced { $ago }. New changes are sent by themselves.
sync-waiting =
    { $n ->
        [0] Waiting to sync
        [one] One change waits
       *[other] { $n } changes wait
    }
sync-waiting-note = They are exchanged in a moment.
sync-connecting = Connecting to { $host }
sync-pulling = Taking changes in
sync-pushing = Sending changes
sync-amount = { $done } of { $total }
sync-running-note = You can go on working.
sync-offline = { $host } can't be reached
sync-offline-note = Your changes are safe here and will be sent later.
sync-busy = { $host } asks for patience
sync-payment = { $host } takes no new changes without a subscription
sync-payment-note = Changes of your other devices still come in. Yours are safe here and will be sent once the subscription runs.
sync-not-accepted = { $host } does not accept this device
sync-not-accepted-note = Another device may have removed it, or the server is another one than before. Look at the devices of this vault on another device. Everything here stays readable.
sync-not-registered = { $host } does not have this vault
sync-not-registered-note = Its copy was deleted there, or it is another server than before. Turn sync on again to hand everything over anew.
sync-removed = This device was removed from the vault
sync-removed-note = Another device did that. What is here stays readable and is no longer exchanged.
sync-settle = Two devices removed each other
sync-settle-note = Sync waits until the recovery kit says which of them is right. You can go on working here; nothing is lost.
sync-password = Two devices decided apart
sync-password-note = They changed the password or the devices at the same time. Until that is joined, nothing is sent.
sync-update = This version is too old for sync
sync-update-note = Another device runs a newer one. Update here and sync goes on; nothing was skipped.
sync-cannot-fill = This device can't be the first to fill the server
sync-cannot-fill-note = It was restored from a backup and holds only a part of the history. Turn sync on first on a device that has always had this vault.
sync-alarm = Sync has stopped: the server does not show what it should
sync-failed = Sync has stopped on this device
sync-next-try = Next try in { $left }.
sync-next-try-soon = It is tried again in a moment.
sync-word-done = Synced { $ago }
sync-word-running = Syncing
sync-word-offline = Offline
sync-word-offline-waiting =
    { $n ->
        [one] Offline · one change waits
       *[other] Offline · { $n } changes wait
    }
sync-word-busy = Server busy
sync-word-payment = Nothing is sent
sync-word-stopped = Sync stopped
sync-word-alarm = Sync alarm
sync-look = Look
sync-nameless = Unnamed device
net-unreachable = There is no network, or nobody answers at that address.
net-timed-out = The server did not answer in time.
net-not-trusted = Its certificate is not valid, so nothing was sent. Another network may help; else ask whoever runs the server.
net-broken = The connection broke off.
net-refused =
    { $here ->
        [browser] This browser refused to connect there: check the address.
       *[computer] The connection was refused on this side: check the address.
    }
alarm-rollback = The server shows an older state than before: of { $device } it had change { $had } and now ends at { $has }. Nothing of it was applied.
alarm-fork = The server shows another history of { $device } than the one known here; they part at change { $change }. It may have shown your devices different things. Nothing of it was applied.
alarm-altered = The server sent something that is not as its author sealed and signed it. Nothing of it was applied.
alarm-record-altered = The server sent a record of devices and keys that was altered, forged or cut. Nothing of it was applied.
alarm-record-rollback = The server shows an older record of devices and keys than before. Nothing of it was applied.
alarm-other-vault = The server has another vault under the name of this one. Nothing was exchanged.
alarm-state-differs = After the changes of { $device } the vault is not as that device signed it: the server left something out. They were not applied.
alarm-withheld = The server holds back change { $change } of { $device }, although later changes build on it. Those wait and were not applied.
alarm-device-refused = Change { $change } of { $device } is signed but not valid, so nothing more of that device is applied. The server can't have made it: look at that device.
alarm-nonsense = What the server answers is no answer of a sync server. Nothing was exchanged.

failure-offline = The server can't be reached. { $why }
failure-server-busy = The server asks for patience. Try again in { $wait }.
failure-payment = The server takes nothing new without a subscription. Your changes are safe here.
failure-not-accepted = The server does not accept this login: another vault, a removed device, or a kit that was replaced.
failure-not-registered = The server does not have this vault.
failure-bad-server = That is not the address of a server. It looks like https://vault.example.org
failure-sync-off = Sync is off on this device.
failure-sync-stopped = Sync has stopped. Settings › Sync says why.

merged =
    { $n ->
        [one] One item changed on another device.
       *[other] { $n } items changed on other devices.
    }
merged-on =
    { $n ->
        [one] One item changed on { $device }.
       *[other] { $n } items changed on { $device }.
    }
merged-gone =
    { $n ->
        [one] One item was deleted for good on another device.
       *[other] { $n } items were deleted for good on other devices.
    }
merged-conflicts =
    { $n ->
        [one] One needs your decision.
       *[other] { $n } need your decision.
    }
merged-show = Show

sync-lead = Keeps your devices equal. Everything is sealed on this device before it leaves, so a server can only pass it on.
sync-gets = What the server gets
sync-gets-note = Sealed changes that it can't open, their sizes and times, and how many devices you have.
sync-never = What it never gets
sync-never-note = Your passwords, your keys, or anything you typed: no title, no tag, no name of a device.
sync-first = First
sync-first-password = Set a master password
sync-first-password-there = Master password is set
sync-first-password-note = The other devices open the vault with it.
sync-first-kit = Save the recovery kit
sync-first-kit-there = Recovery kit is saved
sync-first-kit-note = It brings the vault to a new device, and only it can delete the server's copy at once.
sync-server = Server
sync-server-field = Server address
sync-server-hint = Your own server, or any other: it can't read what it keeps.
sync-go = Turn on sync
sync-go-tip = Hands everything to the server, sealed
sync-go-tip-first = Password and recovery kit come first
sync-is-on = Sync is on. Everything is on { $host }, sealed.
sync-alarm-note = You can go on working here. Your changes wait until this is settled.
sync-percent = { $n } %
sync-server-nothing = It has nothing of this vault yet.
sync-server-holds =
    { $n ->
        [one] Holds one sealed change.
       *[other] Holds { $count } sealed changes.
    }
sync-server-change = Change…
sync-here =
    { $n ->
        [one] One item here
       *[other] { $count } items here
    }
sync-all-sent = Every change of this device is on the server.
sync-unsent =
    { $n ->
        [one] One change of this device is not sent yet.
       *[other] { $count } changes of this device are not sent yet.
    }
sync-turn-off-title = Turn off on this device
sync-turn-off-note = The server keeps its copy, and your other devices go on.
sync-turn-off = Turn off…
sync-turn-off-dialog = Turn off sync on this device?
sync-turn-off-text = Changes made here stay here, and changes of other devices no longer come in. { $host } keeps its copy. You can turn sync on again at any time; nothing is lost.
sync-turn-off-go = Turn off
sync-keep-on = Keep it on
sync-delete-title = Delete the server's copy
sync-delete-note = At once and for good. Your devices keep everything.
sync-delete = Delete…
sync-delete-dialog = Delete the copy on { $host }?
sync-delete-text = The server deletes everything it has of this vault and sync is switched off here. Your devices keep everything, but can no longer sync over this server. The recovery kit proves that it is you who asks.
sync-delete-go = Delete the copy
sync-deleted = { $host } has deleted its copy. Sync is off here.
sync-server-dialog = Sync with another server
sync-server-text = This device hands everything over to the new server. Change the address on your other devices too. The server so far keeps its copy until you delete it.
sync-server-go = Use this server
action-sync-now = Sync now

agree-head = Do all devices agree?
agree-alone = This is the only device
agree-alone-note = As soon as another one joins, it shows here whether both hold the same.
agree-all =
    { $n ->
        [2] Both devices agree up to change { $change }
       *[other] All { $n } devices agree up to change { $change }
    }
agree-all-note = Each of them has signed that it holds exactly this.
agree-some =
    { $n ->
        [2] Both devices agree up to change { $change } of { $all }
       *[other] All { $n } devices agree up to change { $change } of { $all }
    }
agree-none = Not every device has signed yet what it holds
agree-some-note = The newer ones are signed by the others when they next sync.
fingerprint-head = Six words for all that this device holds
fingerprint-note = Let another device sync, then compare. The same six words there prove that both hold exactly the same and that the server has hidden nothing from either. Other words mean that one of them has not synced yet, or was shown something else.
fingerprint-name = Six words: { $words }
fingerprint-copy = Copy words
fingerprint-copied = Six words copied. They are no secret.

sync-devices = Devices
sync-device-this = This device
sync-device-silent = Silent
sync-device-silent-note = Last heard { $ago }. It may be lost, or its changes may be held back: let it sync, or compare the six words.
sync-device-unseen = Has not said anything yet.
sync-device-seen = Last heard { $ago }

# ---- devices of the vault
failure-device-name = A device needs a name of one line and at most 60 characters.
failure-new-password-needed = Set a new master password, other than the one so far: the removed device knows that one.
failure-removes-itself = A device can't remove itself. Do it on another one.
failure-other-password-needed = The other device set another password. Type that one as well.
failure-other-password-wrong = That is not the password that the other device set.
failure-kit-not-of-fork = This is not the recovery kit that was in force before the devices removed each other.
device-more = More about { $device }
device-rename = Rename…
device-rename-title = Rename { $device }
device-rename-field = Name of the device
device-rename-note = All your devices show it. No server learns it.
device-rename-go = Rename
device-renamed = The device is now called { $device }.
device-remove = Remove…
device-remove-title = Remove { $device } from this vault?
device-remove-text = It keeps what it has and gets nothing written from now on. Your other devices lock once, and open with the master password.
device-remove-read = What { $device } could read
device-remove-read-all =
    { $n ->
        [0] Nothing: this vault has no items yet.
        [one] The one item in this vault, with its passwords and files. If the device is lost, change them.
       *[other] All { $n } items in this vault, with their passwords and files. If the device is lost, change them.
    }
device-remove-read-some =
    { $n ->
        [one] One item, with its passwords and files. If the device is lost, change them. { $unseen } written here and not sent yet, it never could.
       *[other] { $n } items, with their passwords and files. If the device is lost, change them. { $unseen } written here and not sent yet, it never could.
    }
device-remove-list = Items that { $device } could read
device-remove-kit = The recovery kit was made on that device, so it is replaced. Save the new one afterwards.
device-remove-new = Set a new master password as well
device-remove-new-note = Whoever has the device may know the one so far.
device-remove-must =
    { $here ->
        [browser] This browser keeps its key beside the vault, so the password alone protects it, and the removed device knows the one so far. That is why a new one is set in the same step.
       *[computer] On this computer the password alone protects the vault, and the removed device knows the one so far. That is why a new one is set in the same step.
    }
device-remove-go = Remove
device-remove-looking = Looking at what the device has sent.
device-removed-title = { $device } is removed
device-removed-told = The server has heard of it. Nothing written from now on can be read by { $device }.
device-removed-waits = It holds on this device. The server hears of it as soon as it can be reached; until then the other devices do not know.
device-removed-off = It holds on this device. Sync is off here, so your other devices hear of it only when it is on again.
device-removed-telling = Telling the server.
device-removed-kit = Save the new recovery kit: the old one opens nothing any more.
device-removed-items = Change the passwords that { $device } knew, the most important first.
device-removed-close = Close

agree-behind =
    { $n ->
        [one] { $device } has not signed one change yet.
       *[other] { $device } has not signed { $n } changes yet.
    }
agree-behind-seen = Last heard { $ago }.
agree-behind-unseen = It has not said anything yet.

epochs-title = Join what two devices decided apart
epochs-text = { $device } changed the password or the devices at the same time as this one. Type the password of this device; it holds everywhere from now on.
epochs-text-same = Two devices changed the password or the devices at the same time. Type the master password of this device; it holds everywhere from now on.
epochs-own = Master password on this device
epochs-other = Master password that { $device } set
epochs-other-hint = Leave it empty if it is the same.
epochs-go = Join
epochs-open = Join…
epochs-done = Joined. Your devices sync again; each of them asks for the master password once.

settle-title = Two devices removed each other
settle-text = One of them has to go. The recovery kit that was in force before this says which. What the device that goes has written since stays on it.
settle-side = { $by } stays, and { $removes } is removed
settle-this = This device stays.
settle-not-this = This device is removed; what is here stays readable.
settle-choice = Which side stands
settle-go = Settle
settle-open = Settle…
settle-done = Settled. Your devices hear of it when they next sync.
settle-and = { $first } and { $second }

place-title = Take a new place in this vault
place-text = While this device was let in, another one changed the password or the devices, so its place does not count. With the recovery kit and the master password in force it takes a new one. All that was written here comes along.
place-open = Take a new place…
place-go = Take a new place
place-done = This device has its place again. Save the new recovery kit: the old one is used up.
sync-place-lost = This device has lost its place in the vault
sync-place-lost-note = Another device changed the password or the devices while this one was let in. Take a new place with the recovery kit; nothing is lost.

alarm-safe = What is here is as it was.
alarm-compare = Compare the six words
alarm-compare-note = Look at them below and on your other devices. Equal words: your devices agree, and only the server is wrong.
alarm-again = Ask the server again
alarm-again-note = If it was being repaired, it may be in order by now.
alarm-again-go = Ask again
alarm-other = Use another server
alarm-other-note = Each of your devices holds everything and can fill a new one.
alarm-other-go = Other server…
alarm-anew = Take it as a new beginning
alarm-anew-note = Only if you know the reason, such as a server that was restored from an old backup. Signatures are checked as ever.
alarm-anew-go = Begin anew…
alarm-anew-dialog = Begin anew with { $host }?
alarm-anew-text = This device forgets what the server had shown before and takes its present state as the first. What the server lost is handed over again from here. Compare the six words with your other devices afterwards.
alarm-anew-keep = Leave it stopped
alarm-anew-yes = Begin anew

card-sync = Sync
card-sync-off = Off
card-sync-off-note = This vault is on one device only.
card-sync-off-go = Set up sync
card-sync-alarm = Alarm
card-sync-stopped = Stopped
card-sync-alone = One device
card-sync-alone-note = { $word }. Add another and both stay equal.
card-sync-agree =
    { $n ->
        [one] One device
       *[other] { $n } agree to { $change }
    }
card-sync-last = Last: { $device }, { $ago }
card-sync-go = Open sync
todo-silent =
    { $n ->
        [one] { $device } has been silent for over 30 days.
       *[other] { $n } devices have been silent for over 30 days.
    }

first-join = I have this vault on another device
first-join-note = It comes from your sync server, with a code or your recovery kit.
picker-join = From another device
join-title = Bring your vault here
join-text = The vault comes here sealed and is opened only here.
join-did = Public name of the vault
join-did-hint = It begins with did:key: and is printed on the kit. On a device that has the vault, it is in Settings › Vault.
join-open = To open it
join-after = This uses the kit up: save the new one afterwards.
join-go = Bring vault here
join-go-tip = Server, kit, password and name are needed
join-not-accepted = This server has no such vault, or the kit was replaced since. Check the address and take the newest kit.
join-kit-other = Kit and public name belong to different vaults.
join-wrong-password = That password does not open this vault.
join-did-missing = The words alone do not say which vault it is. Type its public name, which is printed on the kit.

pair-add = Add a device
pair-add-note = It gets the vault with a code and your master password.
pair-add-go = Add…
pair-title = Add a device
pair-text = On the new device choose “{ $option }” and type there:
pair-code = Code
pair-qr = QR code of address and code
pair-qr-note = Or scan this with a phone’s camera: it opens this server’s page with the code filled in. A link can also be pasted where the code is typed.
pair-copy-server = Copy address
pair-valid = Good for one device and for { $left }. Read it out or show it; do not send it.
pair-compare-title = Are these four characters on both?
pair-compare-text = Look at { $device }. If both show the same, nobody is in between. Then your master password lets it in.
pair-compare-name = Four characters
pair-equal = They are equal, let it in
pair-differ = They differ, stop
pair-stop = Stop
pair-continue = Continue
pair-again = New code
pair-done = { $device } is now one of your devices.
pair-compare-text-nameless = Look at the new device. If both show the same, nobody is in between. Then your master password lets it in.
pair-done-nameless = The new device is now one of yours.
join-server-hint = The one that the other device syncs with.
pair-not-a-code = That is not a code: it has sixteen letters and digits.
pair-timed-out = The other device did not answer in time, and the code is void. Make a new one.
pair-not-authentic = Whoever answered does not know the code. Nothing was handed over. Make a new code and try again.
join-with = How the vault comes here
join-with-code = Code
join-with-code-hint = With the other device at hand: Settings › Sync › Add a device shows the code.
join-with-kit-hint = Without the other device: it need not be switched on.
join-by-code = From the other device
join-code-hint = Sixteen letters and digits; dashes and capitals do not matter.
join-compare-text = If the other device shows the same, nobody is in between. Type the master password there; it goes on here by itself.
join-added-title = This device is let in
join-added-text = The master password opens the vault.

plan-open = Free (dev: sync open to all)
plan-open-note = This server asks nobody to pay.
plan-required = Sending needs Premium
plan-waits = Changes of other devices still come in; yours wait here.
plan-active = Premium
plan-active-note = It belongs to this vault and holds on all its devices.
plan-until = Premium until { $date }
plan-grace = Premium has ended
plan-grace-note = Your changes are still sent until { $date }.
plan-expired = Premium ended on { $date }
plan-get = Get Premium…
plan-code = Enter a code…
plan-buy = Get Premium
plan-buy-text = { $shop } takes the payment. Its page opens in your browser; the address carries the public name of this vault, so that the payment is found to be for it, and nothing else of it. E-mail and card are the shop's business: this program and the sync server never see them.
plan-buy-go = Open the shop
plan-buy-after = Once you have paid, it shows here by itself within a minute or two.
plan-code-title = Enter a code
plan-code-text = A code gives this vault Premium for a while, on all its devices.
plan-code-field = Code for Premium
plan-code-hint = Capitals, spaces and dashes do not matter.
plan-code-go = Redeem
plan-code-done = Premium until { $date }. What waited here is being sent.
sync-full = { $host } has no more room for this vault
sync-full-note = Changes of your other devices still come in. Yours are safe here; ask whoever runs the server for more room.
failure-vault-full = The server has no more room for this vault. Your changes are safe here.
failure-promo = That code is not valid: mistyped, used up or out of date.
failure-not-offered = This server does not sell Premium. If you have a code, enter it.
address-head = Address and password
address-title = Open on a new device with address and password
address-off = Off. A new device needs a code from one of yours, or the recovery kit.
address-sending = On as soon as the server is reached.
address-on = On. Whoever knows both gets in, and whoever runs the server can try passwords.
address-write-down = Write this down, or keep it where you will find it. It is no secret; the password is.
address-copy = Copy address
address-copied = Address copied.
address-on-dialog = Open with address and password?
address-on-text = So far a new device needs something that only you have: a code from one of your devices, or the recovery kit. With this, the address and the master password are enough.
address-on-risk = That makes the password the only lock. Whoever runs { $host }, or steals what it keeps, can try one password after the other for as long as they like, and nobody would notice.
address-on-length = So it must have at least 15 characters and be nothing that anybody would guess; best are words that the generator made. You can switch it off at any time.
address-on-go = Turn it on
address-keep-off = Keep it off
address-off-dialog = Turn off address and password?
address-off-text = { $host } deletes what it has for it, and the vault gets new keys that the old copy does not open. Your other devices ask for the master password once.
address-off-go = Turn it off
address-keep-on = Keep it on
address-is-on = Address and password now open this vault on a new device.
address-is-off = Address and password no longer bring this vault to a new device.
join-with-address = Address + password
join-with-address-hint = Without either, if you have switched it on: Settings › Sync on a device that has the vault.
join-address = Address of the vault
join-address-hint = It begins with the server and ends with did:key: and many letters.
join-address-tip = Address, password and name are needed
join-address-refused = That did not open anything: the address or the password is wrong, or it is not switched on for this vault.
failure-bad-address = That is not the address of a vault. It looks like https://vault.example.org/#/join/did:key:z6Mk…

## Attachments and the server

stage-fetching = Downloading
files-head = Attachments
files-here = { $n ->
    [0] No attachments here
    [one] 1 attachment here, { $size }
   *[other] { $count } attachments here, { $size }
}
files-all-sent = All of them are with the server too.
files-to-send = { $n ->
    [one] 1 is not with the server yet ({ $size })
   *[other] { $count } are not with the server yet ({ $size })
}
files-missing = { $n ->
    [one] 1 more is with the server only ({ $size })
   *[other] { $count } more are with the server only ({ $size })
}
files-paused = Paused: only what you open is downloaded.
files-pause = Pause
files-resume = Resume
files-retry = Try again
files-show-item = Show item
files-waiting = Waiting
files-uploading = Uploading, { $n } %
files-downloading = Downloading, { $n } %
files-not-sent = not in the cloud yet
files-in-cloud = in the cloud
files-not-there = The server does not have it: the device that added it has not uploaded it yet.
files-damaged = What the server sent is not this file. It was thrown away.
files-full = The server has no room left for this vault.
files-payment = The server takes files only with a subscription.
files-no-room = No room left { $here ->
        [browser] in this browser
       *[computer] on this computer
    }.
files-failed-here = It could not be read or written { $here ->
        [browser] in this browser
       *[computer] on this computer
    }.
files-policy = Download by itself
files-policy-note = Everything else stays with the server until you open it { $here ->
        [browser] in this browser
       *[computer] on this computer
    }.
files-policy-all = All
files-policy-small = Pictures and small files
files-policy-pinned = Only what is kept
files-policy-never = Nothing
files-cap = Limit for downloaded files
files-cap-note = Above it, those downloaded longest ago leave this device again. Never the only copy.
files-cap-none = No limit
files-room = Free up space { $here ->
        [browser] in this browser
       *[computer] on this computer
    }
files-room-note = { $size } are with the server too and can be downloaded again.
files-room-go = Free up space
files-keep = Keep these files on this device
files-keep-note = They stay { $here ->
        [browser] in this browser
       *[computer] on this computer
    } and can be opened without the server.
