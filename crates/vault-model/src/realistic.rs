//! Vaults as people have them, made from a seed, for trying out and measuring: the same seed gives the same items on every machine.
//!
//! Six of ten items are logins, the rest is spread over all kinds; some have folders, tags, notes, one-time codes. Every number passes the
//! checks of its type, and none belongs to anybody: hosts are under `.example` (RFC 2606), the wallet words are a published test vector.

use crate::{DraftField, DraftValue, FieldType, ItemDraft, SecretText, Template, TemplateField, templates};

const FIRST: [&str; 16] = [
    "Ada", "Bruno", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jürgen", "Keiko", "Lars", "Mina", "Nuno", "Olga", "Pavel",
];
const LAST: [&str; 16] = [
    "Abel", "Brandt", "Costa", "Dvořák", "Eriksen", "Fischer", "Görans", "Huber", "Ivanova", "Jansen", "Kovács", "Lindner", "Moreau",
    "Novak", "Okafor", "Petit",
];
const NAME: [&str; 24] = [
    "Aurora", "Birch", "Cedar", "Dune", "Elm", "Fjord", "Grove", "Harbour", "Iris", "Juniper", "Kelp", "Lark", "Meadow", "North", "Opal",
    "Pine", "Quartz", "Reed", "Slate", "Tide", "Umbra", "Vale", "Willow", "Zephyr",
];
const TRADE: [&str; 24] = [
    "Mail", "Books", "Cloud", "Travel", "Energy", "Forum", "Games", "Bank", "Cover", "Jobs", "Kitchen", "Learning", "Music", "News",
    "Office", "Photos", "Code", "Radio", "Shop", "Tickets", "Union", "Video", "Works", "Zoo",
];
const FOLDER: [&str; 8] = ["", "", "Home", "Work", "Work/Servers", "Family", "Family/Children", "Travel"];
const TAG: [&str; 8] = ["shared", "old", "2fa", "important", "school", "tax", "medical", "test"];

const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const PRINTABLE: &str = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%+-_?";

/// The items of a made-up vault, one after the other and without end.
///
/// ```
/// use vault_model::realistic::Realistic;
///
/// let titles = |seed| Realistic::new(seed).take(5).map(|item| item.title).collect::<Vec<_>>();
/// assert_eq!(titles(1), titles(1));
/// assert_ne!(titles(1), titles(2));
/// ```
pub struct Realistic {
    dice: Dice,
    n_made: u64,
}

impl Realistic {
    /// A vault for a seed.
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice(seed), n_made: 0 }
    }

    /// The bytes of a made-up file: they don't compress.
    pub fn file(&mut self, len_bytes: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(len_bytes + 8);
        while bytes.len() < len_bytes {
            bytes.extend_from_slice(&self.dice.next().to_le_bytes());
        }
        bytes.truncate(len_bytes);
        bytes
    }
}

impl Iterator for Realistic {
    type Item = ItemDraft;

    fn next(&mut self) -> Option<ItemDraft> {
        self.n_made += 1;
        let dice = &mut self.dice;
        let all = templates();
        let template = if dice.below(10) < 6 { &all[0] } else { dice.pick(all) };
        let owner = Owner { name: dice.word(&NAME), trade: dice.word(&TRADE), first: dice.word(&FIRST), last: dice.word(&LAST) };
        let mut draft = ItemDraft::new(template);
        draft.title = format!("{} {} {}", owner.name, owner.trade, self.n_made);
        draft.folder = dice.word(&FOLDER).to_owned();
        if dice.below(3) == 0 {
            draft.tags.insert(dice.word(&TAG).to_owned());
        }
        draft.favourite = dice.below(20) == 0;
        draft.archived = dice.below(50) == 0;
        if dice.below(15) == 0 {
            draft.expires = dice.date();
        }
        draft.fields = dice.fields(template, &owner);
        Some(draft)
    }
}

/// Whose item it is, and where.
struct Owner {
    name: &'static str,
    trade: &'static str,
    first: &'static str,
    last: &'static str,
}

impl Owner {
    fn host(&self) -> String {
        format!("{}-{}.example", self.name, self.trade).to_lowercase()
    }

