//! An item as its owner sees it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vault_protocol::{BlobId, Hash, ObjectId};

use crate::{FieldKey, SecretText};

/// Names a field within its item: a template's slug (`username`), or `x-` and 32 hexadecimal digits for a custom field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FieldId(pub String);

/// Names a section within its item, as [`FieldId`] does a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SectionId(pub String);

/// Names an attachment within its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttachmentId(pub [u8; 16]);

/// How a field's text is typed, shown and checked. The numbers are stored; never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum FieldType {
    /// One line.
    Text = 0,
    /// One line, hidden: password, PIN, CVV, API key.
    Secret = 1,
    /// Several lines.
    Multiline = 2,
    /// Several lines, hidden: private keys.
    SecretMultiline = 3,
    /// A web address.
    Url = 4,
    /// An e-mail address.
    Email = 5,
    /// A telephone number.
    Phone = 6,
    /// `YYYY-MM-DD`.
    Date = 7,
    /// `YYYY-MM`.
    MonthYear = 8,
    /// ISO 13616.
    Iban = 9,
    /// ISO 9362.
    Bic = 10,
    /// ABA routing number.
    RoutingNumber = 11,
    /// ISO/IEC 7812, hidden but for the last four digits.
    CardNumber = 12,
    /// BIP-39 words, hidden.
    Mnemonic = 13,
    /// A blockchain address.
    ChainAddress = 14,
    /// `otpauth://` URI or Base32 secret, hidden; shown as the current code.
    Totp = 15,
    /// One code a line, hidden.
    RecoveryCodes = 16,
}

impl FieldType {
    /// Every type, in the order of its number.
    pub const ALL: [Self; 17] = [
        Self::Text,
        Self::Secret,
        Self::Multiline,
        Self::SecretMultiline,
        Self::Url,
        Self::Email,
        Self::Phone,
        Self::Date,
        Self::MonthYear,
        Self::Iban,
        Self::Bic,
        Self::RoutingNumber,
        Self::CardNumber,
        Self::Mnemonic,
        Self::ChainAddress,
        Self::Totp,
        Self::RecoveryCodes,
    ];

    /// The type with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Its name in template files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secret => "secret",
            Self::Multiline => "multiline",
            Self::SecretMultiline => "secretMultiline",
            Self::Url => "url",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Date => "date",
            Self::MonthYear => "monthYear",
            Self::Iban => "iban",
            Self::Bic => "bic",
            Self::RoutingNumber => "routingNumber",
            Self::CardNumber => "cardNumber",
            Self::Mnemonic => "mnemonic",
            Self::ChainAddress => "chainAddress",
            Self::Totp => "totp",
            Self::RecoveryCodes => "recoveryCodes",
        }
    }

    /// Key of its name, for whoever adds a field of their own.
    pub fn name_key(self) -> &'static str {
        match self {
            Self::Text => "type-text",
            Self::Secret => "type-secret",
            Self::Multiline => "type-multiline",
            Self::SecretMultiline => "type-secret-multiline",
            Self::Url => "type-url",
            Self::Email => "type-email",
            Self::Phone => "type-phone",
            Self::Date => "type-date",
            Self::MonthYear => "type-month-year",
            Self::Iban => "type-iban",
            Self::Bic => "type-bic",
            Self::RoutingNumber => "type-routing-number",
            Self::CardNumber => "type-card-number",
            Self::Mnemonic => "type-mnemonic",
            Self::ChainAddress => "type-chain-address",
            Self::Totp => "type-totp",
            Self::RecoveryCodes => "type-recovery-codes",
        }
    }

    /// The type that template files call so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field_type| field_type.name() == name)
    }

    /// Whether the value is withheld from the window until asked for, and hidden until revealed.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::SecretMultiline | Self::CardNumber | Self::Mnemonic | Self::Totp | Self::RecoveryCodes)
    }
}

