//! What the log's readers take from sealed messages. Their authors are members, but a member may be hostile, or was once.

use vault_engine::log::{
    body::EntryBody,
    row::{decode_history, decode_row, encode_row},
    shown::ShownRow,
};

/// There is one way to write an entry's body.
pub(super) fn entry_body(data: &[u8]) {
    if let Ok(body) = EntryBody::decode(data) {
        assert_eq!(*body.encode(), data);
    }
}

/// There is one way to write a row, and the reader that shows it takes no row that the other refuses.
pub(super) fn row(data: &[u8]) {
    let state = decode_row(data);
    if let Ok(state) = &state {
        assert_eq!(*encode_row(state), data);
    }
    assert_eq!(ShownRow::read(data).is_ok(), state.is_ok());
}

/// A page of earlier values.
pub(super) fn history(data: &[u8]) {
    decode_history(data).ok();
}
