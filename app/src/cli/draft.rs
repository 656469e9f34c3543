//! From options and JSON to a draft.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde::Deserialize;
use vault_engine::{Command, Event};
use vault_model::{
    DraftField, DraftValue, FieldId, FieldType, ItemDraft, SecretText,
    generate::{PasswordRecipe, Recipe},
    template,
};

use super::{args::Change, client::Client, error::CliError};

/// `--input` takes at most this: an item is at most an entry of 1 MiB.
const MAX_INPUT_BYTES: u64 = 2 << 20;

/// What `--input` reads. Everything is optional; what is missing stays as it is.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Input {
    title: Option<String>,
    folder: Option<String>,
    tags: Option<BTreeSet<String>>,
    favourite: Option<bool>,
    archived: Option<bool>,
    expires: Option<String>,
    /// By id or label; secrets too: nobody else reads this file.
    fields: BTreeMap<String, String>,
    /// New fields of one's own.
    custom: Vec<Custom>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Custom {
    label: String,
    /// A field type as templates name it.
    #[serde(rename = "type", default = "text_type")]
    field_type: String,
    #[serde(default)]
    value: String,
}

fn text_type() -> String {
    FieldType::Text.name().to_owned()
}

/// A new item of a kind. Only what the command line sets becomes a field.
pub(crate) fn blank(kind: &str, title: &str) -> Result<ItemDraft, CliError> {
    let Some(template) = template(kind) else {
        let known: Vec<&str> = vault_model::templates().iter().map(|template| template.slug.as_str()).collect();
        return Err(CliError::Usage(format!("There is no kind {kind:?}. Choose one of {}.", known.join(", "))));
    };
    Ok(ItemDraft { title: title.to_owned(), fields: Vec::new(), ..ItemDraft::new(template) })
}

/// Applies what the command line says: the file first, then the options.
pub(crate) fn apply(draft: &mut ItemDraft, change: &Change, client: &mut Client) -> Result<(), CliError> {
    if let Some(path) = &change.input {
        apply_input(draft, read_input(path, client)?)?;
    }
    for option in &change.fields {
        let (name, value) = option.split_once('=').ok_or_else(|| CliError::Usage(format!("--field {option}: write it as FIELD=VALUE.")))?;
        let field = field_mut(draft, name)?;
        if field.field_type.is_secret() {
            return Err(CliError::Usage(format!(
                "{name} is secret, and other programs can read the command line. Use --secret {name}, which asks, or --input."
            )));
        }
        field.value = DraftValue::Set(SecretText::from(value));
    }
    for name in &change.secrets {
        field_mut(draft, name)?;
        let value = client.secrets.ask(name)?;
        field_mut(draft, name)?.value = DraftValue::Set(value);
    }
    for name in &change.generated {
        field_mut(draft, name)?;
        let value = generate(client, Recipe::Password(PasswordRecipe::default()))?.0;
        field_mut(draft, name)?.value = DraftValue::Set(value);
    }
    for name in &change.cleared {
        let id = field_mut(draft, name)?.id.clone();
        draft.fields.retain(|field| field.id != id);
    }
    draft.tags.extend(change.tags.iter().cloned());
    draft.tags.retain(|tag| !change.untags.contains(tag));
    replace(&mut draft.folder, &change.folder);
    replace(&mut draft.favourite, &change.favourite);
    replace(&mut draft.archived, &change.archived);
    replace(&mut draft.expires, &change.expires);
    Ok(())
}

/// Makes a random text; gives its entropy in bits too.
pub(crate) fn generate(client: &mut Client, recipe: Recipe) -> Result<(SecretText, f64), CliError> {
    let answers = client.call(Command::Generate(recipe))?;
    let made = answers.into_iter().find_map(|event| match event {
        Event::Generated { text, bits, .. } => Some((text, bits)),
        _ => None,
    });
    made.ok_or(CliError::Engine(vault_engine::Failure::NoEntropy))
}

/// A random id for a field of one's own.
pub(crate) fn own_field_id() -> Result<FieldId, CliError> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| CliError::Engine(vault_engine::Failure::NoEntropy))?;
    Ok(FieldId(format!("x-{:032x}", u128::from_be_bytes(random))))
}

