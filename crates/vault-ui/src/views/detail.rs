//! The detail pane in read mode: what an item is, its fields, and what can be done with each.
//!
//! A secret is here only while it is shown: the text lives in [`State`] and leaves it when its time is up, on lock, on blur and when another
//! item is opened.

mod conflict;
mod menu;

pub(crate) use conflict::name_of as part_name;

use egui::{Label, Sense, Ui, Vec2};
use vault_engine::{Command, RequestId, command::Scope};
use vault_model::{FieldId, FieldType, FieldView, ItemView, ShownValue};
use vault_protocol::ObjectId;

use super::attachments::{AttachmentsForm, strip_ui};
use crate::{
    actions::Action,
    fl, format, icons,
    l10n::kind_name,
    outbox::{Ask, Go, Outbox},
    role::{self, Role},
    state::{OpenVault, State},
    theme::{S2, S3, S4, S5, Tone, icon_button_side, tokens},
    widgets::{
        self, Banner, BannerAnswer, Look, PushButton, banner, card, chip,
        field::{self, Row, Shown, Tool, glyphs, totp::Code},
        heading, icon_button, icon_toggle, link, page, section_head, state_chip, tile,
    },
};

/// Below this width the head has icons instead of words.
const NARROW: f32 = 440.0;
/// Side of the tile in the head.
const TILE: f32 = 40.0;
/// Fields of that name stand below the attachments, under a head of their own.
const NOTES: &str = "notes";

/// What is expanded in the detail pane. Holds no value of any item.
#[derive(Default)]
pub struct DetailForm {
    item: Option<ObjectId>,
    /// Requests for secrets, by field. The text itself is in the state.
    asked: Vec<(FieldId, RequestId)>,
    /// The revealed field shown in large type.
    large: Option<FieldId>,
    menu: menu::MenuForm,
    conflict: conflict::ConflictForm,
    /// The attachments strip.
    pub attachments: AttachmentsForm,
}

impl DetailForm {
    /// Whether a dialog of this pane is open: it owns the keyboard.
    pub fn has_dialog(&self) -> bool {
        self.menu.is_open() || self.conflict.is_open() || self.attachments.has_dialog()
    }

    /// Closes the dialog that is open, if there is one.
    pub fn close_dialog(&mut self) {
        self.menu.close();
        self.conflict.close();
        self.attachments.close_dialog();
    }

    /// Reveals every secret of the open item, or hides them if any is shown.
    fn toggle_secrets(&mut self, state: &State, out: &mut Outbox) {
        let Some(vault) = &state.vault else { return };
        let Some(item) = &vault.item else { return };
        let shown: Vec<RequestId> =
            item.fields.iter().filter_map(|field| vault.revealed(item.id, &field.id)).map(|shown| shown.request).collect();
        if shown.is_empty() {
            for field in item.fields.iter().filter(|field| can_reveal(field)) {
                self.reveal(item.id, &field.id, out);
            }
        } else {
            shown.into_iter().for_each(|request| out.forget(request));
            self.large = None;
        }
    }

    fn reveal(&mut self, item: ObjectId, field: &FieldId, out: &mut Outbox) {
        let request = out.send(Command::Reveal { item, field: field.clone() });
        self.asked.retain(|(id, _)| id != field);
        self.asked.push((field.clone(), request));
    }

    fn hide(&mut self, vault: &OpenVault, item: ObjectId, field: &FieldId, out: &mut Outbox) {
        if let Some(shown) = vault.revealed(item, field) {
            out.forget(shown.request);
        }
        self.large.take_if(|large| large == field);
    }

    /// Nothing of one item stays expanded in another.
    fn follow(&mut self, item: ObjectId) {
        if self.item != Some(item) {
            let attachments = std::mem::take(&mut self.attachments);
            *self = Self { item: Some(item), attachments, ..Self::default() };
        }
    }
}

/// Does what a shortcut asks of the detail pane.
pub fn act(action: Action, state: &State, form: &mut DetailForm, out: &mut Outbox) {
    if action == Action::Reveal {
        form.toggle_secrets(state, out);
    }
}

/// Whether a field has a secret text that can be shown: a TOTP secret shows its code instead.
fn can_reveal(field: &FieldView) -> bool {
    field.field_type != FieldType::Totp && matches!(field.value, ShownValue::Hidden { is_empty: false, .. })
}

