//! Concurrent values: a banner that names what and where, and a dialog with all values side by side.

use egui::Ui;
use vault_engine::{Command, RequestId, event::PastValue};
use vault_model::{FieldClass, FieldId, FieldKey, ItemView};

use crate::{
    fl, format, icons,
    outbox::{Go, Outbox},
    role::{self, Role},
    state::{OpenVault, State},
    theme::{S2, S4, Tone, tokens},
    widgets::{
        Banner, BannerAnswer, Look, PushButton, banner, card,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        field::{self, glyphs},
        ghost, secondary,
        toast::{Toast, ToastAction, ToastKind},
    },
};

/// What is being chosen.
#[derive(Default)]
pub(super) struct ConflictForm {
    /// The request for the values; made once for each item and conflict.
    asked: Option<(FieldKey, RequestId)>,
    open: bool,
    /// Requests for secret values, by position in the list.
    reveals: Vec<(usize, RequestId)>,
    /// What was chosen for which part, until the item says that it is settled.
    chosen: Option<(FieldKey, RequestId)>,
    /// How many parts were to be settled when the dialog opened.
    n_at_first: usize,
}

impl ConflictForm {
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn close(&mut self) {
        self.open = false;
        self.reveals.clear();
        self.chosen = None;
    }

    /// Past secrets that are shown do not outlive what they were shown for.
    fn hide_all(&mut self, out: &mut Outbox) {
        for (_, request) in self.reveals.drain(..) {
            out.forget(request);
        }
    }
}

/// The banner for the first conflict of the item.
pub(super) fn banner_ui(ui: &mut Ui, vault: &OpenVault, item: &ItemView, form: &mut ConflictForm, out: &mut Outbox) {
    let Some(key) = item.conflicts.first() else { return };
    if form.asked.as_ref().is_none_or(|(asked, _)| asked != key) {
        let field = (key.class == FieldClass::Field).then(|| field_id(key));
        let request = out.send(Command::History { item: item.id, field });
        form.asked = Some((key.clone(), request));
    }
    let what = name_of(key, item);
    let devices = devices(&values(vault, form));
    let text = match devices.as_slice() {
        [first, rest @ ..] if !rest.is_empty() => {
            fl!("conflict-on", what = what, first = first.as_str(), second = rest.join(", "))
        }
        _ => fl!("conflict-somewhere", what = what),
    };
    let notice = Banner { tone: Tone::Warn, text: &text, button: Some(&fl!("conflict-choose")), dismissible: false };
    if banner(ui, &notice) == BannerAnswer::Button {
        form.open = true;
        form.n_at_first = item.conflicts.len();
    }
}

/// The dialog with all values.
pub(super) fn dialog_ui(ui: &mut Ui, state: &State, vault: &OpenVault, item: &ItemView, form: &mut ConflictForm, out: &mut Outbox) {
    let Some(key) = item.conflicts.first() else {
        form.hide_all(out);
        form.close();
        return;
    };
    if !form.open {
        return;
    }
    // What was chosen is settled: the dialog goes on with the next part.
    if form
        .chosen
        .as_ref()
        .is_some_and(|(settled, request)| settled != key || state.outcome(*request).is_some_and(|end| end.result.is_err()))
    {
        form.chosen = None;
    }
    let mut done = false;
    let title = fl!("conflict-title", what = name_of(key, item));
    let closed = dialog(ui, "conflict", &title, FORM_WIDTH, |ui| {
        let t = tokens(ui);
        if form.n_at_first > 1 {
            let at = (form.n_at_first + 1).saturating_sub(item.conflicts.len()).max(1);
            ui.label(role::label(ui, fl!("conflict-of", at = at, n = (form.n_at_first.max(item.conflicts.len())))));
        }
        ui.add(egui::Label::new(role::body(ui, fl!("conflict-sentence")).color(t.text2)).wrap());
        ui.add_space(S4);
        for (idx, value) in values(vault, form).into_iter().enumerate() {
            ui.push_id(idx, |ui| {
                if value_ui(ui, state, vault, item, idx, value, form, out) {
                    form.hide_all(out);
                    done = item.conflicts.len() == 1;
                }
            });
            ui.add_space(S2);
        }
        dialog_buttons(ui, |ui| {
            if secondary(ui, fl!("conflict-later")).clicked() {
                done = true;
            }
        });
    });
    if closed || done {
        form.hide_all(out);
        form.close();
    }
}

