//! The shortcuts, and other keys for them: press to record, a sentence where it can't be, and the way back.

use egui::{Align, Layout, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::{
    actions::{
        self, Action, TABLE,
        keymap::{self, Keymap, write_keys},
    },
    fl, icons,
    outbox::Outbox,
    role::{self, Role},
    settings::DeviceSettings,
    state::State,
    theme::{S2, S4, icon_button_side, tokens},
    views::shortcuts::{caps, groups},
    widgets::{Look, PushButton, card, card_line, error_text, heading, icon_button, progress::hint},
};

/// What is being recorded.
#[derive(Default)]
pub(super) struct KeysForm {
    recording: Option<Action>,
    refused: Option<(Action, String)>,
}

impl KeysForm {
    /// Whether the next keys are a new shortcut and do nothing else.
    pub(super) fn records(&self) -> bool {
        self.recording.is_some()
    }

    /// Stops recording: the page is left.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }
}

/// The page.
pub(super) fn keys_ui(ui: &mut Ui, state: &State, settings: &DeviceSettings, form: &mut KeysForm, out: &mut Outbox) {
    let lead = if state.platform.is_browser() { fl!("keys-lead-browser") } else { fl!("keys-lead") };
    super::lead(ui, lead);
    let keymap = Keymap::in_force(ui.ctx());
    record(ui, settings, form, &keymap, out);
    for (at, (group, title)) in groups().into_iter().enumerate() {
        if at > 0 {
            ui.add_space(S4);
        }
        heading(ui.label(role::section(ui, title)), 2);
        ui.add_space(4.0);
        card(ui, |ui| {
            // Where one is, Esc leads out of everything: it stays as it is.
            let rows = TABLE.iter().filter(|row| row.group == group && row.action != Action::Cancel);
            for (at, row) in rows.filter(|row| offered(state, row.action)).enumerate() {
                if at > 0 {
                    card_line(ui);
                }
                row_ui(ui, settings, form, &keymap, row.action, out);
            }
        });
    }
    ui.add_space(S4);
    let changed = !settings.shortcuts.is_empty();
    if PushButton::new(Look::Secondary, fl!("keys-reset-all")).enabled(changed).show(ui).clicked() {
        form.stop();
        out.change_settings(DeviceSettings { shortcuts: Default::default(), ..settings.clone() });
    }
}

/// Whether the platform has the action at all.
fn offered(state: &State, action: Action) -> bool {
    match action {
        Action::Quit => !state.platform.is_browser(),
        Action::Update => state.platform.is_browser(),
        _ => true,
    }
}

/// Takes the keys that are pressed while an action waits for some.
fn record(ui: &Ui, settings: &DeviceSettings, form: &mut KeysForm, keymap: &Keymap, out: &mut Outbox) {
    let Some(action) = form.recording else { return };
    let Some(keys) = keymap::record(ui.ctx()) else { return };
    if keys.logical_key == egui::Key::Escape {
        form.stop();
        return;
    }
    match keymap.check(action, &keys) {
        Ok(()) => {
            let usual = keymap.usual(action);
            let mut new = settings.clone();
            if usual == [keys] {
                new.shortcuts.remove(action.id());
            } else {
                new.shortcuts.insert(action.id().to_owned(), vec![write_keys(&keys)]);
            }
            form.stop();
            out.change_settings(new);
        }
        Err(refusal) => form.refused = Some((action, refusal.sentence(actions::keys_text(ui.ctx(), &keys)))),
    }
}

fn row_ui(ui: &mut Ui, settings: &DeviceSettings, form: &mut KeysForm, keymap: &Keymap, action: Action, out: &mut Outbox) {
    let t = tokens(ui);
    let label = action.label();
    let keys: Vec<String> = keymap.of(action).iter().map(|keys| actions::keys_text(ui.ctx(), keys)).collect();
    let recording = form.recording == Some(action);
    let changed = settings.shortcuts.contains_key(action.id());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, format!("{label}: {}", keys.join(", "))));
    let side = icon_button_side(ui);
    // Room for three buttons is always kept, so that nothing moves.
    let buttons =
        egui::Rect::from_min_max(pos2(rect.right() - 3.0 * (side + 4.0) - 8.0, rect.top()), pos2(rect.right() - 8.0, rect.bottom()));
    let shown = egui::Rect::from_min_max(rect.min, pos2(buttons.left() + 8.0, rect.bottom()));
    let right = if recording {
        let words = Role::Small.line(ui, &fl!("keys-press"), t.accent_text, shown.width() * 0.5);
        let left = shown.right() - 12.0 - words.size().x;
        ui.painter().galley(pos2(left, shown.center().y - words.size().y / 2.0), words, t.accent_text);
        left
    } else {
        caps(ui, shown, &keys)
    };
    let words = Role::Body.line(ui, &label, t.text, right - rect.left() - 24.0);
    ui.painter().galley(pos2(rect.left() + 16.0, rect.center().y - words.size().y / 2.0), words, t.text);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(buttons).layout(Layout::right_to_left(Align::Center)));
    inner.spacing_mut().item_spacing.x = 4.0;
    if recording {
        if icon_button(&mut inner, icons::X, fl!("keys-stop", action = label.clone())).clicked() {
            form.stop();
        }
    } else if icon_button(&mut inner, icons::PENCIL_SIMPLE, fl!("keys-change", action = label.clone())).clicked() {
        form.refused = None;
        form.recording = Some(action);
        // A focused button would take Space and Enter for itself.
        ui.memory_mut(|memory| memory.stop_text_input());
    }
    if changed && icon_button(&mut inner, icons::ARROW_COUNTER_CLOCKWISE, fl!("keys-reset", action = label.clone())).clicked() {
        form.stop();
        let mut new = settings.clone();
        new.shortcuts.remove(action.id());
        reset(&mut new, keymap, action);
        out.change_settings(new);
    }
    if !keys.is_empty() && !recording && icon_button(&mut inner, icons::TRASH, fl!("keys-remove", action = label.clone())).clicked() {
        form.stop();
        let mut new = settings.clone();
        new.shortcuts.insert(action.id().to_owned(), Vec::new());
        out.change_settings(new);
    }
    if recording {
        ui.horizontal(|ui| {
            ui.add_space(S2);
            ui.vertical(|ui| match &form.refused {
                Some((of, sentence)) if *of == action => {
                    error_text(ui, sentence.clone());
                }
                _ => {
                    hint(ui, fl!("keys-press-note"));
                }
            });
        });
        ui.add_space(S2);
    }
}

/// The usual keys of `action` come back; another action that was given one of them goes back to its own too.
fn reset(settings: &mut DeviceSettings, keymap: &Keymap, action: Action) {
    let usual: Vec<String> = keymap.usual(action).iter().map(write_keys).collect();
    settings.shortcuts.retain(|_, keys| !keys.iter().any(|keys| usual.contains(keys)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Platform;

    #[test]
    fn resetting_never_leaves_two_actions_with_one_shortcut() {
        let mut settings = DeviceSettings::default();
        settings.shortcuts.insert("new-item".to_owned(), vec!["Ctrl+J".to_owned()]);
        settings.shortcuts.insert("generator".to_owned(), vec!["Ctrl+N".to_owned()]);
        let keymap = Keymap::new(Platform::Desktop, false, &settings.shortcuts);
        settings.shortcuts.remove("new-item");
        reset(&mut settings, &keymap, Action::NewItem);
        assert!(settings.shortcuts.is_empty());
    }
}