/// The detail pane of the open item.
pub fn detail_ui(ui: &mut Ui, state: &State, form: &mut DetailForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let Some(item) = &vault.item else { return };
    form.follow(item.id);
    page(ui, "detail", |ui| {
        head_ui(ui, state, vault, item, form, out);
        ui.add_space(S4);
        state_ui(ui, vault, item, form, out);
        marks_ui(ui, state, item, out);
        cards_ui(ui, state, vault, item, form, out);
        section_head(ui, fl!("detail-attachments"));
        strip_ui(ui, state, item, &mut form.attachments, out);
        notes_ui(ui, state, vault, item, form, out);
        links_ui(ui, vault, item, out);
        history_ui(ui, state, item, out);
        ui.add_space(S5);
    });
    menu::dialogs_ui(ui, vault, item, &mut form.menu, out);
    conflict::dialog_ui(ui, state, vault, item, &mut form.conflict, out);
}

fn head_ui(ui: &mut Ui, state: &State, vault: &OpenVault, item: &ItemView, form: &mut DetailForm, out: &mut Outbox) {
    let read_only = vault.status.read_only.is_some();
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(TILE), Sense::hover());
        tile(ui, rect, widgets::kind_icon(&item.kind), false);
        ui.add_space(S3 - ui.spacing().item_spacing.x);
        let narrow = ui.available_width() < NARROW;
        let side = icon_button_side(ui);
        let buttons = match (read_only || item.trashed, narrow) {
            (true, _) => side,
            (false, true) => 3.0 * side + 2.0 * S2,
            (false, false) => 134.0 + 2.0 * side,
        };
        let width = (ui.available_width() - buttons - S2).max(80.0);
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing.y = 0.0;
            let title = if item.title.is_empty() { fl!("detail-untitled") } else { item.title.clone() };
            heading(ui.add(Label::new(role::title(ui, &title)).truncate()), 1).on_hover_text(title);
            ui.add(Label::new(role::small(ui, meta_words(state, item))).truncate());
        });
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = S2;
            if !read_only && !item.trashed {
                let edit = if narrow {
                    icon_button(ui, icons::PENCIL_SIMPLE, fl!("detail-edit"))
                } else {
                    let keys = Action::Edit.keys(ui.ctx());
                    PushButton::new(Look::Secondary, fl!("detail-edit")).icon(icons::PENCIL_SIMPLE).tooltip(keys).show(ui)
                };
                if edit.clicked() {
                    out.go(Go::Edit(item.id));
                }
            }
            menu::button_ui(ui, vault, item, &mut form.menu, out);
            if !read_only && !item.trashed {
                let name = if item.favourite { fl!("detail-unstar") } else { fl!("detail-star") };
                if icon_toggle(ui, [icons::STAR, icons::STAR_FILL], item.favourite, name).clicked() {
                    out.act(Action::Favourite);
                }
            }
        });
    });
}

fn meta_words(state: &State, item: &ItemView) -> String {
    let mut parts = vec![kind_name(&item.kind)];
    if !item.folder.is_empty() {
        parts.push(item.folder.replace('/', " › "));
    } else if let Some(vault) = &state.vault {
        parts.push(vault.status.name.clone());
    }
    if item.changed_ms > 0 {
        parts.push(changed_words(state.now_ms, item));
    }
    parts.join(" · ")
}

fn changed_words(now_ms: u64, item: &ItemView) -> String {
    let when = format::ago(now_ms, item.changed_ms);
    if item.changed_by.is_empty() {
        fl!("detail-changed", when = when)
    } else {
        fl!("detail-changed-on", device = item.changed_by.as_str(), when = when)
    }
}

/// The one thing about the item that matters most: trash, then conflicts, then what a newer program wrote.
fn state_ui(ui: &mut Ui, vault: &OpenVault, item: &ItemView, form: &mut DetailForm, out: &mut Outbox) {
    if item.trashed {
        let text = match vault.status.settings.trash_days {
            0 => fl!("detail-in-trash"),
            days => fl!("detail-in-trash-days", days = days),
        };
        let notice = Banner { tone: Tone::Warn, text: &text, button: Some(&fl!("detail-restore")), dismissible: false };
        if banner(ui, &notice) == BannerAnswer::Button {
            out.send(Command::MarkItems { items: vec![item.id], mark: vault_engine::command::Mark::Trashed(false) });
        }
        ui.add_space(S4);
    } else if !item.conflicts.is_empty() {
        conflict::banner_ui(ui, vault, item, &mut form.conflict, out);
        ui.add_space(S4);
    } else if item.n_opaque > 0 {
        let text = fl!("detail-opaque", n = item.n_opaque);
        banner(ui, &Banner { tone: Tone::Info, text: &text, button: None, dismissible: false });
        ui.add_space(S4);
    }
}

