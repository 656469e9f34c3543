//! What else can be done with an item: the menu behind the dots, and the small dialogs it opens.

use egui::{Popup, Ui};
use std::collections::BTreeSet;
use vault_engine::{Command, command::Mark};
use vault_model::ItemView;

use crate::{
    actions::Action,
    fl, icons,
    outbox::{Go, Outbox},
    role,
    state::OpenVault,
    theme::{S2, S3},
    widgets::{
        Choice, Look, PushButton, confirm,
        dialog::{WIDTH, dialog, dialog_buttons},
        ghost, icon_button, primary, removable_chip, secondary, text_field,
    },
};

/// Most existing folders or tags that a dialog offers.
const OFFERED: usize = 8;

/// Which dialog is open, and what is typed in it.
#[derive(Default)]
pub(super) struct MenuForm {
    open: Option<Open>,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Folder,
    Tags,
    Purge,
}

impl MenuForm {
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(super) fn close(&mut self) {
        *self = Self::default();
    }
}

/// The button with its menu.
pub(super) fn button_ui(ui: &mut Ui, vault: &OpenVault, item: &ItemView, form: &mut MenuForm, out: &mut Outbox) {
    let button = icon_button(ui, icons::DOTS_THREE, fl!("detail-more"));
    let read_only = vault.status.read_only.is_some();
    Popup::menu(&button).width(240.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if row(ui, icons::CLOCK_COUNTER_CLOCKWISE, fl!("detail-show-history"), Some(Action::History)) {
            out.go(Go::History(item.id));
        }
        if read_only {
            return;
        }
        if item.trashed {
            if row(ui, icons::ARROW_COUNTER_CLOCKWISE, fl!("detail-restore"), None) {
                out.send(Command::MarkItems { items: vec![item.id], mark: Mark::Trashed(false) });
            }
            if row(ui, icons::TRASH, fl!("detail-purge-more"), None) {
                form.open = Some(Open::Purge);
            }
            return;
        }
        if row(ui, icons::COPY, fl!("detail-duplicate"), Some(Action::Duplicate)) {
            out.act(Action::Duplicate);
        }
        if row(ui, icons::FOLDER_SIMPLE, fl!("detail-move"), None) {
            form.open = Some(Open::Folder);
            form.text.clone_from(&item.folder);
        }
        if row(ui, icons::TAG, fl!("detail-tags"), None) {
            form.open = Some(Open::Tags);
            form.text.clear();
        }
        let archive = if item.archived { fl!("detail-unarchive") } else { fl!("detail-archive") };
        if row(ui, icons::ARCHIVE, archive, Some(Action::Archive)) {
            out.act(Action::Archive);
        }
        if row(ui, icons::TRASH, fl!("detail-trash"), Some(Action::Trash)) {
            out.act(Action::Trash);
        }
    });
}

/// A row of a menu, 30 high; true when it was chosen.
fn row(ui: &mut Ui, icon: &str, text: String, action: Option<Action>) -> bool {
    let keys = action.map(|action| action.keys(ui.ctx())).unwrap_or_default();
    let mut button = PushButton::new(Look::Ghost, text).icon(icon).height(30.0).left().full_width();
    if !keys.is_empty() {
        button = button.shortcut(keys);
    }
    let chosen = button.show(ui).clicked();
    if chosen {
        ui.close();
    }
    chosen
}

/// The dialog that is open, if there is one.
pub(super) fn dialogs_ui(ui: &mut Ui, vault: &OpenVault, item: &ItemView, form: &mut MenuForm, out: &mut Outbox) {
    match form.open {
        None => {}
        Some(Open::Folder) => folder_ui(ui, vault, item, form, out),
        Some(Open::Tags) => tags_ui(ui, vault, item, form, out),
        Some(Open::Purge) => {
            let sentence = fl!("detail-purge-sentence", title = item.title.as_str());
            match confirm(ui, "purge", &fl!("detail-purge-title"), &sentence, &fl!("dialog-keep"), &fl!("detail-purge"), true) {
                Choice::Open => {}
                Choice::Keep => form.close(),
                Choice::Go => {
                    out.send(Command::PurgeItems { items: vec![item.id] });
                    form.close();
                }
            }
        }
    }
}

fn folder_ui(ui: &mut Ui, vault: &OpenVault, item: &ItemView, form: &mut MenuForm, out: &mut Outbox) {
    let mut done = false;
    let closed = dialog(ui, "folder", &fl!("detail-move-title"), WIDTH, |ui| {
        let input = text_field(ui, fl!("detail-folder"), &mut form.text);
        if ui.memory(|memory| memory.focused().is_none()) {
            input.request_focus();
        }
        ui.add_space(S2);
        ui.label(role::small(ui, fl!("detail-folder-hint")));
        ui.add_space(S2);
        let typed = form.text.clone();
        let mut chosen = None;
        ui.horizontal_wrapped(|ui| {
            for folder in vault.counts.folders.keys().filter(|folder| **folder != typed).take(OFFERED) {
                if ghost(ui, folder).clicked() {
                    chosen = Some(folder.clone());
                }
            }
        });
        if let Some(folder) = chosen {
            form.text = folder;
        }
        let entered = input.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        dialog_buttons(ui, |ui| {
            if primary(ui, fl!("detail-move-go")).clicked() || entered {
                let folder = form.text.trim().trim_matches('/').to_owned();
                out.send(Command::MarkItems { items: vec![item.id], mark: Mark::Folder(folder) });
                done = true;
            }
            if secondary(ui, fl!("cancel")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        form.close();
    }
}

fn tags_ui(ui: &mut Ui, vault: &OpenVault, item: &ItemView, form: &mut MenuForm, out: &mut Outbox) {
    let mut done = false;
    let mark = |mark: Mark, out: &mut Outbox| {
        out.send(Command::MarkItems { items: vec![item.id], mark });
    };
    let closed = dialog(ui, "tags", &fl!("detail-tags-title"), WIDTH, |ui| {
        ui.horizontal_wrapped(|ui| {
            for tag in &item.tags {
                if removable_chip(ui, tag) {
                    mark(Mark::RemoveTag(tag.clone()), out);
                }
            }
        });
        ui.add_space(S3);
        let input = text_field(ui, fl!("detail-new-tag"), &mut form.text);
        if ui.memory(|memory| memory.focused().is_none()) {
            input.request_focus();
        }
        ui.add_space(S2);
        ui.horizontal_wrapped(|ui| {
            for tag in offered_tags(vault, &item.tags, &form.text) {
                if ghost(ui, &tag).clicked() {
                    mark(Mark::AddTag(tag), out);
                    form.text.clear();
                }
            }
        });
        let entered = input.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        if entered && !form.text.trim().is_empty() {
            mark(Mark::AddTag(form.text.trim().to_owned()), out);
            form.text.clear();
            input.request_focus();
        }
        dialog_buttons(ui, |ui| {
            if primary(ui, fl!("detail-tags-done")).clicked() {
                if !form.text.trim().is_empty() {
                    mark(Mark::AddTag(form.text.trim().to_owned()), out);
                }
                done = true;
            }
        });
    });
    if closed || done {
        form.close();
    }
}

/// Tags of the vault that the item does not have and that contain what is typed.
pub(crate) fn offered_tags(vault: &OpenVault, has: &BTreeSet<String>, typed: &str) -> Vec<String> {
    let typed = typed.trim().to_lowercase();
    let fits = |tag: &&String| !has.contains(*tag) && tag.to_lowercase().contains(&typed);
    vault.counts.tags.keys().filter(fits).take(OFFERED).cloned().collect()
}
