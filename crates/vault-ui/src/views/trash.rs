//! The trash: what is in it, what becomes of it, and the way back.

use egui::{Checkbox, Ui};
use std::collections::BTreeSet;
use vault_engine::{Command, command::Mark};
use vault_model::ItemRow;
use vault_protocol::ObjectId;

use crate::{
    fl, format, icons,
    outbox::{Go, Outbox},
    role,
    state::State,
    theme::{S3, S4, tokens},
    widgets::{self, Choice, Look, PushButton, card, confirm, empty::empty_state, heading, link, page},
};

/// What is ticked.
#[derive(Default)]
pub struct TrashForm {
    ticked: BTreeSet<ObjectId>,
    asks: Option<Asks>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Ticked,
    All,
}

/// The trash.
pub fn trash_ui(ui: &mut Ui, state: &State, form: &mut TrashForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let rows: Vec<&ItemRow> = vault.picks.trash().filter_map(|item| vault.rows.get(&item)).collect();
    form.ticked.retain(|id| vault.rows.get(id).is_some_and(|row| row.trashed));
    page(ui, "trash", |ui| {
        heading(ui.label(role::title(ui, fl!("trash-title"))), 1);
        let note = match vault.status.settings.trash_days {
            0 => fl!("trash-note"),
            days => fl!("trash-note-days", days = days),
        };
        ui.add(egui::Label::new(role::body(ui, note).color(tokens(ui).text2)).wrap());
        ui.add_space(S4);
        if rows.is_empty() {
            empty_state(ui, icons::TRASH, fl!("trash-empty"), fl!("trash-empty-note"), |_| {});
            return;
        }
        buttons_ui(ui, rows.len(), form, out);
        ui.add_space(S3);
        card(ui, |ui| {
            for row in &rows {
                row_ui(ui, state, row, form, out);
            }
        });
    });
    asks_ui(ui, rows.len(), form, out);
}

/// The bar above the list of the trash: what becomes of it, and the way to empty it.
pub fn trash_bar_ui(ui: &mut Ui, state: &State, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let n = vault.counts.trashed;
    if n == 0 || vault.status.read_only.is_some() {
        return;
    }
    let asks_id = ui.scope_id().with("empty-trash");
    let mut asks = ui.data(|data| data.get_temp::<bool>(asks_id)).unwrap_or(false);
    egui::Frame::new().inner_margin(egui::Margin::symmetric(8, 4)).show(ui, |ui| {
        if PushButton::new(Look::Danger, fl!("trash-empty-all", n = n)).full_width().show(ui).clicked() {
            asks = true;
        }
    });
    if asks {
        match confirm(
            ui,
            "empty-trash",
            &fl!("trash-delete-title", n = n),
            &fl!("trash-delete-sentence"),
            &fl!("trash-keep"),
            &fl!("trash-delete"),
            true,
        ) {
            Choice::Open => {}
            Choice::Keep => asks = false,
            Choice::Go => {
                asks = false;
                out.send(Command::EmptyTrash);
            }
        }
    }
    ui.data_mut(|data| data.insert_temp(asks_id, asks));
}

fn buttons_ui(ui: &mut Ui, n_rows: usize, form: &mut TrashForm, out: &mut Outbox) {
    let n = form.ticked.len();
    ui.horizontal_wrapped(|ui| {
        if PushButton::new(Look::Secondary, fl!("trash-restore")).enabled(n > 0).show(ui).clicked() {
            let items = std::mem::take(&mut form.ticked).into_iter().collect();
            out.send(Command::MarkItems { items, mark: Mark::Trashed(false) });
        }
        if PushButton::new(Look::Danger, fl!("trash-delete")).enabled(n > 0).show(ui).clicked() {
            form.asks = Some(Asks::Ticked);
        }
        if PushButton::new(Look::Danger, fl!("trash-empty-all", n = n_rows)).show(ui).clicked() {
            form.asks = Some(Asks::All);
        }
        if n > 0 {
            ui.label(role::small(ui, fl!("trash-ticked", n = n)));
        }
    });
}

fn row_ui(ui: &mut Ui, state: &State, row: &ItemRow, form: &mut TrashForm, out: &mut Outbox) {
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 6)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let mut ticked = form.ticked.contains(&row.id);
            let box_ = ui.add(Checkbox::without_text(&mut ticked)).accessible_name(fl!("trash-tick", title = row.title.as_str()));
            if box_.changed() {
                if ticked {
                    form.ticked.insert(row.id);
                } else {
                    form.ticked.remove(&row.id);
                }
            }
            let (tile, _) = ui.allocate_exact_size(egui::Vec2::splat(28.0), egui::Sense::hover());
            widgets::tile(ui, tile, widgets::kind_icon(&row.kind), false);
            if link(ui, &row.title).clicked() {
                out.go(Go::Item(row.id));
            }
            ui.label(role::small(ui, fl!("trash-since", when = format::ago(state.now_ms, row.changed_ms))));
        });
    });
}

fn asks_ui(ui: &mut Ui, n_rows: usize, form: &mut TrashForm, out: &mut Outbox) {
    let Some(asks) = form.asks else { return };
    let n = if asks == Asks::All { n_rows } else { form.ticked.len() };
    let title = fl!("trash-delete-title", n = n);
    match confirm(ui, "trash", &title, &fl!("trash-delete-sentence"), &fl!("trash-keep"), &fl!("trash-delete"), true) {
        Choice::Open => {}
        Choice::Keep => form.asks = None,
        Choice::Go => {
            form.asks = None;
            match asks {
                Asks::All => out.send(Command::EmptyTrash),
                Asks::Ticked => out.send(Command::PurgeItems { items: std::mem::take(&mut form.ticked).into_iter().collect() }),
            };
        }
    }
}
