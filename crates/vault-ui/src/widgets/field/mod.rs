//! Fields: how each type is shown and typed. A new field type needs its row in one of these files.
//!
//! | file | types |
//! |---|---|
//! | [`text`] | one line, several lines, web address, e-mail address, telephone number |
//! | [`secret`] | passwords, private keys, recovery codes |
//! | [`date`] | date, month |
//! | [`number`] | IBAN, BIC, routing number, card number |
//! | [`chain`] | BIP-39 words, blockchain address |
//! | [`totp`] | TOTP secret and its live code |

pub mod chain;
pub mod date;
pub mod glyphs;
pub mod number;
pub mod row;
pub mod secret;
pub mod text;
pub mod totp;
pub mod warning;

use vault_model::{FieldId, FieldType, Section, SectionId};

use crate::{fl, l10n};

pub use row::{Row, RowOutcome, Shown, Tool, row_ui};
pub use warning::warnings_ui;

/// What a field is called: its owner's label, else the word for the template's field.
pub fn label_of(id: &FieldId, own: &str) -> String {
    if !own.is_empty() {
        own.to_owned()
    } else if id.0.starts_with("x-") {
        fl!("field-unnamed")
    } else {
        l10n::field_label(&id.0)
    }
}

/// What a section is called: its owner's title, else the word for the template's section.
pub fn section_title(id: &SectionId, own: &[Section]) -> String {
    match own.iter().find(|section| section.id == *id) {
        Some(section) if section.title.is_empty() => fl!("field-unnamed-section"),
        Some(section) => section.title.clone(),
        None => l10n::text_of(&format!("section-{}", id.0)).unwrap_or_else(|| id.0.clone()),
    }
}

/// Fields that stand together under one head.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// The section; `None` for fields outside any.
    pub section: Option<SectionId>,
    /// Positions of its fields in the list that was grouped.
    pub fields: Vec<usize>,
}

/// Puts fields, given by their sections in their order, into groups: template sections where their fields stand, own ones at the end.
///
/// Own sections without fields are among them, so that the editor can fill them.
pub fn groups(fields: &[Option<SectionId>], own: &[Section]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let is_own = |id: &SectionId| own.iter().any(|section| section.id == *id);
    for (idx, section) in fields.iter().enumerate() {
        if section.as_ref().is_some_and(is_own) {
            continue;
        }
        match groups.iter_mut().find(|group| group.section.is_some() && group.section == *section) {
            Some(group) => group.fields.push(idx),
            None => match groups.last_mut() {
                Some(group) if group.section == *section => group.fields.push(idx),
                _ => groups.push(Group { section: section.clone(), fields: vec![idx] }),
            },
        }
    }
    let mut sections: Vec<&Section> = own.iter().collect();
    sections.sort_by(|a, b| (a.position, &a.id).cmp(&(b.position, &b.id)));
    for section in sections {
        let of_section = |(idx, of): (usize, &Option<SectionId>)| (of.as_ref() == Some(&section.id)).then_some(idx);
        groups.push(Group { section: Some(section.id.clone()), fields: fields.iter().enumerate().filter_map(of_section).collect() });
    }
    groups
}

/// The word for a field type, as offered when a field is added.
pub fn type_name(field_type: FieldType) -> String {
    match field_type {
        FieldType::Text => fl!("type-text"),
        FieldType::Secret => fl!("type-secret"),
        FieldType::Multiline => fl!("type-multiline"),
        FieldType::SecretMultiline => fl!("type-secret-multiline"),
        FieldType::Url => fl!("type-url"),
        FieldType::Email => fl!("type-email"),
        FieldType::Phone => fl!("type-phone"),
        FieldType::Date => fl!("type-date"),
        FieldType::MonthYear => fl!("type-month-year"),
        FieldType::Iban => fl!("type-iban"),
        FieldType::Bic => fl!("type-bic"),
        FieldType::RoutingNumber => fl!("type-routing-number"),
        FieldType::CardNumber => fl!("type-card-number"),
        FieldType::Mnemonic => fl!("type-mnemonic"),
        FieldType::ChainAddress => fl!("type-chain-address"),
        FieldType::Totp => fl!("type-totp"),
        FieldType::RecoveryCodes => fl!("type-recovery-codes"),
    }
}

/// Whether a field has several lines.
pub fn is_multiline(field_type: FieldType) -> bool {
    match field_type {
        FieldType::Multiline | FieldType::SecretMultiline | FieldType::Mnemonic | FieldType::RecoveryCodes => true,
        FieldType::Text
        | FieldType::Secret
        | FieldType::Url
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Date
        | FieldType::MonthYear
        | FieldType::Iban
        | FieldType::Bic
        | FieldType::RoutingNumber
        | FieldType::CardNumber
        | FieldType::ChainAddress
        | FieldType::Totp => false,
    }
}

/// Whether a generated password makes sense in a field. What a bank or a network prints can't be chosen.
pub fn can_generate(id: &FieldId, field_type: FieldType) -> bool {
    field_type == FieldType::Secret && !matches!(id.0.as_str(), "pin" | "cvv")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: &str, position: u32) -> Section {
        Section { id: SectionId(id.to_owned()), title: id.to_owned(), position }
    }

    fn names(fields: &[&str], own: &[Section]) -> Vec<(String, Vec<usize>)> {
        let fields: Vec<_> = fields.iter().map(|id| (!id.is_empty()).then(|| SectionId((*id).to_owned()))).collect();
        let name = |group: &Group| group.section.as_ref().map_or(String::new(), |id| id.0.clone());
        groups(&fields, own).into_iter().map(|group| (name(&group), group.fields)).collect()
    }

    #[test]
    fn fields_of_one_section_stand_together() {
        let found = names(&["", "online", "online", "contact", "online", ""], &[]);
        assert_eq!(
            found,
            [(String::new(), vec![0]), ("online".to_owned(), vec![1, 2, 4]), ("contact".to_owned(), vec![3]), (String::new(), vec![5]),]
        );
    }

    #[test]
    fn own_sections_come_last_in_their_order_even_when_empty() {
        let found = names(&["x-b", "", "x-a"], &[section("x-a", 1), section("x-b", 0), section("x-c", 2)]);
        assert_eq!(
            found,
            [(String::new(), vec![1]), ("x-b".to_owned(), vec![0]), ("x-a".to_owned(), vec![2]), ("x-c".to_owned(), Vec::new()),]
        );
    }
}
