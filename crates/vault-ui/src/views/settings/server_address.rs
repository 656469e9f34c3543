//! Typing the address of a sync server. The engine has the last word on what is one.

use egui::{Response, Ui};

use crate::{
    fl, role,
    widgets::{progress::hint, text_input},
};

/// Label, input and a word on whose server it is.
pub(crate) fn field_ui(ui: &mut Ui, server: &mut String, whose: String) -> Response {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let label = ui.label(role::label(ui, fl!("sync-server-field")));
        let input = text_input(ui, &fl!("sync-server-field"), "https://vault.example.org", server).labelled_by(label.id);
        hint(ui, whose);
        input
    })
    .inner
}

/// What was typed as an origin: people leave out `https://` and end with a slash.
pub(crate) fn with_scheme(typed: &str) -> String {
    let typed = typed.trim().trim_end_matches('/');
    if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_name_gets_its_scheme_and_loses_its_slash() {
        assert_eq!(with_scheme(" vault.example.org/ "), "https://vault.example.org");
        assert_eq!(with_scheme("http://localhost:8080"), "http://localhost:8080");
    }
}
