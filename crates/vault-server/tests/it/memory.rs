//! What the program itself takes while blobs come and go.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use vault_protocol::{
    BlobId,
    api::{BeginBlob, Call, Challenge, FinishBlob, OpenSession, Origin, Purpose, PutPart, ReadBlob, ReadBlobReply, Register, SessionToken},
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
    _folder: tempfile::TempDir,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Program {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("nt2-server.toml");
        // So that this one vault may have as many places as all vaults together have by default.
        fs::write(&config, "[limits]\nmax_blob_bodies = 24\n").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_nt2-server"));
        command.env("NT2_CONFIG", config).env("NT2_LISTEN", "127.0.0.1:0").env("NT2_DATA_DIR", folder.path());
        let mut child = command.env("PUBLIC_API_URL", ORIGIN).env("NT2_LOG", "error").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().strip_prefix("http://").unwrap().parse().unwrap(), _folder: folder }
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
}

#[test]
fn sixteen_transfers_at_once_take_no_more_than_64_mib() {
    run(async {
        let program = Program::start();
        program.call(&Register { genesis: genesis().encode(), create: true }, None).await;
        let challenged = program.call(&Challenge { vault: vault(), key: vault_protocol::Signer::public_key(&A.key()) }, None).await;
        let session = OpenSession::sign(vault(), Purpose::Sync, Origin::parse(ORIGIN).unwrap(), &challenged, &A.key());
        let token = program.call(&session, None).await.token;
        let idle_kib = program.peak_kib();
        let (program, all) = (Arc::new(program), Arc::new(bytes(LEN)));
        let transfers = (0..N_TRANSFERS).map(|n| {
            let (program, all, token) = (program.clone(), all.clone(), token.duplicate());
            tokio::spawn(async move { transfer(&program, BlobId([n; 16]), &all, &token).await })
        });
        for transfer in transfers.collect::<Vec<_>>() {
            transfer.await.unwrap();
        }
        let above_mib = (program.peak_kib() - idle_kib) / 1024;
        println!("{above_mib} MiB above {} MiB", idle_kib / 1024);
        assert!(above_mib <= MOST_MIB, "{above_mib} MiB");
    });
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
