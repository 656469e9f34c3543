//! A mirror of the accessibility tree in the page: the canvas is a picture to assistive technology, so for every control, word and list there
//! is an unseen element with its role, name, state, value and place. What is done to an element is done to what it stands for.
//!
//! eframe drops the tree in a browser, so a plugin of egui takes it from each pass. `tree` plans what changes, `dom` changes it; a pass in
//! which nothing changed touches nothing.
//!
//! The page's focus stays where eframe hears keys, on the canvas or on its hidden input; these name the element that has egui's focus as their
//! active descendant. A pointer never meets the mirror: clicks on its elements come from assistive technology.

mod dom;
mod tree;

use std::cell::RefCell;

use egui::{
    Context, Event, FullOutput, Plugin, RawInput,
    accesskit::{Action, ActionData, ActionRequest, NodeId, Role, TreeId},
};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlCanvasElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};

use self::{dom::Elements, tree::Tree};
use super::window;

thread_local! {
    /// The page's mirror. Not in the plugin: that must be `Send`, and elements are not.
    static MIRROR: RefCell<Option<Mirror>> = const { RefCell::new(None) };
}

struct Mirror {
    ctx: Context,
    tree: Tree,
    elements: Elements,
    /// What assistive technology asked for since the last pass.
    asked: Vec<ActionRequest>,
}

/// Starts mirroring what `ctx` shows in `canvas`.
pub(super) fn install(ctx: &Context, canvas: &HtmlCanvasElement) -> Result<(), JsValue> {
    let elements = Elements::new(canvas)?;
    let container = elements.container.clone();
    let mirror = Mirror { ctx: ctx.clone(), tree: Tree::default(), elements, asked: Vec::new() };
    MIRROR.with(|slot| *slot.borrow_mut() = Some(mirror));
    window::listen(&container, "click", |event| on(&event, Mirror::click));
    window::listen(&container, "input", |event| on(&event, Mirror::input));
    window::listen(&container, "keydown", on_key);
    window::listen(&container, "focus", on_focus);
    ctx.enable_accesskit();
    ctx.add_plugin(Hooks);
    Ok(())
}

/// Empties it until something is drawn again. To be called when the vault locks: a hidden tab draws nothing, and what it showed must not stay.
pub(super) fn clear() {
    with(|mirror| {
        mirror.tree = Tree::default();
        mirror.elements.clear();
        mirror.asked.clear();
    });
}

/// Runs with the mirror, unless it is at work itself: changing the page may cause events.
fn with<T>(then: impl FnOnce(&mut Mirror) -> T) -> Option<T> {
    MIRROR.with(|slot| slot.try_borrow_mut().ok()?.as_mut().map(then))
}

/// egui's side.
struct Hooks;

impl Plugin for Hooks {
    fn debug_name(&self) -> &'static str {
        "accessibility mirror"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        // First: a focus that was moved counts for what was typed since.
        with(|mirror| drop(input.events.splice(0..0, mirror.asked.drain(..).map(Event::AccessKitActionRequest))));
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let Some(update) = output.platform_output.accesskit_update.take() else { return };
        // A point is a CSS pixel, but for egui's own zoom; the browser's is in both.
        let scale = f64::from(ctx.zoom_factor());
        with(|mirror| {
            let steps = mirror.tree.take(update, scale);
            mirror.elements.carry_out(steps);
        });
    }
}

impl Mirror {
    fn ask(&mut self, target_node: NodeId, action: Action, data: Option<ActionData>) {
        self.asked.push(ActionRequest { action, target_tree: TreeId::ROOT, target_node, data });
        self.ctx.request_repaint();
    }

    fn can(&self, id: NodeId, action: Action) -> bool {
        self.tree.node(id).is_some_and(|node| node.supports_action(action))
    }

    fn click(&mut self, id: NodeId, _: &Element) {
        if self.can(id, Action::Click) && !self.tree.is_text(id) {
            self.ask(id, Action::Click, None);
        } else if self.can(id, Action::Focus) {
            self.ask(id, Action::Focus, None);
        }
    }

    /// Something was put into a field without typing it.
    fn input(&mut self, id: NodeId, element: &Element) {
        let value = if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.value()
        } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
            area.value()
        } else {
            return;
        };
        // The element holds what the tree holds: nothing of a password, and of other fields what the window makes of it.
        self.elements.set_value(id, self.tree.value(id));
        match self.tree.node(id).map(|node| (node.role(), node.numeric_value())) {
            Some((Role::Slider, now)) => {
                let Ok(wanted) = value.parse::<f64>() else { return };
                if self.can(id, Action::SetValue) {
                    self.ask(id, Action::SetValue, Some(ActionData::NumericValue(wanted)));
                } else {
                    self.step(id, now.is_none_or(|now| wanted > now));
                }
            }
            Some(_) => self.ask(id, Action::SetValue, Some(ActionData::Value(value.into()))),
            None => {}
        }
    }

    fn step(&mut self, id: NodeId, is_up: bool) {
        let action = if is_up { Action::Increment } else { Action::Decrement };
        if self.can(id, action) {
            self.ask(id, action, None);
        }
    }

    /// An element got the page's focus, so what it stands for gets egui's. Says whether that is a field for text.
    fn focus(&mut self, id: NodeId) -> bool {
        if self.can(id, Action::Focus) {
            self.ask(id, Action::Focus, None);
            // What listens hears the right name before the next pass.
            self.elements.show_active(Some(id));
        }
        if self.is_cut_off(id) {
            self.ask(id, Action::ScrollIntoView, None);
        }
        self.tree.is_text(id)
    }

    /// Whether a part of it is scrolled out of sight.
    fn is_cut_off(&self, id: NodeId) -> bool {
        self.ctx.viewport(|viewport| {
            let widgets = &viewport.prev_pass.widgets;
            let mut all = widgets.layer_ids().flat_map(|layer| widgets.get_layer(layer));
            all.find(|widget| widget.id.accesskit_id() == id).is_some_and(|widget| !widget.interact_rect.contains_rect(widget.rect))
        })
    }
}

/// Hands an event to the mirror with the node that it is for, and to nobody else: eframe would take it for its own.
fn on(event: &JsValue, then: impl FnOnce(&mut Mirror, NodeId, &Element)) {
    let Some(event) = event.dyn_ref::<web_sys::Event>() else { return };
    event.stop_propagation();
    let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    if let Some(id) = dom::node_of(&element) {
        with(|mirror| then(mirror, id, &element));
    }
}

/// Browsers turn "increase", "decrease" and "press" of assistive technology into keys.
fn on_key(event: JsValue) {
    let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default();
    on(&event, |mirror, id, element| match key.as_str() {
        "ArrowUp" | "ArrowRight" => mirror.step(id, true),
        "ArrowDown" | "ArrowLeft" => mirror.step(id, false),
        "Enter" | " " => mirror.click(id, element),
        _ => {}
    });
}

fn on_focus(event: JsValue) {
    let mut back_to = None;
    on(&event, |mirror, id, _| {
        let is_text = mirror.focus(id);
        back_to = Some(mirror.elements.keyboard(is_text));
    });
    // Once the mirror is free again: this causes events of its own.
    if let Some(element) = back_to {
        dom::focus(&element);
    }
}
