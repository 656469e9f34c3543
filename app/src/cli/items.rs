//! Commands on items.

use std::time::Duration;

use serde_json::{Value, json};
use vault_engine::{
    Command, Event, Failure,
    command::{Mark, Scope, Sort},
};
use vault_model::{
    FieldId, FieldView, ItemDraft, ItemRow, ItemView, SecretText, ShownValue,
    generate::{PassphraseRecipe, PasswordRecipe, Recipe, WordList},
};
use vault_protocol::ObjectId;

use super::{
    args::{Change, GenerateArgs, ScopeArgs, SortArg},
    client::{Client, Where},
    draft,
    error::CliError,
    print::{self, Form},
};

/// `nt2 add`.
pub(crate) fn add(client: &mut Client, kind: &str, title: &str, change: &Change) -> Result<(), CliError> {
    let mut draft = draft::blank(kind, title)?;
    client.unlock()?;
    draft::apply(&mut draft, change, client)?;
    save(client, draft, "Added")
}

/// `nt2 edit`.
pub(crate) fn edit(client: &mut Client, item: &str, title: Option<String>, change: &Change) -> Result<(), CliError> {
    client.unlock()?;
    let item = client.find_item(item, Where::Items)?;
    let view = client.open_item(item)?;
    let mut draft = ItemDraft::of(&view, None);
    draft::apply(&mut draft, change, client)?;
    draft.title = title.unwrap_or(draft.title);
    save(client, draft, "Changed")
}

fn save(client: &mut Client, draft: vault_model::ItemDraft, done: &str) -> Result<(), CliError> {
    let answers = client.call(Command::SaveItem(Box::new(draft)))?;
    let item = answers.iter().find_map(|event| match event {
        Event::Saved(_, item) => Some(*item),
        _ => None,
    });
    let row = item.and_then(|item| client.rows.get(&item)).ok_or(CliError::Engine(Failure::NotFound))?;
    match client.form {
        Form::Json => print::json(&row_json(row))?,
        Form::Text => print::line(&format!("{done} {} ({})", row.title, row.id))?,
    }
    Ok(())
}

/// `nt2 list` and `nt2 search`.
pub(crate) fn list(client: &mut Client, query: String, scope: ScopeArgs, sort: SortArg) -> Result<(), CliError> {
    client.unlock()?;
    let sort = match sort {
        SortArg::Title => Sort::Title,
        SortArg::Changed => Sort::Changed,
        SortArg::Created => Sort::Created,
        SortArg::Kind => Sort::Kind,
    };
    let answers = client.call(Command::Search { query, scope: scope_of(scope), sort })?;
    let found = answers.into_iter().find_map(|event| match event {
        Event::Found(_, found) => Some(found),
        _ => None,
    });
    let rows: Vec<&ItemRow> = found.unwrap_or_default().iter().filter_map(|item| client.rows.get(item)).collect();
    match client.form {
        Form::Json => print::json(&rows.into_iter().map(row_json).collect())?,
        Form::Text if rows.is_empty() => print::hint("Nothing found."),
        Form::Text => {
            let mut table = vec![["ID", "KIND", "TITLE", "", "FOLDER", "TAGS"].map(str::to_owned).to_vec()];
            table.extend(rows.into_iter().map(text_row));
            print::table(&table)?;
        }
    }
    Ok(())
}

fn scope_of(scope: ScopeArgs) -> Scope {
    match scope {
        ScopeArgs { kind: Some(kind), .. } => Scope::Kind(kind),
        ScopeArgs { tag: Some(tag), .. } => Scope::Tag(tag),
        ScopeArgs { folder: Some(folder), .. } => Scope::Folder(folder),
        ScopeArgs { favourites: true, .. } => Scope::Favourites,
        ScopeArgs { archive: true, .. } => Scope::Archive,
        ScopeArgs { trash: true, .. } => Scope::Trash,
        ScopeArgs { conflicts: true, .. } => Scope::Conflicts,
        ScopeArgs { expiring: true, .. } => Scope::Expiring,
        _ => Scope::All,
    }
}

