//! The lower part of the editor: favourite, folder, tags, expiry, links, files.

use egui::{Key, Ui};
use vault_model::{SecretText, check};

use super::{field_gap, form::EditorForm, head, input_width};
use crate::{
    fl, icons,
    outbox::{Ask, FileUse, Outbox},
    role,
    state::State,
    theme::{INPUT, S1, S2},
    views::attachments::strip_ui,
    widgets::{
        Look, PushButton,
        field::{
            self,
            date::{self, Day, Grain},
            text::PlainEdit,
        },
        ghost, removable_chip, switch, text_field, text_input,
    },
};

/// Most suggestions that are offered at once.
const OFFERED: usize = 6;

pub(super) fn organise_ui(ui: &mut Ui, state: &State, form: &mut EditorForm, out: &mut Outbox) {
    head(ui, fl!("editor-organise"));
    ui.horizontal(|ui| {
        if switch(ui, &fl!("editor-favourite"), &mut form.favourite).changed() {
            form.changed = true;
            form.moved = true;
        }
        ui.label(role::body(ui, fl!("editor-favourite")));
    });
    field_gap(ui);
    folder_ui(ui, state, form);
    field_gap(ui);
    tags_ui(ui, state, form);
    field_gap(ui);
    expiry_ui(ui, state, form);
    field_gap(ui);
    links_ui(ui, state, form);
    files_ui(ui, state, form, out);
}

fn folder_ui(ui: &mut Ui, state: &State, form: &mut EditorForm) {
    let input = text_field(ui, fl!("editor-folder"), &mut form.folder);
    form.changed |= input.changed();
    let typed = form.folder.trim().to_lowercase();
    if !input.has_focus() && typed.is_empty() || typed.is_empty() {
        return;
    }
    let Some(vault) = &state.vault else { return };
    let fits = |folder: &&String| folder.to_lowercase().starts_with(&typed) && **folder != form.folder;
    let offered: Vec<String> = vault.counts.folders.keys().filter(fits).take(OFFERED).cloned().collect();
    offer(ui, &offered, |folder| {
        form.folder = folder;
        form.changed = true;
        form.moved = true;
    });
}

fn tags_ui(ui: &mut Ui, state: &State, form: &mut EditorForm) {
    ui.label(role::label(ui, fl!("editor-tags")));
    if !form.tags.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.set_max_width(INPUT);
            let removed: Vec<String> = form.tags.iter().filter(|tag| removable_chip(ui, tag)).cloned().collect();
            for tag in removed {
                form.tags.remove(&tag);
                form.changed = true;
                form.moved = true;
            }
        });
        ui.add_space(S1);
    }
    let input = text_input(ui, &fl!("editor-new-tag"), &fl!("editor-new-tag"), &mut form.new_tag);
    form.changed |= input.changed();
    let comma = form.new_tag.ends_with(',');
    let entered = input.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if entered || comma {
        let tag = form.new_tag.trim().trim_end_matches(',').trim().to_owned();
        form.new_tag.clear();
        if !tag.is_empty() {
            form.tags.insert(tag);
        }
        input.request_focus();
    }
    let Some(vault) = &state.vault else { return };
    if input.has_focus() {
        let typed = form.new_tag.trim().to_lowercase();
        let fits = |tag: &&String| !form.tags.contains(*tag) && tag.to_lowercase().contains(&typed);
        let offered: Vec<String> = vault.counts.tags.keys().filter(fits).take(OFFERED).cloned().collect();
        offer(ui, &offered, |tag| {
            form.tags.insert(tag);
            form.new_tag.clear();
            form.changed = true;
            form.moved = true;
        });
    }
}

fn offer(ui: &mut Ui, offered: &[String], mut take: impl FnMut(String)) {
    if offered.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.set_max_width(INPUT);
        for text in offered {
            if ghost(ui, text).clicked() {
                take(text.clone());
            }
        }
    });
}

