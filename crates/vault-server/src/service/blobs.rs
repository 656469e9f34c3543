//! Blobs in and out: which bytes belong to whom, how far they came, and when they may go.

use std::collections::{BTreeSet, HashMap};

use axum::body::Bytes;
use futures_util::future::join_all;
use vault_protocol::{
    BlobId, VaultId,
    api::{
        ApiError, BeginBlob, BlobBegun, BlobFinished, BlobLen, BlobUsage, BlobsRead, Call as _, DirectPart, DirectParts, Done, FindBlobs,
        FinishBlob, FoundBlobs, HttpReply, HttpRequest, PartSet, PartSizes, Purpose, PutBlob, PutPart, ReadBlob, ReadBlobReply, ReadBlobs,
        ReleaseBlobs, ReleasedBlobs,
        bounds::{MAX_DIRECT_PARTS, MAX_PUT_BLOB_BYTES},
    },
};

use super::{DAY_MS, Service, hidden, login::Session};
use crate::{
    blobs::BlobError,
    entropy::random,
    store::{BlobRow, Claimed, NewBlob, ObjectName, PartRow, Store, StoreError, Waste, WasteStep},
};

/// Bytes of one reply: what a slow reader keeps in memory.
const REPLY_BYTES: u64 = 1 << 20;
/// Objects read or deleted at the same time for one request.
const AT_ONCE: usize = 16;
/// Objects that a request deletes before it is answered; what is beyond is done by the sweeper.
const DELETED_AT_ONCE: usize = 1024;
/// Days after the last beginning of a blob until it is given up if no entry named it.
const UNNAMED_DAYS: u64 = 30;
/// Rounds of the sweeper in one call of it.
const MAX_ROUNDS: usize = 16;
/// An object is deleted once more after this time: longer than any request that may still be writing to it.
const AGAIN_MS: u64 = 3_600_000;
/// Pause after an object could not be deleted.
const RETRY_MS: u64 = 300_000;
/// Life of an address with a signature in it, in seconds: a part at 14 KB/s.
const DIRECT_SECS: u32 = 600;

/// What is there of an unfinished blob.
struct Present {
    set: PartSet,
    tags: HashMap<u32, String>,
}

impl<S: Store> Service<S> {
    pub(super) async fn begin_blob(&self, call: BeginBlob, request: &HttpRequest, now_ms: u64) -> Result<BlobBegun, ApiError> {
        let session = self.putting(call.vault, request, now_ms).await?;
        let row = self.claim(&session, call.blob, call.len_bytes, now_ms).await?;
        let sizes = sizes(&row)?;
        if row.completed_ms.is_some() {
            return Ok(whole(row.part_bytes, sizes));
        }
        let row = self.with_upload(row).await?;
        let Some(present) = self.present(&row, sizes, now_ms).await? else {
            return Ok(whole(row.part_bytes, sizes));
        };
        let present = present.set;
        let direct = if call.takes_direct { self.direct_parts(&row, &present, now_ms) } else { None };
        Ok(BlobBegun { part_bytes: row.part_bytes, present, complete: false, direct })
    }

    pub(super) async fn put_part(&self, request: &HttpRequest, bytes: Bytes, now_ms: u64) -> Result<HttpReply, ApiError> {
        let (vault, blob, part) = PutPart::place(request)?;
        self.putting(vault, request, now_ms).await?;
        let row = self.store.blob(vault, blob).await.map_err(hidden)?.ok_or(ApiError::NotFound)?;
        let (from, len) = sizes(&row)?.part(part).ok_or(ApiError::BadRequest)?;
        if bytes.len() as u64 != u64::from(len) {
            return Err(ApiError::BadRequest);
        }
        let done = PutPart::reply_to_http(&Done {});
        if row.completed_ms.is_some() {
            return Ok(done);
        }
        let row = self.with_upload(row).await?;
        let upload = row.upload.as_deref().unwrap_or_default();
        let tag = match self.blobs.put_part(&row.object, upload, part, from, bytes).await {
            Ok(tag) => tag,
            Err(BlobError::Missing) => return self.upload_is_lost(&row, now_ms).await.map(|()| done),
            Err(error) => return Err(failed(error)),
        };
        if self.store.note_parts(row.object, blob, vec![PartRow { part, tag }]).await.map_err(hidden)? {
            return Ok(done);
        }
        // Given up, or finished, while the part was on its way.
        self.blobs.abort(&row.object, upload).await.map_err(failed)?;
        match self.store.blob(vault, blob).await.map_err(hidden)? {
            Some(now) if now.object == row.object => Ok(done),
            _ => Err(ApiError::NotFound),
        }
    }