fn text_row(row: &ItemRow) -> Vec<String> {
    let tags: Vec<&str> = row.tags.iter().map(String::as_str).collect();
    let short_id = row.id.to_string()[..8].to_owned();
    vec![short_id, row.kind.clone(), row.title.clone(), row.subtitle.clone(), row.folder.clone(), tags.join(", ")]
}

/// What `nt2 get` may show of the secrets.
pub(crate) enum Reveal {
    /// These fields.
    Fields(Vec<String>),
    /// All.
    All,
    /// Only this value, and nothing else.
    Only(String),
}

/// `nt2 get`.
pub(crate) fn get(client: &mut Client, item: &str, reveal: &Reveal) -> Result<(), CliError> {
    client.unlock()?;
    let item = client.find_item(item, Where::Items)?;
    let view = client.open_item(item)?;
    let wanted: Vec<&FieldView> = match reveal {
        Reveal::Fields(names) => names.iter().map(|name| find_field(&view, name)).collect::<Result<_, _>>()?,
        Reveal::Only(name) => vec![find_field(&view, name)?],
        Reveal::All => view.fields.iter().collect(),
    };
    let mut revealed = Vec::new();
    for field in wanted {
        if matches!(field.value, ShownValue::Hidden { .. }) {
            revealed.push((field.id.clone(), fetch(client, item, &field.id)?));
        }
    }
    let text_of = |field: &FieldView| match (&field.value, revealed.iter().find(|(id, _)| *id == field.id)) {
        (_, Some((_, text))) => Some(text.expose().to_owned()),
        (ShownValue::Shown(text), None) => Some(text.clone()),
        (ShownValue::Hidden { .. }, None) => None,
    };
    match (reveal, client.form) {
        (Reveal::Only(name), Form::Text) => print::value(&text_of(find_field(&view, name)?).unwrap_or_default())?,
        (Reveal::Only(name), Form::Json) => print::json(&json!(text_of(find_field(&view, name)?)))?,
        (_, Form::Json) => print::json(&view_json(&view, text_of))?,
        (_, Form::Text) => print_view(&view, text_of)?,
    }
    Ok(())
}

fn fetch(client: &mut Client, item: ObjectId, field: &FieldId) -> Result<SecretText, CliError> {
    let answers = client.call(Command::Reveal { item, field: field.clone() })?;
    let text = answers.into_iter().find_map(|event| match event {
        Event::Revealed { text, .. } => Some(text),
        _ => None,
    });
    text.ok_or(CliError::Engine(Failure::NotFound))
}

fn find_field<'a>(view: &'a ItemView, name: &str) -> Result<&'a FieldView, CliError> {
    let folded = name.to_lowercase();
    let found = view.fields.iter().find(|field| field.id.0 == folded || label_of(field).to_lowercase() == folded);
    found.ok_or_else(|| {
        let known: Vec<String> = view.fields.iter().map(name_of).collect();
        CliError::NotFound(format!("{} has no field {name:?}. It has {}.", view.title, known.join(", ")))
    })
}

/// What a person calls the field: its own label, else its id.
fn name_of(field: &FieldView) -> String {
    if field.label.is_empty() { field.id.0.clone() } else { field.label.clone() }
}

/// What the window calls the field in English: its own label, else its template's.
fn label_of(field: &FieldView) -> String {
    if field.label.is_empty() { vault_ui::l10n::field_label(&field.id.0) } else { field.label.clone() }
}

fn print_view(view: &ItemView, text_of: impl Fn(&FieldView) -> Option<String>) -> Result<(), CliError> {
    print::line(&format!("{} ({}, {})", view.title, view.kind, view.id))?;
    let tags: Vec<&str> = view.tags.iter().map(String::as_str).collect();
    let marks = [(view.favourite, "favourite"), (view.archived, "archived"), (view.trashed, "in the trash")];
    let marks: Vec<&str> = marks.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
    let head = [("folder", view.folder.clone()), ("tags", tags.join(", ")), ("expires", view.expires.clone()), ("marks", marks.join(", "))];
    for (name, text) in head.into_iter().filter(|(_, text)| !text.is_empty()) {
        print::line(&format!("  {name}: {text}"))?;
    }
    for field in &view.fields {
        let text = match (&field.value, text_of(field)) {
            (_, Some(text)) => text,
            (ShownValue::Hidden { is_empty: true, .. }, None) => continue,
            (ShownValue::Hidden { hint, .. }, None) if hint.is_empty() => "••••••••".to_owned(),
            (ShownValue::Hidden { hint, .. }, None) => hint.clone(),
            (ShownValue::Shown(text), None) => text.clone(),
        };
        let note = if field.n_conflicting > 0 { format!("  ({} other values)", field.n_conflicting) } else { String::new() };
        let mut lines = text.lines();
        print::line(&format!("  {}: {}{note}", name_of(field), lines.next().unwrap_or_default()))?;
        for line in lines {
            print::line(&format!("    {line}"))?;
        }
    }
    for attachment in &view.attachments {
        print::line(&format!("  attachment: {} ({})", attachment.name, print::size(attachment.len_bytes)))?;
    }
    print::line(&format!("  changed: {} {}", print::time(view.changed_ms), view.changed_by))?;
    Ok(())
}

