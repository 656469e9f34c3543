//! Any batch, ended anywhere by an error, leaves the old state or the new one.

use proptest::prelude::*;
use vault_protocol::{BlobId, Hash, Head, LogId, ObjectId};
use vault_store::{
    Applied, AttachmentRecord, AttachmentState, BlobRecord, BlobState, EntryRecord, LogStatus, Profile, Pushed, RowRecord, StoreError,
    VaultStore, Write,
};

use crate::dump::dump;

#[derive(Clone, Debug)]
enum Change {
    Meta(Vec<u8>),
    Local(u8, Vec<u8>),
    Append(u8, Vec<u8>),
    Pushed(u8),
    Row(u8, Vec<u8>),
    History(u8, Vec<u8>),
    Attach(u8, u8),
    Retire(u8),
}

fn change() -> impl Strategy<Value = Change> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..3000);
    prop_oneof![
        bytes().prop_map(Change::Meta),
        (0..3u8, bytes()).prop_map(|(key, bytes)| Change::Local(key, bytes)),
        (0..3u8, bytes()).prop_map(|(log, bytes)| Change::Append(log, bytes)),
        (0..3u8).prop_map(Change::Pushed),
        (0..5u8, bytes()).prop_map(|(object, bytes)| Change::Row(object, bytes)),
        (0..5u8, bytes()).prop_map(|(object, bytes)| Change::History(object, bytes)),
        (0..5u8, 0..4u8).prop_map(|(object, blob)| Change::Attach(object, blob)),
        (5..8u8).prop_map(Change::Retire),
    ]
}

fn apply(tx: &Write<'_>, change: &Change) -> Result<(), StoreError> {
    let row = |object: ObjectId, sealed| RowRecord { object, term: [object.0[0]; 32], sealed };
    match change {
        Change::Meta(bytes) => tx.put_meta("root", bytes),
        Change::Local(key, bytes) => tx.put_local(&key.to_string(), bytes),
        Change::Append(log, bytes) => {
            let log = LogId([*log; 16]);
            let seq = tx.log_head(log)?.map_or(0, |head| head.seq) + 1;
            let hash = Hash([seq as u8; 32]);
            tx.append_entry(EntryRecord { log, seq, hash, bytes }, Pushed::No)?;
            tx.put_applied(Applied { log, head: Head { seq, hash }, status: LogStatus::Open })
        }
        Change::Pushed(log) => tx.mark_pushed(LogId([*log; 16]), u64::from(u32::MAX)),
        Change::Row(object, bytes) => tx.put_row(row(ObjectId([*object; 16]), bytes)),
        Change::History(object, bytes) => {
            let object = ObjectId([*object; 16]);
            tx.put_history(object, tx.n_history(object)?, bytes)?;
            tx.put_row(row(object, b"after"))
        }
        Change::Attach(object, blob) => {
            let (object, blob) = (ObjectId([*object; 16]), BlobId([*blob; 16]));
            tx.put_row(row(object, b"with file"))?;
            tx.put_blob(BlobRecord { blob, len_bytes: 9, n_chunks: 1, state: BlobState::Missing, held: false })?;
            let state = AttachmentState::Current;
            tx.put_attachment(AttachmentRecord { object, attachment: blob.0, blob, size_class: 3, state, sealed: b"sealed" })
        }
        Change::Retire(object) => {
            let object = ObjectId([*object; 16]);
            tx.retire(object)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_batch_ended_by_an_error_leaves_the_old_state(
        batches in prop::collection::vec((prop::collection::vec(change(), 1..8), any::<prop::sample::Index>()), 1..6),
    ) {
        let open = || VaultStore::open(":memory:".as_ref(), Profile::Native).unwrap().0;
        let (mut store, mut twin) = (open(), open());
        for (batch, end) in &batches {
            let old = dump(&store, &["root"]);
            let end = end.index(batch.len() + 1);
            let result = store.write(|tx| {
                batch[..end].iter().try_for_each(|change| apply(tx, change))?;
                Err::<(), _>(StoreError::NotOurs)
            });
            prop_assert!(matches!(result, Err(StoreError::NotOurs)));
            prop_assert_eq!(dump(&store, &["root"]), old);

            store.write(|tx| batch.iter().try_for_each(|change| apply(tx, change))).unwrap();
            twin.write(|tx| batch.iter().try_for_each(|change| apply(tx, change))).unwrap();
            prop_assert_eq!(dump(&store, &["root"]), dump(&twin, &["root"]), "a failed attempt before makes no difference");
        }
    }
}
