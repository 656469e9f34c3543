//! Argon2id in a worker of its own: it can't be interrupted, so a cancelled one is ended with its worker.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Uint8Array, Uint32Array};
use vault_crypto::{kdf, secret::PasswordKey};
use vault_model::SecretText;
use vault_protocol::{Salt, control::KdfCost};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::Zeroizing;

use super::{
    js,
    workers::{self, Child, Role},
};

/// Is given the key, or an error if memory was short or the worker can't be had.
type Then = Box<dyn FnOnce(Result<PasswordKey, ()>)>;

/// A worker for one derivation. To be started while the password is being typed: then nobody waits for its start.
pub(super) struct Deriver {
    child: Child,
    then: Rc<RefCell<Option<Then>>>,
    has_failed: Rc<Cell<bool>>,
}

/// A derivation that runs; dropped, it is ended.
pub(super) struct Derivation(#[allow(dead_code, reason = "held, not read")] Child);

impl Deriver {
    /// Starts one.
    pub(super) fn start() -> Result<Self, JsValue> {
        let (then, has_failed) = (Rc::new(RefCell::new(None::<Then>)), Rc::new(Cell::new(false)));
        let (waiting, fails) = (then.clone(), has_failed.clone());
        let child = Child::start(Role::Argon2, move |message| {
            let key = message.and_then(|message| js::property(&message, "key").dyn_into::<Uint8Array>().ok());
            let key = key.and_then(|key| PasswordKey::from_slice(&js::take(&key)));
            match waiting.take() {
                Some(then) => then(key.ok_or(())),
                None => fails.set(true),
            }
        })?;
        Ok(Self { child, then, has_failed })
    }

    /// Whether it has failed before it was asked for anything.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.get()
    }

    /// Begins; `then` is called once.
    pub(super) fn derive(
        self,
        password: &SecretText,
        salt: [u8; 32],
        cost: KdfCost,
        then: impl FnOnce(Result<PasswordKey, ()>) + 'static,
    ) -> Result<Derivation, JsValue> {
        let order = js::object(&[
            ("password", &js::give(Zeroizing::new(password.expose().as_bytes().to_vec()))),
            ("salt", &Uint8Array::from(salt.as_slice())),
            ("cost", &Uint32Array::from([cost.memory_kib, cost.passes, cost.lanes].as_slice())),
        ]);
        *self.then.borrow_mut() = Some(Box::new(then));
        self.child.post(&order, &[js::property(&order, "password").unchecked_ref::<Uint8Array>().buffer().into()])?;
        Ok(Derivation(self.child))
    }
}

/// The worker's side: one order, one answer.
pub(super) fn serve(scope: &DedicatedWorkerGlobalScope) {
    let own = scope.clone();
    workers::on_message(
        scope,
        Closure::new(move |event: MessageEvent| {
            let order = event.data();
            let key = derive(&order).map_or(JsValue::NULL, |key| Uint8Array::from(key.expose().as_slice()).into());
            let transfer = key.dyn_ref::<Uint8Array>().map(|key| key.buffer().into());
            workers::post_from(&own, &js::object(&[("key", &key)]), transfer.as_slice());
            own.close();
        }),
    );
}

fn derive(order: &JsValue) -> Option<PasswordKey> {
    let password = js::take(&js::property(order, "password").dyn_into().ok()?);
    let salt: [u8; 32] = js::property(order, "salt").dyn_into::<Uint8Array>().ok()?.to_vec().try_into().ok()?;
    let cost: [u32; 3] = js::property(order, "cost").dyn_into::<Uint32Array>().ok()?.to_vec().try_into().ok()?;
    let cost = KdfCost { memory_kib: cost[0], passes: cost[1], lanes: cost[2] };
    kdf::derive_password_key(std::str::from_utf8(&password).ok()?, Salt(salt), cost).ok()
}