    pub(super) async fn put_blob(&self, request: &HttpRequest, bytes: Bytes, now_ms: u64) -> Result<HttpReply, ApiError> {
        let (vault, blob) = PutBlob::place(request)?;
        if bytes.is_empty() || bytes.len() > MAX_PUT_BLOB_BYTES {
            return Err(ApiError::BadRequest);
        }
        let session = self.putting(vault, request, now_ms).await?;
        let row = self.claim(&session, blob, bytes.len() as u64, now_ms).await?;
        if row.completed_ms.is_none() {
            self.blobs.put(&row.object, bytes).await.map_err(failed)?;
            self.complete(&row, now_ms).await?;
            if let Some(upload) = &row.upload {
                self.blobs.abort(&row.object, upload).await.map_err(failed)?;
            }
        }
        Ok(PutBlob::reply_to_http(&Done {}))
    }

    pub(super) async fn finish_blob(&self, call: FinishBlob, request: &HttpRequest, now_ms: u64) -> Result<BlobFinished, ApiError> {
        self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let row = self.store.blob(call.vault, call.blob).await.map_err(hidden)?.ok_or(ApiError::NotFound)?;
        let finished = BlobFinished { len_bytes: row.len_bytes };
        if row.completed_ms.is_some() {
            return Ok(finished);
        }
        let sizes = sizes(&row)?;
        let Some(mut present) = self.present(&row, sizes, now_ms).await? else { return Ok(finished) };
        let tags: Option<Vec<String>> = (0..sizes.n_parts()).map(|part| present.tags.remove(&part)).collect();
        let (Some(tags), Some(upload)) = (tags, &row.upload) else { return Err(ApiError::BlobIncomplete) };
        match self.blobs.finish(&row.object, upload, sizes, tags).await {
            Ok(()) => self.complete(&row, now_ms).await.map(|()| finished),
            // What came together is not what was claimed, or is gone: it has to come again.
            Err(BlobError::Missing | BlobError::OtherLength) => self.upload_is_lost(&row, now_ms).await.map(|()| finished),
            Err(error) => Err(failed(error)),
        }
    }

    pub(super) async fn read_blob(&self, call: ReadBlob, request: &HttpRequest, now_ms: u64) -> Result<HttpReply, ApiError> {
        self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let row = self.store.blob(call.vault, call.blob).await.map_err(hidden)?;
        let row = row.filter(|row| row.completed_ms.is_some()).ok_or(ApiError::NotFound)?;
        let left = row.len_bytes.checked_sub(call.from).filter(|left| *left > 0).ok_or(ApiError::BadRequest)?;
        let link = if call.takes_direct { self.blobs.read_url(&row.object, now_ms, DIRECT_SECS) } else { None };
        if let Some(url) = link {
            let expires_ms = now_ms + u64::from(DIRECT_SECS) * 1000;
            return Ok(ReadBlob::reply_to_http(&ReadBlobReply::Direct { len_bytes: row.len_bytes, url, expires_ms }));
        }
        let len = left.min(call.max_bytes.into()).min(REPLY_BYTES) as u32;
        // The bytes are read into the reply's own body: there is one copy of them.
        let mut body = ReadBlobReply::body_of(row.len_bytes, len);
        self.blobs.read(&row.object, call.from, len, &mut body).await.map_err(failed)?;
        Ok(ReadBlobReply::http_of_body(body))
    }

