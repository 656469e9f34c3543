//! The clipboard of a page. It can be written while the page has the focus, and read only where the person allowed it; so "only if
//! unchanged" is kept where it can be, and elsewhere clearing wins: a later copy of something else may be lost, a secret must not stay.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use vault_engine::event::ClipboardEnd;
use vault_model::SecretText;
use wasm_bindgen::JsValue;
use web_sys::{Clipboard, Document, Window};

use super::js;

/// What is done where the clipboard refuses.
type OnRefusal = Box<dyn Fn()>;

/// See the module. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct PageClipboard(Rc<Inner>);

#[derive(Default)]
struct Inner {
    /// What was last put there and not cleared since, to be compared where reading is allowed.
    ours: RefCell<Option<SecretText>>,
    /// Clearing was refused because another window had the focus: it is done when this one has it again.
    is_overdue: Cell<bool>,
    on_refusal: RefCell<Option<OnRefusal>>,
}

impl PageClipboard {
    /// From now on refusals to copy are told.
    pub(super) fn tell_refusals(&self, on_refusal: impl Fn() + 'static) {
        *self.0.on_refusal.borrow_mut() = Some(Box::new(on_refusal));
    }

    /// Puts a secret there.
    pub(super) fn put(&self, text: SecretText) {
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let written = write(text.expose()).await;
            own.0.is_overdue.set(false);
            match written {
                Ok(()) => *own.0.ours.borrow_mut() = Some(text),
                Err(_) => own.refuse(),
            }
        });
    }

    /// Puts something there that is not secret and stays.
    pub(super) fn put_public(&self, text: String) {
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            if write(&text).await.is_err() {
                own.refuse();
            }
        });
    }

    /// Clears it.
    pub(super) async fn clear(&self) -> ClipboardEnd {
        let Some(ours) = self.0.ours.borrow_mut().take() else { return ClipboardEnd::Refused };
        match read().await {
            Some(now) if now.expose() != ours.expose() => ClipboardEnd::Replaced,
            _ if write("").await.is_ok() => ClipboardEnd::Cleared,
            _ => {
                self.0.is_overdue.set(true);
                ClipboardEnd::Refused
            }
        }
    }

    /// The page has the focus again: clears what could not be cleared without.
    pub(super) fn catch_up(&self) {
        if self.0.is_overdue.replace(false) {
            // It was told as refused; that it has worked after all needs no telling.
            wasm_bindgen_futures::spawn_local(async { drop(write("").await) });
        }
    }

    fn refuse(&self) {
        if let Some(on_refusal) = &*self.0.on_refusal.borrow() {
            on_refusal();
        }
    }
}

fn clipboard() -> Result<(Clipboard, Document), JsValue> {
    let window: Window = web_sys::window().ok_or("no window")?;
    let document = window.document().ok_or("no document")?;
    // Without a secure context there is none.
    let clipboard = js::property(&window.navigator(), "clipboard");
    if clipboard.is_undefined() { Err("no clipboard".into()) } else { Ok((clipboard.into(), document)) }
}

async fn write(text: &str) -> Result<(), JsValue> {
    let (clipboard, _) = clipboard()?;
    js::settled(Ok(clipboard.write_text(text))).await.map(drop)
}

/// What is there, where the person has allowed reading for good: nobody is asked.
async fn read() -> Option<SecretText> {
    let (clipboard, document) = clipboard().ok()?;
    let permissions = web_sys::window()?.navigator().permissions().ok()?;
    let query = js::object(&[("name", &"clipboard-read".into())]);
    let status = js::settled(permissions.query(&query)).await.ok()?;
    let is_granted = js::property(&status, "state").as_string().as_deref() == Some("granted");
    if !is_granted || !document.has_focus().unwrap_or(false) {
        return None;
    }
    js::settled(Ok(clipboard.read_text())).await.ok()?.as_string().map(SecretText::new)
}
