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
# (window words)

## Panes: detail, editor, generator, history, attachments, settings
