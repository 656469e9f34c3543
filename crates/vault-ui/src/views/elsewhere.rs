//! The screen of a tab that does not hold the vaults: only one tab may write.

use egui::Ui;

use super::unlock::{centred_column, mark};
use crate::{
    fl,
    outbox::{Ask, Outbox},
    platform::Place,
    role,
    state::State,
    theme::{CONTROL_LARGE, S2, S4, S5, tokens},
    widgets::{Look, PushButton, heading, progress::hint},
};

/// Width of the column.
const COLUMN: f32 = 360.0;

/// What was pressed here.
#[derive(Default)]
pub struct ElsewhereForm {
    asked: bool,
}

/// Where the vault is, and the way to bring it here.
pub fn elsewhere_ui(ui: &mut Ui, state: &State, form: &mut ElsewhereForm, out: &mut Outbox) {
    let (title, text) = match state.place {
        Place::TakenOver => (fl!("taken-title"), fl!("taken-text")),
        Place::Elsewhere | Place::Here => (fl!("elsewhere-title"), fl!("elsewhere-text")),
    };
    centred_column(ui, COLUMN, |ui| {
        mark(ui);
        ui.add_space(S4);
        heading(ui.add(egui::Label::new(role::display(ui, title)).wrap()), 1);
        ui.add_space(S2);
        ui.add(egui::Label::new(role::body(ui, text).color(tokens(ui).text2)).wrap());
        ui.add_space(S5);
        let button = PushButton::new(Look::Primary, fl!("elsewhere-go")).height(CONTROL_LARGE).full_width();
        if button.enabled(!form.asked).show(ui).clicked() {
            form.asked = true;
            out.ask(Ask::TakeOver);
        }
        if form.asked {
            ui.add_space(S2);
            hint(ui, fl!("elsewhere-waiting"));
        }
    });
}
