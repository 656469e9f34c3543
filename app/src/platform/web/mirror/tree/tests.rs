use egui::accesskit::{Action, Live, Role, Toggled, TreeId, TreeInfo};

use super::*;

const ROOT: u64 = 1;

fn node(role: Role, label: &str) -> Node {
    let mut node = Node::new(role);
    if !label.is_empty() {
        node.set_label(label);
    }
    node
}

fn at(mut node: Node, [x0, y0, x1, y1]: [f64; 4]) -> Node {
    node.set_bounds(Rect { x0, y0, x1, y1 });
    node
}

fn around(mut node: Node, children: &[u64]) -> Node {
    node.set_children(children.iter().map(|id| NodeId(*id)).collect::<Vec<_>>());
    node
}

fn valued(mut node: Node, value: &str) -> Node {
    node.set_value(value);
    node
}

/// A tree in which the root holds `top`, and `focus` is focused.
fn update(top: &[u64], nodes: Vec<(u64, Node)>, focus: u64) -> TreeUpdate {
    let root = (NodeId(ROOT), around(Node::new(Role::Window), top));
    TreeUpdate {
        nodes: std::iter::once(root).chain(nodes.into_iter().map(|(id, node)| (NodeId(id), node))).collect(),
        tree: Some(TreeInfo::new(NodeId(ROOT))),
        tree_id: TreeId::ROOT,
        focus: NodeId(focus),
    }
}

/// The page as the steps leave it, kept without looking at the tree.
#[derive(Default, Debug, PartialEq)]
struct Page {
    elements: HashMap<NodeId, Element>,
    outermost: Vec<NodeId>,
    focus: Option<NodeId>,
}

#[derive(Debug, Default, PartialEq)]
struct Element {
    tag: Tag,
    attributes: std::collections::BTreeMap<&'static str, String>,
    text: String,
    value: String,
    place: Place,
    children: Vec<NodeId>,
}

impl Page {
    fn of(update: TreeUpdate) -> Self {
        let mut page = Self::default();
        page.carry_out(Tree::default().take(update, 1.0));
        page
    }

    fn carry_out(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Remove(id) | Step::Forget(id) => drop(self.elements.remove(&id).unwrap()),
                Step::Create(id, tag) => {
                    let is_new = self.elements.insert(id, Element { tag, ..Element::default() }).is_none();
                    assert!(is_new, "an element is made twice");
                }
                Step::Set(id, name, Some(value)) => drop(self.element(id).attributes.insert(name, value)),
                Step::Set(id, name, None) => drop(self.element(id).attributes.remove(name).unwrap()),
                Step::Text(id, text) => self.element(id).text = text,
                Step::Value(id, value) => self.element(id).value = value,
                Step::Place(id, place) => self.element(id).place = place,
                Step::Children(of, children) => {
                    // An element is in one place only.
                    let elsewhere = self.elements.values_mut().map(|element| &mut element.children);
                    elsewhere.chain([&mut self.outermost]).for_each(|others| others.retain(|id| !children.contains(id)));
                    match of {
                        Some(id) => self.element(id).children = children,
                        None => self.outermost = children,
                    }
                }
                Step::Focus(focus) => self.focus = focus,
            }
        }
        // What was taken out is in no list either.
        let held: HashSet<NodeId> = self.elements.keys().copied().collect();
        let lists = self.elements.values_mut().map(|element| &mut element.children);
        lists.chain([&mut self.outermost]).for_each(|list| list.retain(|id| held.contains(id)));
    }

    fn element(&mut self, id: NodeId) -> &mut Element {
        self.elements.get_mut(&id).unwrap()
    }

    fn says(&self, id: u64, name: &str) -> Option<&str> {
        self.elements[&NodeId(id)].attributes.get(name).map(String::as_str)
    }
}

/// Going from one tree to another leaves the page as if only the other had ever been shown.
fn check_change(before: TreeUpdate, after: TreeUpdate) -> Vec<String> {
    let mut tree = Tree::default();
    let mut page = Page::default();
    page.carry_out(tree.take(before, 1.0));
    let steps = tree.take(after.clone(), 1.0);
    let told = steps.iter().map(|step| format!("{step:?}")).collect();
    page.carry_out(steps);
    assert_eq!(page, Page::of(after.clone()));
    assert_eq!(tree.take(after, 1.0), Vec::new(), "a tree that stands still needs nothing");
    told
}

