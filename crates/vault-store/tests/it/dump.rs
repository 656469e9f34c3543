//! Everything a store holds, as lines: two stores with equal lines are equal.

use std::fmt::Write as _;

use vault_protocol::BlobId;
use vault_store::{Cursor, StoreError, VaultStore};

/// Every record, table by table; the store's own marks in `meta` are left out.
pub(crate) fn dump(store: &VaultStore, meta_keys: &[&str]) -> Vec<String> {
    let read = store.read();
    let mut lines = Vec::new();
    for key in meta_keys {
        lines.extend(read.meta(key).unwrap().map(|value| format!("meta {key} {}", hex(&value))));
    }
    for key in read.local_keys("").unwrap() {
        lines.push(format!("local {key} {}", hex(&read.local(&key).unwrap().unwrap())));
    }
    read.each_control::<StoreError>(|entry| {
        lines.push(format!("control {} {} {}", entry.number, entry.hash, hex(entry.bytes)));
        Ok(())
    })
    .unwrap();
    for extent in read.logs().unwrap() {
        lines.push(format!("log {} from {} to {} {}", extent.log, extent.first_seq, extent.head.seq, extent.head.hash));
        read.entries_after::<StoreError>(extent.log, 0, u32::MAX, |entry| {
            lines.push(format!("entry {} {} {} {}", entry.log, entry.seq, entry.hash, hex(entry.bytes)));
            Ok(())
        })
        .unwrap();
        read.unpushed::<StoreError>(extent.log, u32::MAX, |entry| {
            lines.push(format!("unpushed {} {}", entry.log, entry.seq));
            Ok(())
        })
        .unwrap();
    }
    for applied in read.applied().unwrap() {
        lines.push(format!("applied {} {} {} {:?}", applied.log, applied.head.seq, applied.head.hash, applied.status));
    }
    let mut rows = Vec::new();
    read.each_row::<StoreError>(|row| {
        rows.push((row.object, format!("row {} {} {}", row.object, hex(&row.term), hex(row.sealed))));
        Ok(())
    })
    .unwrap();
    rows.sort();
    for (object, line) in rows {
        lines.push(line);
        read.attachments::<StoreError>(object, |a| {
            let (attachment, blob) = (hex(&a.attachment), a.blob);
            lines.push(format!("attachment {object} {attachment} {blob} {} {:?} {}", a.size_class, a.state, hex(a.sealed)));
            Ok(())
        })
        .unwrap();
    }
    let mut pages = Vec::new();
    read.history_after::<StoreError>(Cursor::default(), u32::MAX, |page| {
        pages.push(format!("history {} {} {}", page.object, page.page, hex(page.sealed)));
        Ok(())
    })
    .unwrap();
    pages.sort();
    lines.extend(pages);
    lines.extend(read.retired().unwrap().into_iter().map(|object| format!("retired {object}")));
    for blob in read.blobs_after(BlobId::ZERO, u32::MAX).unwrap() {
        lines.push(format!("blob {blob:?}"));
    }
    read.each_quarantined::<StoreError>(|entry| {
        lines.push(format!("quarantined {} {} {} {}", entry.log, entry.seq, entry.hash, hex(entry.bytes)));
        Ok(())
    })
    .unwrap();
    lines
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
