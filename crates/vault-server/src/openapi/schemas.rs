//! The JSON bodies.

use serde_json::{Map, Value, json};
use vault_protocol::api::bounds::{
    MAX_BLOB_BYTES, MAX_BLOB_IDS, MAX_BOOTSTRAP_BYTES, MAX_DIRECT_PARTS, MAX_HEADS, MAX_LINK_BYTES, MAX_LOGS, MAX_NUMBER, MAX_PART_BYTES,
    MAX_PARTS, MAX_PROMO_CHARS, MAX_RETRY_SECS, MIN_PART_BYTES,
};

/// Every schema by its name.
pub(super) fn all() -> Value {
    let mut all = Map::new();
    let mut add = |name: &str, schema: Value| {
        all.insert(name.to_owned(), schema);
    };
    add("Id", hex(16));
    add("Hash", hex(32));
    add("Number", json!({ "type": "integer", "minimum": 0, "maximum": MAX_NUMBER }));
    add(
        "Time",
        json!({ "type": "integer", "minimum": 0, "maximum": MAX_NUMBER, "description": "Unix milliseconds by the server's clock" }),
    );
    add("Heads32", json!({ "type": "array", "items": named("Hash"), "maxItems": MAX_HEADS, "description": "ascending" }));
    add("Done", object(&[], &[]));
    add("Refusal", refusal());
    add(
        "ServerFacts",
        object(
            &[
                ("service", json!({ "type": "string", "enum": ["nt2-server"] })),
                ("version", text()),
                ("api", json!({ "type": "integer", "minimum": 1, "maximum": 1 })),
                ("now_ms", named("Time")),
                ("premium_required", flag()),
                ("checkout", flag()),
                ("max_vault_bytes", named("Number")),
            ],
            &[],
        ),
    );
    add("Challenge", object(&[("vault", named("Id")), ("key", named("Hash"))], &[]));
    add("Challenged", object(&[("nonce", named("Hash")), ("expires_ms", named("Time"))], &[]));
    let purpose = json!({ "type": "string", "enum": ["sync", "join", "delete"] });
    let login = [
        ("vault", named("Id")),
        ("key", named("Hash")),
        ("purpose", purpose),
        ("origin", text()),
        ("nonce", named("Hash")),
        ("expires_ms", named("Time")),
        ("signature", hex(64)),
    ];
    add("OpenSession", object(&login, &[]));
    add("SessionOpened", object(&[("token", hex(32)), ("expires_ms", named("Time"))], &[]));
    add("Registered", object(&[("vault", named("Id")), ("created", flag())], &[]));
    let position = [("n_entries", named("Number")), ("n_control", named("Number")), ("control_heads", named("Heads32"))];
    add("Position", object(&position, &[]));
    add("Pushed", object(&[("n_stored", named("Number")), ("n_entries", named("Number"))], &[]));
    add("LogHead", object(&[("log", named("Id")), ("seq", named("Number")), ("hash", named("Hash"))], &[]));
    let logs = [("logs", json!({ "type": "array", "items": named("LogHead"), "maxItems": MAX_LOGS }))];
    add("Heads", object(&[&position[..], &logs].concat(), &[]));
    add("Changed", object(&[("changed", flag())], &[]));
    let device = [("device", named("Id")), ("log", named("Id")), ("seq", named("Number"))];
    add("DeviceSeen", object(&device, &[("last_entry_ms", named("Time")), ("last_seen_ms", named("Time"))]));
    let status = [
        ("registered_ms", named("Time")),
        ("n_entries", named("Number")),
        ("n_control", named("Number")),
        ("stored_bytes", named("Number")),
        ("max_bytes", named("Number")),
        ("entitlement", named("Entitlement")),
        ("devices", json!({ "type": "array", "items": named("DeviceSeen"), "maxItems": MAX_LOGS })),
    ];
    add(
        "VaultStatus",
        object(&status, &[("last_push_ms", named("Time")), ("deletion_due_ms", named("Time")), ("blobs", named("BlobUsage"))]),
    );
    let deletion = [
        ("due_ms", named("Time")),
        ("vault", named("Id")),
        ("receipt", named("Hash")),
        ("deleted_ms", named("Time")),
        ("n_entries", named("Number")),
        ("n_control", named("Number")),
        ("stored_bytes", named("Number")),
        ("n_blobs", named("Number")),
        ("blob_bytes", named("Number")),
    ];
    add("Deletion", object(&[("state", json!({ "type": "string", "enum": ["deleted", "noticed"] }))], &deletion));
    add("Kept", object(&[("was_noticed", flag())], &[]));
    let record = json!({ "type": "string", "pattern": "^([0-9a-f]{2})+$", "maxLength": 2 * MAX_BOOTSTRAP_BYTES });
    add("BootstrapRecord", object(&[("record", record)], &[]));
    let states = json!({ "type": "string", "enum": ["open", "none", "active", "grace", "expired"] });
    add("Entitlement", object(&[("may_push", flag()), ("state", states)], &[("until_ms", named("Time"))]));
    add("Checkout", object(&[("url", json!({ "type": "string", "pattern": "^https://" }))], &[]));
    add("Promo", object(&[("code", json!({ "type": "string", "minLength": 1, "maxLength": MAX_PROMO_CHARS }))], &[]));
    add_blobs(&mut add);
    Value::Object(all)
}

