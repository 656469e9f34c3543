//! The service described for machines (OpenAPI 3.1), made from the same table of routes that the server matches on. What JSON can't say, the
//! binary bodies, is in `crates/vault-protocol/PROTOCOL.md`.

mod schemas;

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use vault_protocol::api::{
    PREFIX, Route,
    bounds::{MAX_BLOB_BYTES, MAX_NUMBER, MAX_PARTS, MAX_READ_BLOB_BYTES, MAX_RELAY_MESSAGES, MAX_WAIT_SECS, MIN_READ_BLOB_BYTES},
};

/// What a body holds.
#[derive(Clone, Copy)]
enum Body {
    Nothing,
    /// A schema by its name.
    Json(&'static str),
    /// Length-prefixed binary, in words.
    Entries(&'static str),
    /// A relay message; with 204 for "none yet".
    Message,
    /// Bytes of a blob.
    Octets,
    /// Length-prefixed binary, in words, or a schema by its name.
    Either(&'static str, &'static str),
    /// The shop's own JSON.
    Foreign,
}

struct Operation {
    summary: &'static str,
    /// Purposes of the sessions that may, none = no session is needed.
    purposes: &'static [&'static str],
    query: &'static [&'static str],
    request: Body,
    reply: Body,
}

/// The document as text: indented, with a line feed at its end.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", document()));
    &TEXT
}

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in Route::ALL {
        let path = format!("{PREFIX}{}", route.template().replacen("{}", id_name(route), 1));
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[route.method().name().to_ascii_lowercase()] = describe(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "NT² blind sync service",
            "version": "1",
            "description": "Stores and hands out sealed entries; can open none of them. Binary bodies: PROTOCOL.md.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": { "session": { "type": "http", "scheme": "bearer", "description": "64 lower-case hexadecimal digits" } },
        },
    })
}

fn id_name(route: Route) -> &'static str {
    if route.template().starts_with("/relay") { "{channel}" } else { "{vault}" }
}

fn describe(route: Route) -> Value {
    let operation = operation(route);
    let mut parameters = Vec::new();
    if route.template().contains("{}") {
        let name = id_name(route).trim_matches(['{', '}']);
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": { "$ref": "#/components/schemas/Id" } }));
    }
    parameters.extend(operation.query.iter().map(|name| json!({ "name": name, "in": "query", "required": true, "schema": query(name) })));
    if route == Route::Webhook {
        let signature = json!({ "type": "string", "description": "hexadecimal HMAC-SHA-256 of the raw body" });
        parameters.push(json!({ "name": "X-Signature", "in": "header", "required": true, "schema": signature }));
    }
    let mut responses = Map::new();
    responses.insert("200".to_owned(), with_content("done", operation.reply));
    if matches!(operation.reply, Body::Message) {
        responses.insert("204".to_owned(), json!({ "description": "no such message yet" }));
    }
    responses.insert("default".to_owned(), with_content("refused; nothing was changed", Body::Json("Refusal")));
    let mut described = json!({
        "operationId": format!("{route:?}"),
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if !operation.purposes.is_empty() {
        described["security"] = json!([{ "session": [] }]);
        described["description"] = format!("Session: {}.", operation.purposes.join(" or ")).into();
    }
    if !matches!(operation.request, Body::Nothing) {
        described["requestBody"] = with_content(&format!("at most {} bytes", route.max_body_bytes()), operation.request);
        described["requestBody"]["required"] = true.into();
    }
    described
}

fn with_content(description: &str, body: Body) -> Value {
    let content = match body {
        Body::Nothing => return json!({ "description": description }),
        Body::Json(name) => json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } }),
        Body::Entries(layout) => {
            json!({ "application/vnd.nt2.entries": { "schema": { "type": "string", "format": "binary", "description": layout } } })
        }
        Body::Either(layout, name) => json!({
            "application/vnd.nt2.entries": { "schema": { "type": "string", "format": "binary", "description": layout } },
            "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } },
        }),
        Body::Message | Body::Octets => json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } }),
        Body::Foreign => json!({ "application/json": { "schema": { "type": "object" } } }),
    };
    json!({ "description": description, "content": content })
}

fn query(name: &str) -> Value {
    let number = |least: u64, most: u64| json!({ "type": "integer", "minimum": least, "maximum": most });
    match name {
        "create" | "direct" => number(0, 1),
        "blob" => json!({ "$ref": "#/components/schemas/Id" }),
        "part" => number(0, u64::from(MAX_PARTS) - 1),
        "from" => number(0, MAX_BLOB_BYTES - 1),
        "max_bytes" => number(MIN_READ_BLOB_BYTES.into(), MAX_READ_BLOB_BYTES.into()),
        "timeout_secs" => number(0, MAX_WAIT_SECS.into()),
        "number" => number(1, MAX_RELAY_MESSAGES as u64),
        "side" => json!({ "type": "string", "enum": ["host", "guest"] }),
        _ => number(0, MAX_NUMBER),
    }
}