/// Chips: expiry, archive, tags.
fn marks_ui(ui: &mut Ui, state: &State, item: &ItemView, out: &mut Outbox) {
    if item.tags.is_empty() && item.expires.is_empty() && !item.archived {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(S2);
        if let Some((tone, text)) = expiry_words(state.now_ms, &item.expires) {
            state_chip(ui, tone, icons::CALENDAR_X, &text);
        }
        if item.archived {
            state_chip(ui, Tone::Info, icons::ARCHIVE, &fl!("detail-archived"));
        }
        for tag in &item.tags {
            if chip(ui, tag).clicked() {
                out.go(Go::List(Scope::Tag(tag.clone())));
            }
        }
    });
    ui.add_space(S4);
}

/// Colour and words for an expiry date.
pub(crate) fn expiry_words(now_ms: u64, expires: &str) -> Option<(Tone, String)> {
    let days = format::days_until(now_ms, expires)?;
    Some(match days {
        ..0 => (Tone::Danger, fl!("detail-expired", date = expires)),
        0 => (Tone::Danger, fl!("detail-expires-today")),
        1..=30 => (Tone::Warn, fl!("detail-expires-in", n = days)),
        _ => (Tone::Info, fl!("detail-expires-on", date = expires)),
    })
}

fn cards_ui(ui: &mut Ui, state: &State, vault: &OpenVault, item: &ItemView, form: &mut DetailForm, out: &mut Outbox) {
    let shown: Vec<&FieldView> = item.fields.iter().filter(|field| has_value(field) && field.id.0 != NOTES).collect();
    let sections: Vec<_> = shown.iter().map(|field| field.section.clone()).collect();
    let groups = field::groups(&sections, &item.sections);
    if groups.iter().all(|group| group.fields.is_empty()) {
        ui.label(role::body(ui, fl!("detail-no-fields")).color(tokens(ui).text2));
    }
    let mut first = true;
    for group in groups.iter().filter(|group| !group.fields.is_empty()) {
        match &group.section {
            Some(id) => {
                section_head(ui, field::section_title(id, &item.sections));
            }
            None if !first => ui.add_space(S5),
            None => {}
        }
        first = false;
        card(ui, |ui| {
            for (idx, &at) in group.fields.iter().enumerate() {
                field_ui(ui, state, vault, item, shown[at], idx > 0, form, out);
            }
        });
    }
}

fn has_value(field: &FieldView) -> bool {
    match &field.value {
        ShownValue::Shown(text) => !text.is_empty(),
        ShownValue::Hidden { is_empty, .. } => !is_empty,
    }
}

