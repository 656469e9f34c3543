//! Tooltips: inverse, so that they stand off whatever they cover.

use egui::{CornerRadius, Frame, Label, Margin, Response, Tooltip};

use crate::{
    role::Role,
    theme::{R2, tokens},
};

/// Explains a control on hover, also while it is disabled, and describes it in the accessibility tree.
pub fn tip(response: Response, text: impl Into<String>) -> Response {
    let text = text.into();
    let t = tokens(&response.ctx);
    response.ctx.accesskit_node_builder(response.id, |node| {
        // Where the tooltip is also the name, saying it twice helps nobody.
        if node.description().is_none() && node.label() != Some(text.as_str()) {
            node.set_description(text.as_str());
        }
    });
    let frame = Frame::new().fill(t.tooltip).corner_radius(CornerRadius::same(R2)).inner_margin(Margin::symmetric(8, 5));
    let mut tooltip = Tooltip::for_widget(&response);
    tooltip.popup = tooltip.popup.frame(frame).open(Tooltip::should_show_tooltip(&response, false));
    tooltip.show(|ui| {
        ui.set_max_width(ui.spacing().tooltip_width);
        ui.add(Label::new(Role::Small.rich(text, t.on_tooltip)));
    });
    response
}
