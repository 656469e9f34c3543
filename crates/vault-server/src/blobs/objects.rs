//! Objects in whatever `object_store` knows: memory, or a store that speaks S3.

use axum::body::Bytes;
use object_store::{
    Error, ObjectStore, ObjectStoreExt as _, PutPayload,
    memory::InMemory,
    multipart::{MultipartStore, PartId},
    path::Path,
};
use vault_protocol::api::PartSizes;

use super::{
    BlobError, BlobFuture, Blobs, ListedPart, ObjectName,
    s3::{Direct, PART_BYTES, part_bytes_for},
};

/// Objects of one `object_store`.
#[derive(Debug)]
pub struct ObjectBlobs<T> {
    objects: T,
    prefix: String,
    part_bytes: Option<u32>,
    direct: Option<Direct>,
}

/// Objects in memory: for tests and simulations. It needs no runtime.
pub type MemoryBlobs = ObjectBlobs<InMemory>;

impl MemoryBlobs {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::over(InMemory::new(), String::new(), None)
    }
}

impl Default for MemoryBlobs {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ObjectStore + MultipartStore> ObjectBlobs<T> {
    /// Objects of this store, under names that begin with `prefix`.
    pub(super) fn over(objects: T, prefix: String, direct: Option<Direct>) -> Self {
        Self { objects, prefix, part_bytes: None, direct }
    }

    /// The same with parts of another length, within [`vault_protocol::api::bounds`]: for tests with small files. S3 takes none under 5 MiB.
    pub fn with_part_bytes(self, part_bytes: u32) -> Self {
        Self { part_bytes: Some(part_bytes), ..self }
    }

    fn path(&self, object: &ObjectName) -> Path {
        Path::from(format!("{}{}", self.prefix, object.path()))
    }
}

/// An upload that the store does not know is missing. The one in memory has no word of its own for that, and no other way to fail.
fn known_upload(error: Error) -> BlobError {
    match error {
        Error::Generic { store: "InMemory", .. } => BlobError::Missing,
        error => error.into(),
    }
}

impl<T: ObjectStore + MultipartStore> Blobs for ObjectBlobs<T> {
    fn part_bytes(&self, len_bytes: u64) -> u32 {
        self.part_bytes.unwrap_or_else(|| part_bytes_for(len_bytes))
    }

    fn begin<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, String> {
        Box::pin(async move { Ok(self.objects.create_multipart(&self.path(object)).await?) })
    }

    fn put_part<'a>(&'a self, object: &'a ObjectName, upload: &'a str, part: u32, _from: u64, bytes: Bytes) -> BlobFuture<'a, String> {
        Box::pin(async move {
            let payload = PutPayload::from_bytes(bytes);
            let part = self.objects.put_part(&self.path(object), &upload.to_owned(), part as usize, payload).await.map_err(known_upload)?;
            Ok(part.content_id)
        })
    }

    fn finish<'a>(&'a self, object: &'a ObjectName, upload: &'a str, sizes: PartSizes, tags: Vec<String>) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            let path = self.path(object);
            let parts = tags.into_iter().map(|content_id| PartId { content_id }).collect();
            self.objects.complete_multipart(&path, &upload.to_owned(), parts).await.map_err(known_upload)?;
            // What the parts came to is told by the store alone: some of them may have come around us.
            if self.objects.head(&path).await?.size == sizes.len_bytes() { Ok(()) } else { Err(BlobError::OtherLength) }
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectName, bytes: Bytes) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            self.objects.put(&self.path(object), PutPayload::from_bytes(bytes)).await?;
            Ok(())
        })
    }

    fn len<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, Option<u64>> {
        Box::pin(async move {
            match self.objects.head(&self.path(object)).await {
                Ok(found) => Ok(Some(found.size)),
                Err(Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn read<'a>(&'a self, object: &'a ObjectName, from: u64, len: u32, out: &'a mut Vec<u8>) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            let bytes = self.objects.get_range(&self.path(object), from..from + u64::from(len)).await?;
            out.extend_from_slice(&bytes);
            if bytes.len() == len as usize { Ok(()) } else { Err(BlobError::OtherLength) }
        })
    }

    fn abort<'a>(&'a self, object: &'a ObjectName, upload: &'a str) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            match self.objects.abort_multipart(&self.path(object), &upload.to_owned()).await.map_err(known_upload) {
                Err(BlobError::Missing) | Ok(()) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    fn remove<'a>(&'a self, object: &'a ObjectName) -> BlobFuture<'a, ()> {
        Box::pin(async move {
            match self.objects.delete(&self.path(object)).await {
                Err(Error::NotFound { .. }) | Ok(()) => Ok(()),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn is_direct(&self) -> bool {
        self.direct.is_some()
    }

    fn part_url(&self, object: &ObjectName, upload: &str, part: (u32, u32), now_ms: u64, life_secs: u32) -> Option<String> {
        let direct = self.direct.as_ref()?;
        let (number, len_bytes) = ((part.0 + 1).to_string(), part.1);
        let query = [("partNumber", number.as_str()), ("uploadId", upload)];
        Some(direct.sign_put(self.path(object).as_ref(), &query, len_bytes, now_ms, life_secs))
    }

    fn read_url(&self, object: &ObjectName, now_ms: u64, life_secs: u32) -> Option<String> {
        Some(self.direct.as_ref()?.sign_get(self.path(object).as_ref(), &[], now_ms, life_secs))
    }

    fn list_parts<'a>(&'a self, object: &'a ObjectName, upload: &'a str, now_ms: u64) -> BlobFuture<'a, Vec<ListedPart>> {
        Box::pin(async move {
            match &self.direct {
                Some(direct) => direct.list_parts(self.path(object).as_ref(), upload, now_ms).await,
                None => Ok(Vec::new()),
            }
        })
    }
}

impl From<Error> for BlobError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::Missing,
            error => Self::Failed(Box::new(error)),
        }
    }
}

const _: () = assert!(PART_BYTES >= 5 << 20);