fn read_input(path: &Path, client: &mut Client) -> Result<Input, CliError> {
    let failed = |error| CliError::File { what: format!("{} can't be read", path.display()), error };
    let text = if path == Path::new("-") {
        client.secrets.rest_of_stdin(MAX_INPUT_BYTES).map_err(failed)?
    } else {
        std::fs::read_to_string(path).map_err(failed)?
    };
    let text = SecretText::new(text);
    serde_json::from_str(text.expose()).map_err(|error| {
        // The message of the parser may quote the text, and with it a secret.
        CliError::Usage(format!("{}: not the JSON object that CLI.md describes (line {}).", path.display(), error.line()))
    })
}

fn apply_input(draft: &mut ItemDraft, input: Input) -> Result<(), CliError> {
    replace(&mut draft.title, &input.title);
    replace(&mut draft.folder, &input.folder);
    replace(&mut draft.tags, &input.tags);
    replace(&mut draft.favourite, &input.favourite);
    replace(&mut draft.archived, &input.archived);
    replace(&mut draft.expires, &input.expires);
    for (name, value) in input.fields {
        field_mut(draft, &name)?.value = DraftValue::Set(SecretText::new(value));
    }
    for custom in input.custom {
        let field_type = FieldType::from_name(&custom.field_type).ok_or_else(|| {
            let known: Vec<&str> = FieldType::ALL.iter().map(|field_type| field_type.name()).collect();
            CliError::Usage(format!("There is no field type {:?}. Choose one of {}.", custom.field_type, known.join(", ")))
        })?;
        // Behind what is there; templates leave steps of 100 between their fields.
        let position = draft.fields.iter().map(|field| field.position).max().unwrap_or(10_000).saturating_add(100);
        draft.fields.push(DraftField {
            id: own_field_id()?,
            label: custom.label,
            field_type,
            section: None,
            position,
            value: DraftValue::Set(SecretText::new(custom.value)),
        });
    }
    Ok(())
}

/// The field of that id or label; one that the kind has but the item lacks is added.
fn field_mut<'a>(draft: &'a mut ItemDraft, name: &str) -> Result<&'a mut DraftField, CliError> {
    let folded = name.to_lowercase();
    let there =
        draft.fields.iter().position(|field| field.id.0 == folded || (!field.label.is_empty() && field.label.to_lowercase() == folded));
    let at = match there {
        Some(at) => at,
        None => {
            draft.fields.push(template_field(&draft.kind, &folded)?);
            draft.fields.len() - 1
        }
    };
    Ok(&mut draft.fields[at])
}

fn template_field(kind: &str, name: &str) -> Result<DraftField, CliError> {
    let fields = template(kind).map_or(&[][..], |template| &template.fields);
    let field = fields.iter().find(|field| field.id.0 == name).ok_or_else(|| {
        let known: Vec<&str> = fields.iter().map(|field| field.id.0.as_str()).collect();
        CliError::NotFound(format!("There is no field {name:?} in {kind}. It has {}; --input adds your own.", known.join(", ")))
    })?;
    Ok(DraftField {
        id: field.id.clone(),
        label: String::new(),
        field_type: field.field_type,
        section: field.section.clone(),
        position: field.position,
        value: DraftValue::Set(SecretText::default()),
    })
}

fn replace<T: Clone>(slot: &mut T, new: &Option<T>) {
    if let Some(new) = new {
        slot.clone_from(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_id_by_label_and_in_the_template() {
        let mut draft = blank("credential", "x").unwrap();
        assert_eq!(field_mut(&mut draft, "Password").unwrap().field_type, FieldType::Secret);
        apply_input(&mut draft, serde_json::from_str(r#"{"custom":[{"label":"Office PIN","type":"secret","value":"1"}]}"#).unwrap())
            .unwrap();
        assert!(field_mut(&mut draft, "office pin").unwrap().id.0.starts_with("x-"));
        assert_eq!(draft.fields.len(), 2);
        assert!(matches!(field_mut(&mut draft, "iban"), Err(CliError::NotFound(_))));
    }

    #[test]
    fn input_with_an_unknown_part_is_refused() {
        assert!(serde_json::from_str::<Input>(r#"{"titel":"x"}"#).is_err());
    }

    #[test]
    fn every_kind_can_be_begun() {
        for template in vault_model::templates() {
            assert!(blank(&template.slug, "x").is_ok());
        }
        assert!(matches!(blank("password", "x"), Err(CliError::Usage(_))));
    }
}
