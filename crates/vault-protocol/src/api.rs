//! The wire contract of the blind sync service: one typed request and reply for each call, and one encoder and decoder for both sides.
//!
//! Nothing here does I/O. A client turns a request into an [`HttpRequest`], lets any transport carry it and reads the [`HttpReply`] back;
//! a server does the reverse. Routes are in [`Route`], refusals in [`ApiError`], numbers that are accepted in [`bounds`]. Control-ish calls
//! are JSON with ids as lower-case hexadecimal; entries travel as length-prefixed binary ([`ENTRIES_TYPE`]). The whole contract in words:
//! `PROTOCOL.md`.
//!
//! ```
//! use vault_protocol::{VaultId, VersionVector, api::{Call, Pull, SessionToken}};
//!
//! let pull = Pull { vault: VaultId([7; 16]), known: VersionVector::default(), max_bytes: 1 << 20 };
//! let request = pull.to_http(Some(&SessionToken::from_bytes([1; 32])));
//! assert_eq!(request.path, "/api/v1/vaults/07070707070707070707070707070707/entries/pull");
//! assert_eq!(Pull::from_http(&request).unwrap().max_bytes, 1 << 20);
//! ```

mod blobs;
pub mod bounds;
mod call;
mod control;
mod entries;
mod error;
mod frames;
mod heads;
mod http;
mod json;
mod login;
mod origin;
mod premium;
mod relay;
mod route;
mod server;
mod token;
mod vault;

pub use blobs::{
    BeginBlob, BlobBegun, BlobFinished, BlobLen, BlobsRead, DirectPart, DirectParts, FindBlobs, FinishBlob, FoundBlobs, PartSet, PartSizes,
    PutBlob, PutPart, ReadBlob, ReadBlobReply, ReadBlobs, ReleaseBlobs, ReleasedBlobs,
};
pub use call::{Call, ReplyError};
pub use control::{AppendControl, ControlPage, ReadControl, Register, Registered};
pub use entries::{Pull, Pulled, Push, Pushed};
pub use error::ApiError;
pub use heads::{Changed, Heads, Position, ReadHeads, Wait};
pub use http::{ENTRIES_TYPE, HttpReply, HttpRequest, JSON_TYPE, Method, OCTETS_TYPE};
pub use login::{Challenge, Challenged, EndSession, LoginNonce, OpenSession, Purpose, SessionOpened};
pub use origin::Origin;
pub use premium::{Checkout, Entitlement, EntitlementState, MakeCheckout, ReadEntitlement, RedeemPromo};
pub use relay::{RelayChannel, RelayClose, RelayReceive, RelaySend, RelaySide};
pub use route::{PREFIX, Route, Target};
pub use server::{ReadServer, ServerFacts};
pub use token::SessionToken;
pub use vault::{BlobUsage, Delete, Deletion, DeviceSeen, Keep, Kept, PutBootstrap, ReadBootstrap, Receipt, Status, VaultStatus};

/// The reply of calls that say nothing but "done": an empty JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Done {}
