//! IndexedDB, as far as we need it: stores of values by name.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransactionMode};

use super::js;

/// Opens a database; makes it, with these stores, if it is not there.
pub(super) async fn open(name: &str, stores: &'static [&'static str]) -> Result<IdbDatabase, JsValue> {
    // The same property in a page and in a worker.
    let factory: IdbFactory = js::property(&js_sys::global(), "indexedDB").dyn_into()?;
    let request: IdbOpenDbRequest = factory.open_with_u32(name, 1)?;
    let upgrading = request.clone();
    let on_upgrade = Closure::<dyn FnMut()>::new(move || {
        if let Some(database) = upgrading.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok()) {
            // A store that can't be made shows at its first use.
            stores.iter().for_each(|store| drop(database.create_object_store(store)));
        }
    });
    request.set_onupgradeneeded(Some(on_upgrade.as_ref().unchecked_ref()));
    done(&request).await?.dyn_into()
}

/// Reads a value; `undefined` if there is none.
pub(super) async fn get(database: &IdbDatabase, store: &str, name: &str) -> Result<JsValue, JsValue> {
    done(&database.transaction_with_str(store)?.object_store(store)?.get(&name.into())?).await
}

/// Stores a value and waits until the whole transaction is on the disk.
pub(super) async fn put(database: &IdbDatabase, store: &str, name: &str, value: &JsValue) -> Result<(), JsValue> {
    let transaction = database.transaction_with_str_and_mode(store, IdbTransactionMode::Readwrite)?;
    transaction.object_store(store)?.put_with_key(value, &name.into())?;
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onerror(Some(&reject));
        transaction.set_onabort(Some(&reject));
    });
    js::settled(Ok(promise)).await.map(drop)
}

/// Deletes a value; one that is not there is fine.
pub(super) async fn delete(database: &IdbDatabase, store: &str, name: &str) -> Result<(), JsValue> {
    let transaction = database.transaction_with_str_and_mode(store, IdbTransactionMode::Readwrite)?;
    done(&transaction.object_store(store)?.delete(&name.into())?).await.map(drop)
}

/// The result of a request.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    js::settled(Ok(promise)).await?;
    request.result()
}
