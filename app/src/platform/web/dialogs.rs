//! Files that the person picks, drops or saves.

use js_sys::{Array, Promise, Uint8Array};
use vault_engine::SinkId;
use vault_ui::{
    outbox::{FileUse, PickedFile, ShellEvent, ShellFailure},
    routes::Route,
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Blob, File, HtmlAnchorElement, HtmlInputElement, MessageChannel, MessageEvent, MessagePort, Url};

use super::{engine::EngineHandle, js};
use crate::shell::Mailbox;

/// Opens the browser's dialog; `then` is called with no files if it is cancelled. Must follow a click within seconds.
pub(super) fn pick_files(several: bool, then: impl FnOnce(Vec<File>) + 'static) -> Result<(), JsValue> {
    let input: HtmlInputElement = document()?.create_element("input")?.dyn_into()?;
    input.set_type("file");
    input.set_multiple(several);
    let chosen = input.clone();
    let answer = Closure::once_into_js(move || {
        let files = chosen.files();
        then(files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |at| files.get(at))).collect());
    });
    // Exactly one of the two comes.
    input.add_event_listener_with_callback("change", answer.unchecked_ref())?;
    input.add_event_listener_with_callback("cancel", answer.unchecked_ref())?;
    input.click();
    Ok(())
}

/// Registers files for reading.
pub(super) fn register(files: &[File], engine: &EngineHandle) -> Vec<PickedFile> {
    let picked = files.iter().map(|file| PickedFile {
        source: engine.add_source(file),
        name: file.name(),
        len_bytes: file.size() as u64,
        media_type: file.type_(),
    });
    picked.collect()
}

/// Takes the files that the system opened with the installed app: a backup to be restored, or a kit that unlocks.
pub(super) fn take_launched(engine: &EngineHandle, mailbox: &Mailbox) {
    let launched: Array = match js::property(&js::nt2(), "launched").dyn_into() {
        Ok(launched) => launched,
        Err(_) => return,
    };
    let handles: Vec<JsValue> = launched.iter().collect();
    launched.set_length(0);
    let (engine, mailbox) = (engine.clone(), mailbox.clone());
    wasm_bindgen_futures::spawn_local(async move {
        for handle in handles {
            let Some(file) = js::call(&handle, "getFile", &[]).await.ok().and_then(|file| file.dyn_into::<File>().ok()) else {
                mailbox.tell(ShellEvent::Failed(ShellFailure::ReadFile));
                continue;
            };
            let purpose = if file.name().ends_with(".nt2recovery") { FileUse::UnlockKit } else { FileUse::RestoreBackup };
            if purpose == FileUse::RestoreBackup {
                mailbox.tell(ShellEvent::Route(Route::Restore.write()));
            }
            mailbox.tell(ShellEvent::FilesPicked { purpose, files: register(&[file], &engine) });
        }
    });
}

/// Asks where to save, or where the browser has no such dialog, prepares a download. `None` if the dialog was cancelled.
pub(super) async fn save_as(name: &str, engine: &EngineHandle) -> Result<Option<(SinkId, String)>, JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    if js::property(&window, "showSaveFilePicker").is_function() {
        let options = js::object(&[("suggestedName", &name.into())]);
        return match js::call(&window, "showSaveFilePicker", &[options.into()]).await {
            Ok(file) => {
                let name = js::property(&file, "name").as_string().unwrap_or_default();
                Ok(Some((engine.add_file_sink(&file), name)))
            }
            Err(error) if is_abort(&error) => Ok(None),
            Err(error) => Err(error),
        };
    }
    let channel = MessageChannel::new()?;
    let sink = engine.add_port_sink(&channel.port2());
    let name = name.to_owned();
    let shown = name.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let port = channel.port1();
        if download(&name, &port).await.is_err() {
            // The engine's side fails, and the person is told there.
            port.post_message(&"cancel".into()).ok();
        }
        port.close();
    });
    Ok(Some((sink, shown)))
}

pub(super) fn is_abort(error: &JsValue) -> bool {
    error.dyn_ref::<web_sys::DomException>().is_some_and(|error| error.name() == "AbortError")
}

/// Saves what the port gives, piece by piece with the service worker's help, or gathered where there is none.
async fn download(name: &str, port: &MessagePort) -> Result<(), JsValue> {
    let nt2 = js::nt2();
    let puller = port.clone();
    let pull = Closure::<dyn FnMut() -> Promise>::new(move || pull(&puller));
    let canceller = port.clone();
    let cancel = Closure::<dyn FnMut()>::new(move || drop(canceller.post_message(&"cancel".into())));
    let mime = "application/octet-stream".into();
    let file = js::object(&[
        ("name", &name.into()),
        ("mime", &mime),
        ("size", &JsValue::NULL),
        ("pull", pull.as_ref()),
        ("cancel", cancel.as_ref()),
    ]);
    match js::call(&nt2, "download", &[file.into()]).await {
        Ok(_) => Ok(()),
        Err(error) if error.as_string().as_deref() == Some("unavailable") => gather(name, port).await,
        Err(error) => Err(error),
    }
}

/// The next piece; `null` at the end.
fn pull(port: &MessagePort) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let answer = Closure::once_into_js(move |event: MessageEvent| {
            let piece = event.data();
            let settle = if piece.is_null() || piece.is_instance_of::<Uint8Array>() { resolve } else { reject };
            settle.call1(&JsValue::NULL, &piece).ok();
        });
        port.set_onmessage(Some(answer.unchecked_ref()));
        port.post_message(&"pull".into()).ok();
    })
}

/// Without a service worker (the first visit, a private window): the browser gathers the file itself and may put it on the disk.
async fn gather(name: &str, port: &MessagePort) -> Result<(), JsValue> {
    let parts = Array::new();
    loop {
        let piece = js::settled(Ok(pull(port))).await?;
        if piece.is_null() {
            break;
        }
        let part = Blob::new_with_u8_array_sequence(&Array::of1(&piece))?;
        parts.push(&part);
    }
    let address = Url::create_object_url_with_blob(&Blob::new_with_blob_sequence(&parts)?)?;
    let link: HtmlAnchorElement = document()?.create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser has taken hold of it by then.
    js::sleep(60_000).await;
    Url::revoke_object_url(&address)
}

fn document() -> Result<web_sys::Document, JsValue> {
    Ok(web_sys::window().and_then(|window| window.document()).ok_or("no document")?)
}