fn expiry_ui(ui: &mut Ui, state: &State, form: &mut EditorForm) {
    let name = fl!("editor-expires");
    ui.label(role::label(ui, &name));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = S1;
        let id = ui.scope_id().with("expires");
        let width = input_width(ui, 1).min(200.0);
        let mut text = SecretText::from(form.expires.as_str());
        let edit = PlainEdit { id, name: &name, hint: &fl!("editor-hint-date"), rows: 1, width, font: role::Role::Body.font_id() };
        let response = edit.show(ui, &mut text);
        if response.changed() {
            form.expires = text.expose().to_owned();
            form.changed = true;
            form.expires_warnings.clear();
        }
        if response.lost_focus() {
            if let Some(tidied) = date::tidied_date(&form.expires) {
                form.expires = tidied;
            }
            let is_date = form.expires.trim().is_empty() || check::Day::parse(form.expires.trim()).is_some();
            form.expires_warnings = if is_date { Vec::new() } else { vec![check::Warning::Date] };
        }
        if let Some(picked) = date::picker_ui(ui, &name, Grain::Day, &form.expires, Day::of_ms(state.now_ms)) {
            form.expires = picked;
            form.expires_warnings.clear();
            form.changed = true;
            form.moved = true;
        }
    });
    field::warnings_ui(ui, &form.expires_warnings);
    ui.label(role::small(ui, fl!("editor-expires-note")));
}

fn links_ui(ui: &mut Ui, state: &State, form: &mut EditorForm) {
    let Some(vault) = &state.vault else { return };
    ui.label(role::label(ui, fl!("editor-links")));
    let mut removed = None;
    if !form.links.is_empty() {
        ui.horizontal_wrapped(|ui| {
            ui.set_max_width(INPUT);
            for linked in &form.links {
                let title = vault.rows.get(linked).map_or_else(|| fl!("detail-link-gone"), |row| row.title.clone());
                if removable_chip(ui, &title) {
                    removed = Some(*linked);
                }
            }
        });
    }
    if let Some(removed) = removed {
        form.links.retain(|linked| *linked != removed);
        form.changed = true;
        form.moved = true;
    }
    text_input(ui, &fl!("editor-links-find"), &fl!("editor-links-find"), &mut form.link_query);
    let words = form.link_query.trim().to_lowercase();
    if words.is_empty() {
        return;
    }
    // Looked up once, not in each frame: it goes through all rows.
    let of = (words, vault.rows_serial, form.links.len());
    if form.link_offers.as_ref().is_none_or(|(offered_of, _)| *offered_of != of) {
        let fits = |row: &&vault_model::ItemRow| {
            row.title.to_lowercase().contains(&of.0) && !row.trashed && Some(row.id) != form.id && !form.links.contains(&row.id)
        };
        let mut found: Vec<_> = vault.rows.values().filter(fits).map(|row| (row.title.clone(), row.id)).collect();
        found.sort();
        found.truncate(OFFERED);
        form.link_offers = Some((of, found));
    }
    let found = form.link_offers.as_ref().map(|(_, found)| found.clone()).unwrap_or_default();
    ui.horizontal_wrapped(|ui| {
        ui.set_max_width(INPUT);
        for (title, id) in found {
            if ghost(ui, title).clicked() {
                form.links.push(id);
                form.link_query.clear();
                form.changed = true;
                form.moved = true;
            }
        }
    });
}

/// Files of the item; those of a new item wait until it is saved.
fn files_ui(ui: &mut Ui, state: &State, form: &mut EditorForm, out: &mut Outbox) {
    head(ui, fl!("detail-attachments"));
    let open = state.vault.as_ref().and_then(|vault| vault.item.as_deref());
    match (form.id, open) {
        (Some(id), Some(item)) if item.id == id => {
            ui.scope(|ui| {
                ui.set_max_width(INPUT.min(ui.available_width()));
                strip_ui(ui, state, item, &mut form.attachments, out);
            });
        }
        (Some(id), _) => {
            if PushButton::new(Look::Secondary, fl!("attach-add")).icon(icons::PAPERCLIP).show(ui).clicked() {
                out.ask(Ask::PickFiles { purpose: FileUse::Attach(id), several: true });
            }
        }
        (None, _) => {
            let mut removed = None;
            ui.horizontal_wrapped(|ui| {
                for (idx, file) in form.files.iter().enumerate() {
                    if removable_chip(ui, &file.name) {
                        removed = Some(idx);
                    }
                }
            });
            if let Some(idx) = removed {
                form.files.remove(idx);
            }
            ui.label(role::small(ui, fl!("editor-files-new")));
        }
    }
    ui.add_space(S2);
}
