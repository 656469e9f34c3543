//! "Address + password": whether they alone bring the vault to a new device, what that costs, and the address to write down.

use egui::Ui;
use vault_engine::{
    Command, RequestId,
    sync::{PasswordLogin, SyncStatus, address},
};
use vault_model::SecretText;

use crate::{
    fl, icons, notices,
    outbox::{Ask, Outbox},
    role,
    state::{OpenVault, State},
    theme::{S2, S3, Tone, tokens},
    views::settings::password::outcome_ui,
    widgets::{
        Look, PushButton, RowIcon, card, card_line,
        dialog::{FORM_WIDTH, dialog, dialog_buttons},
        icon_button, notice_row, secondary, secret_field, section_head,
        strength::Rating,
        switch,
        toast::Toast,
    },
};

/// What is typed or under way.
#[derive(Default)]
pub(super) struct AddressForm {
    dialog: Option<Turn>,
    password: SecretText,
    rating: Rating,
    request: Option<RequestId>,
    failed: Option<String>,
}

/// What a dialog is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    On,
    Off,
}

/// The switch, and while it is on the address.
pub(super) fn address_ui(ui: &mut Ui, vault: &OpenVault, status: &SyncStatus, form: &mut AddressForm, out: &mut Outbox) {
    section_head(ui, fl!("address-head"));
    card(ui, |ui| {
        let is_on = status.password_login != PasswordLogin::Off;
        let note = match status.password_login {
            PasswordLogin::Off => fl!("address-off"),
            PasswordLogin::Sending => fl!("address-sending"),
            PasswordLogin::On => fl!("address-on"),
        };
        let icon = RowIcon { icon: icons::GLOBE, tone: is_on.then_some(Tone::Warn) };
        notice_row(ui, Some(icon), fl!("address-title"), note, |ui| {
            let mut on = is_on;
            let can = vault.status.has_password && vault.status.read_only.is_none();
            let changed = ui.add_enabled_ui(can, |ui| switch(ui, &fl!("address-title"), &mut on).changed()).inner;
            // It moves once it is so.
            if changed {
                *form = AddressForm { dialog: Some(if on { Turn::On } else { Turn::Off }), ..AddressForm::default() };
            }
        });
        if is_on {
            card_line(ui);
            let text = address(&status.server, &vault.status.did);
            let icon = RowIcon { icon: icons::LINK_SIMPLE, tone: None };
            notice_row(ui, Some(icon), text.clone(), fl!("address-write-down"), |ui| {
                if icon_button(ui, icons::COPY, fl!("address-copy")).clicked() {
                    out.ask(Ask::CopyPublic(text));
                    out.toast(Toast::done(fl!("address-copied")));
                }
            });
        }
    });
}

pub(super) fn dialogs_ui(ui: &mut Ui, state: &State, status: &SyncStatus, form: &mut AddressForm, out: &mut Outbox) {
    let Some(turn) = form.dialog else { return };
    if let Some(outcome) = form.request.and_then(|request| state.outcome(request)) {
        form.request = None;
        match &outcome.result {
            Ok(()) => {
                out.toast(Toast::done(match turn {
                    Turn::On => fl!("address-is-on"),
                    Turn::Off => fl!("address-is-off"),
                }));
                *form = AddressForm::default();
                return;
            }
            Err(failure) => form.failed = Some(notices::failure(failure, state.now_ms)),
        }
    }
    let host = notices::sync::host(&status.server);
    let (title, paragraphs) = match turn {
        Turn::On => (fl!("address-on-dialog"), vec![fl!("address-on-text"), fl!("address-on-risk", host = host), fl!("address-on-length")]),
        Turn::Off => (fl!("address-off-dialog"), vec![fl!("address-off-text", host = host)]),
    };
    let mut done = false;
    let closed = dialog(ui, "address", &title, FORM_WIDTH, |ui| {
        let t = tokens(ui);
        for text in paragraphs {
            ui.add(egui::Label::new(role::body(ui, text).color(t.text2)).wrap());
            ui.add_space(S2);
        }
        ui.add_space(S2);
        let answer = secret_field(ui, fl!("master-password"), &mut form.password);
        if ui.memory(|memory| memory.focused().is_none()) {
            answer.response.request_focus();
        }
        if turn == Turn::On {
            ui.add_space(S2);
            form.rating.bar_ui(ui, state, &form.password, &[], out);
        }
        ui.add_space(S3);
        outcome_ui(ui, state, false, form.failed.as_deref(), form.request);
        let ready = form.request.is_none() && !form.password.is_empty();
        dialog_buttons(ui, |ui| {
            let (look, verb, keep) = match turn {
                Turn::On => (Look::DangerFilled, fl!("address-on-go"), fl!("address-keep-off")),
                Turn::Off => (Look::Primary, fl!("address-off-go"), fl!("address-keep-on")),
            };
            let go = PushButton::new(look, verb).enabled(ready).show(ui);
            if ready && (go.clicked() || answer.submitted) {
                form.failed = None;
                let password = form.password.duplicate();
                form.request = Some(out.send(match turn {
                    Turn::On => Command::AllowPasswordLogin { password },
                    Turn::Off => Command::ForbidPasswordLogin { password },
                }));
            }
            done = secondary(ui, keep).clicked();
        });
    });
    if closed || done {
        *form = AddressForm::default();
    }
}