#[test]
fn containers_without_a_name_are_left_out_and_what_they_hold_moves_up() {
    let page = Page::of(update(
        &[2],
        vec![
            (2, around(node(Role::GenericContainer, ""), &[3, 4])),
            (3, node(Role::Button, "Create vault")),
            (4, around(node(Role::Group, "Detail"), &[5])),
            (5, around(valued(node(Role::Label, ""), "Title"), &[6])),
            (6, valued(node(Role::TextRun, ""), "Title")),
        ],
        ROOT,
    ));
    assert_eq!(page.outermost, [NodeId(3), NodeId(4)]);
    assert_eq!(page.elements[&NodeId(4)].children, [NodeId(5)]);
    assert_eq!(page.elements[&NodeId(5)].text, "Title");
    assert_eq!(page.elements.len(), 3);
    assert_eq!((page.says(3, "role"), page.says(3, "aria-label")), (Some("button"), Some("Create vault")));
}

#[test]
fn a_field_is_named_by_the_words_above_it_and_keeps_up_with_them() {
    let tree = |words: &str| {
        let mut field = node(Role::TextInput, "");
        field.push_labelled_by(NodeId(2));
        update(&[2, 3], vec![(2, valued(node(Role::Label, ""), words)), (3, field)], ROOT)
    };
    assert_eq!(Page::of(tree("Title")).says(3, "aria-label"), Some("Title"));
    let steps = check_change(tree("Title"), tree("Titel"));
    assert!(steps.iter().any(|step| step.contains("\"Titel\"") && step.contains("aria-label")), "{steps:?}");
}

#[test]
fn nothing_of_a_password_is_in_the_page_not_even_how_long_it_is() {
    let tree = |bullets: &str| update(&[2], vec![(2, valued(node(Role::PasswordInput, "Master password"), bullets))], 2);
    let page = Page::of(tree("••••••••"));
    assert_eq!(page.says(2, "type"), Some("password"));
    assert!(!format!("{page:?}").contains('•'));
    assert_eq!(check_change(tree(""), tree("•••")), Vec::<String>::new());
}

