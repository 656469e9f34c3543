//! The wire contract from outside: what is written reads back on the other side, and nothing else is read.

use proptest::prelude::*;
use vault_protocol::{
    BlobId, DeviceId, Hash, Head, LogId, SigningPublicKey, VaultId, VersionVector,
    api::{
        ApiError, AppendControl, BeginBlob, BlobBegun, BlobFinished, BlobLen, BlobUsage, BlobsRead, Call, Challenge, Challenged, Changed,
        Checkout, ControlPage, Delete, Deletion, DeviceSeen, DirectPart, DirectParts, Done, EndSession, Entitlement, EntitlementState,
        FindBlobs, FinishBlob, FoundBlobs, Heads, HttpReply, HttpRequest, Keep, Kept, LoginNonce, MakeCheckout, Method, OpenSession,
        Origin, PartSet, Position, Pull, Pulled, Purpose, Push, Pushed, PutBlob, PutBootstrap, PutPart, ReadBlob, ReadBlobReply, ReadBlobs,
        ReadBootstrap, ReadControl, ReadEntitlement, ReadHeads, ReadServer, Receipt, RedeemPromo, Register, Registered, RelayChannel,
        RelayClose, RelayReceive, RelaySend, RelaySide, ReleaseBlobs, ReleasedBlobs, ReplyError, Route, ServerFacts, SessionOpened,
        SessionToken, Status, VaultStatus, Wait,
        bounds::{
            MAX_BLOB_BYTES, MAX_BLOB_IDS, MAX_FRAMES, MAX_HEADS, MAX_NUMBER, MAX_PAGE_BYTES, MAX_PARTS, MAX_READ_BLOB_BYTES,
            MAX_RELAY_BYTES, MIN_PAGE_BYTES,
        },
    },
};

use crate::world::{A, key};

pub(crate) const VAULT: VaultId = VaultId([0xa1; 16]);

pub(crate) fn token() -> SessionToken {
    SessionToken::from_bytes([0x5e; 32])
}

fn hash(byte: u8) -> Hash {
    Hash([byte; 32])
}

fn vector(logs: &[(u8, u64)]) -> VersionVector {
    let head = |seq| Head { seq, hash: if seq == 0 { Hash::ZERO } else { Hash([seq as u8; 32]) } };
    VersionVector(logs.iter().map(|(log, seq)| (LogId([*log; 16]), head(*seq))).collect())
}

fn position() -> Position {
    Position { n_entries: 12, n_control: 3, control_heads: vec![hash(1), hash(2)] }
}

/// A request and a reply of one call.
pub(crate) struct Sample {
    pub(crate) request: HttpRequest,
    pub(crate) reply: HttpReply,
    /// Whether both read back as what they were written from.
    pub(crate) reads_back: bool,
    /// Reads a request and a reply of the same call, for what is not well formed.
    pub(crate) read: fn(&HttpRequest, &HttpReply) -> Outcomes,
}

type Outcomes = (Result<(), ApiError>, Result<(), ReplyError>);

fn sample<C: Call + PartialEq>(call: C, reply: C::Reply) -> Sample
where
    C::Reply: PartialEq,
{
    let (request, answer) = (call.to_http(Some(&token())), C::reply_to_http(&reply));
    let reads_back = C::from_http(&request).is_ok_and(|read| read == call) && C::reply_from_http(&answer).is_ok_and(|read| read == reply);
    Sample { request, reply: answer, reads_back, read: read::<C> }
}

fn read<C: Call>(request: &HttpRequest, reply: &HttpReply) -> Outcomes {
    (C::from_http(request).map(|_call| ()), C::reply_from_http(reply).map(|_reply| ()))
}

/// Signed by a device of the test's world.
pub(crate) fn open_session() -> OpenSession {
    let challenged = Challenged { nonce: LoginNonce([9; 32]), expires_ms: 1_800_000_060_000 };
    let origin = Origin::parse("https://sync.example.org").unwrap();
    OpenSession::sign(VAULT, Purpose::Sync, origin, &challenged, &A.key())
}