/// `nt2 totp`.
pub(crate) fn totp(client: &mut Client, item: &str, field: Option<&str>) -> Result<(), CliError> {
    client.unlock()?;
    let item = client.find_item(item, Where::Items)?;
    let answers = client.call(Command::OpenItem { item })?;
    let mut wanted = None;
    for event in &answers {
        if let (Event::Item(view), Some(name)) = (event, field) {
            wanted = Some(find_field(view, name)?.id.clone());
        }
    }
    let mut code_of = |event| match event {
        Event::Totp { field, code, next, until_ms, period_secs, .. } if wanted.as_ref().is_none_or(|wanted| *wanted == field) => {
            Some((code, next, until_ms, period_secs))
        }
        _ => None,
    };
    // The first code comes with the item or at the engine's next step.
    let found = answers.into_iter().find_map(&mut code_of).or_else(|| client.wait_for(Duration::from_secs(3), code_of));
    let Some((code, next, until_ms, period_secs)) = found else {
        return Err(CliError::NotFound("The item has no one-time code. nt2 edit ITEM --secret totp sets its key.".to_owned()));
    };
    match client.form {
        Form::Json => print::json(&json!({
            "code": code.expose(), "next": next.expose(), "valid_until": print::time(until_ms), "period_secs": period_secs,
        }))?,
        Form::Text => print::value(code.expose())?,
    }
    Ok(())
}

/// `nt2 history`.
pub(crate) fn history(client: &mut Client, item: &str, field: Option<&str>) -> Result<(), CliError> {
    client.unlock()?;
    let item = client.find_item(item, Where::Items)?;
    let field = match field {
        Some(name) => Some(find_field(&*client.open_item(item)?, name)?.id.clone()),
        None => None,
    };
    let answers = client.call(Command::History { item, field })?;
    let past = answers.into_iter().find_map(|event| match event {
        Event::History(_, past) => Some(past),
        _ => None,
    });
    let what = |value: &vault_engine::event::PastValue| {
        let element = String::from_utf8_lossy(&value.key.element).into_owned();
        (format!("{:?}", value.key.class).to_lowercase(), element)
    };
    let past = past.unwrap_or_default();
    match client.form {
        Form::Json => print::json(
            &past
                .iter()
                .map(|value| {
                    let (class, element) = what(value);
                    json!({
                        "part": class, "name": element, "written": print::time(value.wall_ms), "device": value.device,
                        "value": value.shown, "current": value.current, "removed": value.absent,
                    })
                })
                .collect(),
        )?,
        Form::Text => {
            let mut table = vec![["WRITTEN", "DEVICE", "WHAT", "VALUE", ""].map(str::to_owned).to_vec()];
            table.extend(past.iter().map(|value| {
                let (class, element) = what(value);
                let shown = if value.absent { "(removed)" } else { value.shown.as_deref().unwrap_or("••••••••") };
                let current = if value.current { "current" } else { "" };
                vec![print::time(value.wall_ms), value.device.clone(), format!("{class} {element}"), shown.to_owned(), current.to_owned()]
            }));
            print::table(&table)?;
        }
    }
    Ok(())
}

