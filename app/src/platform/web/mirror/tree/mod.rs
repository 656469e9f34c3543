//! What the page's elements are, and what has to be done to them when the tree has changed. Pure: it knows no browser.

mod face;
mod roles;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use egui::accesskit::{Node, NodeId, Rect, TreeUpdate};

use face::{Face, Nodes};
pub(crate) use roles::Tag;

/// One thing to do to the page's elements.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// Takes an element out of the page.
    Remove(NodeId),
    /// Lets go of an element that left with the one around it.
    Forget(NodeId),
    /// Makes an element, still outside of the page.
    Create(NodeId, Tag),
    /// Sets an attribute, or takes it away.
    Set(NodeId, &'static str, Option<String>),
    /// The words in an element that has no children.
    Text(NodeId, String),
    /// What an input holds.
    Value(NodeId, String),
    /// Where it is.
    Place(NodeId, Place),
    /// All elements in it, in order; `None`: the outermost.
    Children(Option<NodeId>, Vec<NodeId>),
    /// Which one has the keyboard.
    Focus(Option<NodeId>),
}

/// Where an element is within the one around it, in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) left: i32,
    pub(crate) top: i32,
    pub(crate) width: i32,
    pub(crate) height: i32,
}

/// The elements as they stand. Whatever the last update did not hold is dropped, and the allocator wipes it.
#[derive(Default)]
pub(crate) struct Tree {
    kept: HashMap<NodeId, Kept>,
    outermost: Vec<NodeId>,
    focus: Option<NodeId>,
}

struct Kept {
    node: Node,
    face: Face,
    place: Place,
    children: Vec<NodeId>,
}

/// An element to be: a node that is shown, below the nearest shown one above it.
struct Draft {
    id: NodeId,
    around: usize,
    area: Option<Area>,
    children: Vec<NodeId>,
    /// Of a dialog: the first words in it, which are its name if it has none.
    title: Option<NodeId>,
}

/// Edges on the screen, in whole CSS pixels: rounded before they are set against each other, so that errors do not add up.
#[derive(Clone, Copy)]
struct Area {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

impl Tree {
    /// The node behind an element.
    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.kept.get(&id).map(|kept| &kept.node)
    }

    /// Whether text is typed into it.
    pub(crate) fn is_text(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| roles::is_text_input(node.role()))
    }

    /// What an input holds as far as the tree says.
    pub(crate) fn value(&self, id: NodeId) -> &str {
        self.kept.get(&id).map_or("", |kept| &kept.face.value)
    }

    /// Takes over `update`, which is always the whole tree (egui sends no other), and plans what that means for the page. One point of egui
    /// is `scale` CSS pixels.
    pub(crate) fn take(&mut self, update: TreeUpdate, scale: f64) -> Vec<Step> {
        let Some(info) = update.tree else { return Vec::new() };
        let mut nodes: Nodes = update.nodes.into_iter().collect();
        let focus = Some(update.focus).filter(|id| *id != info.root);
        let drafts = drafts(&nodes, info.root, focus, scale);
        let mut places = places(&drafts);
        // Steps in the order in which they are carried out: an element that leaves must not be in the way of those that stay.
        let (mut leaving, mut changing, mut arranging) = (Vec::new(), Vec::new(), Vec::new());
        let mut before = std::mem::take(&mut self.kept);
        let mut outermost = Vec::new();
        let mut made_anew = HashSet::new();
        for (draft, place) in drafts.into_iter().zip(places.drain(..)).rev() {
            if draft.id == info.root {
                outermost = draft.children;
                continue;
            }
            let Some(node) = nodes.get(&draft.id) else { continue };
            let mut old = before.remove(&draft.id);
            let is_leaf = draft.children.is_empty();
            let face = match &mut old {
                Some(old) if old.node == *node && old.children.is_empty() == is_leaf && !face::borrows_words(node, draft.title) => {
                    std::mem::take(&mut old.face)
                }
                old => {
                    let face = Face::of(node, &nodes, is_leaf, draft.title);
                    // Another kind of element cannot be made of the one there is.
                    if old.as_ref().is_some_and(|old| old.face.tag != face.tag) {
                        leaving.push(Step::Remove(draft.id));
                        *old = None;
                    }
                    steps_to_face(&mut changing, draft.id, old.as_ref().map(|old| &old.face), &face);
                    face
                }
            };
            if old.is_none() {
                made_anew.insert(draft.id);
            }
            if old.as_ref().map(|old| old.place) != Some(place) {
                changing.push(Step::Place(draft.id, place));
            }
            // Elements inside are known by now: the drafts come from the inside out.
            let is_same = old.is_some_and(|old| old.children == draft.children);
            if !is_same && !is_leaf || draft.children.iter().any(|child| made_anew.contains(child)) {
                arranging.push(Step::Children(Some(draft.id), draft.children.clone()));
            }
            let kept = Kept { node: Node::default(), face, place, children: draft.children };
            self.kept.insert(draft.id, kept);
        }
        for (id, kept) in &mut self.kept {
            kept.node = nodes.remove(id).unwrap_or_default();
        }
        if self.outermost != outermost || outermost.iter().any(|id| made_anew.contains(id)) {
            arranging.push(Step::Children(None, outermost.clone()));
        }
        self.outermost = outermost;
        let inside: HashSet<NodeId> = before.values().flat_map(|gone| gone.children.iter().copied()).collect();
        leaving.extend(before.keys().map(|id| if inside.contains(id) { Step::Forget(*id) } else { Step::Remove(*id) }));
        let focus = focus.filter(|id| self.kept.contains_key(id));
        let moved = (self.focus != focus).then_some(Step::Focus(focus));
        self.focus = focus;
        leaving.into_iter().chain(changing).chain(arranging).chain(moved).collect()
    }
}

