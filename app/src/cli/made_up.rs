//! Made-up items for trying out and measuring: the same for the same seed. They go through the engine like any others.

use serde_json::json;
use vault_engine::Command;
use vault_model::{DraftField, DraftValue, FieldType, ItemDraft, SecretText, Template, TemplateField};

use super::{
    client::Client,
    draft,
    error::CliError,
    print::{self, Form},
};

const FIRST: [&str; 16] = [
    "Ada", "Bruno", "Clara", "Dmitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jürgen", "Keiko", "Lars", "Mina", "Nuno", "Olga", "Pavel",
];
const LAST: [&str; 16] = [
    "Abel",
    "Brandt",
    "Costa",
    "Dvořák",
    "Eriksen",
    "Fischer",
    "Göransson",
    "Huber",
    "Ivanova",
    "Jansen",
    "Kovács",
    "Lindner",
    "Moreau",
    "Novak",
    "Okafor",
    "Petit",
];
const SITE: [&str; 24] = [
    "Aurora Mail",
    "Birch Books",
    "Cedar Cloud",
    "Dune Travel",
    "Elm Energy",
    "Fjord Forum",
    "Grove Games",
    "Harbour Bank",
    "Iris Insurance",
    "Juniper Jobs",
    "Kelp Kitchen",
    "Lark Learning",
    "Meadow Music",
    "North News",
    "Opal Office",
    "Pine Photos",
    "Quartz Code",
    "Reed Radio",
    "Slate Shop",
    "Tide Tickets",
    "Umbra Union",
    "Vale Video",
    "Willow Works",
    "Zephyr Zoo",
];
const FOLDER: [&str; 8] = ["", "", "Home", "Work", "Work/Servers", "Family", "Family/Children", "Travel"];
const TAG: [&str; 8] = ["shared", "old", "2fa", "important", "school", "tax", "medical", "test"];

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

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }

    fn digits(&mut self, n: usize) -> String {
        (0..n).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    fn text(&mut self, alphabet: &str, n: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..n).map(|_| letters[self.below(letters.len() as u64) as usize]).collect()
    }
}

/// `nt2 generate-vault`.
pub(crate) fn fill(client: &mut Client, n_items: u32, seed: u64) -> Result<(), CliError> {
    client.unlock()?;
    let mut dice = Dice(seed);
    for n in 0..n_items {
        let made = item(&mut dice, n)?;
        client.call(Command::SaveItem(Box::new(made)))?;
    }
    match client.form {
        Form::Json => print::json(&json!({ "added": n_items, "seed": seed }))?,
        Form::Text => print::line(&format!("{n_items} made-up items added"))?,
    }
    Ok(())
}

fn item(dice: &mut Dice, n: u32) -> Result<ItemDraft, CliError> {
    let templates = vault_model::templates();
    // Six of ten are logins, as in vaults that people have.
    let template = if dice.below(10) < 6 { &templates[0] } else { &templates[dice.below(templates.len() as u64) as usize] };
    let (site, first, last) = (dice.one_of(&SITE), dice.one_of(&FIRST), dice.one_of(&LAST));
    let mut made = draft::blank(&template.slug, &format!("{site} {n}"))?;
    made.folder = dice.one_of(&FOLDER).to_owned();
    if dice.below(3) == 0 {
        made.tags.insert(dice.one_of(&TAG).to_owned());
    }
    made.favourite = dice.below(20) == 0;
    made.archived = dice.below(50) == 0;
    if dice.below(15) == 0 {
        made.expires = date(dice);
    }
    made.fields = fields(dice, template, &Person { site, first, last });
    Ok(made)
}

/// Whose item it is, and where.
struct Person<'a> {
    site: &'a str,
    first: &'a str,
    last: &'a str,
}

fn fields(dice: &mut Dice, template: &Template, person: &Person<'_>) -> Vec<DraftField> {
    let mut out = Vec::new();
    for field in &template.fields {
        // Codes and notes are rare, the rest usual.
        let is_there = match field.field_type {
            FieldType::Totp | FieldType::RecoveryCodes => dice.below(5) == 0,
            FieldType::Multiline | FieldType::SecretMultiline => dice.below(3) == 0,
            _ => dice.below(8) != 0,
        };
        if is_there {
            out.push(DraftField {
                id: field.id.clone(),
                label: String::new(),
                field_type: field.field_type,
                section: field.section.clone(),
                position: field.position,
                value: DraftValue::Set(SecretText::new(value(dice, field, person))),
            });
        }
    }
    out
}

