//! Which tab holds the vaults: one, by a Web Lock. Another tab says so, and on request the holder locks its vault and lets go.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Function, Promise};
use wasm_bindgen::{JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::js;

const LOCK: &str = "nt2-vaults";
const CHANNEL: &str = "nt2-tabs";
const RELEASE: &str = "release";
/// How long the holder has to lock its vault and let go; after that the lock is taken from it.
const PATIENCE_MS: u64 = 3_000;

/// What happened to the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TabNews {
    /// This tab has it.
    Held,
    /// Another tab has it.
    Elsewhere,
    /// Another tab asks for it.
    Wanted,
    /// This tab has lost it.
    Lost,
}

/// How the lock is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    IfAvailable,
    Wait,
    Steal,
}

/// This tab and its lock. Clones share it.
#[derive(Clone)]
pub(super) struct Tabs(Rc<Inner>);

struct Inner {
    channel: BroadcastChannel,
    /// Lets the lock go; `None` while this tab does not have it.
    release: RefCell<Option<Function>>,
    on_news: Box<dyn Fn(TabNews)>,
}

impl Tabs {
    /// Asks for the lock if it is free.
    pub(super) fn start(on_news: impl Fn(TabNews) + 'static) -> Result<Self, JsValue> {
        let channel = BroadcastChannel::new(CHANNEL)?;
        let own = Self(Rc::new(Inner { channel, release: RefCell::default(), on_news: Box::new(on_news) }));
        let heard = own.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if event.data().as_string().as_deref() == Some(RELEASE) && heard.is_held() {
                (heard.0.on_news)(TabNews::Wanted);
            }
        });
        own.0.channel.set_onmessage(Some(&js::for_ever(on_message)));
        own.request(How::IfAvailable);
        Ok(own)
    }

    /// Whether this tab has the lock.
    pub(super) fn is_held(&self) -> bool {
        self.0.release.borrow().is_some()
    }

    /// Asks the holder to let go, and waits; a holder that does not answer loses it.
    pub(super) fn take_over(&self) {
        self.0.channel.post_message(&RELEASE.into()).ok();
        self.request(How::Wait);
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            js::sleep(PATIENCE_MS).await;
            if !own.is_held() {
                own.request(How::Steal);
            }
        });
    }

    /// Lets go: the vault is locked, the engine has ended.
    pub(super) fn let_go(&self) {
        let release = self.0.release.borrow_mut().take();
        if let Some(release) = release {
            release.call0(&JsValue::NULL).ok();
        }
    }

    fn request(&self, how: How) {
        let own = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let granted = own.clone();
            let on_grant = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |lock: JsValue| granted.granted(&lock));
            let Some(locks) = locks() else { return };
            let options = js::object(&[("ifAvailable", &(how == How::IfAvailable).into()), ("steal", &(how == How::Steal).into())]);
            // Ends when the lock is let go, or with an error when it is taken away.
            let ended = js::call(&locks, "request", &[LOCK.into(), options.into(), on_grant.as_ref().clone()]).await;
            if ended.is_err() && own.0.release.borrow_mut().take().is_some() {
                (own.0.on_news)(TabNews::Lost);
            }
        });
    }

    /// Holds the lock until [`Self::let_go`].
    fn granted(&self, lock: &JsValue) -> Promise {
        if lock.is_null() {
            (self.0.on_news)(TabNews::Elsewhere);
            return Promise::resolve(&JsValue::NULL);
        }
        if self.is_held() {
            // It came by two ways.
            return Promise::resolve(&JsValue::NULL);
        }
        let promise = Promise::new(&mut |resolve, _| *self.0.release.borrow_mut() = Some(resolve));
        (self.0.on_news)(TabNews::Held);
        promise
    }
}

/// `LockManager`; the bindings have it as unstable only.
fn locks() -> Option<JsValue> {
    Some(js::property(&web_sys::window()?.navigator(), "locks")).filter(|locks| !locks.is_undefined())
}