fn add_blobs(add: &mut impl FnMut(&str, Value)) {
    let len = || json!({ "type": "integer", "minimum": 1, "maximum": MAX_BLOB_BYTES });
    let link = || json!({ "type": "string", "pattern": "^https?://", "maxLength": MAX_LINK_BYTES });
    let part = json!({ "type": "integer", "minimum": 0, "maximum": MAX_PARTS - 1 });
    add("BlobUsage", object(&[("n_blobs", named("Number")), ("stored_bytes", named("Number")), ("max_bytes", named("Number"))], &[]));
    add("BeginBlob", object(&[("blob", named("Id")), ("len_bytes", len())], &[("takes_direct", flag())]));
    let begun = [
        ("part_bytes", json!({ "type": "integer", "minimum": MIN_PART_BYTES, "maximum": MAX_PART_BYTES })),
        ("n_parts", json!({ "type": "integer", "minimum": 1, "maximum": MAX_PARTS })),
        ("present", json!({ "type": "string", "pattern": "^([0-9a-f]{2})+$", "maxLength": MAX_PARTS / 4 })),
        ("complete", flag()),
    ];
    add("BlobBegun", object(&begun, &[("direct", named("DirectParts"))]));
    add("DirectPart", object(&[("part", part), ("url", link())], &[]));
    let parts = json!({ "type": "array", "items": named("DirectPart"), "maxItems": MAX_DIRECT_PARTS });
    add("DirectParts", object(&[("expires_ms", named("Time")), ("parts", parts)], &[]));
    add("FinishBlob", object(&[("blob", named("Id"))], &[]));
    add("BlobFinished", object(&[("len_bytes", len())], &[]));
    add("BlobDirect", object(&[("len_bytes", len()), ("url", link()), ("expires_ms", named("Time"))], &[]));
    let ids = json!({ "type": "array", "items": named("Id"), "minItems": 1, "maxItems": MAX_BLOB_IDS, "uniqueItems": true });
    add("BlobIds", object(&[("blobs", ids)], &[]));
    add("BlobLen", object(&[("blob", named("Id")), ("len_bytes", len())], &[]));
    add("FoundBlobs", object(&[("blobs", json!({ "type": "array", "items": named("BlobLen"), "maxItems": MAX_BLOB_IDS }))], &[]));
    add("ReleasedBlobs", object(&[("n_released", named("Number"))], &[]));
}

/// The words of `ApiError::code`.
const CODES: [&str; 23] = [
    "bad_request",
    "unauthorized",
    "session_expired",
    "forbidden",
    "not_found",
    "not_registered",
    "other_genesis",
    "stale_control",
    "control_refused",
    "entry_conflict",
    "gap",
    "entry_refused",
    "payment_required",
    "too_large",
    "vault_full",
    "blob_conflict",
    "blob_incomplete",
    "relay_conflict",
    "promo_refused",
    "not_offered",
    "rate_limited",
    "busy",
    "internal",
];

fn refusal() -> Value {
    let details = [
        ("retry_after_secs", json!({ "type": "integer", "minimum": 1, "maximum": MAX_RETRY_SECS })),
        ("heads", named("Heads32")),
        ("n_control", named("Number")),
        ("log", named("Id")),
        ("seq", named("Number")),
        ("hash", named("Hash")),
        ("len_bytes", json!({ "type": "integer", "minimum": 1, "maximum": MAX_BLOB_BYTES })),
    ];
    object(&[("code", json!({ "type": "string", "enum": CODES })), ("message", text())], &details)
}

/// An object with some members required and others that may be absent or null. A reader ignores members that it does not know.
fn object(required: &[(&str, Value)], optional: &[(&str, Value)]) -> Value {
    let mut properties: Map<String, Value> = required.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    for (name, schema) in optional {
        properties.insert((*name).to_owned(), json!({ "anyOf": [schema, { "type": "null" }] }));
    }
    let required: Vec<&str> = required.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn hex(len: usize) -> Value {
    json!({ "type": "string", "pattern": format!("^[0-9a-f]{{{}}}$", 2 * len) })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}
