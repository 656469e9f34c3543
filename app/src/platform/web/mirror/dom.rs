//! The mirror's elements in the page.

use std::collections::HashMap;

use egui::accesskit::NodeId;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Element, FocusOptions, HtmlCanvasElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

use super::tree::Step;

/// The id of the element around all others; `style.css` hides it from the eye.
const CONTAINER: &str = "mirror";

/// What the canvas is called. A name, so no translation has another.
const PRODUCT: &str = "NT² Vault";

/// What the mirrored field says of itself, and eframe's own input repeats while it has the keyboard.
const REPEATED: [&str; 5] = ["aria-label", "aria-description", "aria-invalid", "aria-required", "aria-readonly"];

/// Elements by the node they stand for.
pub(super) struct Elements {
    document: Document,
    canvas: HtmlCanvasElement,
    /// The input in which eframe takes what is typed.
    agent: Option<HtmlInputElement>,
    pub(super) container: HtmlElement,
    by_node: HashMap<NodeId, HtmlElement>,
    active: Option<NodeId>,
}

impl Elements {
    /// Puts the container behind the canvas.
    pub(super) fn new(canvas: &HtmlCanvasElement) -> Result<Self, JsValue> {
        let document = canvas.owner_document().ok_or("the canvas has no document")?;
        // eframe has put it there.
        let agent = canvas.next_element_sibling().and_then(|element| element.dyn_into::<HtmlInputElement>().ok());
        let container: HtmlElement = document.create_element("div")?.dyn_into()?;
        container.set_id(CONTAINER);
        canvas.after_with_node_1(&container)?;
        // A group, not an application: in that a screen reader would leave its own keys, and with them all text, out of reach.
        canvas.set_attribute("role", "group")?;
        canvas.set_attribute("aria-label", PRODUCT)?;
        canvas.set_attribute("aria-owns", CONTAINER)?;
        if let Some(agent) = &agent {
            // An input owns nothing, but it may have an active descendant in what it controls.
            agent.set_attribute("aria-controls", CONTAINER)?;
            // What is typed is for no spelling service and for no list of what was typed before.
            agent.set_attribute("spellcheck", "false")?;
            agent.set_attribute("autocomplete", "off")?;
        }
        Ok(Self { document, canvas: canvas.clone(), agent, container, by_node: HashMap::new(), active: None })
    }

    /// Does what was planned. Names and values are such as no browser refuses, so errors are dropped.
    pub(super) fn carry_out(&mut self, steps: Vec<Step>) {
        let mut active_changed = false;
        for step in steps {
            match step {
                Step::Remove(id) => {
                    if let Some(element) = self.by_node.remove(&id) {
                        element.remove();
                    }
                }
                Step::Forget(id) => drop(self.by_node.remove(&id)),
                Step::Create(id, tag) => {
                    if let Ok(element) = self.document.create_element(tag.name()).and_then(|element| Ok(element.dyn_into::<HtmlElement>()?))
                    {
                        element.set_id(&element_id(id));
                        self.by_node.insert(id, element);
                    }
                }
                Step::Set(id, name, value) => {
                    active_changed |= Some(id) == self.active && REPEATED.contains(&name);
                    if let Some(element) = self.by_node.get(&id) {
                        set(element, name, value.as_deref());
                    }
                }
                Step::Text(id, text) => {
                    if let Some(element) = self.by_node.get(&id) {
                        element.set_text_content(Some(&text));
                    }
                }
                Step::Value(id, value) => self.set_value(id, &value),
                Step::Place(id, place) => {
                    if let Some(element) = self.by_node.get(&id) {
                        let at = format!("left:{}px;top:{}px;width:{}px;height:{}px", place.left, place.top, place.width, place.height);
                        // Through the object model, which the policy allows; an attribute it would not.
                        element.style().set_css_text(&at);
                    }
                }
                Step::Children(of, children) => self.arrange(of, &children),
                Step::Focus(id) => {
                    self.active = id;
                    active_changed = true;
                }
            }
        }
        if active_changed {
            self.show_active(self.active);
        }
    }

    /// Takes everything out.
    pub(super) fn clear(&mut self) {
        self.by_node.clear();
        self.container.set_text_content(None);
        // eframe empties it only with the next key: what was typed last would outlive the lock.
        if let Some(agent) = &self.agent {
            agent.set_value("");
        }
        self.active = None;
        self.show_active(None);
    }

    /// Sets what an input holds.
    pub(super) fn set_value(&self, id: NodeId, value: &str) {
        let Some(element) = self.by_node.get(&id) else { return };
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.set_value(value);
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            area.set_value(value);
        }
    }

    /// Tells assistive technology which element has the keyboard, wherever the page's own focus is.
    pub(super) fn show_active(&self, id: Option<NodeId>) {
        let element = id.and_then(|id| self.by_node.get(&id));
        let name = element.map(|element| element.id());
        set(&self.canvas, "aria-activedescendant", name.as_deref());
        if let Some(agent) = &self.agent {
            set(agent, "aria-activedescendant", name.as_deref());
            for name in REPEATED {
                set(agent, name, element.and_then(|element| element.get_attribute(name)).as_deref());
            }
            if element.is_none() {
                // An input without a name is a riddle, also while it waits.
                set(agent, "aria-label", Some(PRODUCT));
            }
        }
    }

    /// What takes the page's focus back: eframe hears keys only there. For text that is its input, so that a keyboard comes up.
    pub(super) fn keyboard(&self, is_text: bool) -> HtmlElement {
        self.agent.as_ref().filter(|_| is_text).map_or_else(|| self.canvas.clone().into(), |agent| agent.clone().into())
    }

    /// Puts the elements of `of` in order and moves no more of them than it must: a move is a removal to whoever watches.
    fn arrange(&self, of: Option<NodeId>, children: &[NodeId]) {
        let Some(parent) = of.map_or(Some(&self.container), |id| self.by_node.get(&id)) else { return };
        let mut next = parent.first_child();
        for child in children.iter().filter_map(|id| self.by_node.get(id)) {
            match &next {
                Some(there) if child.is_same_node(Some(there)) => next = there.next_sibling(),
                there => drop(parent.insert_before(child, there.as_ref())),
            }
        }
    }
}

/// Gives an element the page's focus where it stands.
pub(super) fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails for no element of the page.
    element.focus_with_options(&options).ok();
    // eframe saw the focus leave, but hears of its return to the input only at the next frame, and until then takes no key.
    if let (Some(document), Ok(event)) = (element.owner_document(), web_sys::Event::new("focus")) {
        document.dispatch_event(&event).ok();
    }
}

/// The node that an element of the page stands for, or the nearest around it.
pub(super) fn node_of(element: &Element) -> Option<NodeId> {
    let named = element.closest("[id]").ok().flatten()?;
    u64::from_str_radix(named.id().strip_prefix('n')?, 16).ok().map(NodeId)
}

fn element_id(id: NodeId) -> String {
    format!("n{:x}", id.0)
}

fn set(element: &Element, name: &str, value: Option<&str>) {
    match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    }
    .ok();
}