fn session_sample() -> Sample {
    let call = open_session();
    let opened = SessionOpened { token: token(), expires_ms: 1_800_086_400_000 };
    let (request, reply) = (call.to_http(None), OpenSession::reply_to_http(&opened));
    let same_token = |read: SessionOpened| read.token.expose() == token().expose() && read.expires_ms == opened.expires_ms;
    let reads_back = OpenSession::from_http(&request).as_ref() == Ok(&call) && OpenSession::reply_from_http(&reply).is_ok_and(same_token);
    Sample { request, reply, reads_back, read: read::<OpenSession> }
}

/// One sample of every call of a client.
pub(crate) fn samples() -> Vec<(&'static str, Sample)> {
    let vault = VAULT;
    let channel = RelayChannel([0xc4; 16]);
    let entitlement = Entitlement { may_push: true, state: EntitlementState::Grace, until_ms: Some(1_800_000_000_000) };
    let receipt = Receipt {
        vault,
        receipt: hash(7),
        deleted_ms: 1_800_000_000_000,
        n_entries: 12,
        n_control: 3,
        stored_bytes: 34_567,
        n_blobs: 0,
        blob_bytes: 0,
    };
    let with_blobs = Receipt { n_blobs: 2, blob_bytes: 5 << 20, ..receipt };
    let device = DeviceSeen { device: DeviceId([1; 16]), log: LogId([2; 16]), seq: 0, last_entry_ms: None, last_seen_ms: Some(5) };
    let status = VaultStatus {
        registered_ms: 1_799_000_000_000,
        n_entries: 12,
        n_control: 3,
        stored_bytes: 34_567,
        max_bytes: 1 << 30,
        blobs: None,
        last_push_ms: Some(1_799_000_000_500),
        deletion_due_ms: None,
        entitlement,
        devices: vec![device],
    };
    let usage = BlobUsage { n_blobs: 2, stored_bytes: 5 << 20, max_bytes: 10 << 30 };
    let status_with_blobs = VaultStatus { blobs: Some(usage), ..status.clone() };
    let facts = ServerFacts {
        service: ServerFacts::SERVICE.to_owned(),
        version: "0.1.0".to_owned(),
        api: 1,
        now_ms: 1_800_000_000_000,
        premium_required: true,
        checkout: false,
        max_vault_bytes: 1 << 30,
    };
    let key = key("did", 0).public_key_();
    let pulled = Pulled { position: position(), differing: vector(&[(1, 0), (2, 9)]), entries: vec![vec![1, 2, 3], vec![4]], more: true };
    let page = ControlPage { n_control: 3, heads: vec![hash(1)], entries: vec![vec![5; 40], vec![6]] };
    let heads = Heads { position: position(), logs: vector(&[(1, 4), (2, 8)]) };
    let append = AppendControl { vault, heads: vec![hash(1), hash(2)], entries: vec![vec![5; 9], vec![6; 3]] };
    let register = Register { genesis: vec![3; 200], create: true };
    let relay_send = RelaySend { channel, side: RelaySide::Guest, number: 2, message: b"sealed between them".to_vec() };
    let relay_receive = RelayReceive { channel, side: RelaySide::Host, number: 16, timeout_secs: 25 };
    let samples = vec![
        ("server", sample(ReadServer, facts)),
        ("challenge", sample(Challenge { vault, key }, Challenged { nonce: LoginNonce([9; 32]), expires_ms: 1_800_000_060_000 })),
        ("session", session_sample()),
        ("session-end", sample(EndSession { vault }, Done {})),
        ("register", sample(register, Registered { vault, created: true })),
        ("control-read", sample(ReadControl { vault, after: 1 }, page)),
        ("control-append", sample(append, position())),
        ("push", sample(Push { vault, control_heads: vec![hash(1)], entries: vec![vec![7; 5]] }, Pushed { n_stored: 1, n_entries: 13 })),
        ("pull", sample(Pull { vault, known: vector(&[(1, 3), (2, 8)]), max_bytes: 1 << 20 }, pulled)),
        ("heads", sample(ReadHeads { vault }, heads)),
        ("wait", sample(Wait { vault, n_entries: 12, n_control: 3, timeout_secs: 25 }, Changed { changed: false })),
        ("status", sample(Status { vault }, status)),
        ("delete-owner", sample(Delete { vault }, Deletion::Deleted(receipt))),
        ("delete-member", sample(Delete { vault }, Deletion::Noticed { due_ms: 1_800_604_800_000 })),
        ("keep", sample(Keep { vault }, Kept { was_noticed: true })),
        ("bootstrap-read", sample(ReadBootstrap { vault }, vec![0xa2; 386])),
        ("bootstrap-put", sample(PutBootstrap { vault, record: vec![0xa2; 386] }, Done {})),
        ("entitlement", sample(ReadEntitlement { vault }, entitlement)),
        ("checkout", sample(MakeCheckout { vault }, Checkout { url: "https://nt2.lemonsqueezy.com/buy/1?a=b".to_owned() })),
        ("promo", sample(RedeemPromo { vault, code: "ABCD-EFGH".to_owned() }, entitlement)),
        ("relay-send", sample(relay_send, Done {})),
        ("relay-receive", sample(relay_receive, Some(b"sealed between them".to_vec()))),
        ("relay-nothing-yet", sample(relay_receive, None)),
        ("relay-close", sample(RelayClose { channel }, Done {})),
        ("status-blobs", sample(Status { vault }, status_with_blobs)),
        ("delete-owner-blobs", sample(Delete { vault }, Deletion::Deleted(with_blobs))),
    ];
    samples.into_iter().chain(blob_samples()).collect()
}