    pub(super) async fn read_blobs(&self, call: ReadBlobs, request: &HttpRequest, now_ms: u64) -> Result<BlobsRead, ApiError> {
        self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let rows = self.store.whole_blobs(call.vault, call.blobs.clone()).await.map_err(hidden)?;
        let rows: HashMap<BlobId, BlobRow> = rows.into_iter().map(|row| (row.blob, row)).collect();
        let mut reply = BlobsRead::default();
        let (mut wanted, mut n_bytes) = (Vec::new(), 0);
        for blob in call.blobs {
            match rows.get(&blob) {
                None => reply.missing.push(blob),
                Some(row) if row.len_bytes > MAX_PUT_BLOB_BYTES as u64 => reply.large.push(blob),
                Some(row) if wanted.is_empty() || n_bytes + row.len_bytes <= REPLY_BYTES => {
                    n_bytes += row.len_bytes;
                    wanted.push(row);
                }
                Some(_) => {}
            }
        }
        for some in wanted.chunks(AT_ONCE) {
            for (row, read) in some.iter().zip(join_all(some.iter().map(|row| self.whole_bytes(row))).await) {
                match read {
                    Ok(bytes) => reply.blobs.push((row.blob, bytes)),
                    Err(error) => match failed(error) {
                        ApiError::NotFound => reply.missing.push(row.blob),
                        error => return Err(error),
                    },
                }
            }
        }
        Ok(reply)
    }

    pub(super) async fn find_blobs(&self, call: FindBlobs, request: &HttpRequest, now_ms: u64) -> Result<FoundBlobs, ApiError> {
        self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let rows = self.store.whole_blobs(call.vault, call.blobs.clone()).await.map_err(hidden)?;
        let lens: HashMap<BlobId, u64> = rows.into_iter().map(|row| (row.blob, row.len_bytes)).collect();
        let found = |blob: BlobId| Some(BlobLen { blob, len_bytes: *lens.get(&blob)? });
        Ok(FoundBlobs { blobs: call.blobs.into_iter().filter_map(found).collect() })
    }

    pub(super) async fn release_blobs(&self, call: ReleaseBlobs, request: &HttpRequest, now_ms: u64) -> Result<ReleasedBlobs, ApiError> {
        self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let waste = self.store.release_blobs(call.vault, call.blobs, now_ms).await.map_err(hidden)?;
        let n_released = waste.len() as u64;
        self.clear(waste, now_ms).await.map_err(hidden)?;
        Ok(ReleasedBlobs { n_released })
    }

    /// What a vault has in blobs.
    pub(super) async fn blob_usage(&self, vault: VaultId) -> Result<BlobUsage, ApiError> {
        let usage = self.store.blob_usage(vault).await.map_err(hidden)?;
        Ok(BlobUsage { max_bytes: self.settings.max_blob_bytes, ..usage })
    }

    /// Deletes what a vault that is gone left behind; the sweeper does the rest if that is much.
    pub(super) async fn clear_vault(&self, vault: VaultId, now_ms: u64) -> Result<(), StoreError> {
        let mut n_objects = 0;
        while n_objects < DELETED_AT_ONCE {
            let waste = self.store.waste_of(vault).await?;
            if waste.is_empty() {
                break;
            }
            n_objects += waste.len();
            if !self.clear(waste, now_ms).await? {
                break;
            }
        }
        Ok(())
    }

    /// Gives up what nobody named in time, and deletes what is left to delete.
    pub(super) async fn sweep_blobs(&self, now_ms: u64) -> Result<(), StoreError> {
        let begun_before_ms = now_ms.saturating_sub(UNNAMED_DAYS * DAY_MS);
        for _ in 0..MAX_ROUNDS {
            if self.store.give_up_blobs(begun_before_ms, now_ms).await? == 0 {
                break;
            }
        }
        for _ in 0..MAX_ROUNDS {
            let waste = self.store.due_waste(now_ms).await?;
            if waste.is_empty() {
                break;
            }
            self.clear(waste, now_ms).await?;
        }
        Ok(())
    }

