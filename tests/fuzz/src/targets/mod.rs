//! What is fuzzed.

mod crypto;
mod log;
mod model;
mod preview;
mod protocol;

/// Takes any bytes; panics where something does not hold.
pub(crate) type Target = fn(&[u8]);

/// `cargo xtask fuzz` reads the names from here: one line each.
pub(crate) const ALL: [(&str, Target); 20] = [
    ("api-reply", protocol::api_reply),
    ("api-request", protocol::api_request),
    ("backup", crypto::backup),
    ("blob", crypto::blob),
    ("bootstrap", crypto::bootstrap),
    ("checks", model::checks),
    ("control-entry", protocol::control_entry),
    ("control-log", protocol::control_log),
    ("entry", protocol::entry),
    ("entry-body", log::entry_body),
    ("field", model::field),
    ("history", log::history),
    ("kit", crypto::kit),
    ("message", crypto::message),
    ("names", protocol::names),
    ("otpauth", model::otpauth),
    ("preview", preview::render),
    ("preview-reply", preview::reply),
    ("row", log::row),
    ("template-pack", model::template_pack),
];

/// The target of that name.
pub(crate) fn find(name: &str) -> Option<Target> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, target)| *target)
}

/// The bytes as text, or nothing to do.
fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}