fn blob_samples() -> Vec<(&'static str, Sample)> {
    let vault = VAULT;
    let [blob, other, third] = [1, 2, 3].map(|n| BlobId([n; 16]));
    let mut present = PartSet::none_of(3);
    present.insert(1);
    let begin = BeginBlob { vault, blob, len_bytes: 9 << 20, takes_direct: false };
    let begun = BlobBegun { part_bytes: 4 << 20, present: present.clone(), complete: false, direct: None };
    let part = |part: u32| DirectPart { part, url: format!("https://blobs.example.org/nt2/07?partNumber={}&uploadId=x", part + 1) };
    let direct = DirectParts { expires_ms: 1_800_000_900_000, parts: vec![part(0), part(2)] };
    let begun_direct = BlobBegun { direct: Some(direct), ..begun.clone() };
    let complete = BlobBegun { present: PartSet::all_of(3), complete: true, ..begun.clone() };
    let read = ReadBlob { vault, blob, from: 4096, max_bytes: 1 << 20, takes_direct: false };
    let bytes = ReadBlobReply::Bytes { len_bytes: 9 << 20, bytes: b"sealed by its owner".to_vec() };
    let url = "https://blobs.example.org/nt2/07?X-Amz-Expires=900".to_owned();
    let elsewhere = ReadBlobReply::Direct { len_bytes: 9 << 20, url, expires_ms: 1_800_000_900_000 };
    let together = BlobsRead { blobs: vec![(blob, b"sealed".to_vec())], missing: vec![other], large: vec![third] };
    let found = FoundBlobs { blobs: vec![BlobLen { blob, len_bytes: 9 << 20 }] };
    vec![
        ("blob-begin", sample(begin, begun)),
        ("blob-begin-direct", sample(BeginBlob { takes_direct: true, ..begin }, begun_direct)),
        ("blob-begin-complete", sample(begin, complete)),
        ("blob-part", sample(PutPart { vault, blob, part: 2, bytes: b"sealed by its owner".to_vec() }, Done {})),
        ("blob-whole", sample(PutBlob { vault, blob, bytes: b"sealed by its owner".to_vec() }, Done {})),
        ("blob-finish", sample(FinishBlob { vault, blob }, BlobFinished { len_bytes: 9 << 20 })),
        ("blob-range", sample(read, bytes)),
        ("blob-range-direct", sample(ReadBlob { takes_direct: true, ..read }, elsewhere)),
        ("blobs-read", sample(ReadBlobs { vault, blobs: vec![blob, other, third] }, together)),
        ("blobs-find", sample(FindBlobs { vault, blobs: vec![blob, other] }, found)),
        ("blobs-release", sample(ReleaseBlobs { vault, blobs: vec![blob, other] }, ReleasedBlobs { n_released: 1 })),
    ]
}

