//! What the page says of one node.

use std::{borrow::Cow, collections::HashMap};

use egui::accesskit::{Action, AriaCurrent, HasPopup, Invalid, Live, Node, NodeId, Orientation, Role, SortDirection, Toggled};

use super::roles::{self, Tag};

/// The element of a node, without its place and children. Holds nothing that the node does not.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Face {
    pub(super) tag: Tag,
    pub(super) attributes: Vec<(&'static str, Cow<'static, str>)>,
    /// The words in it, if it has no children.
    pub(super) text: String,
    /// What an input holds; of a password always nothing, even where the tree has bullets: their number is a secret too.
    pub(super) value: String,
}

/// Nodes by id, to find the words of another.
pub(super) type Nodes = HashMap<NodeId, Node>;

/// Whether the words of other nodes are part of its own.
pub(super) fn borrows_words(node: &Node, title: Option<NodeId>) -> bool {
    title.is_some() || !node.labelled_by().is_empty() || !node.described_by().is_empty()
}

/// Whether there is anything to say of it by itself.
pub(super) fn says_something(node: &Node) -> bool {
    node.label().is_some_and(|label| !label.trim().is_empty())
        || !node.labelled_by().is_empty()
        || node.description().is_some()
        || node.live().is_some()
}

impl Face {
    /// `is_leaf`: no other element will be in it. `title`: what names it if nothing else does.
    pub(super) fn of(node: &Node, nodes: &Nodes, is_leaf: bool, title: Option<NodeId>) -> Self {
        let role = node.role();
        let tag = Tag::of(role);
        let mut face = Self { tag, ..Self::default() };
        face.name(node, nodes, is_leaf, title);
        face.describe(node, nodes);
        face.states(node);
        face.relations(node);
        match tag {
            Tag::Div => face.range(node, ["aria-valuemin", "aria-valuemax", "aria-valuenow"]),
            Tag::Input | Tag::TextArea => face.input(node),
        }
        if node.supports_action(Action::Focus) || node.supports_action(Action::Click) {
            // In reach of assistive technology, not of the Tab key: that belongs to egui.
            face.put("tabindex", "-1");
        }
        face
    }

    fn put(&mut self, name: &'static str, value: impl Into<Cow<'static, str>>) {
        self.attributes.push((name, value.into()));
    }

    fn put_if(&mut self, name: &'static str, holds: bool) {
        if holds {
            self.put(name, "true");
        }
    }

    fn put_number(&mut self, name: &'static str, number: Option<impl ToString>) {
        if let Some(number) = number {
            self.put(name, number.to_string());
        }
    }

    fn name(&mut self, node: &Node, nodes: &Nodes, is_leaf: bool, title: Option<NodeId>) {
        if let Some(role) = roles::aria(node) {
            self.put("role", role);
        }
        let mut name = name_of(node, nodes);
        if let Some(title) = title.filter(|_| name.is_empty()) {
            name = words_of(&[title], nodes);
        }
        match node.role() {
            // A box that offers a choice has a name, and shows what is chosen.
            Role::ComboBox => {
                self.text = if is_leaf { node.value().unwrap_or_default().to_owned() } else { String::new() };
                self.label(name);
            }
            _ if is_leaf && roles::is_text(node) => {
                let value = node.value().filter(|value| *value != name);
                self.text = joined([Some(name.as_str()), value], " ");
            }
            // Text that holds no words of its own, and yet others.
            Role::Label => {}
            _ => self.label(name),
        }
    }

    fn label(&mut self, name: String) {
        if !name.is_empty() {
            self.put("aria-label", name);
        }
    }

    fn describe(&mut self, node: &Node, nodes: &Nodes) {
        let is_input = roles::is_text_input(node.role());
        if let Some(hint) = node.placeholder().filter(|hint| is_input && !hint.is_empty()) {
            self.put("placeholder", hint.to_owned());
        }
        // ARIA has no value for buttons, options, links; they say it in their description.
        let has_value = is_input || roles::is_text(node) || roles::has_range(node.role());
        let value = node.value().filter(|_| !has_value && !matches!(node.role(), Role::Slider | Role::ComboBox));
        let hint = node.placeholder().filter(|_| !is_input);
        let others = words_of(node.described_by(), nodes);
        let description = joined([value, hint, node.state_description(), node.description(), Some(others.as_str())], ". ");
        // A tooltip often only repeats the name.
        let is_new = description != self.text && self.attributes.iter().all(|(_, said)| *said != description);
        if !description.is_empty() && is_new {
            self.put("aria-description", description);
        }
        for (name, words) in [
            ("aria-roledescription", node.role_description()),
            ("aria-keyshortcuts", node.keyboard_shortcut()),
            ("aria-braillelabel", node.braille_label()),
            ("lang", node.language()),
        ] {
            if let Some(words) = words.filter(|words| !words.is_empty()) {
                self.put(name, words.to_owned());
            }
        }
    }

