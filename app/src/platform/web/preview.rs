//! Previews in a worker of their own, one for each, without keys and without the page: a file may be hostile.

use js_sys::Uint8Array;
use vault_engine::RequestId;
use vault_preview::wire::{Request, parse_reply};
use vault_ui::outbox::{Picture, ShellEvent};
use wasm_bindgen::{JsCast as _, JsValue};
use zeroize::Zeroizing;

use super::{js, workers::Child};
use crate::{platform::pictures, shell::Mailbox};

/// How long a file may take.
const PATIENCE_MS: u64 = 10_000;

/// Decodes a copy of `bytes` and tells the window; one that is no picture, or takes too long, comes back as none.
pub(super) fn decode(request: RequestId, bytes: &[u8], mailbox: &Mailbox) {
    let head = Request { max_side_px: pictures::max_side_px(&mailbox.ctx), name: "", media_type: "", bytes }.head();
    let wire = js::give(Zeroizing::new([head.as_slice(), bytes].concat()));
    let mailbox = mailbox.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let picture = ask(&wire).await.ok().flatten();
        mailbox.tell(ShellEvent::Picture { request, picture });
    });
}

async fn ask(wire: &Uint8Array) -> Result<Option<Picture>, JsValue> {
    let (send, reply) = futures_channel::oneshot::channel();
    let mut send = Some(send);
    let child = Child::start_aside(move |message| {
        if let Some(send) = send.take() {
            // Nobody waits any more: then it is not needed.
            send.send(message).ok();
        }
    })?;
    child.post(&js::object(&[("preview", wire)]), &[wire.buffer().into()])?;
    let patience = Box::pin(js::sleep(PATIENCE_MS));
    let message = match futures_util::future::select(reply, patience).await {
        futures_util::future::Either::Left((message, _)) => message.ok().flatten(),
        futures_util::future::Either::Right(_) => None,
    };
    let reply = message.and_then(|message| js::property(&message, "reply").dyn_into::<Uint8Array>().ok());
    let picture = reply.and_then(|reply| parse_reply(&js::take(&reply)).ok()).and_then(pictures::picture);
    Ok(picture)
}
