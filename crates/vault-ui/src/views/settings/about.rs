//! What this program is, and whose work is in it.

use egui::Ui;

use super::lead;
use crate::{
    actions::Action,
    fl,
    outbox::Outbox,
    role,
    state::State,
    theme::{S3, tokens},
    widgets::{Look, PushButton, card, card_line, section_head, setting_row},
};

/// Whose work is in the program, and under which licence.
const PARTS: [(&str, &str); 6] = [
    ("egui", "MIT OR Apache-2.0"),
    ("RustCrypto, dalek", "MIT OR Apache-2.0, BSD-3-Clause"),
    ("SQLite", "Public domain"),
    ("Inter", "OFL-1.1"),
    ("JetBrains Mono", "OFL-1.1"),
    ("Phosphor Icons", "MIT"),
];

pub(super) fn about_ui(ui: &mut Ui, state: &State, out: &mut Outbox) {
    lead(ui, fl!("about-lead"));
    card(ui, |ui| {
        setting_row(ui, fl!("about-version"), env!("CARGO_PKG_VERSION"), |_| {});
        card_line(ui);
        setting_row(ui, fl!("about-licence"), "AGPL-3.0-or-later", |_| {});
        if let Some(vault) = &state.vault {
            let (memory_kib, passes, lanes) = vault.status.kdf;
            card_line(ui);
            let note = fl!("about-crypto-note", mib = (memory_kib / 1024), passes = passes, lanes = lanes);
            setting_row(ui, fl!("about-crypto"), note, |_| {});
        }
        card_line(ui);
        setting_row(ui, fl!("action-shortcuts"), "", |ui| {
            let keys = Action::Shortcuts.keys(ui.ctx());
            if PushButton::new(Look::Secondary, fl!("about-show")).shortcut(keys).show(ui).clicked() {
                out.act(Action::Shortcuts);
            }
        });
    });
    section_head(ui, fl!("about-parts"));
    for (name, licence) in PARTS {
        ui.horizontal(|ui| {
            ui.label(role::body(ui, name));
            ui.label(role::small(ui, licence).color(tokens(ui).text3));
        });
    }
    ui.add_space(S3);
}