    fn states(&mut self, node: &Node) {
        if let (Some(attribute), Some(toggled)) = (roles::toggled(node.role()), node.toggled()) {
            let value = match toggled {
                Toggled::True => "true",
                Toggled::False => "false",
                Toggled::Mixed => "mixed",
            };
            self.put(attribute, value);
        } else if let Some(is_selected) = node.is_selected() {
            self.put("aria-selected", truth(is_selected));
        }
        if let Some(is_expanded) = node.is_expanded() {
            self.put("aria-expanded", truth(is_expanded));
        }
        self.put_if("aria-disabled", node.is_disabled());
        self.put_if("aria-required", node.is_required());
        self.put_if("aria-busy", node.is_busy());
        self.put_if("aria-modal", node.is_modal());
        self.put_if("aria-multiselectable", node.is_multiselectable());
        self.put_if("aria-atomic", node.is_live_atomic());
        if let Some(live) = node.live() {
            self.put("aria-live", spoken(live));
        }
        if let Some(invalid) = node.invalid() {
            self.put(
                "aria-invalid",
                match invalid {
                    Invalid::True => "true",
                    Invalid::Grammar => "grammar",
                    Invalid::Spelling => "spelling",
                },
            );
        }
    }

    fn relations(&mut self, node: &Node) {
        let level = node.level().or((node.role() == Role::Heading).then_some(2));
        self.put_number("aria-level", level);
        self.put_number("aria-posinset", node.position_in_set());
        self.put_number("aria-setsize", node.size_of_set());
        self.put_number("aria-rowcount", node.row_count());
        self.put_number("aria-colcount", node.column_count());
        // AccessKit counts from 0, ARIA from 1.
        self.put_number("aria-rowindex", node.row_index().map(|at| at + 1));
        self.put_number("aria-colindex", node.column_index().map(|at| at + 1));
        self.put_number("aria-rowspan", node.row_span());
        self.put_number("aria-colspan", node.column_span());
        if let Some(orientation) = node.orientation() {
            self.put(
                "aria-orientation",
                match orientation {
                    Orientation::Horizontal => "horizontal",
                    Orientation::Vertical => "vertical",
                },
            );
        }
        if let Some(direction) = node.sort_direction() {
            self.put(
                "aria-sort",
                match direction {
                    SortDirection::Ascending => "ascending",
                    SortDirection::Descending => "descending",
                    SortDirection::Other => "other",
                },
            );
        }
        if let Some(current) = node.aria_current() {
            self.put(
                "aria-current",
                match current {
                    AriaCurrent::False => "false",
                    AriaCurrent::True => "true",
                    AriaCurrent::Page => "page",
                    AriaCurrent::Step => "step",
                    AriaCurrent::Location => "location",
                    AriaCurrent::Date => "date",
                    AriaCurrent::Time => "time",
                },
            );
        }
        if let Some(popup) = node.has_popup() {
            self.put(
                "aria-haspopup",
                match popup {
                    HasPopup::Menu => "menu",
                    HasPopup::Listbox => "listbox",
                    HasPopup::Tree => "tree",
                    HasPopup::Grid => "grid",
                    HasPopup::Dialog => "dialog",
                },
            );
        }
    }

    fn range(&mut self, node: &Node, [min, max, now]: [&'static str; 3]) {
        if !roles::has_range(node.role()) && node.role() != Role::Slider {
            return;
        }
        // What egui has as `f32` is a long row of digits otherwise.
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite()).map(|number| number as f32);
        self.put_number(min, finite(node.min_numeric_value()));
        self.put_number(max, finite(node.max_numeric_value()));
        self.put_number(now, finite(node.numeric_value()));
        if let Some(words) = node.value() {
            self.put("aria-valuetext", words.to_owned());
        }
    }

    fn input(&mut self, node: &Node) {
        let role = node.role();
        if self.tag == Tag::Input {
            self.put("type", roles::input_type(role));
        }
        if role == Role::Slider {
            self.range(node, ["min", "max", "aria-valuenow"]);
            let step = node.numeric_value_step().filter(|step| *step > 0.0);
            self.put("step", step.map_or(Cow::Borrowed("any"), |step| step.to_string().into()));
            self.value = node.numeric_value().map(|value| (value as f32).to_string()).unwrap_or_default();
            return;
        }
        if node.is_read_only() {
            self.put("readonly", "");
        }
        // What is in a vault is for no spelling service, and this is no form that a password manager fills.
        self.put("autocomplete", "off");
        self.put("spellcheck", "false");
        self.put("autocapitalize", "off");
        if role != Role::PasswordInput {
            self.value = node.value().unwrap_or_default().to_owned();
        }
    }
}

fn truth(holds: bool) -> &'static str {
    if holds { "true" } else { "false" }
}

fn spoken(live: Live) -> &'static str {
    match live {
        Live::Off => "off",
        Live::Polite => "polite",
        Live::Assertive => "assertive",
    }
}

/// Its own name, else that of the nodes that label it. A label has its words as its value.
fn name_of(node: &Node, nodes: &Nodes) -> String {
    match own_words(node) {
        Some(words) => words.to_owned(),
        None => words_of(node.labelled_by(), nodes),
    }
}

fn own_words(node: &Node) -> Option<&str> {
    let words = match node.role() {
        Role::Label => node.label().or(node.value()),
        _ => node.label(),
    };
    words.map(str::trim).filter(|words| !words.is_empty())
}

fn words_of(ids: &[NodeId], nodes: &Nodes) -> String {
    let words = ids.iter().filter_map(|id| nodes.get(id)).filter_map(own_words);
    words.collect::<Vec<_>>().join(" ")
}

fn joined<const N: usize>(parts: [Option<&str>; N], between: &str) -> String {
    let parts = parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(between)
}
