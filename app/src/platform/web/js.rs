//! What JavaScript offers, in the form that Rust takes.

use std::io;

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

/// Waits so long; at once if `ms` is not positive.
pub(super) async fn sleep(ms: u64) {
    let promise = Promise::new(&mut |resolve, _| set_timeout(&resolve, ms));
    // A timer does not fail.
    JsFuture::from(promise).await.ok();
}

/// Calls `then` after so many milliseconds, in a page and in a worker alike.
fn set_timeout(then: &Function, ms: u64) {
    let global = js_sys::global();
    if let Ok(set_timeout) = Reflect::get(&global, &"setTimeout".into()).and_then(|found| found.dyn_into::<Function>()) {
        set_timeout.call2(&global, then, &JsValue::from_f64(ms.min(1 << 30) as f64)).ok();
    }
}

/// Lets messages in that wait, unlike a resolved promise, and at once, unlike a timer.
pub(super) async fn let_messages_in() {
    let Ok(channel) = web_sys::MessageChannel::new() else { return sleep(0).await };
    let promise = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::NULL).is_ok() {
        JsFuture::from(promise).await.ok();
    }
    channel.port1().close();
}

/// The result of a promise that a call gave, or the error of the call itself.
pub(super) async fn settled(promise: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(promise?).await
}

/// Calls a method that the bindings do not have, or have only unstable, and awaits the promise it gives.
pub(super) async fn call(on: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(on, &method.into())?.dyn_into().map_err(|_| JsValue::from_str("not supported"))?;
    let result = method.apply(on, &arguments.iter().collect::<Array>())?;
    JsFuture::from(Promise::resolve(&result)).await
}

/// A property; `undefined` if there is none.
pub(super) fn property(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// What boot.js offers the program in a page, and worker.js in a worker (app/web/README.md).
pub(super) fn nt2() -> JsValue {
    property(&js_sys::global(), "nt2")
}

/// Runs `then` when the event at hand has been dealt with.
pub(super) fn later(then: impl FnOnce() + 'static) {
    wasm_bindgen_futures::spawn_local(async move { then() });
}

/// An object of these properties.
pub(super) fn object(properties: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // Fails only on frozen objects.
        Reflect::set(&object, &(*name).into(), value).ok();
    }
    object
}

/// A closure that lives as long as the program: for events of the page or worker itself.
pub(super) fn for_ever<T: ?Sized + wasm_bindgen::closure::WasmClosure>(closure: Closure<T>) -> Function {
    closure.into_js_value().unchecked_into()
}

/// Bytes as JavaScript takes them over; the copy here is wiped.
pub(super) fn give(bytes: Zeroizing<Vec<u8>>) -> Uint8Array {
    Uint8Array::from(bytes.as_slice())
}

/// Bytes of JavaScript; its copy is wiped.
pub(super) fn take(array: &Uint8Array) -> Zeroizing<Vec<u8>> {
    let bytes = Zeroizing::new(array.to_vec());
    array.fill(0, 0, array.length());
    bytes
}

/// The error of a file operation.
pub(super) fn io_error(error: &JsValue) -> io::Error {
    let name = error.dyn_ref::<web_sys::DomException>().map(web_sys::DomException::name).unwrap_or_default();
    io::Error::from(match name.as_str() {
        "QuotaExceededError" => io::ErrorKind::StorageFull,
        "NotFoundError" => io::ErrorKind::NotFound,
        // A picked file that has changed since.
        "NotReadableError" => io::ErrorKind::UnexpectedEof,
        "NotAllowedError" | "SecurityError" => io::ErrorKind::PermissionDenied,
        "NoModificationAllowedError" | "InvalidModificationError" => io::ErrorKind::ResourceBusy,
        "AbortError" => io::ErrorKind::Interrupted,
        _ => io::ErrorKind::Other,
    })
}
