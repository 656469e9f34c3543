//! The devices of the vault: who they are, when they were last heard, and what can be done with each of them.

use egui::{Popup, Ui};
use vault_engine::{
    Command, RequestId,
    sync::{SyncDevice, SyncState, SyncStatus},
};
use vault_protocol::DeviceId;

use crate::{
    fl, format, icons,
    notices::{self, sync::device_name},
    outbox::Outbox,
    state::State,
    theme::{S2, Tone},
    views::settings::password::outcome_ui,
    widgets::{
        Look, PushButton, RowIcon, card, card_line,
        dialog::{WIDTH, dialog, dialog_buttons},
        icon_button, menu_item, notice_row,
        progress::hint,
        secondary, section_head, state_chip, text_field,
        toast::Toast,
    },
};

/// The least width of a row with a chip beside its menu.
const CHIP_FITS: f32 = 420.0;

/// What is wanted of the list.
pub(super) enum Wanted {
    /// A code for another device.
    Add,
    /// Another name.
    Rename(DeviceId, String),
    /// A device is to go.
    Remove(DeviceId, String),
}

/// The devices.
pub(super) fn devices_ui(ui: &mut Ui, state: &State, status: &SyncStatus, read_only: bool) -> Option<Wanted> {
    let mut wanted = None;
    section_head(ui, fl!("sync-devices"));
    card(ui, |ui| {
        for (at, device) in status.devices.iter().enumerate() {
            if at > 0 {
                card_line(ui);
            }
            wanted = device_ui(ui, state, status, device, read_only).or(wanted.take());
        }
        // A new device gets the vault over the server.
        if status.enabled && !matches!(status.state, SyncState::Removed | SyncState::Alarm(_)) {
            card_line(ui);
            let icon = RowIcon { icon: icons::PLUS, tone: None };
            let add = notice_row(ui, Some(icon), fl!("pair-add"), fl!("pair-add-note"), |ui| {
                PushButton::new(Look::Secondary, fl!("pair-add-go")).show(ui).clicked()
            });
            if add {
                wanted = Some(Wanted::Add);
            }
        }
    });
    wanted
}

/// The name of a device; one that shares its name with another also by the first digits of its id.
pub(super) fn shown_name(status: &SyncStatus, device: &SyncDevice) -> String {
    let has_twin = status.devices.iter().filter(|other| other.name == device.name).count() > 1;
    match (has_twin, device.device.0) {
        (true, [a, b, ..]) => format!("{} · {a:02x}{b:02x}", device_name(device)),
        (false, _) => device_name(device),
    }
}

fn device_ui(ui: &mut Ui, state: &State, status: &SyncStatus, device: &SyncDevice, read_only: bool) -> Option<Wanted> {
    let name = shown_name(status, device);
    // Where a chip would push the menu below the name, the line under it says the same.
    let has_chip = ui.available_width() >= CHIP_FITS;
    let note = match (device.is_this, device.is_silent, device.last_seen_ms) {
        (true, ..) if has_chip => String::new(),
        (true, ..) => fl!("sync-device-this"),
        (false, _, 0) => fl!("sync-device-unseen"),
        (false, true, seen) => fl!("sync-device-silent-note", ago = format::ago(state.now_ms, seen)),
        (false, false, seen) => fl!("sync-device-seen", ago = format::ago(state.now_ms, seen)),
    };
    let tone = device.is_silent.then_some(Tone::Warn);
    let mut wanted = None;
    notice_row(ui, Some(RowIcon { icon: icons::DEVICES, tone }), name.clone(), note, |ui| {
        // One that is removed itself has nothing to say of the others.
        if !read_only && status.state != SyncState::Removed {
            let more = icon_button(ui, icons::DOTS_THREE, fl!("device-more", device = name.as_str()));
            Popup::menu(&more).width(200.0).show(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                if menu_item(ui, icons::PENCIL_SIMPLE, &fl!("device-rename"), "", true) {
                    wanted = Some(Wanted::Rename(device.device, device.name.clone()));
                }
                if !device.is_this && menu_item(ui, icons::TRASH, &fl!("device-remove"), "", true) {
                    wanted = Some(Wanted::Remove(device.device, name.clone()));
                }
            });
        }
        if !has_chip {
            return;
        }
        if device.is_this {
            state_chip(ui, Tone::Info, icons::CHECK, &fl!("sync-device-this"));
        } else if device.is_silent {
            state_chip(ui, Tone::Warn, icons::WARNING, &fl!("sync-device-silent"));
        }
    });
    wanted
}

/// What is typed in the dialog that renames.
#[derive(Default)]
pub(super) struct RenameForm {
    device: Option<DeviceId>,
    before: String,
    name: String,
    request: Option<RequestId>,
    failed: Option<String>,
    focused: bool,
}

impl RenameForm {
    pub(super) fn open(&mut self, device: DeviceId, name: String) {
        *self = Self { device: Some(device), before: name.clone(), name, ..Self::default() };
    }
}

pub(super) fn rename_ui(ui: &mut Ui, state: &State, form: &mut RenameForm, out: &mut Outbox) {
    let Some(device) = form.device else { return };
    if let Some(outcome) = form.request.and_then(|request| state.outcome(request)) {
        form.request = None;
        match &outcome.result {
            Ok(()) => {
                out.toast(Toast::done(fl!("device-renamed", device = form.name.trim())));
                *form = RenameForm::default();
                return;
            }
            Err(failure) => form.failed = Some(notices::failure(failure, state.now_ms)),
        }
    }
    let title = match form.before.as_str() {
        "" => fl!("device-rename-title", device = fl!("sync-nameless")),
        name => fl!("device-rename-title", device = name),
    };
    let mut done = false;
    let closed = dialog(ui, "rename-device", &title, WIDTH, |ui| {
        let input = text_field(ui, fl!("device-rename-field"), &mut form.name);
        if !std::mem::replace(&mut form.focused, true) {
            input.request_focus();
        }
        hint(ui, fl!("device-rename-note"));
        ui.add_space(S2);
        outcome_ui(ui, state, false, form.failed.as_deref(), form.request);
        let entered = input.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let name = form.name.trim();
        let ready = form.request.is_none() && !name.is_empty() && name != form.before;
        dialog_buttons(ui, |ui| {
            let go = PushButton::new(Look::Primary, fl!("device-rename-go")).enabled(ready).show(ui);
            if ready && (go.clicked() || entered) {
                form.failed = None;
                form.request = Some(out.send(Command::RenameDevice { device, name: form.name.trim().to_owned() }));
            }
            done = secondary(ui, fl!("cancel")).clicked();
        });
    });
    if closed || done {
        *form = RenameForm::default();
    }
}
