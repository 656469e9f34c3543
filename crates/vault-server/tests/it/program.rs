//! The program itself: what it takes while blobs come and go, and what it keeps when it is ended in the middle.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use vault_protocol::{
    BlobId,
    api::{
        BeginBlob, Call, Challenge, FinishBlob, HttpReply, HttpRequest, OpenSession, Origin, Purpose, PutPart, ReadBlob, ReadBlobReply,
        Register, SessionToken,
    },
};

use crate::{
    blobs::bytes,
    client::ORIGIN,
    http::{run, send},
    world::{A, genesis, vault},
};

/// Bytes of each transfer: several parts.
const LEN: usize = 25 << 20;
const N_TRANSFERS: u8 = 16;
/// MiB above what it takes at rest.
const MOST_MIB: u64 = 64;

struct Program {
    child: Child,
    address: SocketAddr,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Program {
    fn start(folder: &Path) -> Self {
        let config = folder.join("nt2-server.toml");
        // So that this one vault may have as many places as all vaults together have by default.
        fs::write(&config, "[limits]\nmax_blob_bodies = 24\n").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nt2-server"));
        command.env("NT2_CONFIG", config).env("NT2_LISTEN", "127.0.0.1:0").env("NT2_DATA_DIR", folder);
        let mut child = command.env("PUBLIC_API_URL", ORIGIN).env("NT2_LOG", "error").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().strip_prefix("http://").unwrap().parse().unwrap() }
    }

    /// The most that it ever had in memory, in KiB (proc(5)).
    fn peak_kib(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse().unwrap()
    }

    async fn call<C: Call>(&self, call: &C, token: Option<&SessionToken>) -> C::Reply {
        C::reply_from_http(&send(self.address, &call.to_http(token)).await).unwrap()
    }

    /// A vault, and a session of its first device.
    async fn with_vault(&self) -> SessionToken {
        self.call(&Register { genesis: genesis().encode(), create: true }, None).await;
        let challenged = self.call(&Challenge { vault: vault(), key: vault_protocol::Signer::public_key(&A.key()) }, None).await;
        let session = OpenSession::sign(vault(), Purpose::Sync, Origin::parse(ORIGIN).unwrap(), &challenged, &A.key());
        self.call(&session, None).await.token
    }
}

/// What the threads' allocators keep differs from run to run by a few MiB: the least of three runs is what the transfers need.
#[test]
fn sixteen_transfers_at_once_take_no_more_than_64_mib() {
    let mut least_mib = u64::MAX;
    for _ in 0..3 {
        least_mib = least_mib.min(run(mib_of_transfers()));
        if least_mib <= MOST_MIB {
            return;
        }
    }
    panic!("{least_mib} MiB above rest");
}

/// What all transfers at once take above rest.
async fn mib_of_transfers() -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path());
    let token = program.with_vault().await;
    let idle_kib = program.peak_kib();
    let (program, all) = (Arc::new(program), Arc::new(bytes(LEN)));
    let transfers = (0..N_TRANSFERS).map(|n| {
        let (program, all, token) = (program.clone(), all.clone(), token.duplicate());
        tokio::spawn(async move { transfer(&program, BlobId([n; 16]), &all, &token).await })
    });
    for transfer in transfers.collect::<Vec<_>>() {
        transfer.await.unwrap();
    }
    (program.peak_kib() - idle_kib) / 1024
}

/// There and back.
async fn transfer(program: &Program, blob: BlobId, all: &[u8], token: &SessionToken) {
    let vault = vault();
    let begin = BeginBlob { vault, blob, len_bytes: all.len() as u64, takes_direct: false };
    let part_bytes = program.call(&begin, Some(token)).await.part_bytes as usize;
    for (part, bytes) in all.chunks(part_bytes).enumerate() {
        program.call(&PutPart { vault, blob, part: part as u32, bytes: bytes.to_vec() }, Some(token)).await;
    }
    program.call(&FinishBlob { vault, blob }, Some(token)).await;
    let mut from = 0;
    while from < all.len() {
        let call = ReadBlob { vault, blob, from: from as u64, max_bytes: 4 << 20, takes_direct: false };
        let ReadBlobReply::Bytes { bytes, .. } = program.call(&call, Some(token)).await else { panic!("nobody asked for that") };
        assert!(bytes[..] == all[from..from + bytes.len()]);
        from += bytes.len();
    }
}

#[test]
fn a_program_that_is_killed_again_and_again_keeps_every_part_that_it_acknowledged_and_no_other_file() {
    let n_kills: u32 = if std::env::var_os("NT2_LONG").is_some() { 100 } else { 8 };
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let token = Program::start(folder.path()).with_vault().await;
        let all = Arc::new(bytes(LEN));
        let mut blob = 0u8;
        let begin = |n: u8| BeginBlob { vault: vault(), blob: BlobId([n; 16]), len_bytes: LEN as u64, takes_direct: false };
        let mut acknowledged: Vec<u32> = Vec::new();
        for kill in 0..n_kills {
            let program = Program::start(folder.path());
            let begun = program.call(&begin(blob), Some(&token)).await;
            assert!(acknowledged.iter().all(|part| begun.present.contains(*part)), "{acknowledged:?}");
            let missing: Vec<u32> = begun.present.missing().collect();
            let (address, sent, own_token) = (program.address, all.clone(), token.duplicate());
            let sending = tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for part in missing {
                    let bytes = sent.chunks(begun.part_bytes as usize).nth(part as usize).unwrap().to_vec();
                    let call = PutPart { vault: vault(), blob: BlobId([blob; 16]), part, bytes };
                    match try_send(address, &call.to_http(Some(&own_token))).await {
                        Some(reply) if PutPart::reply_from_http(&reply).is_ok() => acknowledged.push(part),
                        _ => return (acknowledged, false),
                    }
                }
                let finish = FinishBlob { vault: vault(), blob: BlobId([blob; 16]) }.to_http(Some(&own_token));
                let reply = try_send(address, &finish).await;
                (acknowledged, reply.is_some_and(|reply| FinishBlob::reply_from_http(&reply).is_ok()))
            });
            // From the first part to some parts further, in steps that have nothing to do with theirs.
            tokio::time::sleep(Duration::from_millis(u64::from(kill * 37 % 211))).await;
            drop(program);
            let (more, done) = sending.await.unwrap();
            acknowledged.extend(more);
            if done {
                (blob, acknowledged) = (blob + 1, Vec::new());
            }
        }
        let program = Program::start(folder.path());
        transfer(&program, BlobId([blob; 16]), &all, &token).await;
        for n in 0..=blob {
            assert!(program.call(&begin(n), Some(&token)).await.complete, "{n}");
        }
        let files = fs::read_dir(folder.path().join("blobs").join(vault().to_string())).unwrap();
        assert_eq!(files.count(), usize::from(blob) + 1);
    });
}

/// A reply, if the program lived long enough to give one.
async fn try_send(address: SocketAddr, request: &HttpRequest) -> Option<HttpReply> {
    let request = HttpRequest {
        method: request.method,
        path: request.path.clone(),
        token: request.token.as_ref().map(SessionToken::duplicate),
        content_type: request.content_type,
        body: request.body.clone(),
    };
    // What breaks off is a failed exchange, which the sender reports by giving up.
    tokio::spawn(async move { send(address, &request).await }).await.ok()
}