/// Every refusal that is sent.
pub(crate) fn refusals() -> Vec<ApiError> {
    let log = LogId([2; 16]);
    vec![
        ApiError::BadRequest,
        ApiError::Unauthorized,
        ApiError::SessionExpired,
        ApiError::Forbidden,
        ApiError::NotFound,
        ApiError::NotRegistered,
        ApiError::OtherGenesis,
        ApiError::StaleControl { heads: vec![hash(1), hash(2)], n_control: 3 },
        ApiError::ControlRefused,
        ApiError::EntryConflict { log, seq: 5, hash: hash(9) },
        ApiError::Gap { log, expected_seq: 4 },
        ApiError::EntryRefused { log, seq: 6 },
        ApiError::PaymentRequired,
        ApiError::TooLarge,
        ApiError::VaultFull,
        ApiError::BlobConflict { len_bytes: 9 << 20 },
        ApiError::BlobIncomplete,
        ApiError::RelayConflict,
        ApiError::PromoRefused,
        ApiError::NotOffered,
        ApiError::RateLimited { retry_after_secs: 30 },
        ApiError::Busy { retry_after_secs: 2 },
        ApiError::Internal,
    ]
}

/// The public half without importing the trait everywhere.
trait PublicKey {
    fn public_key_(&self) -> SigningPublicKey;
}

impl<T: vault_protocol::Signer> PublicKey for T {
    fn public_key_(&self) -> SigningPublicKey {
        self.public_key()
    }
}

#[test]
fn every_call_and_its_reply_read_back_on_the_other_side() {
    for (name, sample) in samples() {
        assert!(sample.reads_back, "{name}");
    }
}

#[test]
fn every_refusal_reads_back_whatever_the_call() {
    for error in refusals() {
        let reply = error.to_http();
        assert_eq!(ApiError::from_http(&reply), error);
        for (name, sample) in samples() {
            let (_, refused) = (sample.read)(&sample.request, &reply);
            assert_eq!(refused, Err(ReplyError::Refused(error.clone())), "{name}");
        }
    }
}

#[test]
fn each_route_is_found_by_its_own_path_and_by_no_other() {
    for route in Route::ALL {
        let path = route.path([0xab; 16]);
        assert_eq!(Route::find(route.method(), &path).unwrap().route, route);
        let same_path = Route::ALL.into_iter().filter(|other| other.template() == route.template() && other.method() == route.method());
        assert_eq!(same_path.count(), 1, "{path}");
        for wrong in [format!("{path}/"), path.replace("v1", "v2"), path.to_uppercase(), format!("/{path}"), path.replace("ab", "AB")] {
            let is_found = wrong != path && Route::find(route.method(), &wrong).is_ok();
            assert!(!is_found, "{wrong}");
        }
    }
    assert_eq!(Route::find(Method::Put, "/api/v1/server"), Err(ApiError::NotFound));
}

#[test]
fn a_number_outside_its_bounds_is_refused_not_clamped() {
    let get = |path: &str| HttpRequest { method: Method::Get, path: path.to_owned(), token: None, content_type: None, body: Vec::new() };
    let vault = VAULT;
    for after in ["", "-1", "+1", "0x10", "1.0", "9007199254740992", "99999999999999999999", "1&after=2", " 1"] {
        let read = ReadControl::from_http(&get(&format!("/api/v1/vaults/{vault}/control?after={after}")));
        assert_eq!(read, Err(ApiError::BadRequest), "{after}");
    }
    assert_eq!(ReadControl::from_http(&get(&format!("/api/v1/vaults/{vault}/control"))), Err(ApiError::BadRequest));
    for query in ["n_entries=1&n_control=1&timeout_secs=26", "n_entries=1&n_control=1", "n_control=1&timeout_secs=1"] {
        assert_eq!(Wait::from_http(&get(&format!("/api/v1/vaults/{vault}/wait?{query}"))), Err(ApiError::BadRequest), "{query}");
    }
    let channel = RelayChannel([0xc4; 16]);
    for query in ["side=host&number=0&timeout_secs=0", "side=host&number=17&timeout_secs=0", "side=me&number=1&timeout_secs=0"] {
        let read = RelayReceive::from_http(&get(&format!("/api/v1/relay/{channel}?{query}")));
        assert_eq!(read, Err(ApiError::BadRequest), "{query}");
    }
}