    /// Deletes objects and notes it; whether all of them could be.
    async fn clear(&self, waste: Vec<Waste>, now_ms: u64) -> Result<bool, StoreError> {
        let vaults: BTreeSet<VaultId> = waste.iter().map(|waste| waste.object.vault).collect();
        let mut all_done = true;
        for some in waste.chunks(AT_ONCE) {
            for (waste, removed) in some.iter().zip(join_all(some.iter().map(|waste| self.remove(waste))).await) {
                let step = match removed {
                    Ok(()) if waste.again => WasteStep::Forget,
                    Ok(()) => WasteStep::Again(now_ms + AGAIN_MS),
                    Err(error) => {
                        failed(error);
                        all_done = false;
                        WasteStep::Retry(now_ms + RETRY_MS)
                    }
                };
                self.store.put_waste(waste.object, step).await?;
            }
        }
        for vault in vaults {
            if self.store.vault(vault).await?.is_none() {
                self.blobs.remove_vault(vault).await.unwrap_or_else(|error| drop(failed(error)));
            }
        }
        Ok(all_done)
    }

    async fn remove(&self, waste: &Waste) -> Result<(), BlobError> {
        if let Some(upload) = &waste.upload {
            self.blobs.abort(&waste.object, upload).await?;
        }
        self.blobs.remove(&waste.object).await
    }