/// What was chosen, with the way to the other value, or to all of them.
fn chosen_toast(item: &ItemView, key: &FieldKey, chosen: &PastValue, all: &[&PastValue]) -> Toast {
    let text = fl!("conflict-chosen", what = name_of(key, item), title = item.title.as_str(), device = device_of(chosen));
    let mut others = all.iter().filter(|value| value.dot != chosen.dot);
    let (verb, action) = match (others.next(), others.next()) {
        (Some(other), None) => (fl!("conflict-other"), ToastAction::TakePast(item.id, other.dot)),
        _ => (fl!("action-history"), ToastAction::Go(Go::History(item.id))),
    };
    Toast { life_ms: 10_000, ..Toast::done(text).of(ToastKind::Undo).with(verb, action) }
}

fn device_of(value: &PastValue) -> String {
    if value.device.is_empty() { fl!("history-unknown-device") } else { value.device.clone() }
}

/// One value; true when it was chosen.
#[allow(clippy::too_many_arguments, reason = "a view's four and what it is about")]
fn value_ui(
    ui: &mut Ui,
    state: &State,
    vault: &OpenVault,
    item: &ItemView,
    idx: usize,
    value: &PastValue,
    form: &mut ConflictForm,
    out: &mut Outbox,
) -> bool {
    let t = tokens(ui);
    let mut chosen = false;
    card(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin::same(16)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            let when = format::ago(state.now_ms, value.wall_ms);
            ui.label(role::small(ui, fl!("conflict-value-of", device = device_of(value), when = when)));
            ui.add_space(4.0);
            let request = form.reveals.iter().find(|(at, _)| *at == idx).map(|(_, request)| *request);
            let revealed = request.and_then(|request| vault.revealed_by(request));
            match (&value.shown, revealed) {
                _ if value.absent => {
                    ui.label(role::body(ui, fl!("history-removed")).color(t.text2));
                }
                (Some(text), _) => {
                    ui.add(egui::Label::new(role::body(ui, text)).wrap());
                }
                (None, Some(revealed)) => {
                    let galley = glyphs::galley(ui, revealed.text.expose(), None, ui.available_width());
                    let (rect, _) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
                    ui.painter().galley(rect.min, galley, t.text);
                }
                (None, None) => {
                    ui.label(Role::Mono.rich(glyphs::BULLETS, t.text2));
                }
            }
            ui.add_space(S2);
            ui.horizontal(|ui| {
                // Which is right is not for the window to propose: no value is the main one.
                let keep = PushButton::new(Look::Secondary, fl!("conflict-use")).icon(icons::CHECK).enabled(form.chosen.is_none());
                if keep.show(ui).clicked() {
                    let request = out.send(Command::RestorePast { item: item.id, dot: value.dot });
                    out.toast(chosen_toast(item, &value.key, value, &values(vault, form)));
                    form.chosen = Some((value.key.clone(), request));
                    chosen = true;
                }
                if value.shown.is_none() && !value.absent && revealed.is_none() && ghost(ui, fl!("history-reveal")).clicked() {
                    let request = out.send(Command::RevealPast { item: item.id, dot: value.dot });
                    form.reveals.push((idx, request));
                }
            });
        });
    });
    chosen
}

/// The live values that were asked for.
fn values<'a>(vault: &'a OpenVault, form: &ConflictForm) -> Vec<&'a PastValue> {
    let (Some((key, request)), Some((answered, values))) = (&form.asked, &vault.history) else { return Vec::new() };
    if answered != request {
        return Vec::new();
    }
    values.iter().filter(|value| value.current && value.key == *key).collect()
}

fn devices(values: &[&PastValue]) -> Vec<String> {
    let mut devices: Vec<String> = values.iter().map(|value| value.device.clone()).filter(|device| !device.is_empty()).collect();
    devices.sort();
    devices.dedup();
    devices
}

fn field_id(key: &FieldKey) -> FieldId {
    FieldId(String::from_utf8_lossy(&key.element).into_owned())
}

/// What a part of an item is called.
pub(crate) fn name_of(key: &FieldKey, item: &ItemView) -> String {
    match key.class {
        FieldClass::Field => {
            let id = field_id(key);
            let own = item.fields.iter().find(|field| field.id == id).map_or("", |field| field.label.as_str());
            field::label_of(&id, own)
        }
        FieldClass::Title => fl!("part-title"),
        FieldClass::Folder => fl!("part-folder"),
        FieldClass::Favourite => fl!("part-favourite"),
        FieldClass::Archived => fl!("part-archived"),
        FieldClass::Alive => fl!("part-alive"),
        FieldClass::Expires => fl!("part-expires"),
        FieldClass::Kind => fl!("part-kind"),
        FieldClass::Tag => fl!("part-tag", tag = String::from_utf8_lossy(&key.element).into_owned()),
        FieldClass::Section => fl!("part-section"),
        FieldClass::Attachment => fl!("part-attachment"),
        FieldClass::Link => fl!("part-link"),
        FieldClass::Object | FieldClass::Created | FieldClass::Setting => fl!("part-other"),
    }
}
