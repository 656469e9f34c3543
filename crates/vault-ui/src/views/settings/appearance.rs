//! How the window looks on this device.

use egui::Ui;

use super::lead;
use crate::{
    fl,
    l10n::Language,
    outbox::Outbox,
    settings::DeviceSettings,
    theme::{Contrast, Density, ThemeChoice},
    widgets::{card, card_line, segmented, setting_row, switch},
};

/// Steps of the zoom that are offered, in percent.
const ZOOMS: [u16; 10] = [75, 90, 100, 110, 125, 150, 175, 200, 225, 250];

pub(super) fn appearance_ui(ui: &mut Ui, settings: &DeviceSettings, out: &mut Outbox) {
    lead(ui, fl!("appearance-lead", here = crate::l10n::here()));
    let mut new = settings.clone();
    card(ui, |ui| {
        setting_row(ui, fl!("appearance-theme"), "", |ui| {
            let choices = [
                (ThemeChoice::System, fl!("appearance-system")),
                (ThemeChoice::Light, fl!("appearance-light")),
                (ThemeChoice::Dark, fl!("appearance-dark")),
            ];
            segmented(ui, &fl!("appearance-theme"), &mut new.theme, &choices)
        });
        card_line(ui);
        setting_row(ui, fl!("appearance-contrast"), fl!("appearance-contrast-note"), |ui| {
            let choices = [(Contrast::Normal, fl!("appearance-normal")), (Contrast::High, fl!("appearance-high"))];
            segmented(ui, &fl!("appearance-contrast"), &mut new.contrast, &choices)
        });
        card_line(ui);
        setting_row(ui, fl!("appearance-zoom"), fl!("appearance-zoom-note"), |ui| {
            let choices: Vec<_> = zooms(settings.zoom_percent).into_iter().map(|zoom| (zoom, format!("{zoom}\u{202f}%"))).collect();
            if let Some(zoom) = super::choice(ui, &fl!("appearance-zoom"), &settings.zoom_percent, &choices) {
                new.zoom_percent = zoom;
            }
        });
        card_line(ui);
        setting_row(ui, fl!("appearance-density"), fl!("appearance-density-note"), |ui| {
            let choices = [(Density::Cosy, fl!("appearance-cosy")), (Density::Compact, fl!("appearance-compact"))];
            segmented(ui, &fl!("appearance-density"), &mut new.density, &choices)
        });
        card_line(ui);
        setting_row(ui, fl!("appearance-motion"), fl!("appearance-motion-note"), |ui| {
            switch(ui, &fl!("appearance-motion"), &mut new.reduced_motion)
        });
        card_line(ui);
        setting_row(ui, fl!("appearance-language"), "", |ui| {
            let mut choices = vec![(None, fl!("appearance-system"))];
            choices.extend(Language::ALL.map(|language| (Some(language), language.own_name().to_owned())));
            if let Some(language) = super::choice(ui, &fl!("appearance-language"), &settings.language, &choices) {
                new.language = language;
            }
        });
    });
    if new != *settings {
        out.change_settings(new);
    }
}

/// The steps, and the present value where the keyboard has set one between them.
fn zooms(present: u16) -> Vec<u16> {
    let mut zooms = ZOOMS.to_vec();
    if !zooms.contains(&present) {
        zooms.push(present);
        zooms.sort_unstable();
    }
    zooms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zoom_between_the_steps_is_offered_too() {
        assert_eq!(zooms(100), ZOOMS);
        assert_eq!(zooms(120)[4], 120);
    }
}