#[test]
fn a_field_that_becomes_a_password_is_emptied() {
    let tree = |role| update(&[2], vec![(2, valued(node(role, "Code"), "123"))], ROOT);
    let steps = check_change(tree(Role::TextInput), tree(Role::PasswordInput));
    assert!(steps.contains(&r#"Value(#2, "")"#.to_owned()), "{steps:?}");
}

#[test]
fn after_locking_neither_page_nor_tree_holds_a_word_of_the_vault() {
    let open = update(
        &[2, 5],
        vec![
            (2, around(node(Role::ListBox, "Items"), &[3, 4])),
            (3, node(Role::ListBoxOption, "Bank of Examples")),
            (4, valued(node(Role::Label, ""), "alice@example.org")),
            (5, valued(node(Role::TextInput, "Notes"), "next to the oak")),
        ],
        3,
    );
    let locked = update(&[9], vec![(9, node(Role::PasswordInput, "Master password"))], 9);
    let mut tree = Tree::default();
    let mut page = Page::default();
    page.carry_out(tree.take(open, 1.0));
    page.carry_out(tree.take(locked, 1.0));
    assert_eq!(page.outermost, [NodeId(9)]);
    let held = format!("{page:?} {:?}", tree.kept.values().map(|kept| (&kept.node, &kept.face)).collect::<Vec<_>>());
    for word in ["Bank", "alice", "oak", "Items"] {
        assert!(!held.contains(word), "{word} stayed");
    }
}

#[test]
fn scrolling_by_a_row_touches_only_the_rows_that_come_and_go_and_their_places() {
    let rows = |range: std::ops::Range<u64>| {
        let ids: Vec<u64> = range.clone().collect();
        let top = range.start;
        let row = |id: u64| at(node(Role::ListBoxOption, &format!("Item {id}")), [0.0, (id - top) as f64, 9.0, (id - top + 1) as f64]);
        let list = at(around(node(Role::ListBox, "Items"), &ids), [0.0, 0.0, 9.0, 9.0]);
        update(&[2], std::iter::once((2, list)).chain(ids.iter().map(|id| (*id, row(*id)))).collect(), ROOT)
    };
    let steps = check_change(rows(10..14), rows(11..15));
    let count = |what: &str| steps.iter().filter(|step| step.starts_with(what)).count();
    assert_eq!((count("Remove"), count("Create"), count("Place"), count("Children")), (1, 1, 4, 1), "{steps:?}");
}

#[test]
fn any_tree_can_follow_any_other() {
    let button = || node(Role::Button, "Copy");
    let trees = || {
        vec![
            update(&[], vec![], ROOT),
            update(&[2, 3], vec![(2, button()), (3, node(Role::CheckBox, "Favourite"))], 2),
            update(&[3, 2], vec![(2, node(Role::Link, "Copy")), (3, around(node(Role::Group, "Detail"), &[4])), (4, button())], 4),
            // The element in the middle is another kind of element now, or gone, or goes inside the other.
            update(
                &[2],
                vec![(2, around(node(Role::Group, "Detail"), &[3])), (3, around(node(Role::Group, "Field"), &[4])), (4, button())],
                3,
            ),
            update(
                &[2],
                vec![(2, around(node(Role::Group, "Detail"), &[3])), (3, valued(node(Role::TextInput, "Field"), "x")), (4, button())],
                3,
            ),
            update(&[2], vec![(2, around(node(Role::Group, "Detail"), &[4])), (4, button())], ROOT),
            update(&[4], vec![(4, around(node(Role::Group, "Detail"), &[3, 2])), (2, button()), (3, node(Role::Heading, "Bank"))], 2),
            update(&[3], vec![(3, node(Role::Status, "Saved")), (2, button())], 2),
        ]
    };
    for before in trees() {
        for after in trees() {
            check_change(before.clone(), after);
        }
    }
}

#[test]
fn a_dialog_is_called_by_the_first_words_in_it() {
    let tree = |title: &str| {
        update(
            &[2],
            vec![
                (2, around(node(Role::Dialog, ""), &[3])),
                (3, around(node(Role::GenericContainer, ""), &[4, 5])),
                (4, valued(node(Role::Label, ""), title)),
                (5, valued(node(Role::Label, ""), "It stays in the trash for 30 days.")),
            ],
            ROOT,
        )
    };
    assert_eq!(Page::of(tree("Delete?")).says(2, "aria-label"), Some("Delete?"));
    check_change(tree("Delete?"), tree("Löschen?"));
}

#[test]
fn what_only_repeats_the_name_describes_nothing() {
    let mut button = node(Role::Button, "Show password");
    button.set_description("Show password");
    let mut title = valued(node(Role::Label, ""), "Bank");
    title.set_description("Bank");
    let page = Page::of(update(&[2, 3], vec![(2, button), (3, title)], ROOT));
    assert_eq!([2, 3].map(|id| page.says(id, "aria-description")), [None, None]);
}

#[test]
fn a_node_that_is_its_own_child_comes_to_an_end() {
    let page = Page::of(update(&[2], vec![(2, around(node(Role::Group, "Detail"), &[2, ROOT]))], ROOT));
    assert_eq!(page.elements.len(), 1);
}

#[test]
fn places_are_relative_and_scaled_and_a_container_without_one_holds_what_is_inside() {
    let tree = update(
        &[2],
        vec![
            (2, around(node(Role::Group, "Detail"), &[3, 4])),
            (3, at(node(Role::Button, "Copy"), [10.0, 20.0, 30.0, 40.0])),
            (4, at(node(Role::Button, "Show"), [40.0, 20.0, 60.25, 41.0])),
        ],
        ROOT,
    );
    let mut page = Page::default();
    page.carry_out(Tree::default().take(tree, 2.0));
    let place = |id| page.elements[&NodeId(id)].place;
    assert_eq!(place(2), Place { left: 20, top: 40, width: 101, height: 42 });
    assert_eq!(place(3), Place { left: 0, top: 0, width: 40, height: 40 });
    assert_eq!(place(4), Place { left: 60, top: 0, width: 41, height: 42 });
}

#[test]
fn a_container_that_is_not_laid_out_yet_is_nowhere() {
    let nowhere = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    let page = Page::of(update(&[2], vec![(2, at(node(Role::Group, "Detail"), nowhere))], ROOT));
    assert_eq!(page.elements[&NodeId(2)].place, Place::default());
}

#[test]
fn states_are_told_in_the_words_of_aria() {
    let check = |role, toggled, name, value| {
        let mut changed = node(role, "It");
        changed.set_toggled(toggled);
        assert_eq!(Page::of(update(&[2], vec![(2, changed)], ROOT)).says(2, name), value, "{role:?}");
    };
    check(Role::CheckBox, Toggled::Mixed, "aria-checked", Some("mixed"));
    check(Role::Switch, Toggled::True, "aria-checked", Some("true"));
    check(Role::Tab, Toggled::False, "aria-selected", Some("false"));
    check(Role::ListBoxOption, Toggled::True, "aria-selected", Some("true"));
    check(Role::Button, Toggled::True, "aria-pressed", Some("true"));
    check(Role::Label, Toggled::True, "aria-pressed", None);
}

#[test]
fn a_slider_is_a_real_one_and_gets_its_value_anew_when_its_ends_move() {
    let tree = |max| {
        let mut slider = node(Role::Slider, "Length");
        slider.set_numeric_value(20.0);
        slider.set_min_numeric_value(8.0);
        slider.set_max_numeric_value(max);
        slider.set_numeric_value_step(1.0);
        slider.add_action(Action::SetValue);
        update(&[2], vec![(2, slider)], ROOT)
    };
    let page = Page::of(tree(64.0));
    assert_eq!(["type", "min", "max", "step"].map(|name| page.says(2, name)), [Some("range"), Some("8"), Some("64"), Some("1")]);
    assert_eq!(check_change(tree(64.0), tree(128.0)), [r#"Set(#2, "max", Some("128"))"#, r#"Value(#2, "20")"#]);
}

#[test]
fn what_is_announced_stands_in_the_page_as_text() {
    let mut toast = node(Role::Status, "Copied");
    toast.set_live(Live::Polite);
    let page = Page::of(update(&[2], vec![(2, toast)], ROOT));
    assert_eq!(page.elements[&NodeId(2)].text, "Copied");
    assert_eq!((page.says(2, "role"), page.says(2, "aria-live"), page.says(2, "aria-label")), (Some("status"), Some("polite"), None));
}

#[test]
fn what_a_button_shows_and_explains_is_its_description() {
    let mut row = valued(node(Role::Button, "User name"), "alice");
    row.set_description("Click to copy");
    let page = Page::of(update(&[2], vec![(2, row)], ROOT));
    assert_eq!(page.says(2, "aria-description"), Some("alice. Click to copy"));
}

#[test]
fn what_an_element_stands_for_is_known_until_it_goes() {
    let mut tree = Tree::default();
    tree.take(update(&[2], vec![(2, valued(node(Role::TextInput, "Title"), "Bank"))], ROOT), 1.0);
    assert_eq!((tree.is_text(NodeId(2)), tree.value(NodeId(2))), (true, "Bank"));
    assert_eq!(tree.node(NodeId(2)).map(Node::role), Some(Role::TextInput));
    tree.take(update(&[3], vec![(3, valued(node(Role::PasswordInput, "Password"), "•••"))], ROOT), 1.0);
    assert_eq!((tree.node(NodeId(2)), tree.is_text(NodeId(3)), tree.value(NodeId(3))), (None, true, ""));
}

#[test]
fn each_kind_of_element_has_its_name_in_html() {
    let check = |role, name| {
        let page = Page::of(update(&[2], vec![(2, node(role, "It"))], ROOT));
        assert_eq!(page.elements[&NodeId(2)].tag.name(), name, "{role:?}");
    };
    check(Role::Button, "div");
    check(Role::SearchInput, "input");
    check(Role::MultilineTextInput, "textarea");
}
