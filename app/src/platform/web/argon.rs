//! Argon2id in a worker of its own: it can't be interrupted, so a cancelled one is ended with its worker.

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

/// A derivation that runs; dropped, it is ended.
pub(super) struct Derivation(#[allow(dead_code, reason = "held, not read")] Child);

impl Derivation {
    /// Starts one; `then` is called once with the key, or with an error if memory was short or the worker can't be had.
    pub(super) fn start(
        password: &SecretText,
        salt: [u8; 32],
        cost: KdfCost,
        then: impl FnOnce(Result<PasswordKey, ()>) + 'static,
    ) -> Result<Self, JsValue> {
        let order = js::object(&[
            ("password", &js::give(Zeroizing::new(password.expose().as_bytes().to_vec()))),
            ("salt", &Uint8Array::from(salt.as_slice())),
            ("cost", &Uint32Array::from([cost.memory_kib, cost.passes, cost.lanes].as_slice())),
        ]);
        let mut then = Some(then);
        let child = Child::start(Role::Argon2, move |message| {
            let key = message.and_then(|message| js::property(&message, "key").dyn_into::<Uint8Array>().ok());
            let key = key.and_then(|key| PasswordKey::from_slice(&js::take(&key)));
            if let Some(then) = then.take() {
                then(key.ok_or(()));
            }
        })?;
        child.post(&order, &[js::property(&order, "password").unchecked_ref::<Uint8Array>().buffer().into()])?;
        Ok(Self(child))
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
