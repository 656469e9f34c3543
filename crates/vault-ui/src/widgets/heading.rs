//! Headings as assistive technology knows them: a person who hears the window moves from one to the next.

use egui::{Response, accesskit::Role};

/// Makes a label the heading of a page (level 1) or of a section of it (level 2) in the accessibility tree; how it looks is its text's role.
pub fn heading(label: Response, level: usize) -> Response {
    label.ctx.accesskit_node_builder(label.id, |node| {
        node.set_role(Role::Heading);
        node.set_level(level);
        // The words of a label are its value, those of a heading its name.
        if let Some(words) = node.value().map(str::to_owned) {
            node.set_label(words);
            node.clear_value();
        }
    });
    label
}