/// The shown nodes, each before those inside it; the first is the page's container.
fn drafts(nodes: &Nodes, root: NodeId, focus: Option<NodeId>, scale: f64) -> Vec<Draft> {
    let mut drafts = vec![Draft { id: root, around: 0, area: None, children: Vec::new(), title: None }];
    // A node that is named as a child twice would have no end.
    let mut seen = HashSet::from([root]);
    let mut waiting: Vec<(NodeId, usize)> = Vec::new();
    let children = |id: NodeId| nodes.get(&id).map(Node::children).unwrap_or_default().iter().rev().copied();
    waiting.extend(children(root).map(|child| (child, 0)));
    while let Some((id, around)) = waiting.pop() {
        let Some(node) = nodes.get(&id).filter(|_| seen.insert(id)) else { continue };
        let role = node.role();
        if node.is_hidden() || roles::is_left_out(role) {
            continue;
        }
        if roles::is_wrapper(role) && !face::says_something(node) && focus != Some(id) {
            waiting.extend(children(id).map(|child| (child, around)));
            continue;
        }
        drafts[around].children.push(id);
        // What stands in an input, or in words, stands beside it: neither holds other elements.
        let inside = if Tag::of(role) == Tag::Div && role != egui::accesskit::Role::Label { drafts.len() } else { around };
        let area = node.bounds().and_then(|bounds| Area::of(bounds, scale));
        drafts.push(Draft { id, around, area, children: Vec::new(), title: None });
        if roles::is_title(role) {
            let around = std::iter::successors(Some(around), |at| (*at > 0).then(|| drafts[*at].around));
            let is_dialog = |at: &usize| nodes.get(&drafts[*at].id).is_some_and(|node| roles::is_dialog(node.role()));
            if let Some(at) = around.into_iter().find(is_dialog) {
                drafts[at].title.get_or_insert(id);
            }
        }
        waiting.extend(children(id).map(|child| (child, inside)));
    }
    drafts
}

/// Where each draft is. One that is nowhere itself is where those inside it are.
fn places(drafts: &[Draft]) -> Vec<Place> {
    let mut areas: Vec<Option<Area>> = drafts.iter().map(|draft| draft.area).collect();
    for at in (1..drafts.len()).rev() {
        let around = drafts[at].around;
        // The container is the whole page.
        if around != 0 && drafts[around].area.is_none() {
            areas[around] = Area::both(areas[around], areas[at]);
        }
    }
    let places = drafts.iter().zip(&areas).map(|(draft, area)| {
        let (left, top) = if draft.around == 0 { (0, 0) } else { areas[draft.around].map_or((0, 0), |area| (area.left, area.top)) };
        area.map_or(Place::default(), |area| Place {
            left: area.left - left,
            top: area.top - top,
            width: area.right - area.left,
            height: area.bottom - area.top,
        })
    });
    places.collect()
}

impl Area {
    /// `None`: nowhere, as of a container that egui has not laid out yet.
    fn of(bounds: Rect, scale: f64) -> Option<Self> {
        let edges = [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|edge| edge * scale);
        let is_somewhere = edges.iter().all(|edge| edge.is_finite()) && bounds.x0 <= bounds.x1 && bounds.y0 <= bounds.y1;
        let [left, top, right, bottom] = edges.map(|edge| edge.round() as i32);
        is_somewhere.then_some(Self { left, top, right, bottom })
    }

    fn both(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (one, other) else { return one.or(other) };
        Some(Self { left: a.left.min(b.left), top: a.top.min(b.top), right: a.right.max(b.right), bottom: a.bottom.max(b.bottom) })
    }
}

/// What makes an element look like `new`; without `old` there is none yet.
fn steps_to_face(steps: &mut Vec<Step>, id: NodeId, old: Option<&Face>, new: &Face) {
    let nothing = Face::default();
    if old.is_none() {
        steps.push(Step::Create(id, new.tag));
    }
    let old = old.unwrap_or(&nothing);
    let first = steps.len();
    let gone = old.attributes.iter().map(|(name, _)| *name).filter(|name| new.attributes.iter().all(|(other, _)| other != name));
    steps.extend(gone.map(|name| Step::Set(id, name, None)));
    let changed = new.attributes.iter().filter(|attribute| !old.attributes.contains(attribute));
    steps.extend(changed.map(|(name, value)| Step::Set(id, name, Some(value.clone().into_owned()))));
    if old.text != new.text {
        steps.push(Step::Text(id, new.text.clone()));
    }
    // A browser bends the value when the ends of a slider change.
    if old.value != new.value || new.tag == Tag::Input && steps.len() > first {
        steps.push(Step::Value(id, new.value.clone()));
    }
}
