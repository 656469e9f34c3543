//! AccessKit's roles as a page has them: <https://www.w3.org/TR/core-aam-1.2/#mapping_role_table>.

use egui::accesskit::{Action, Node, Role};

/// The element that stands for a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Its `role` says what it is.
    #[default]
    Div,
    /// A real input, so that its value is edited and read as in any page.
    Input,
    /// The same of several lines.
    TextArea,
}

impl Tag {
    /// As in HTML.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Div => "div",
            Self::Input => "input",
            Self::TextArea => "textarea",
        }
    }

    /// The element that stands for such a node.
    pub(super) fn of(role: Role) -> Self {
        match role {
            Role::MultilineTextInput => Self::TextArea,
            Role::Slider => Self::Input,
            _ if is_text_input(role) => Self::Input,
            _ => Self::Div,
        }
    }
}

/// Whether text is typed into it.
pub(super) fn is_text_input(role: Role) -> bool {
    matches!(
        role,
        Role::TextInput
            | Role::MultilineTextInput
            | Role::SearchInput
            | Role::PasswordInput
            | Role::EmailInput
            | Role::NumberInput
            | Role::PhoneNumberInput
            | Role::UrlInput
            | Role::DateInput
            | Role::DateTimeInput
            | Role::WeekInput
            | Role::MonthInput
            | Role::TimeInput
            | Role::EditableComboBox
    )
}

/// The `type` of an [`Tag::Input`]. Browsers correct what is typed as a number or a date, so those stay text.
pub(super) fn input_type(role: Role) -> &'static str {
    match role {
        Role::PasswordInput => "password",
        Role::SearchInput => "search",
        Role::Slider => "range",
        _ => "text",
    }
}

/// Whether it only holds other nodes and means nothing by itself.
pub(super) fn is_wrapper(role: Role) -> bool {
    matches!(
        role,
        Role::Unknown
            | Role::GenericContainer
            | Role::Pane
            | Role::Section
            | Role::ScrollView
            | Role::Canvas
            | Role::LayoutTable
            | Role::LayoutTableRow
            | Role::LayoutTableCell
            | Role::RowGroup
    )
}

/// Whether it opens over the rest, and then has to be called something.
pub(super) fn is_dialog(role: Role) -> bool {
    matches!(role, Role::Dialog | Role::AlertDialog | Role::Window)
}

/// Whether it may be what a dialog is called. A field counts where no words come before it, as in a palette of commands.
pub(super) fn is_title(role: Role) -> bool {
    matches!(role, Role::Label | Role::Heading | Role::TextInput)
}

/// Whether it is left out together with all it holds: pieces of text whose owner has the whole, and what only a pointer uses.
pub(super) fn is_left_out(role: Role) -> bool {
    matches!(role, Role::TextRun | Role::Caret | Role::LineBreak | Role::ScrollBar | Role::ImeCandidate | Role::ListMarker)
}

/// Whether its words stand in it as text, not as an attribute: they are read letter by letter, and a change of them is announced.
pub(super) fn is_text(node: &Node) -> bool {
    let by_role = matches!(
        node.role(),
        Role::Label
            | Role::Heading
            | Role::Paragraph
            | Role::Status
            | Role::Alert
            | Role::Log
            | Role::Timer
            | Role::Tooltip
            | Role::ListItem
            | Role::Cell
            | Role::GridCell
            | Role::RowHeader
            | Role::ColumnHeader
            | Role::Caption
            | Role::Code
            | Role::Note
            | Role::Term
            | Role::Definition
            | Role::Blockquote
    );
    by_role || node.live().is_some()
}

/// The attribute that says whether it is on; `None` where nothing is.
pub(super) fn toggled(role: Role) -> Option<&'static str> {
    Some(match role {
        Role::CheckBox | Role::Switch | Role::RadioButton | Role::MenuItemCheckBox | Role::MenuItemRadio => "aria-checked",
        Role::Tab | Role::ListBoxOption | Role::MenuListOption | Role::TreeItem | Role::Row | Role::GridCell => "aria-selected",
        Role::Button | Role::DefaultButton => "aria-pressed",
        _ => return None,
    })
}

/// Whether it has a place between two ends, told by `aria-valuenow`. A slider is a real input instead.
pub(super) fn has_range(role: Role) -> bool {
    matches!(role, Role::ProgressIndicator | Role::Meter | Role::SpinButton | Role::Splitter)
}

/// The `role` of the element; `None` for plain text and for inputs, which have one by themselves.
pub(super) fn aria(node: &Node) -> Option<&'static str> {
    Some(match node.role() {
        Role::Button | Role::DefaultButton | Role::DisclosureTriangle | Role::ColorWell => "button",
        Role::CheckBox => "checkbox",
        Role::Switch => "switch",
        Role::RadioButton => "radio",
        Role::RadioGroup => "radiogroup",
        Role::ComboBox | Role::EditableComboBox => "combobox",
        Role::SpinButton => "spinbutton",
        Role::Splitter => "separator",
        Role::ProgressIndicator => "progressbar",
        Role::Meter => "meter",
        Role::Link => "link",
        Role::List | Role::DescriptionList => "list",
        Role::ListItem => "listitem",
        Role::ListBox | Role::MenuListPopup => "listbox",
        Role::ListBoxOption | Role::MenuListOption => "option",
        Role::Tree => "tree",
        Role::TreeItem => "treeitem",
        Role::TreeGrid => "treegrid",
        Role::Grid | Role::ListGrid => "grid",
        Role::Table => "table",
        Role::Row => "row",
        Role::Cell => "cell",
        Role::GridCell => "gridcell",
        Role::RowHeader => "rowheader",
        Role::ColumnHeader => "columnheader",
        Role::RowGroup => "rowgroup",
        Role::Tab => "tab",
        Role::TabList => "tablist",
        Role::TabPanel => "tabpanel",
        Role::Dialog | Role::Window => "dialog",
        Role::AlertDialog => "alertdialog",
        Role::Heading => "heading",
        Role::Image | Role::SvgRoot | Role::GraphicsSymbol => "img",
        Role::Menu => "menu",
        Role::MenuBar => "menubar",
        Role::MenuItem => "menuitem",
        Role::MenuItemCheckBox => "menuitemcheckbox",
        Role::MenuItemRadio => "menuitemradio",
        Role::Toolbar => "toolbar",
        Role::Tooltip => "tooltip",
        Role::Status => "status",
        Role::Alert => "alert",
        Role::Log => "log",
        Role::Marquee => "marquee",
        Role::Timer => "timer",
        Role::Paragraph => "paragraph",
        Role::Blockquote => "blockquote",
        Role::Code => "code",
        Role::Note => "note",
        Role::Math => "math",
        Role::Figure => "figure",
        Role::Term => "term",
        Role::Definition => "definition",
        Role::Article => "article",
        Role::Document => "document",
        Role::Feed => "feed",
        Role::Form => "form",
        Role::Search => "search",
        Role::Main => "main",
        Role::Navigation => "navigation",
        Role::Complementary => "complementary",
        Role::Banner | Role::Header => "banner",
        Role::ContentInfo | Role::Footer => "contentinfo",
        Role::Region | Role::Pane | Role::Section => "region",
        Role::Group | Role::Details | Role::TitleBar => "group",
        // Something unnamed was left out already, or is held only for the focus.
        Role::Unknown if node.label().is_some() && node.supports_action(Action::Click) => "button",
        Role::Unknown | Role::GenericContainer | Role::ScrollView | Role::Canvas if node.label().is_some() => "group",
        _ => return None,
    })
}
