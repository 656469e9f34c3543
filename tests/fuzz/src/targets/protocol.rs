//! What carriers hand over.

use vault_protocol::{
    Hash, SealedHeader, SigningPublicKey, VaultId,
    api::{self, ApiError, Call, HttpReply, HttpRequest, Method, Origin, Route, SessionToken},
    control::{ControlEntry, ControlLog},
    entry::WireEntry,
};

use super::text;

/// What is read is kept as it came.
pub(super) fn entry(data: &[u8]) {
    SealedHeader::parse(data).ok();
    if let Ok(entry) = WireEntry::parse(data.to_vec()) {
        assert_eq!(entry.wire(), data);
        assert_eq!(entry.header().seq == 1, entry.prev() == Hash::ZERO);
    }
}

/// There is one way to write a control entry.
pub(super) fn control_entry(data: &[u8]) {
    if let Ok(entry) = ControlEntry::parse(data) {
        assert_eq!(entry.encode(), data);
    }
}

/// Frames of `length (4) ‖ control entry`, taken in as they come: whatever stands, the fold of every head is defined.
pub(super) fn control_log(data: &[u8]) {
    let mut rest = data;
    let mut log: Option<ControlLog> = None;
    while let Some((len, after)) = rest.split_first_chunk::<4>() {
        let (frame, after) = after.split_at(after.len().min(u32::from_be_bytes(*len) as usize));
        rest = after;
        let Ok(entry) = ControlEntry::parse(frame) else { continue };
        match &mut log {
            None => log = ControlLog::new(entry.vault, entry).ok(),
            Some(log) => {
                log.append(entry).ok();
            }
        }
    }
    if let Some(log) = log {
        log.state_at(log.heads()).expect("its own heads");
        assert!(log.state().current_devices().count() <= vault_protocol::limits::MAX_DEVICES);
    }
}

/// Names that stand in files, addresses and codes.
pub(super) fn names(data: &[u8]) {
    let text = text(data);
    if let Some(vault) = VaultId::parse_hex(text) {
        // A person may type capitals.
        assert_eq!(vault.to_string(), text.to_ascii_lowercase());
    }
    if let Ok(key) = SigningPublicKey::parse_did(text) {
        assert_eq!(key.did_text(), text);
    }
    SessionToken::parse_hex(text);
    if let Some(origin) = Origin::parse(text) {
        assert_eq!(Origin::parse(origin.as_str()), Some(origin));
    }
}

/// `method (1) ‖ path, ended by a line feed ‖ body`, given to every call.
pub(super) fn api_request(data: &[u8]) {
    let Some((method, rest)) = data.split_first() else { return };
    let (path, body) = rest.split_at(rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()));
    let method = [Method::Get, Method::Post, Method::Put, Method::Delete][usize::from(*method) % 4];
    let request = HttpRequest {
        method,
        path: String::from_utf8_lossy(path).into_owned(),
        token: None,
        content_type: None,
        body: body.get(1..).unwrap_or_default().to_vec(),
    };
    Route::find(request.method, &request.path).ok();
    macro_rules! each {
        ($($call:ident)*) => {$(
            if let Ok(call) = api::$call::from_http(&request) {
                // What was read can be said again, and means the same.
                let again = call.to_http(None);
                assert!(api::$call::from_http(&again).is_ok(), "{:?}", again.path);
            }
        )*};
    }
    each!(AppendControl BeginBlob Challenge Delete EndSession FindBlobs FinishBlob Keep MakeCheckout OpenSession Pull Push PutBlob PutBootstrap PutPart
        ReadBlob ReadBlobs ReadBootstrap ReadControl ReadEntitlement ReadHeads ReadServer RedeemPromo Register RelayClose RelayReceive RelaySend
        ReleaseBlobs Status Wait);
}

/// `status (2) ‖ content type (1) ‖ body`, given to every call.
pub(super) fn api_reply(data: &[u8]) {
    let Some(([status @ .., content_type], body)) = data.split_first_chunk::<3>() else { return };
    let content_type = [api::JSON_TYPE, api::ENTRIES_TYPE, api::OCTETS_TYPE, "text/html"][usize::from(*content_type) % 4];
    let reply = HttpReply { status: u16::from_be_bytes(*status), content_type: content_type.to_owned(), body: body.to_vec() };
    let _: ApiError = ApiError::from_http(&reply);
    macro_rules! each {
        ($($call:ident)*) => {$(
            if let Ok(found) = api::$call::reply_from_http(&reply) {
                assert!(api::$call::reply_from_http(&api::$call::reply_to_http(&found)).is_ok());
            }
        )*};
    }
    each!(AppendControl BeginBlob Challenge Delete EndSession FindBlobs FinishBlob Keep MakeCheckout OpenSession Pull Push PutBlob PutBootstrap PutPart
        ReadBlob ReadBlobs ReadBootstrap ReadControl ReadEntitlement ReadHeads ReadServer RedeemPromo Register RelayClose RelayReceive RelaySend
        ReleaseBlobs Status Wait);
}