#[test]
fn a_blobs_numbers_outside_their_bounds_are_refused() {
    let vault = VAULT;
    let blob = BlobId([1; 16]);
    for len_bytes in [0, MAX_BLOB_BYTES + 1] {
        let begin = BeginBlob { vault, blob, len_bytes, takes_direct: false };
        assert_eq!(BeginBlob::from_http(&begin.to_http(None)), Err(ApiError::BadRequest), "{len_bytes}");
    }
    let read = ReadBlob { vault, blob, from: MAX_BLOB_BYTES, max_bytes: MAX_READ_BLOB_BYTES, takes_direct: false };
    assert_eq!(ReadBlob::from_http(&read.to_http(None)), Err(ApiError::BadRequest));
    for query in
        ["from=0&max_bytes=4095&direct=0", "from=0&max_bytes=4194305&direct=0", "from=0&max_bytes=4096&direct=2", "from=0&max_bytes=4096"]
    {
        let path = format!("/api/v1/vaults/{vault}/blobs/range?blob={blob}&{query}");
        let request = HttpRequest { method: Method::Get, path, token: None, content_type: None, body: Vec::new() };
        assert_eq!(ReadBlob::from_http(&request), Err(ApiError::BadRequest), "{query}");
    }
    let part = |part, len| PutPart::from_http(&PutPart { vault, blob, part, bytes: vec![1; len] }.to_http(None)).err();
    assert_eq!((part(MAX_PARTS - 1, 1), part(MAX_PARTS, 1), part(0, 0)), (None, Some(ApiError::BadRequest), Some(ApiError::BadRequest)));
    for blobs in [vec![], vec![blob, blob], (0..=MAX_BLOB_IDS as u32).map(blob_id).collect()] {
        let n = blobs.len();
        assert_eq!(FindBlobs::from_http(&FindBlobs { vault, blobs }.to_http(None)), Err(ApiError::BadRequest), "{n}");
    }
    let most = FindBlobs { vault, blobs: (0..MAX_BLOB_IDS as u32).map(blob_id).collect() };
    assert_eq!(FindBlobs::from_http(&most.to_http(None)), Ok(most));
}

fn blob_id(n: u32) -> BlobId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    BlobId(id)
}

