//! An alarm: what the server did, that nothing of it was applied, and what can be done.

use egui::Ui;
use vault_engine::sync::{SyncAlarm, SyncStatus};

use super::{Dialog, SyncForm};
use crate::{
    actions::Action,
    fl, icons, notices,
    outbox::Outbox,
    theme::{S3, Tone},
    widgets::{Banner, Look, PushButton, RowIcon, banner, card, card_line, notice_row},
};

pub(super) fn alarm_ui(ui: &mut Ui, status: &SyncStatus, what: &SyncAlarm, form: &mut SyncForm, out: &mut Outbox) {
    let text = format!("{} {}", notices::sync::alarm(what), fl!("alarm-safe"));
    banner(ui, &Banner { tone: Tone::Danger, text: &text, button: None, dismissible: false });
    ui.add_space(S3);
    let row = |ui: &mut Ui, icon: &str, title: String, note: String, control: &mut dyn FnMut(&mut Ui)| {
        notice_row(ui, Some(RowIcon { icon, tone: None }), title, note, |ui| control(ui));
    };
    card(ui, |ui| {
        row(ui, icons::FINGERPRINT, fl!("alarm-compare"), fl!("alarm-compare-note"), &mut |_| {});
        card_line(ui);
        row(ui, icons::ARROWS_CLOCKWISE, fl!("alarm-again"), fl!("alarm-again-note"), &mut |ui| {
            if PushButton::new(Look::Secondary, fl!("alarm-again-go")).enabled(status.enabled).show(ui).clicked() {
                out.act(Action::SyncNow);
            }
        });
        card_line(ui);
        row(ui, icons::HARD_DRIVES, fl!("alarm-other"), fl!("alarm-other-note"), &mut |ui| {
            if PushButton::new(Look::Secondary, fl!("alarm-other-go")).show(ui).clicked() {
                form.server = Some(String::new());
                form.open(Dialog::Server);
            }
        });
        if notices::sync::can_begin_anew(what) {
            card_line(ui);
            row(ui, icons::WARNING, fl!("alarm-anew"), fl!("alarm-anew-note"), &mut |ui| {
                if PushButton::new(Look::Danger, fl!("alarm-anew-go")).show(ui).clicked() {
                    form.open(Dialog::Anew);
                }
            });
        }
    });
}