#[allow(clippy::too_many_arguments, reason = "a view's four and what it is about")]
fn field_ui(
    ui: &mut Ui,
    state: &State,
    vault: &OpenVault,
    item: &ItemView,
    view: &FieldView,
    line_above: bool,
    form: &mut DetailForm,
    out: &mut Outbox,
) {
    let label = field::label_of(&view.id, &view.label);
    let revealed = vault.revealed(item.id, &view.id);
    let group = glyphs::group_of(view.field_type);
    let open = matches!(view.field_type, FieldType::Url);
    let (shown, tools): (Shown<'_>, &[Tool]) = match (&view.value, revealed, vault.totp.get(&view.id)) {
        (_, _, Some(live)) if view.field_type == FieldType::Totp => (
            Shown::Code(Code {
                code: live.code.expose(),
                next: live.next.expose(),
                until_ms: live.until_ms,
                period_secs: live.period_secs,
                now_ms: state.now_ms,
            }),
            &[],
        ),
        (_, Some(revealed), _) => (Shown::Revealed { text: revealed.text.expose(), group }, &[Tool::Large, Tool::Hide]),
        (ShownValue::Hidden { hint, .. }, None, _) if view.field_type == FieldType::Totp => (Shown::Hidden { hint }, &[]),
        (ShownValue::Hidden { hint, .. }, None, _) => (Shown::Hidden { hint }, &[Tool::Reveal]),
        (ShownValue::Shown(text), None, _) if is_mono(view.field_type) => (Shown::Mono { text, group }, &[]),
        (ShownValue::Shown(text), None, _) => (Shown::Text(text), if open { &[Tool::Open] } else { &[] }),
    };
    // The head of the section says it already.
    let show_label = view.id.0 != NOTES;
    let row = Row { id: &view.id.0, label: &label, show_label, shown, tools, line_above, always: false };
    let outcome = field::row_ui(ui, &row);
    if outcome.copy {
        out.send(Command::CopyField { item: item.id, field: view.id.clone() });
    }
    match outcome.tool {
        Some(Tool::Reveal) => form.reveal(item.id, &view.id, out),
        Some(Tool::Hide) => form.hide(vault, item.id, &view.id, out),
        Some(Tool::Large) => form.large = if form.large.as_ref() == Some(&view.id) { None } else { Some(view.id.clone()) },
        Some(Tool::Open) => {
            if let ShownValue::Shown(address) = &view.value {
                out.ask(Ask::OpenUrl(address.clone()));
            }
        }
        None => {}
    }
    if let (Some(revealed), true) = (revealed, form.large.as_ref() == Some(&view.id)) {
        let text = revealed.text.expose();
        let width = ui.available_width() - 2.0 * S4;
        let (rect, _) =
            ui.allocate_exact_size(Vec2::new(ui.available_width(), glyphs::large_height(text.chars().count(), width)), Sense::hover());
        glyphs::paint_large(ui, rect.shrink2(Vec2::new(S4, 0.0)), text);
    }
    if !view.warnings.is_empty() || view.n_conflicting > 0 {
        egui::Frame::new().inner_margin(egui::Margin { left: 16, right: 16, top: 0, bottom: 10 }).show(ui, |ui| {
            ui.spacing_mut().interact_size.y = 16.0;
            field::warnings_ui(ui, &view.warnings);
            if view.n_conflicting > 0 {
                let words = fl!("detail-more-values", n = view.n_conflicting);
                ui.label(Role::Small.rich(words, tokens(ui).warn));
            }
        });
    }
}

fn is_mono(field_type: FieldType) -> bool {
    match field_type {
        FieldType::Iban | FieldType::Bic | FieldType::RoutingNumber | FieldType::ChainAddress => true,
        FieldType::Text
        | FieldType::Secret
        | FieldType::Multiline
        | FieldType::SecretMultiline
        | FieldType::Url
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Date
        | FieldType::MonthYear
        | FieldType::CardNumber
        | FieldType::Mnemonic
        | FieldType::Totp
        | FieldType::RecoveryCodes => false,
    }
}

fn notes_ui(ui: &mut Ui, state: &State, vault: &OpenVault, item: &ItemView, form: &mut DetailForm, out: &mut Outbox) {
    let Some(notes) = item.fields.iter().find(|field| field.id.0 == NOTES && has_value(field)) else { return };
    section_head(ui, field::label_of(&notes.id, &notes.label));
    card(ui, |ui| field_ui(ui, state, vault, item, notes, false, form, out));
}

fn links_ui(ui: &mut Ui, vault: &OpenVault, item: &ItemView, out: &mut Outbox) {
    if item.links.is_empty() {
        return;
    }
    section_head(ui, fl!("detail-links"));
    for linked in &item.links {
        match vault.rows.get(linked) {
            Some(row) => {
                if link(ui, &row.title).clicked() {
                    out.go(Go::Item(*linked));
                }
            }
            None => {
                ui.label(role::small(ui, fl!("detail-link-gone")));
            }
        }
    }
}

fn history_ui(ui: &mut Ui, state: &State, item: &ItemView, out: &mut Outbox) {
    section_head(ui, fl!("detail-history"));
    if item.changed_ms > item.created_ms {
        let when = format::ago(state.now_ms, item.changed_ms);
        let words = if item.changed_by.is_empty() {
            fl!("detail-last-changed", when = when)
        } else {
            fl!("detail-last-changed-on", device = item.changed_by.as_str(), when = when)
        };
        ui.label(role::body(ui, words));
    }
    ui.label(role::body(ui, fl!("detail-created", when = format::ago(state.now_ms, item.created_ms))));
    if link(ui, fl!("detail-show-history")).clicked() {
        out.go(Go::History(item.id));
    }
}

/// A button with an icon in the head of a pane that goes back.
pub(crate) fn back_button(ui: &mut Ui, out: &mut Outbox) {
    if icon_button(ui, icons::CARET_LEFT, fl!("detail-back")).clicked() {
        out.go(Go::Back);
    }
}
