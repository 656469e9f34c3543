//! The past of an item: every write of every field, newest first, and a way back to each.

use egui::{Sense, Ui};
use vault_engine::{Command, RequestId, event::PastValue};
use vault_model::{FieldClass, FieldKey, ItemView};
use vault_protocol::{Dot, ObjectId};

use super::detail;
use crate::{
    fl, format, icons,
    outbox::Outbox,
    role::{self, Role},
    state::{OpenVault, State},
    theme::{S1, S2, S3, S4, Tone, tokens},
    widgets::{Choice, Look, PushButton, card, confirm, empty::empty_state, field::glyphs, heading, hline, page, state_chip},
};

/// What is expanded in the history.
pub struct HistoryForm {
    pub(crate) item: ObjectId,
    /// One part, or all of them.
    only: Option<FieldKey>,
    request: Option<RequestId>,
    /// When the item was last changed as the answer knows it: a later change asks again.
    as_of_ms: u64,
    reveals: Vec<(Dot, RequestId)>,
    restoring: Option<Dot>,
}

impl HistoryForm {
    /// The past of an item.
    pub fn new(item: ObjectId) -> Self {
        Self { item, only: None, request: None, as_of_ms: 0, reveals: Vec::new(), restoring: None }
    }

    /// Forgets every past secret that is shown.
    pub(crate) fn close(&mut self, out: &mut Outbox) {
        for (_, request) in self.reveals.drain(..) {
            out.forget(request);
        }
    }
}

/// The history pane.
pub fn history_ui(ui: &mut Ui, state: &State, form: &mut HistoryForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let Some(item) = vault.item.as_deref().filter(|item| item.id == form.item) else { return };
    if form.request.is_none() || form.as_of_ms != item.changed_ms {
        form.as_of_ms = item.changed_ms;
        form.request = Some(out.send(Command::History { item: item.id, field: None }));
    }
    page(ui, "history", |ui| {
        ui.horizontal(|ui| {
            detail::back_button(ui, out);
            heading(ui.add(egui::Label::new(role::title(ui, fl!("history-title", title = item.title.as_str()))).truncate()), 1);
        });
        ui.add(egui::Label::new(role::body(ui, fl!("history-note")).color(tokens(ui).text2)).wrap());
        ui.add_space(S4);
        let answer = vault.history.as_ref().filter(|(request, _)| Some(*request) == form.request);
        let Some((_, values)) = answer else { return };
        if values.is_empty() {
            empty_state(ui, icons::CLOCK_COUNTER_CLOCKWISE, fl!("history-empty"), fl!("history-empty-note"), |_| {});
            return;
        }
        filter_ui(ui, item, values, form);
        ui.add_space(S3);
        let only = form.only.clone();
        let shown = values.iter().filter(|value| is_shown(value) && only.as_ref().is_none_or(|only| value.key == *only));
        card(ui, |ui| {
            for (idx, value) in shown.enumerate() {
                ui.push_id(idx, |ui| value_ui(ui, state, vault, item, value, idx > 0, form, out));
            }
        });
    });
    restore_ui(ui, item, form, out);
}

/// Writes that every edit makes along with others say nothing by themselves.
fn is_shown(value: &PastValue) -> bool {
    !matches!(value.key.class, FieldClass::Object | FieldClass::Created | FieldClass::Kind | FieldClass::Setting)
        && (value.key.class != FieldClass::Alive || value.shown.as_deref() == Some("false"))
}

fn filter_ui(ui: &mut Ui, item: &ItemView, values: &[PastValue], form: &mut HistoryForm) {
    let mut keys: Vec<&FieldKey> = values.iter().filter(|value| is_shown(value)).map(|value| &value.key).collect();
    keys.sort();
    keys.dedup();
    let all = fl!("history-all");
    let present = form.only.as_ref().map_or_else(|| all.clone(), |key| detail::part_name(key, item));
    let combo = egui::ComboBox::from_id_salt("history-filter")
        .icon(crate::widgets::drop_down_icon)
        .selected_text(present)
        .width(240.0)
        .show_ui(ui, |ui| {
            ui.selectable_value(&mut form.only, None, all);
            for key in keys {
                ui.selectable_value(&mut form.only, Some(key.clone()), detail::part_name(key, item));
            }
        });
    combo.response.accessible_name(fl!("history-filter"));
}

