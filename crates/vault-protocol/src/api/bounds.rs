//! Floors and ceilings of the wire contract. Both sides check them, because neither trusts the other.

use crate::limits::{MAX_CONTROL_BYTES, MAX_ENTRY_BYTES};

/// Greatest sequence number, count or time in JSON: 2^53 − 1, the greatest whole number that every JSON reader keeps exact (RFC 8259 §6).
pub const MAX_NUMBER: u64 = (1 << 53) - 1;
/// Least page that may be asked for, in bytes of frames.
pub const MIN_PAGE_BYTES: u32 = 16 * 1024;
/// Greatest page that may be asked for, in bytes of frames. The first frame of a page is sent even if it alone is greater.
pub const MAX_PAGE_BYTES: u32 = 8 * 1024 * 1024;
/// Frames in one page or push: a bound on what a reader allocates for bookkeeping.
pub const MAX_FRAMES: usize = 16_384;
/// Bytes of the body of a push or an append: a page, and room for one frame that begins just before its end.
pub const MAX_FRAMES_BODY_BYTES: usize = MAX_PAGE_BYTES as usize + MAX_ENTRY_BYTES + 64 * 1024;
/// Bytes of a genesis and its framing.
pub const MAX_REGISTER_BODY_BYTES: usize = MAX_CONTROL_BYTES + 64;
/// Bytes of a JSON request.
pub const MAX_JSON_BODY_BYTES: usize = 16 * 1024;
/// Bytes of any reply: what a client reads before it gives up.
pub const MAX_REPLY_BYTES: usize = MAX_FRAMES_BODY_BYTES + 512 * 1024;
/// Logs in one version vector: every log that 64 devices may plausibly have had.
pub const MAX_LOGS: usize = 4096;
/// Control heads in one message. A log takes more than [`crate::limits::MAX_PARENTS`] if so many were written at once.
pub const MAX_HEADS: usize = 256;
/// Life of a login nonce in milliseconds (MS25).
pub const NONCE_LIFE_MS: u64 = 60_000;
/// Longest a client may ask a server to wait, in seconds: below the usual 30 s of proxies.
pub const MAX_WAIT_SECS: u32 = 25;
/// Longest delay that a server may ask for, in seconds: a day.
pub const MAX_RETRY_SECS: u32 = 86_400;
/// Bytes of an origin's text.
pub const MAX_ORIGIN_BYTES: usize = 255;
/// Bytes of a bootstrap record: a login key, a slot and their CBOR need 386.
pub const MAX_BOOTSTRAP_BYTES: usize = 1024;
/// Characters of a promo code.
pub const MAX_PROMO_CHARS: usize = 64;
/// Bytes of a checkout link.
pub const MAX_LINK_BYTES: usize = 2048;
/// Bytes of one relay message.
pub const MAX_RELAY_BYTES: usize = 64 * 1024;
/// Messages of one relay channel, both sides together.
pub const MAX_RELAY_MESSAGES: usize = 16;
/// Life of a relay channel in milliseconds, from its first message.
pub const RELAY_LIFE_MS: u64 = 600_000;
/// Bytes of a payment provider's message.
pub const MAX_WEBHOOK_BYTES: usize = 256 * 1024;
/// Bytes of one blob: 64 GiB.
pub const MAX_BLOB_BYTES: u64 = 64 << 30;
/// Least that a server may have for a part: what is smaller would only cost requests.
pub const MIN_PART_BYTES: u32 = 4 * 1024;
/// Greatest part of a blob in one request.
pub const MAX_PART_BYTES: u32 = 8 << 20;
/// Parts of one blob: 64 GiB in parts of 4 MiB.
pub const MAX_PARTS: u32 = 16_384;
/// Bytes of a blob that goes up in one request, and of one that comes down with others.
pub const MAX_PUT_BLOB_BYTES: usize = 4 << 20;
/// Least range of a blob that may be asked for, in bytes.
pub const MIN_READ_BLOB_BYTES: u32 = 4 * 1024;
/// Greatest range of a blob that may be asked for, and of several small ones together, in bytes.
pub const MAX_READ_BLOB_BYTES: u32 = 4 << 20;
/// Blobs in one call about several.
pub const MAX_BLOB_IDS: usize = 1024;
/// Bytes of a JSON request with so many ids: 32 digits, quotes and a comma each, and room for their framing.
pub const MAX_BLOB_IDS_BODY_BYTES: usize = MAX_BLOB_IDS * 48 + 1024;
/// Addresses of missing parts in one reply.
pub const MAX_DIRECT_PARTS: usize = 64;
/// Bytes of a name, version or plan that a server tells.
pub const MAX_TEXT_BYTES: usize = 200;