fn operation(route: Route) -> Operation {
    const ANY: &[&str] = &["sync", "join", "delete"];
    const SYNC: &[&str] = &["sync"];
    let of = |summary, purposes, query, request, reply| Operation { summary, purposes, query, request, reply };
    let (none, done) = (Body::Nothing, Body::Json("Done"));
    match route {
        Route::Server => of("What this server is and offers", &[], &[], none, Body::Json("ServerFacts")),
        Route::Challenge => of("A nonce to sign", &[], &[], Body::Json("Challenge"), Body::Json("Challenged")),
        Route::OpenSession => of("A signature for a session", &[], &[], Body::Json("OpenSession"), Body::Json("SessionOpened")),
        Route::EndSession => of("Ends the session", ANY, &[], none, done),
        Route::Register => {
            let body = Body::Entries("version (1) = 1 ‖ one frame: the genesis");
            of("Registers a vault by its genesis, or asks whether it is", &[], &["create"], body, Body::Json("Registered"))
        }
        Route::ReadControl => {
            let page = Body::Entries("version (1) = 1 ‖ n_control (8) ‖ heads ‖ frames");
            of("A page of the control log", ANY, &["after"], none, page)
        }
        Route::AppendControl => {
            let body = Body::Entries("version (1) = 1 ‖ heads ‖ frames");
            of("Appends to the control log", &["sync", "join"], &[], body, Body::Json("Position"))
        }
        Route::Push => of("Sends entries", SYNC, &[], Body::Entries("version (1) = 1 ‖ control heads ‖ frames"), Body::Json("Pushed")),
        Route::Pull => {
            let request = Body::Entries("version (1) = 1 ‖ max_bytes (4) ‖ version vector");
            let reply =
                Body::Entries("version (1) = 1 ‖ more (1) ‖ n_entries (8) ‖ n_control (8) ‖ control heads ‖ differing heads ‖ frames");
            of("Takes entries that a version vector does not cover", SYNC, &[], request, reply)
        }
        Route::Heads => of("Every head", SYNC, &[], none, Body::Json("Heads")),
        Route::Wait => of("Waits until something changes", SYNC, &["n_entries", "n_control", "timeout_secs"], none, Body::Json("Changed")),
        Route::BeginBlob => of("Claims a blob, and tells how far it came", SYNC, &[], Body::Json("BeginBlob"), Body::Json("BlobBegun")),
        Route::PutPart => of("Brings a part of a blob", SYNC, &["blob", "part"], Body::Octets, done),
        Route::PutBlob => of("Brings the whole of a small blob", SYNC, &["blob"], Body::Octets, done),
        Route::FinishBlob => of("Makes a blob whole", SYNC, &[], Body::Json("FinishBlob"), Body::Json("BlobFinished")),
        Route::ReadBlob => {
            let range = Body::Either("version (1) = 1 ‖ len_bytes (8) ‖ bytes", "BlobDirect");
            of("Takes a range of a blob", SYNC, &["blob", "from", "max_bytes", "direct"], none, range)
        }
        Route::ReadBlobs => {
            let reply = Body::Entries("version (1) = 1 ‖ missing ‖ large ‖ (blob (16) ‖ len (4) ‖ bytes) repeated");
            of("Takes several small blobs", SYNC, &[], Body::Json("BlobIds"), reply)
        }
        Route::FindBlobs => of("Which blobs are whole", SYNC, &[], Body::Json("BlobIds"), Body::Json("FoundBlobs")),
        Route::ReleaseBlobs => of("Blobs that need not be kept", SYNC, &[], Body::Json("BlobIds"), Body::Json("ReleasedBlobs")),
        Route::Status => of("Counts, sizes, devices", ANY, &[], none, Body::Json("VaultStatus")),
        Route::Delete => of("Deletes everything of the vault, at once or after a notice", &["delete"], &[], none, Body::Json("Deletion")),
        Route::Keep => of("Calls a noticed deletion off", &["sync", "delete"], &[], none, Body::Json("Kept")),
        Route::ReadBootstrap => of("The record of \"address + password\"", &["sync", "join"], &[], none, Body::Json("BootstrapRecord")),
        Route::PutBootstrap => of("Replaces that record", SYNC, &[], Body::Json("BootstrapRecord"), done),
        Route::ReadEntitlement => of("What the vault is entitled to", ANY, &[], none, Body::Json("Entitlement")),
        Route::MakeCheckout => of("Where an entitlement can be bought", SYNC, &[], none, Body::Json("Checkout")),
        Route::RedeemPromo => of("Redeems a code", SYNC, &[], Body::Json("Promo"), Body::Json("Entitlement")),
        Route::RelaySend => of("Puts a message on a relay channel", &[], &["side", "number"], Body::Message, done),
        Route::RelayReceive => of("Takes a message from a relay channel", &[], &["side", "number", "timeout_secs"], none, Body::Message),
        Route::RelayClose => of("Forgets a relay channel", &[], &[], none, done),
        Route::Webhook => of("A message of the shop", &[], &[], Body::Foreign, done),
    }
}