    fn mailbox(&self) -> String {
        let ascii = |name: &str| name.to_lowercase().chars().filter(char::is_ascii).collect::<String>();
        format!("{}.{}", ascii(self.first), ascii(self.last))
    }
}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): small, and the same everywhere. Not for secrets.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }

    fn word(&mut self, list: &[&'static str]) -> &'static str {
        let word: &&'static str = self.pick(list);
        word
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    fn text(&mut self, ascii: &str, n: usize) -> String {
        (0..n).map(|_| char::from(*self.pick(ascii.as_bytes()))).collect()
    }

    fn date(&mut self) -> String {
        format!("{}-{:02}-{:02}", 2020 + self.below(15), 1 + self.below(12), 1 + self.below(28))
    }

    fn fields(&mut self, template: &Template, owner: &Owner) -> Vec<DraftField> {
        let mut out = Vec::new();
        for field in &template.fields {
            // Codes and notes are rare, the rest usual.
            let is_there = match field.field_type {
                FieldType::Totp | FieldType::RecoveryCodes => self.below(5) == 0,
                FieldType::Multiline | FieldType::SecretMultiline => self.below(3) == 0,
                _ => self.below(8) != 0,
            };
            if is_there {
                out.push(DraftField {
                    id: field.id.clone(),
                    label: String::new(),
                    field_type: field.field_type,
                    section: field.section.clone(),
                    position: field.position,
                    value: DraftValue::Set(SecretText::new(self.value(field, owner))),
                });
            }
        }
        out
    }

    fn value(&mut self, field: &TemplateField, owner: &Owner) -> String {
        let id = field.id.0.as_str();
        match field.field_type {
            FieldType::Text if field.username => owner.mailbox(),
            FieldType::Text if id.contains("holder") || id.contains("name") => format!("{} {}", owner.first, owner.last),
            FieldType::Text if id.contains("number") => self.digits(10),
            FieldType::Text => format!("{} {}", owner.name, owner.trade),
            FieldType::Secret if id == "pin" => self.digits(4),
            FieldType::Secret if id == "cvv" => self.digits(3),
            FieldType::Secret => self.text(PRINTABLE, 20),
            FieldType::Multiline => format!("Made up for trying out.\nCustomer number {}.", self.digits(8)),
            FieldType::SecretMultiline => format!("-----BEGIN MADE UP KEY-----\n{}\n-----END MADE UP KEY-----", self.text(BASE32, 64)),
            FieldType::Url => format!("https://{}/login", owner.host()),
            FieldType::Email => format!("{}@{}", owner.mailbox(), owner.host()),
            FieldType::Phone => format!("+49 30 {}", self.digits(7)),
            FieldType::Date => self.date(),
            FieldType::MonthYear => self.date()[..7].to_owned(),
            FieldType::Iban => self.iban(),
            FieldType::Bic => "MARKDEF1100".to_owned(),
            FieldType::RoutingNumber => "021000021".to_owned(),
            FieldType::CardNumber => self.card_number(),
            // The test vector of BIP-39: nobody keeps money there.
            FieldType::Mnemonic => "abandon ".repeat(11) + "about",
            FieldType::ChainAddress => format!("0x{}", self.text("0123456789abcdef", 40)),
            FieldType::Totp => self.text(BASE32, 32),
            FieldType::RecoveryCodes => (0..8).map(|_| self.text(BASE32, 10)).collect::<Vec<_>>().join("\n"),
        }
    }

    /// A German IBAN with right check digits (ISO 13616, ISO 7064 mod 97-10): `DE` is 1314.
    fn iban(&mut self) -> String {
        let account = self.digits(18);
        let remainder = format!("{account}131400").bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
        format!("DE{:02}{account}", 98 - remainder)
    }

    /// Sixteen digits with a right check digit (Luhn, ISO/IEC 7812-1), in the range 4.
    fn card_number(&mut self) -> String {
        let body = format!("4{}", self.digits(14));
        let sum: u32 = body
            .bytes()
            .enumerate()
            .map(|(n, digit)| {
                let digit = u32::from(digit - b'0') * if n % 2 == 0 { 2 } else { 1 };
                digit / 10 + digit % 10
            })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::check::Day;

    use super::*;

    #[test]
    fn every_kind_and_every_field_type_occurs() {
        let items: Vec<ItemDraft> = Realistic::new(1).take(2_000).collect();
        let kinds: BTreeSet<&str> = items.iter().map(|item| item.kind.as_str()).collect();
        assert_eq!(kinds, templates().iter().map(|template| template.slug.as_str()).collect());
        let wanted = templates().iter().flat_map(|template| &template.fields).map(|field| field.field_type as u8);
        let found: BTreeSet<u8> = items.iter().flat_map(|item| &item.fields).map(|field| field.field_type as u8).collect();
        assert_eq!(found, wanted.collect());
    }

    #[test]
    fn made_up_values_pass_the_checks_of_their_types() {
        let today = Day::parse("2020-01-01").unwrap();
        for item in Realistic::new(2).take(500) {
            for field in item.fields {
                let DraftValue::Set(text) = field.value else { continue };
                let warnings = crate::check::check(&field.id, field.field_type, text.expose(), today);
                assert!(warnings.is_empty(), "{:?} {:?}: {warnings:?}", field.field_type, text.expose());
            }
        }
    }

    #[test]
    fn a_made_up_file_has_the_length_asked_for() {
        for len in [0, 1, 7, 8, 9, 1000] {
            assert_eq!(Realistic::new(3).file(len).len(), len);
        }
    }
}