#[allow(clippy::too_many_arguments, reason = "a view's four and what it is about")]
fn value_ui(
    ui: &mut Ui,
    state: &State,
    vault: &OpenVault,
    item: &ItemView,
    value: &PastValue,
    line_above: bool,
    form: &mut HistoryForm,
    out: &mut Outbox,
) {
    let t = tokens(ui);
    if line_above {
        let rect = ui.max_rect();
        hline(ui, rect.left() + S4, rect.right(), ui.cursor().top(), t.line);
    }
    let name = detail::part_name(&value.key, item);
    let request = form.reveals.iter().find(|(dot, _)| *dot == value.dot).map(|(_, request)| *request);
    let revealed = request.and_then(|request| vault.revealed_by(request));
    let hidden = value.shown.is_none() && !value.absent;
    egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 10)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = S1;
        ui.horizontal(|ui| {
            ui.label(role::label(ui, &name));
            if value.current {
                state_chip(ui, Tone::Ok, icons::CHECK, &fl!("history-current"));
            }
        });
        match (&value.shown, revealed) {
            _ if value.absent => {
                ui.label(role::body(ui, fl!("history-removed")).color(t.text2));
            }
            (Some(text), _) => {
                ui.add(egui::Label::new(role::body(ui, text)).wrap());
            }
            (None, Some(revealed)) => {
                let galley = glyphs::galley(ui, revealed.text.expose(), None, ui.available_width());
                let (rect, _) = ui.allocate_exact_size(galley.size(), Sense::hover());
                ui.painter().galley(rect.min, galley, t.text);
            }
            (None, None) => {
                ui.label(Role::Mono.rich(glyphs::BULLETS, t.text2));
            }
        }
        ui.horizontal(|ui| {
            let device = if value.device.is_empty() { fl!("history-unknown-device") } else { value.device.clone() };
            ui.label(role::small(ui, format!("{device} · {}", format::ago(state.now_ms, value.wall_ms))));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let small = |text: String| PushButton::new(Look::Ghost, text).height(28.0).min_width(0.0);
                if !value.current && !item.trashed && small(fl!("history-restore")).show(ui).clicked() {
                    form.restoring = Some(value.dot);
                }
                if hidden && revealed.is_none() && small(fl!("history-reveal")).show(ui).clicked() {
                    let request = out.send(Command::RevealPast { item: item.id, dot: value.dot });
                    form.reveals.retain(|(dot, _)| *dot != value.dot);
                    form.reveals.push((value.dot, request));
                }
                if let Some(revealed) = revealed {
                    if small(fl!("history-hide")).show(ui).clicked() {
                        out.forget(revealed.request);
                    }
                    if small(fl!("history-copy")).show(ui).clicked() {
                        out.send(Command::CopyText { text: revealed.text.duplicate() });
                    }
                }
            });
        });
        ui.add_space(S2 - S1);
    });
}

fn restore_ui(ui: &mut Ui, item: &ItemView, form: &mut HistoryForm, out: &mut Outbox) {
    let Some(dot) = form.restoring else { return };
    let sentence = fl!("history-restore-sentence", title = item.title.as_str());
    match confirm(ui, "restore-past", &fl!("history-restore-title"), &sentence, &fl!("dialog-keep"), &fl!("history-restore"), false) {
        Choice::Open => {}
        Choice::Keep => form.restoring = None,
        Choice::Go => {
            out.send(Command::RestorePast { item: item.id, dot });
            form.restoring = None;
        }
    }
}