#[test]
fn a_reply_about_blobs_that_cannot_be_is_malformed() {
    let begun = |present: &str, complete, part_bytes| {
        let body = format!(r#"{{"part_bytes":{part_bytes},"n_parts":3,"present":"{present}","complete":{complete}}}"#);
        let reply = HttpReply { status: 200, content_type: "application/json".to_owned(), body: body.into_bytes() };
        BeginBlob::reply_from_http(&reply).is_ok()
    };
    assert!(begun("05", false, 4096) && begun("07", true, 8 << 20));
    assert!(!begun("08", false, 4096), "a part that there is not");
    assert!(!begun("05", true, 4096), "whole, and not whole");
    assert!(!begun("05", false, 4095) && !begun("05", false, (8 << 20) + 1) && !begun("0500", false, 4096) && !begun("", false, 4096));
    let blobs = |read: BlobsRead| ReadBlobs::reply_from_http(&ReadBlobs::reply_to_http(&read)).is_ok();
    let one = (BlobId([1; 16]), vec![7; 9]);
    assert!(blobs(BlobsRead { blobs: vec![one.clone()], ..BlobsRead::default() }));
    assert!(!blobs(BlobsRead::default()), "it would be asked for for ever");
    assert!(!blobs(BlobsRead { blobs: vec![one.clone(), one.clone()], ..BlobsRead::default() }));
    assert!(!blobs(BlobsRead { blobs: vec![one], missing: vec![BlobId([1; 16])], large: vec![] }));
    let range =
        |len_bytes, n| ReadBlob::reply_from_http(&ReadBlob::reply_to_http(&ReadBlobReply::Bytes { len_bytes, bytes: vec![1; n] })).is_ok();
    assert!(range(9, 9) && !range(9, 10) && !range(9, 0) && !range(0, 0) && !range(MAX_BLOB_BYTES + 1, 1));
    assert!(!range(MAX_BLOB_BYTES, MAX_READ_BLOB_BYTES as usize + 1));
}

#[test]
fn a_page_size_outside_its_bounds_is_refused() {
    let pull = Pull { vault: VAULT, known: VersionVector::default(), max_bytes: 1 << 20 };
    for max_bytes in [0, MIN_PAGE_BYTES - 1, MAX_PAGE_BYTES + 1, u32::MAX] {
        let mut request = pull.to_http(None);
        request.body[1..5].copy_from_slice(&max_bytes.to_be_bytes());
        assert_eq!(Pull::from_http(&request), Err(ApiError::BadRequest), "{max_bytes}");
    }
}

#[test]
fn a_body_over_its_routes_ceiling_is_too_large() {
    for (name, mut sample) in samples() {
        let route = Route::find(sample.request.method, &sample.request.path).unwrap().route;
        sample.request.body = vec![0; route.max_body_bytes() + 1];
        assert_eq!((sample.read)(&sample.request, &sample.reply).0, Err(ApiError::TooLarge), "{name}");
    }
    let channel = RelayChannel([0xc4; 16]);
    let send = |len| RelaySend { channel, side: RelaySide::Host, number: 1, message: vec![1; len] };
    assert!(RelaySend::from_http(&send(MAX_RELAY_BYTES).to_http(None)).is_ok());
    assert_eq!(RelaySend::from_http(&send(0).to_http(None)), Err(ApiError::BadRequest));
}

#[test]
fn claimed_counts_are_checked_before_anything_is_allocated() {
    let mut request = Push { vault: VAULT, control_heads: vec![], entries: vec![vec![1]] }.to_http(None);
    for body in [
        vec![1, 0xff, 0xff],                   // 65,535 heads, none there
        vec![1, 0, 0, 0xff, 0xff, 0xff, 0xff], // a frame of 4 GiB
        vec![1, 0, 0, 0, 0, 0, 0],             // an empty frame
        vec![1, 0, 0],                         // no frame
        vec![2, 0, 0, 0, 0, 0, 1, 9],          // another version
        vec![1, 0, 0, 0, 0, 0, 2, 9],          // cut
        [vec![1, 0, 2], vec![7; 64]].concat(), // one head twice
        [vec![1, 0, 0], [0, 0, 0, 1, 9].repeat(MAX_FRAMES + 1)].concat(),
        [vec![1, 1, 1], vec![0; 32 * (MAX_HEADS + 1)]].concat(),
    ] {
        request.body = body;
        assert_eq!(Push::from_http(&request), Err(ApiError::BadRequest));
    }
}

#[test]
fn a_version_vector_has_one_form() {
    let pull = |body: Vec<u8>| {
        let mut request = Pull { vault: VAULT, known: VersionVector::default(), max_bytes: 1 << 20 }.to_http(None);
        request.body.truncate(5);
        request.body.extend_from_slice(&body);
        Pull::from_http(&request).map(|pull| pull.known)
    };
    let line = |log: u8, seq: u64, hash: u8| [vec![log; 16], seq.to_be_bytes().to_vec(), vec![hash; 32]].concat();
    let of = |lines: &[Vec<u8>]| [(lines.len() as u16).to_be_bytes().to_vec(), lines.concat()].concat();
    assert_eq!(pull(of(&[line(1, 3, 3), line(2, 8, 8)])), Ok(vector(&[(1, 3), (2, 8)])));
    for refused in [
        of(&[line(2, 8, 8), line(1, 3, 3)]),
        of(&[line(1, 3, 3), line(1, 3, 3)]),
        of(&[line(1, 0, 0)]),
        of(&[line(1, 0, 3)]),
        of(&[line(1, 3, 0)]),
        of(&[line(1, MAX_NUMBER + 1, 3)]),
        [of(&[line(1, 3, 3)]), vec![0]].concat(),
    ] {
        assert_eq!(pull(refused), Err(ApiError::BadRequest));
    }
}

#[test]
fn a_page_of_another_server_is_malformed_and_never_a_reply() {
    let page = |status, content_type: &str, body: &[u8]| HttpReply { status, content_type: content_type.to_owned(), body: body.to_vec() };
    for (name, sample) in samples() {
        let others = [
            page(200, "text/html", b"<!doctype html>"),
            page(200, "application/json", b"[]"),
            page(200, "application/json", b"{"),
            page(200, "application/vnd.nt2.entries", b""),
            page(200, "", &sample.reply.body),
            page(201, &sample.reply.content_type, &sample.reply.body),
            page(302, &sample.reply.content_type, &sample.reply.body),
        ];
        for other in others {
            let read = (sample.read)(&sample.request, &other).1;
            assert_eq!(read, Err(ReplyError::Malformed), "{name} {}", other.content_type);
        }
        let proxy = page(502, "text/html", b"Bad gateway");
        assert_eq!((sample.read)(&sample.request, &proxy).1, Err(ReplyError::Refused(ApiError::Unknown(502))), "{name}");
    }
}

#[test]
fn a_refusal_with_another_status_or_without_its_details_is_unknown() {
    let refusal =
        |status, body: &str| ApiError::from_http(&HttpReply { status, content_type: "application/json".to_owned(), body: body.into() });
    assert_eq!(refusal(409, r#"{"code":"unauthorized","message":"x"}"#), ApiError::Unknown(409));
    assert_eq!(refusal(409, r#"{"code":"gap"}"#), ApiError::Unknown(409));
    assert_eq!(refusal(409, r#"{"code":"gap","log":"02","seq":1}"#), ApiError::Unknown(409));
    assert_eq!(refusal(409, r#"{"code":"stale_control","heads":[],"n_control":1}"#), ApiError::Unknown(409));
    assert_eq!(refusal(418, r#"{"code":"teapot"}"#), ApiError::Unknown(418));
    let forever = refusal(429, r#"{"code":"rate_limited","retry_after_secs":4294967295}"#);
    assert_eq!(forever, ApiError::RateLimited { retry_after_secs: 86_400 });
    assert_eq!(refusal(503, r#"{"code":"busy"}"#), ApiError::Busy { retry_after_secs: 1 });
}

#[test]
fn ids_in_json_are_lower_case_and_whole() {
    let challenge = Challenge { vault: VAULT, key: SigningPublicKey([0xb2; 32]) };
    let text = String::from_utf8(challenge.to_http(None).body).unwrap();
    let with = |text: String| {
        let request = HttpRequest { body: text.into_bytes(), ..challenge.to_http(None) };
        Challenge::from_http(&request)
    };
    assert_eq!(with(text.clone()), Ok(challenge));
    for changed in [text.replace("b2", "B2"), text.replacen("b2", "", 1), text.replacen("b2", "b2b2", 1), text.replacen("b2", "g2", 1)] {
        assert_eq!(with(changed), Err(ApiError::BadRequest));
    }
}

#[test]
fn ms25_a_login_signature_covers_every_part() {
    let session = open_session();
    assert!(session.is_signed());
    let changes: [fn(&mut OpenSession); 6] = [
        |session| session.vault = VaultId([0xa2; 16]),
        |session| session.purpose = Purpose::Delete,
        |session| session.origin = Origin::parse("https://evil.example.org").unwrap(),
        |session| session.nonce = LoginNonce([8; 32]),
        |session| session.expires_ms += 1,
        |session| session.key = key("log key", 2).public_key_(),
    ];
    for change in changes {
        let mut changed = session.clone();
        change(&mut changed);
        assert!(!changed.is_signed());
    }
}

#[test]
fn ms25_no_two_logins_have_the_same_bytes() {
    let session = open_session();
    let mut longer = session.clone();
    longer.origin = Origin::parse("https://sync.example.org:1").unwrap();
    assert_ne!(session.signed_message(), longer.signed_message());
    let purposes: Vec<_> = Purpose::ALL.map(|purpose| OpenSession { purpose, ..session.clone() }.signed_message()).to_vec();
    assert!(purposes[0] != purposes[1] && purposes[1] != purposes[2] && purposes[0] != purposes[2]);
}

#[test]
fn printing_a_request_or_reply_shows_neither_token_nor_body() {
    let secret = token().expose_hex();
    for (name, sample) in samples() {
        let printed = format!("{:?} {:?}", sample.request, sample.reply);
        assert!(!printed.contains(secret.as_str()) && !printed.contains("a1a1"), "{name}: {printed}");
    }
}

#[test]
fn a_pull_that_finds_nothing_new_takes_less_than_a_kilobyte_for_eight_logs() {
    let known = vector(&[(1, 100), (2, 7), (3, 7), (4, 7), (5, 7), (6, 7), (7, 7), (8, 7)]);
    let request = Pull { vault: VAULT, known, max_bytes: 1 << 20 }.to_http(Some(&token()));
    let position = Position { n_entries: 1000, n_control: 9, control_heads: vec![hash(1)] };
    let reply = Pull::reply_to_http(&Pulled { position, differing: VersionVector::default(), entries: vec![], more: false });
    // What HTTP/1.1 adds to both, without what a browser likes to tell about itself.
    let headers = "POST  HTTP/1.1\r\nhost: sync.example.org\r\ncontent-type: application/vnd.nt2.entries\r\ncontent-length: 455\r\n\
        authorization: Bearer \r\n\r\nHTTP/1.1 200 OK\r\ncontent-type: application/vnd.nt2.entries\r\ncontent-length: 54\r\n\
        date: Sat, 21 Nov 2026 16:05:00 GMT\r\n\r\n";
    let total = headers.len() + 2 * SessionToken::LEN + request.path.len() + request.body.len() + reply.body.len();
    assert!(total <= 1024, "{total} bytes");
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..300), status in 200u16..600) {
        for (_, mut sample) in samples() {
            sample.request.body = body.clone();
            let reply = HttpReply { status, body: body.clone(), ..sample.reply.clone() };
            let _read = (sample.read)(&sample.request, &reply);
        }
    }

    #[test]
    fn ms30_a_changed_byte_of_a_request_or_reply_is_read_or_refused_without_a_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for (_, mut sample) in samples() {
            for body in [&mut sample.request.body, &mut sample.reply.body] {
                if !body.is_empty() {
                    let at = at.index(body.len());
                    body[at] = byte;
                }
            }
            let _read = (sample.read)(&sample.request, &sample.reply);
        }
    }

    #[test]
    fn pages_of_any_content_read_back(
        n_entries in 0..=MAX_NUMBER,
        heads in proptest::collection::btree_set(any::<[u8; 32]>(), 0..9),
        logs in proptest::collection::btree_map(any::<[u8; 16]>(), (1..=MAX_NUMBER, any::<[u8; 31]>()), 0..9),
        entries in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..60), 0..9),
    ) {
        let head = |(seq, tail): (u64, [u8; 31])| {
            let mut hash = [1; 32];
            hash[1..].copy_from_slice(&tail);
            Head { seq, hash: Hash(hash) }
        };
        let differing = VersionVector(logs.into_iter().map(|(log, place)| (LogId(log), head(place))).collect());
        let position = Position { n_entries, n_control: 4, control_heads: heads.into_iter().map(Hash).collect() };
        let more = !entries.is_empty();
        let pulled = Pulled { position, differing, entries, more };
        prop_assert_eq!(Pull::reply_from_http(&Pull::reply_to_http(&pulled)), Ok(pulled));
    }
}
