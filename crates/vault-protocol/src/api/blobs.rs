//! Blobs on the wire: the sealed bodies of attachments, which a server keeps beside the entries that name them.
//!
//! A blob goes up in parts, in any order and as often as it takes: [`BeginBlob`] claims its id and says which parts are missing,
//! [`PutPart`] brings one, [`FinishBlob`] makes it whole. A small one goes up at once ([`PutBlob`]). It comes down by ranges ([`ReadBlob`]),
//! small ones together ([`ReadBlobs`]). Nothing is given out of a blob that is not whole. What it holds is checked against the sealed item by
//! whoever opens it (MS26): a server is believed neither about bytes nor about lengths.

mod ids;
mod parts;
mod put;
mod read;

pub use ids::{BlobLen, FindBlobs, FoundBlobs, ReleaseBlobs, ReleasedBlobs};
pub use parts::{PartSet, PartSizes};
pub use put::{BeginBlob, BlobBegun, BlobFinished, DirectPart, DirectParts, FinishBlob, PutBlob, PutPart};
pub use read::{BlobsRead, ReadBlob, ReadBlobReply, ReadBlobs};
