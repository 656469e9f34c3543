//! The screens. Each reads [`State`], edits its own form and puts what it wants into the [`Outbox`].

pub mod dashboard;
pub mod elsewhere;
pub(crate) mod files;
pub mod first_run;
pub mod join;
pub mod kind_picker;
pub mod list;
pub mod main;
pub mod pairing;
pub mod palette;
pub mod picker;
pub mod recover;
pub mod restore;
pub mod shortcuts;
pub mod sidebar;
pub mod status_bar;
pub mod unlock;

// Drawn in the detail pane.
pub mod attachments;
pub mod detail;
pub mod durability;
pub mod editor;
pub mod generator;
pub mod history;
pub mod preview;
pub mod settings;
pub mod trash;

use egui::Ui;
use vault_engine::event::VaultEntry;

use crate::{
    actions::Action,
    app::{Forms, Gate},
    fl,
    outbox::Outbox,
    platform::Place,
    state::State,
    theme::Tone,
    widgets::{Banner, BannerAnswer, banner},
};

/// The screen while no vault is open.
pub fn gate_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    update_ui(ui, state, forms, out);
    if state.place != Place::Here {
        elsewhere::elsewhere_ui(ui, state, &mut forms.elsewhere, out);
        return;
    }
    let Some(vaults) = &state.vaults else {
        // The engine answers within a frame or two; an empty surface at once is calmer than a message that flashes.
        egui::CentralPanel::default().show(ui, |_| {});
        return;
    };
    let entry = |id| vaults.iter().find(|entry: &&VaultEntry| entry.vault == id);
    let latest = vaults.iter().max_by_key(|entry| entry.last_opened_ms);
    match forms.gate {
        Gate::Picker if !vaults.is_empty() => picker::picker_ui(ui, state, forms, out),
        Gate::Unlock(id) if let Some(entry) = entry(id) => unlock::unlock_ui(ui, state, entry, forms, out),
        Gate::Recover(id) if let Some(entry) = entry(id) => recover::recover_ui(ui, state, entry, forms, out),
        Gate::Restore => restore::restore_ui(ui, state, forms, out),
        Gate::Join => join::join_ui(ui, state, forms, out),
        Gate::Create => first_run::first_run_ui(ui, state, forms, out),
        Gate::Auto | Gate::Picker | Gate::Unlock(_) | Gate::Recover(_) => match latest {
            Some(entry) => unlock::unlock_ui(ui, state, entry, forms, out),
            None => first_run::first_run_ui(ui, state, forms, out),
        },
    }
}

/// A newer version waits: said above the screen, until it is put away.
fn update_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    if !state.update_ready || forms.dismissed.contains(&UPDATE) {
        return;
    }
    egui::Panel::top("update").frame(egui::Frame::new().inner_margin(12)).show_separator_line(false).show(ui, |ui| {
        let button = fl!("update-go");
        match banner(ui, &Banner { tone: Tone::Info, text: &fl!("update-ready"), button: Some(&button), dismissible: true }) {
            BannerAnswer::None => {}
            BannerAnswer::Button => out.act(Action::Update),
            BannerAnswer::Dismissed => forms.dismissed.push(UPDATE),
        }
    });
}

/// Names the banner of a newer version among those that were put away.
pub(crate) const UPDATE: &str = "update";