/// One field: label and value travel together.
pub struct Field {
    /// Its name within the item.
    pub id: FieldId,
    /// The owner's own label; empty for a template field, whose label is localised.
    pub label: String,
    /// Its type.
    pub field_type: FieldType,
    /// The section it is in, if any.
    pub section: Option<SectionId>,
    /// Its place: fields are shown in ascending order of (position, id).
    pub position: u32,
    /// The text. Every type stores text; see [`FieldType`].
    pub value: SecretText,
}

/// A titled group of custom fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its name within the item.
    pub id: SectionId,
    /// Its title.
    pub title: String,
    /// Its place among the sections.
    pub position: u32,
}

/// The descriptor of an encrypted file.
pub struct Attachment {
    /// Its name within the item.
    pub id: AttachmentId,
    /// The blob that holds its bytes.
    pub blob: BlobId,
    /// The blob's random key. Wiped by its owner.
    pub blob_key: zeroize::Zeroizing<[u8; 32]>,
    /// File name as given, without any path.
    pub name: String,
    /// Media type (RFC 6838), `application/octet-stream` if unknown.
    pub media_type: String,
    /// True length in bytes.
    pub len_bytes: u64,
    /// Chunks of the blob.
    pub n_chunks: u64,
    /// BLAKE3 of the true content.
    pub content_hash: Hash,
    /// When it was added, Unix milliseconds.
    pub added_ms: u64,
}

/// One thing the owner keeps.
pub struct Item {
    /// Its object id.
    pub id: ObjectId,
    /// The slug of its template.
    pub kind: String,
    /// Title.
    pub title: String,
    /// Folder path, parts separated by `/`; empty for none.
    pub folder: String,
    /// Tags in NFC.
    pub tags: BTreeSet<String>,
    /// Marked as favourite.
    pub favourite: bool,
    /// Put away, but not in the trash.
    pub archived: bool,
    /// In the trash.
    pub trashed: bool,
    /// `YYYY-MM-DD`; empty for none.
    pub expires: String,
    /// When it was made, Unix milliseconds.
    pub created_ms: u64,
    /// Sections in their order.
    pub sections: Vec<Section>,
    /// Fields in their order.
    pub fields: Vec<Field>,
    /// Attachments in the order they were added.
    pub attachments: Vec<Attachment>,
    /// Linked items.
    pub links: Vec<ObjectId>,
    /// What a newer program wrote and this one only keeps.
    pub opaque: Vec<Opaque>,
}

/// A value that this program does not understand: kept as it is, shown as a count.
pub struct Opaque {
    /// Its name.
    pub key: FieldKey,
    /// Its bytes.
    pub value: zeroize::Zeroizing<Vec<u8>>,
}

impl Item {
    /// An item of a kind without any content.
    pub fn new(id: ObjectId, kind: String) -> Self {
        Self {
            id,
            kind,
            title: String::new(),
            folder: String::new(),
            tags: BTreeSet::new(),
            favourite: false,
            archived: false,
            trashed: false,
            expires: String::new(),
            created_ms: 0,
            sections: Vec::new(),
            fields: Vec::new(),
            attachments: Vec::new(),
            links: Vec::new(),
            opaque: Vec::new(),
        }
    }

    /// The field of that name.
    pub fn field(&self, id: &FieldId) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == *id)
    }

    /// Brings all lists into their order.
    pub(crate) fn sort(&mut self) {
        self.sections.sort_by(|a, b| (a.position, &a.id).cmp(&(b.position, &b.id)));
        self.fields.sort_by(|a, b| (a.position, &a.id).cmp(&(b.position, &b.id)));
        self.attachments.sort_by_key(|attachment| (attachment.added_ms, attachment.id));
        self.links.sort();
        self.opaque.sort_by(|a, b| a.key.cmp(&b.key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back_to_their_type() {
        for (number, field_type) in (0..).zip(FieldType::ALL) {
            assert_eq!(field_type as u8, number);
            assert_eq!(FieldType::from_number(number), Some(field_type));
            assert_eq!(FieldType::from_name(field_type.name()), Some(field_type));
        }
        assert_eq!(FieldType::from_number(17), None);
        assert_eq!(FieldType::from_name("hologram"), None);
    }
}
