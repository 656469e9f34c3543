//! Keeps secrets from leaving through egui's own outputs.

use egui::{Context, FullOutput, OutputCommand, Plugin};

/// Text selected with the mouse would go to the PRIMARY selection of X11 and Wayland, from where a middle click pastes it anywhere and
/// clipboard histories may keep it. A revealed secret is text like any other there, so nothing goes at all (LD13).
struct PrimarySelection;

impl Plugin for PrimarySelection {
    fn debug_name(&self) -> &'static str {
        "primary selection"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        withhold(&mut output.platform_output.commands);
    }
}

/// Installs the guard.
pub(super) fn install(ctx: &Context) {
    ctx.add_plugin(PrimarySelection);
}

fn withhold(commands: &mut Vec<OutputCommand>) {
    commands.retain(|command| !matches!(command, OutputCommand::TextSelectionSettled(_)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Selects all of a text field that is not masked and returns what leaves through `ctx`.
    fn selected(ctx: &Context) -> Vec<OutputCommand> {
        let mut text = "correct horse".to_owned();
        let mut left = Vec::new();
        let key = |key| egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: egui::Modifiers::COMMAND };
        for events in [vec![], vec![], vec![key(egui::Key::A)], vec![], vec![]] {
            let input = egui::RawInput { events, focused: true, ..egui::RawInput::default() };
            let mut output = ctx.run_ui(input, |ui| ui.text_edit_singleline(&mut text).request_focus());
            output.textures_delta.clear();
            left.extend(output.platform_output.commands);
        }
        left
    }

    #[test]
    fn ld13_selecting_a_revealed_password_copies_nothing() {
        assert!(!selected(&Context::default()).is_empty(), "without the guard the selection leaves");
        let ctx = Context::default();
        install(&ctx);
        assert!(selected(&ctx).is_empty());
    }
}
