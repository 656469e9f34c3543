//! Requests to the sync server by `fetch`, from the engine's worker. No cookies, no referrer, no cache, no redirect.

use futures_util::future::{Either, select};
use js_sys::Uint8Array;
use vault_engine::sync::NetFailure;
use vault_protocol::api::{HttpReply, HttpRequest, Origin, bounds::MAX_REPLY_BYTES};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, DedicatedWorkerGlobalScope, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestInit, RequestMode, RequestRedirect, Response,
};
use zeroize::Zeroizing;

use super::js;

/// Sends a request and reads the answer.
pub(super) async fn exchange(
    scope: DedicatedWorkerGlobalScope,
    server: String,
    request: HttpRequest,
    timeout_ms: u32,
) -> Result<HttpReply, NetFailure> {
    if !Origin::parse(&server).is_some_and(|origin| origin.is_confidential()) {
        return Err(NetFailure::Refused);
    }
    let abort = AbortController::new().map_err(|_| NetFailure::Refused)?;
    let asked = ask(&scope, &server, request, &abort).map_err(|_| NetFailure::Refused)?;
    let answer = Box::pin(async move {
        let response = JsFuture::from(asked).await.map_err(|_| NetFailure::Unreachable)?;
        read(response.dyn_into().map_err(|_| NetFailure::Broken)?).await
    });
    match select(answer, Box::pin(js::sleep(timeout_ms.into()))).await {
        Either::Left((answer, _)) => {
            // What is left of a body that was given up is not read on.
            if answer.is_err() {
                abort.abort();
            }
            answer
        }
        Either::Right(_) => {
            abort.abort();
            Err(NetFailure::TimedOut)
        }
    }
}

fn ask(
    scope: &DedicatedWorkerGlobalScope,
    server: &str,
    request: HttpRequest,
    abort: &AbortController,
) -> Result<js_sys::Promise, JsValue> {
    let HttpRequest { method, path, token, content_type, body } = request;
    let headers = Headers::new()?;
    if let Some(content_type) = content_type {
        headers.set("content-type", content_type)?;
    }
    if let Some(token) = token {
        let text = Zeroizing::new(format!("Bearer {}", token.expose_hex().as_str()));
        headers.set("authorization", &text)?;
    }
    let init = RequestInit::new();
    init.set_method(method.name());
    init.set_headers(&headers);
    init.set_mode(RequestMode::Cors);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(&abort.signal()));
    if !body.is_empty() {
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    Ok(scope.fetch_with_str_and_init(&format!("{server}{path}"), &init))
}

/// Reads no more than an answer of the contract can have.
async fn read(response: Response) -> Result<HttpReply, NetFailure> {
    let content_type = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    let mut body = Vec::new();
    if let Some(stream) = response.body() {
        let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
        loop {
            let piece = JsFuture::from(reader.read()).await.map_err(|_| NetFailure::Broken)?;
            let Ok(bytes) = js::property(&piece, "value").dyn_into::<Uint8Array>() else { break };
            if body.len() + bytes.length() as usize > MAX_REPLY_BYTES {
                return Err(NetFailure::Broken);
            }
            body.extend_from_slice(&bytes.to_vec());
        }
    }
    Ok(HttpReply { status: response.status(), content_type, body })
}