fn value(dice: &mut Dice, field: &TemplateField, person: &Person<'_>) -> String {
    const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const PRINTABLE: &str = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%+-_?";
    let Person { site, first, last } = person;
    let host = site.to_lowercase().replace(' ', "-");
    match field.field_type {
        FieldType::Text if field.username => format!("{}.{}", first.to_lowercase(), last.to_lowercase()),
        FieldType::Text if field.id.0.contains("holder") || field.id.0.contains("name") => format!("{first} {last}"),
        FieldType::Text if field.id.0.contains("number") => dice.digits(10),
        FieldType::Text => (*site).to_owned(),
        FieldType::Secret if field.id.0 == "pin" => dice.digits(4),
        FieldType::Secret if field.id.0 == "cvv" => dice.digits(3),
        FieldType::Secret => dice.text(PRINTABLE, 20),
        FieldType::Multiline => format!("Made up for trying out.\nCustomer number {}.", dice.digits(8)),
        FieldType::SecretMultiline => format!("-----BEGIN MADE UP KEY-----\n{}\n-----END MADE UP KEY-----", dice.text(BASE32, 64)),
        FieldType::Url => format!("https://{host}.example/login"),
        FieldType::Email => format!("{}.{}@{host}.example", ascii(first), ascii(last)),
        FieldType::Phone => format!("+49 30 {}", dice.digits(7)),
        FieldType::Date => date(dice),
        FieldType::MonthYear => date(dice)[..7].to_owned(),
        FieldType::Iban => iban(dice),
        FieldType::Bic => "MARKDEF1100".to_owned(),
        FieldType::RoutingNumber => "021000021".to_owned(),
        FieldType::CardNumber => card_number(dice),
        // The test vector of BIP-39: nobody keeps money there.
        FieldType::Mnemonic => "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about".to_owned(),
        FieldType::ChainAddress => format!("0x{}", dice.text("0123456789abcdef", 40)),
        FieldType::Totp => dice.text(BASE32, 32),
        FieldType::RecoveryCodes => (0..8).map(|_| dice.text(BASE32, 10)).collect::<Vec<_>>().join("\n"),
    }
}

fn ascii(name: &str) -> String {
    name.to_lowercase().chars().filter(char::is_ascii).collect()
}

fn date(dice: &mut Dice) -> String {
    format!("{}-{:02}-{:02}", 2020 + dice.below(15), 1 + dice.below(12), 1 + dice.below(28))
}

/// A German IBAN with right check digits (ISO 13616, ISO 7064 mod 97-10): `DE` is 1314.
fn iban(dice: &mut Dice) -> String {
    let account = dice.digits(18);
    let remainder = format!("{account}131400").bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97);
    format!("DE{:02}{account}", 98 - remainder)
}

/// Sixteen digits with a right check digit (Luhn, ISO/IEC 7812-1), in the range 4.
fn card_number(dice: &mut Dice) -> String {
    let body = format!("4{}", dice.digits(14));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_items() {
        let titles = |seed| {
            let mut dice = Dice(seed);
            (0..50).map(|n| item(&mut dice, n).map(|made| (made.title, made.fields.len())).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(titles(7), titles(7));
        assert_ne!(titles(7), titles(8));
    }

    #[test]
    fn made_up_numbers_pass_their_checks() {
        let mut dice = Dice(1);
        assert_eq!(card_number(&mut dice).len(), 16);
        for _ in 0..100 {
            let number = card_number(&mut dice);
            let sum: u32 = number
                .bytes()
                .rev()
                .enumerate()
                .map(|(n, d)| (u32::from(d - b'0') * (1 + n as u32 % 2)) / 10 + (u32::from(d - b'0') * (1 + n as u32 % 2)) % 10)
                .sum();
            assert_eq!(sum % 10, 0, "{number}");
            let iban = iban(&mut dice);
            let turned = format!("{}1314{}", &iban[4..], &iban[2..4]);
            assert_eq!(turned.bytes().fold(0, |rest, digit| (rest * 10 + u64::from(digit - b'0')) % 97), 1, "{iban}");
        }
    }
}
