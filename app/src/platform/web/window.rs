//! The page: one canvas, and what happens outside of frames.

use std::cell::RefCell;

use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{EventTarget, HtmlCanvasElement};

use super::{engine::Setup, js, mirror, settings};
use crate::shell::Shell;

thread_local! {
    /// The runner of this page, so that events outside of frames reach the shell also while nothing is drawn.
    static RUNNER: RefCell<Option<eframe::WebRunner>> = const { RefCell::new(None) };
}

/// Opens the window in the page's canvas.
pub(super) fn main() {
    wasm_bindgen_futures::spawn_local(async {
        let nt2 = js::nt2();
        match start().await {
            Ok(()) => drop(js::call(&nt2, "ready", &[]).await),
            Err(error) => {
                web_sys::console::error_1(&error);
                let sentence = "This browser can't draw the vault: WebGL is switched off or missing. Allow hardware acceleration, or use another browser.";
                drop(js::call(&nt2, "fail", &[sentence.into()]).await);
            }
        }
    });
}

async fn start() -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let canvas: HtmlCanvasElement = document.get_element_by_id("vault").ok_or("no canvas")?.dyn_into()?;
    let runner = eframe::WebRunner::new();
    tell_panics();
    RUNNER.with(|slot| *slot.borrow_mut() = Some(runner.clone()));
    let mirrored = canvas.clone();
    let create: eframe::AppCreator<'static> = Box::new(move |creation| {
        // Without it the window still works, for those who see it.
        mirror::install(&creation.egui_ctx, &mirrored).unwrap_or_else(|error| web_sys::console::error_1(&error));
        Ok(Box::new(Shell::new(&creation.egui_ctx, Setup, settings::load()).map_err(Box::new)?))
    });
    runner.start(canvas, eframe::WebOptions::default(), create).await
}

/// A panic of the page ends it visibly: the place, and nothing of what it was about.
fn tell_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // What it mirrors is covered from here on, and answers no longer.
        mirror::clear();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        web_sys::console::error_1(&format!("NT² Vault: internal error at {place}").into());
        let fail = js::property(&js::nt2(), "fail");
        if let Ok(fail) = fail.dyn_into::<js_sys::Function>() {
            let sentence = "The window has failed. What was saved is safe; load the page again.";
            fail.call1(&JsValue::NULL, &sentence.into()).ok();
        }
        if cfg!(debug_assertions) {
            before(panic);
        }
    }));
}

/// Lets the shell do what is due, outside of a frame.
pub(super) fn beat() {
    let runner = RUNNER.with(|slot| slot.borrow().clone());
    if let Some(mut shell) = runner.as_ref().and_then(eframe::WebRunner::app_mut::<Shell>) {
        shell.beat();
    }
}

/// Calls `then` at each such event, for as long as the page lives.
pub(super) fn listen(target: &EventTarget, event: &str, then: impl FnMut(JsValue) + 'static) {
    let listener = js::for_ever(Closure::<dyn FnMut(JsValue)>::new(then));
    // Before the canvas, which lets no event pass on. Fails for no name of an event.
    target.add_event_listener_with_callback_and_bool(event, &listener, true).ok();
}