    /// A session that may bring blobs.
    async fn putting(&self, vault: VaultId, request: &HttpRequest, now_ms: u64) -> Result<Session, ApiError> {
        let session = self.session(vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        if self.entitlement(vault, now_ms).await?.may_push { Ok(session) } else { Err(ApiError::PaymentRequired) }
    }

    /// The claim for a blob of this length.
    async fn claim(&self, session: &Session, blob: BlobId, len_bytes: u64, now_ms: u64) -> Result<BlobRow, ApiError> {
        let vault = session.vault.vault;
        let object = ObjectName { vault, object: random(&*self.entropy).map_err(|error| hidden(error.into()))? };
        let (part_bytes, instance) = (self.blobs.part_bytes(len_bytes), session.vault.instance);
        let claim = NewBlob { blob, object, len_bytes, part_bytes, instance, max_bytes: self.settings.max_blob_bytes, now_ms };
        match self.store.claim_blob(claim).await.map_err(hidden)? {
            Claimed::Row(row) if row.len_bytes == len_bytes => Ok(row),
            Claimed::Row(row) => Err(ApiError::BlobConflict { len_bytes: row.len_bytes }),
            Claimed::Full => Err(ApiError::VaultFull),
            Claimed::Moved => Err(ApiError::NotRegistered),
        }
    }

    /// The same blob with an upload begun for its parts.
    async fn with_upload(&self, row: BlobRow) -> Result<BlobRow, ApiError> {
        if row.upload.is_some() {
            return Ok(row);
        }
        let upload = self.blobs.begin(&row.object).await.map_err(failed)?;
        let now = self.store.set_upload(row.object, row.blob, upload.clone()).await.map_err(hidden)?;
        // Somebody else was first, or it was given up.
        if now.as_ref().is_none_or(|now| now.upload.as_ref() != Some(&upload)) {
            self.blobs.abort(&row.object, &upload).await.map_err(failed)?;
        }
        now.ok_or(ApiError::NotFound)
    }

    /// Which parts are there; those that a client brought by itself are noted. `None` if the blob became whole meanwhile.
    async fn present(&self, row: &BlobRow, sizes: PartSizes, now_ms: u64) -> Result<Option<Present>, ApiError> {
        let parts = self.store.blob_parts(row.object).await.map_err(hidden)?;
        let mut present = Present { set: PartSet::none_of(sizes.n_parts()), tags: HashMap::new() };
        present.add(parts);
        // Parts are forgotten when the blob is whole: looked at after them, it tells whether they were all.
        let now = self.store.blob(row.object.vault, row.blob).await.map_err(hidden)?;
        if now.is_some_and(|now| now.object == row.object && now.completed_ms.is_some()) {
            return Ok(None);
        }
        if let Some(upload) = row.upload.as_ref().filter(|_| self.blobs.is_direct() && !present.set.is_full()) {
            let listed = self.blobs.list_parts(&row.object, upload, now_ms).await.map_err(failed)?;
            let fits = |part: u32, len: u64| sizes.part(part).is_some_and(|(_, bytes)| u64::from(bytes) == len);
            let fresh = listed.into_iter().filter(|listed| fits(listed.part, listed.len_bytes) && !present.set.contains(listed.part));
            let fresh: Vec<PartRow> = fresh.map(|listed| PartRow { part: listed.part, tag: listed.tag }).collect();
            if !fresh.is_empty() && self.store.note_parts(row.object, row.blob, fresh.clone()).await.map_err(hidden)? {
                present.add(fresh);
            }
        }
        Ok(Some(present))
    }

    fn direct_parts(&self, row: &BlobRow, present: &PartSet, now_ms: u64) -> Option<DirectParts> {
        let upload = row.upload.as_ref().filter(|_| self.blobs.is_direct())?;
        let sizes = PartSizes::new(row.len_bytes, row.part_bytes)?;
        let link = |part| {
            let (_, len_bytes) = sizes.part(part)?;
            Some(DirectPart { part, url: self.blobs.part_url(&row.object, upload, (part, len_bytes), now_ms, DIRECT_SECS)? })
        };
        let parts = present.missing().take(MAX_DIRECT_PARTS).map(link).collect::<Option<_>>()?;
        Some(DirectParts { expires_ms: now_ms + u64::from(DIRECT_SECS) * 1000, parts })
    }

    async fn complete(&self, row: &BlobRow, now_ms: u64) -> Result<(), ApiError> {
        if self.store.complete_blob(row.object, row.blob, now_ms).await.map_err(hidden)? {
            return Ok(());
        }
        // Given up meanwhile: its waste is deleted again later, this is only sooner.
        self.blobs.remove(&row.object).await.map_err(failed)?;
        Err(ApiError::NotFound)
    }

    /// The store of objects knows an upload no longer: it was finished by another request, or one whose answer was lost; else the claim is
    /// worth nothing and has to be made anew.
    async fn upload_is_lost(&self, row: &BlobRow, now_ms: u64) -> Result<(), ApiError> {
        if self.blobs.len(&row.object).await.map_err(failed)? == Some(row.len_bytes) {
            return self.complete(row, now_ms).await;
        }
        match self.store.give_up_unfinished(row.object, row.blob, now_ms).await.map_err(hidden)? {
            true => Ok(()),
            false => Err(ApiError::NotFound),
        }
    }

    async fn whole_bytes(&self, row: &BlobRow) -> Result<Vec<u8>, BlobError> {
        let mut bytes = Vec::with_capacity(row.len_bytes as usize);
        self.blobs.read(&row.object, 0, row.len_bytes as u32, &mut bytes).await?;
        Ok(bytes)
    }
}

impl Present {
    fn add(&mut self, parts: Vec<PartRow>) {
        for PartRow { part, tag } in parts {
            self.set.insert(part);
            self.tags.insert(part, tag);
        }
    }
}

/// The answer to a beginning that has nothing left to do.
fn whole(part_bytes: u32, sizes: PartSizes) -> BlobBegun {
    BlobBegun { part_bytes, present: PartSet::all_of(sizes.n_parts()), complete: true, direct: None }
}

fn sizes(row: &BlobRow) -> Result<PartSizes, ApiError> {
    PartSizes::new(row.len_bytes, row.part_bytes).ok_or_else(|| hidden(StoreError::Corrupt))
}

/// What a failure of the store of objects looks like from outside. An object that should be there and is not is "not here" to the client,
/// which keeps what it has and may bring it again (MS27); the operator hears of all of them.
fn failed(error: BlobError) -> ApiError {
    tracing::error!(error = %super::chain(&error), "the store of objects failed");
    match error {
        BlobError::Missing => ApiError::NotFound,
        BlobError::NoRoom => ApiError::Busy { retry_after_secs: 300 },
        BlobError::OtherLength | BlobError::Failed(_) => ApiError::Busy { retry_after_secs: 5 },
    }
}