/// `nt2 trash`.
pub(crate) fn trash(client: &mut Client, items: &[String], restore: bool) -> Result<(), CliError> {
    client.unlock()?;
    let first = if restore { Where::Trash } else { Where::Items };
    let items = items.iter().map(|item| client.find_item(item, first)).collect::<Result<Vec<_>, _>>()?;
    let n_items = items.len();
    client.call(Command::MarkItems { items: items.clone(), mark: Mark::Trashed(!restore) })?;
    report_count(client, if restore { "restored" } else { "trashed" }, n_items)
}

/// `nt2 purge`.
pub(crate) fn purge(client: &mut Client, items: &[String], all: bool) -> Result<(), CliError> {
    client.unlock()?;
    let n_before = client.rows.len();
    if all {
        client.call(Command::EmptyTrash)?;
    } else {
        let items = items.iter().map(|item| client.find_item(item, Where::Trash)).collect::<Result<Vec<_>, _>>()?;
        client.call(Command::PurgeItems { items })?;
    }
    report_count(client, "purged", n_before.saturating_sub(client.rows.len()))
}

fn report_count(client: &Client, what: &str, n_items: usize) -> Result<(), CliError> {
    match client.form {
        Form::Json => print::json(&json!({ what: n_items }))?,
        Form::Text => print::line(&format!("{n_items} {what}"))?,
    }
    Ok(())
}

/// `nt2 generate`.
pub(crate) fn generate(client: &mut Client, wanted: &GenerateArgs) -> Result<(), CliError> {
    let recipe = match wanted.words {
        Some(n_words) => Recipe::Passphrase(PassphraseRecipe {
            n_words,
            list: WordList::default(),
            separator: wanted.separator.clone(),
            capitalise: false,
            number: false,
        }),
        None => {
            let usual = PasswordRecipe::default();
            Recipe::Password(PasswordRecipe {
                length: wanted.length,
                symbols: if wanted.no_symbols { String::new() } else { usual.symbols.clone() },
                without_lookalikes: wanted.no_lookalikes,
                ..usual
            })
        }
    };
    let (text, bits) = draft::generate(client, recipe)?;
    match client.form {
        Form::Json => print::json(&json!({ "text": text.expose(), "bits": bits.floor() }))?,
        Form::Text => print::value(text.expose())?,
    }
    Ok(())
}

/// An item in a list.
pub(crate) fn row_json(row: &ItemRow) -> Value {
    json!({
        "id": row.id.to_string(), "kind": row.kind, "title": row.title, "subtitle": row.subtitle, "folder": row.folder, "tags": row.tags,
        "favourite": row.favourite, "archived": row.archived, "trashed": row.trashed, "conflict": row.conflict, "has_totp": row.has_totp,
        "attachments": row.n_attachments, "host": row.host, "expires": row.expires, "created": print::time(row.created_ms),
        "changed": print::time(row.changed_ms),
    })
}

fn view_json(view: &ItemView, text_of: impl Fn(&FieldView) -> Option<String>) -> Value {
    let field_json = |field: &FieldView| {
        let value = text_of(field);
        json!({
            "id": field.id.0, "label": label_of(field), "type": field.field_type.name(), "section": field.section.as_ref().map(|id| &id.0),
            "secret": field.field_type.is_secret(), "hidden": value.is_none(), "value": value, "other_values": field.n_conflicting,
            "warnings": field.warnings,
        })
    };
    json!({
        "id": view.id.to_string(), "kind": view.kind, "title": view.title, "folder": view.folder, "tags": view.tags,
        "favourite": view.favourite, "archived": view.archived, "trashed": view.trashed, "expires": view.expires,
        "created": print::time(view.created_ms), "changed": print::time(view.changed_ms), "changed_by": view.changed_by,
        "sections": view.sections.iter().map(|section| json!({ "id": section.id.0, "title": section.title })).collect::<Vec<_>>(),
        "fields": view.fields.iter().map(field_json).collect::<Vec<_>>(),
        "attachments": view.attachments.iter().map(attachment_json).collect::<Vec<_>>(),
        "links": view.links.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

/// An attachment of an item.
pub(crate) fn attachment_json(attachment: &vault_model::AttachmentView) -> Value {
    json!({
        "id": super::files::attachment_id(attachment), "name": attachment.name, "media_type": attachment.media_type,
        "size": attachment.len_bytes, "added": print::time(attachment.added_ms), "local": attachment.local,
    })
}
