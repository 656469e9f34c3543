//! Sync: what a server gets and never gets, whether all devices agree, and what to do when something is wrong.

mod add_device;
mod address;
mod agreement;
mod alarm;
mod apart;
mod devices;
mod dialogs;
mod files;
mod plan;
mod remove_device;
mod turn_on;

use egui::Ui;
use vault_engine::{
    Command, RequestId,
    sync::{SyncState, SyncStatus},
};

use self::devices::Wanted;
use super::lead;
use crate::{
    actions::Action,
    fl, icons,
    notices::{self, sync::Standing},
    outbox::Outbox,
    state::{OpenVault, State},
    theme::{S4, Tone},
    views::recover::KitForm,
    widgets::{
        Banner, Look, PushButton, RowIcon, banner, card, card_line, ghost, notice_row,
        progress::progress,
        section_head, setting_row,
        toast::{Toast, ToastKind},
    },
};

/// What is typed or under way.
#[derive(Default)]
pub(super) struct SyncForm {
    /// The address as it is typed; the one in force until something is.
    server: Option<String>,
    /// Switches sync on, or moves it.
    enabling: Option<RequestId>,
    failed: Option<String>,
    dialog: Dialog,
    kit: KitForm,
    deleting: Option<RequestId>,
    adding: add_device::AddDeviceForm,
    renaming: devices::RenameForm,
    removing: remove_device::RemoveForm,
    apart: apart::ApartForm,
    plan: plan::PlanForm,
    address: address::AddressForm,
}

/// What lies over the page.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Dialog {
    #[default]
    None,
    /// Another server.
    Server,
    /// Off on this device.
    TurnOff,
    /// The server's copy goes.
    Delete,
    /// What the server shows is taken as a new beginning.
    Anew,
}

impl SyncForm {
    /// The page is left: a secret that was typed does not wait for the next visit.
    pub(super) fn leave(&mut self) {
        self.dialog = Dialog::None;
        self.kit = KitForm::default();
        self.server = None;
        self.renaming = devices::RenameForm::default();
        self.removing = remove_device::RemoveForm::default();
        self.apart = apart::ApartForm::default();
        self.plan = plan::PlanForm::default();
        self.address = address::AddressForm::default();
    }

    /// Opens the dialog that ends what stopped sync, if the person can.
    pub(super) fn open_apart(&mut self, state: &SyncState) {
        self.apart.open(state);
    }

    fn open(&mut self, dialog: Dialog) {
        self.dialog = dialog;
        self.failed = None;
    }
}

pub(super) fn sync_ui(ui: &mut Ui, state: &State, form: &mut SyncForm, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let Some(status) = vault.sync.as_deref() else { return };
    follow(state, status, form, out);
    lead(ui, fl!("sync-lead"));
    if let SyncState::Alarm(what) = &status.state {
        alarm::alarm_ui(ui, status, what, form, out);
        ui.add_space(S4);
    }
    if !status.enabled {
        if status.state != SyncState::Off && !matches!(status.state, SyncState::Alarm(_)) {
            let words = Standing::of(status, state.now_ms);
            let text = format!("{}. {}", words.title, words.note);
            banner(ui, &Banner { tone: Tone::Warn, text: &text, button: None, dismissible: false });
            ui.add_space(S4);
        }
        turn_on::turn_on_ui(ui, state, vault, form, out);
    } else {
        standing_ui(ui, state, vault, status, form, out);
        if let Some(files) = vault.files.as_deref() {
            files::files_ui(ui, state.now_ms, files, out);
        }
        agreement::agreement_ui(ui, state, status, out);
    }
    let has_devices = status.devices.len() > 1 || status.enabled;
    if has_devices {
        match devices::devices_ui(ui, state, status, vault.status.read_only.is_some()) {
            Some(Wanted::Add) => form.adding.open(out),
            Some(Wanted::Rename(device, name)) => form.renaming.open(device, name),
            Some(Wanted::Remove(device, name)) => form.removing.open(device, name, status, out),
            None => {}
        }
    }
    if status.enabled && status.state != SyncState::Removed {
        address::address_ui(ui, vault, status, &mut form.address, out);
    }
    danger_ui(ui, status, form);
}

pub(super) fn dialogs_ui(ui: &mut Ui, state: &State, form: &mut SyncForm, out: &mut Outbox) {
    let Some(status) = state.vault.as_ref().and_then(|vault| vault.sync.as_deref()) else { return };
    dialogs::dialogs_ui(ui, state, status, form, out);
    add_device::dialog_ui(ui, state, &mut form.adding, out);
    devices::rename_ui(ui, state, &mut form.renaming, out);
    remove_device::dialog_ui(ui, state, &mut form.removing, out);
    apart::dialog_ui(ui, state, status, &mut form.apart, out);
    plan::dialogs_ui(ui, state, status, &mut form.plan, out);
    address::dialogs_ui(ui, state, status, &mut form.address, out);
}

/// Answers to what was sent from here.
fn follow(state: &State, status: &SyncStatus, form: &mut SyncForm, out: &mut Outbox) {
    if let Some(outcome) = form.enabling.and_then(|request| state.outcome(request)) {
        form.enabling = None;
        match &outcome.result {
            Ok(()) => {
                form.server = None;
                let text = fl!("sync-is-on", host = notices::sync::host(&status.server));
                out.toast(Toast::done(text).of(ToastKind::Sync));
            }
            // Once it is on, the card says where it stands and why.
            Err(vault_engine::Failure::Cancelled) => {}
            Err(_) if status.enabled => {}
            Err(failure) => form.failed = Some(notices::failure(failure, state.now_ms)),
        }
    }
    if let Some(outcome) = form.deleting.and_then(|request| state.outcome(request)) {
        form.deleting = None;
        match &outcome.result {
            Ok(()) => {
                form.leave();
                out.toast(Toast::done(fl!("sync-deleted", host = notices::sync::host(&status.server))));
            }
            Err(vault_engine::Failure::Cancelled) => {}
            Err(failure) => form.failed = Some(notices::failure(failure, state.now_ms)),
        }
    }
}

/// Where it stands, with which server, and what waits.
fn standing_ui(ui: &mut Ui, state: &State, vault: &OpenVault, status: &SyncStatus, form: &mut SyncForm, out: &mut Outbox) {
    let words = Standing::of(status, state.now_ms);
    let read_only = vault.status.read_only.is_some();
    card(ui, |ui| {
        // What the alarm says stands above the card already.
        let note = if matches!(status.state, SyncState::Alarm(_)) { fl!("sync-alarm-note") } else { words.note };
        notice_row(ui, Some(RowIcon { icon: words.icon, tone: words.tone }), words.title, note, |ui| match &status.state {
            SyncState::PasswordNeeded | SyncState::SettleNeeded | SyncState::PlaceLost => {
                let verb = apart::verb(&status.state).unwrap_or_default();
                if PushButton::new(Look::Primary, verb).enabled(!read_only).show(ui).clicked() {
                    form.apart.open(&status.state);
                }
            }
            SyncState::Running { .. } => {
                // What was only just switched on can be taken back; an exchange that runs by itself has no end to wait for.
                if form.enabling.is_some() && ghost(ui, fl!("cancel")).clicked() {
                    out.send(Command::SyncDisable);
                }
            }
            // An alarm has its own ways, above the card.
            SyncState::Removed | SyncState::Alarm(_) => {}
            _ => {
                let now = PushButton::new(Look::Secondary, fl!("action-sync-now")).icon(icons::ARROWS_CLOCKWISE).enabled(!read_only);
                if now.show(ui).clicked() {
                    out.act(Action::SyncNow);
                }
            }
        });
        if let SyncState::Running { done, total, .. } = status.state {
            let part = (total > 0).then(|| done as f32 / total as f32);
            egui::Frame::new().inner_margin(egui::Margin { left: 40, right: 16, top: 0, bottom: 12 }).show(ui, |ui| {
                let percent = done.saturating_mul(100).checked_div(total);
                let text = percent.map_or_else(|| fl!("progress-working"), |n| fl!("sync-percent", n = n));
                progress(ui, part, &text);
            });
        }
        card_line(ui);
        let held = match (status.registered, status.n_remote) {
            (false, _) => fl!("sync-server-nothing"),
            (true, n) => fl!("sync-server-holds", n = n, count = notices::sync::number(n)),
        };
        let icon = |icon| Some(RowIcon { icon, tone: None });
        notice_row(ui, icon(icons::HARD_DRIVES), notices::sync::host(&status.server), held, |ui| {
            let has_ways = matches!(status.state, SyncState::Alarm(_));
            if !has_ways
                && PushButton::new(Look::Secondary, fl!("sync-server-change"))
                    .enabled(form.enabling.is_none() && !read_only)
                    .show(ui)
                    .clicked()
            {
                form.server = Some(status.server.clone());
                form.open(Dialog::Server);
            }
        });
        plan::plan_ui(ui, status, &mut form.plan, out);
        card_line(ui);
        let here = fl!("sync-here", n = status.n_items, count = notices::sync::number(status.n_items));
        let waiting = match status.n_unpushed {
            0 => fl!("sync-all-sent"),
            n => fl!("sync-unsent", n = n, count = notices::sync::number(n)),
        };
        notice_row(ui, icon(icons::VAULT), here, waiting, |_| {});
    });
}

/// Off on this device, and the server's copy gone.
fn danger_ui(ui: &mut Ui, status: &SyncStatus, form: &mut SyncForm) {
    let has_copy = !status.server.is_empty() && status.registered;
    if !status.enabled && !has_copy {
        return;
    }
    section_head(ui, fl!("vault-danger"));
    card(ui, |ui| {
        if status.enabled {
            setting_row(ui, fl!("sync-turn-off-title"), fl!("sync-turn-off-note"), |ui| {
                if PushButton::new(Look::Secondary, fl!("sync-turn-off")).show(ui).clicked() {
                    form.open(Dialog::TurnOff);
                }
            });
        }
        if status.enabled && has_copy {
            card_line(ui);
        }
        if has_copy {
            setting_row(ui, fl!("sync-delete-title"), fl!("sync-delete-note"), |ui| {
                if PushButton::new(Look::Danger, fl!("sync-delete")).show(ui).clicked() {
                    form.open(Dialog::Delete);
                }
            });
        }
    });
}
