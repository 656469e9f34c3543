//! Blobs in object stores that nobody here wrote: moto (Python), s3s-fs (Rust), and s3rver (Node), which overwrites whatever it is asked.
//!
//! `cargo xtask test` installs them in `s3` beside the build; here they run on a port of this machine for the time of a test.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use vault_protocol::api::{ApiError, BeginBlob, BlobBegun, ReadBlob, ReadBlobReply, ReadBlobs};
use vault_server::{
    blobs::{S3Address, S3Secret, open_s3},
    block_on,
    store::SqliteStore,
};

use crate::{
    blobs::{Client, bytes, id, member},
    client::{Server, naming, settings},
    postgres::runtime,
    world::{A, vault},
};

/// Who we are, where one may choose that.
const KEY: &str = "nt2";
/// An authority, one for 127.0.0.1 that it signed, and another authority.
const MAKE_CERTIFICATES: &str = r#"
import datetime, ipaddress
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization as s
from cryptography.hazmat.primitives.asymmetric import ec
now = datetime.datetime.now(datetime.timezone.utc)
def make(name, issuer, key, signer, more):
    of = lambda text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
    cert = x509.CertificateBuilder().subject_name(of(name)).issuer_name(of(issuer)).public_key(key.public_key())
    cert = cert.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
    cert = cert.not_valid_after(now + datetime.timedelta(days=2))
    for extension, critical in more:
        cert = cert.add_extension(extension, critical)
    return cert.sign(signer, hashes.SHA256()).public_bytes(s.Encoding.PEM)
ca, other, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
authority = [(x509.BasicConstraints(True, None), True)]
open('ca.pem', 'wb').write(make('ca', 'ca', ca, ca, authority))
open('other.pem', 'wb').write(make('ca', 'ca', other, other, authority))
names = [(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address('127.0.0.1'))]), False)]
open('cert.pem', 'wb').write(make('store', 'ca', own, ca, names))
open('key.pem', 'wb').write(own.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()))
"#;
/// As S3 wants it.
const PART: usize = 5 << 20;

/// A server of objects and its files; both end with it.
struct ObjectServer {
    child: Child,
    address: SocketAddr,
    folder: tempfile::TempDir,
    /// Name and secret in one.
    key: &'static str,
    /// Behind TLS: who signed for it.
    ca: Option<PathBuf>,
}

impl Drop for ObjectServer {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Where `cargo xtask` puts them: `s3` in the folder of the build.
fn programs() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let found = here.ancestors().map(|folder| folder.join("s3")).find(|folder| folder.is_dir());
    found.expect("the object stores are not installed: cargo xtask object-stores (cargo xtask test does it)")
}

impl ObjectServer {
    /// Starts one on a free port, which `arguments` put in its place.
    fn start(program: PathBuf, arguments: impl Fn(u16, &str) -> Vec<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Free now, and most likely still in a moment.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        fs::create_dir(folder.path().join("objects")).unwrap();
        let mut command = Command::new(&program);
        command.args(arguments(address.port(), folder.path().join("objects").to_str().unwrap()));
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let server = Self { child, address, folder, key: KEY, ca: None };
        let deadline = Instant::now() + Duration::from_secs(120);
        while TcpStream::connect(address).is_err() {
            assert!(Instant::now() < deadline, "it did not start: {}", fs::read_to_string(server.folder.path().join("log")).unwrap());
            sleep(Duration::from_millis(50));
        }
        server
    }

    fn moto() -> Self {
        let arguments = |port: u16, _: &str| ["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned).to_vec();
        let server = Self::start(programs().join("moto/bin/python"), arguments);
        server.make_bucket();
        server
    }

    /// The same behind TLS, with a certificate of an authority that only `folder` knows.
    fn moto_over_tls(folder: &Path) -> Self {
        let python = programs().join("moto/bin/python");
        let made = Command::new(&python).args(["-c", MAKE_CERTIFICATES]).current_dir(folder).status().unwrap();
        assert!(made.success());
        let file = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        let (cert, key) = (file("cert.pem"), file("key.pem"));
        let arguments = |port: u16, _: &str| {
            ["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string(), "-s", "-c", &cert, "-k", &key].map(str::to_owned).to_vec()
        };
        let mut server = Self::start(python, arguments);
        server.ca = Some(folder.join("ca.pem"));
        server
    }

    fn s3s_fs() -> Self {
        let arguments = |port: u16, folder: &str| {
            let port = port.to_string();
            ["--host", "127.0.0.1", "--port", &port, "--access-key", KEY, "--secret-key", KEY, folder].map(str::to_owned).to_vec()
        };
        let server = Self::start(programs().join("bin/s3s-fs"), arguments);
        fs::create_dir(server.folder.path().join("objects/blobs")).unwrap();
        server
    }

    fn s3rver() -> Self {
        let arguments = |port: u16, folder: &str| {
            let port = port.to_string();
            let more = ["--address", "127.0.0.1", "--port", &port, "--directory", folder, "--configure-bucket", "blobs", "--silent"];
            more.map(str::to_owned).to_vec()
        };
        let mut server = Self::start(programs().join("s3rver/node_modules/.bin/s3rver"), arguments);
        server.key = "S3RVER";
        server
    }

    /// By an unsigned request, which moto takes.
    fn make_bucket(&self) {
        let (status, _) = http("PUT", &format!("http://{}/blobs", self.address), &[]);
        assert_eq!(status, 200);
    }

    fn server(&self, direct: bool) -> Server<SqliteStore> {
        self.server_on(SqliteStore::in_memory().unwrap(), direct)
    }

    fn server_on(&self, store: SqliteStore, direct: bool) -> Server<SqliteStore> {
        let scheme = if self.ca.is_some() { "https" } else { "http" };
        let endpoint = format!("{scheme}://{}", self.address);
        let (region, bucket, prefix) = ("us-east-1".to_owned(), "blobs".to_owned(), "nt2/".to_owned());
        let address = S3Address { endpoint, region, bucket, prefix, direct, ca: self.ca.clone() };
        let blobs = open_s3(&address, &S3Secret::new(self.key.to_owned(), self.key.to_owned())).unwrap();
        let mut server = Server::with_blobs(store, settings(), Box::new(blobs));
        // Signatures are good for a quarter of an hour by the other's clock.
        server.now_ms = vault_server::http::now_ms();
        server.with_vault();
        server
    }
}

/// What a browser would do with an address: status and body.
fn http(method: &str, url: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).unwrap();
    // A store that refuses early closes while the body is still being sent.
    stream.write_all(body).ok();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).ok();
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let status = String::from_utf8_lossy(&reply[..end]).split(' ').nth(1).unwrap().parse().unwrap();
    (status, reply[end + 4..].to_vec())
}

/// Everything that a client does, and everything that goes wrong on the way.
fn the_whole_story(objects: &ObjectServer) {
    let folder = tempfile::tempdir().unwrap();
    let start = || objects.server_on(SqliteStore::open(&folder.path().join("nt2.sqlite"), 1).unwrap(), false);
    let all = bytes(2 * PART + 12_345);
    let part = |client: &Client<'_, SqliteStore>, part| client.part(id(1), part, PART as u32, &all);
    let server = start();
    let client = member(&server);
    assert_eq!(client.begin(id(1), all.len()).unwrap().part_bytes as usize, PART);
    part(&client, 2).unwrap();
    part(&client, 0).unwrap();
    assert_eq!(client.finish(id(1)), Err(ApiError::BlobIncomplete));
    // Another process goes on with the same upload.
    drop(server);
    let mut server = start();
    let client = member(&server);
    assert_eq!(client.begin(id(1), all.len()).unwrap().present.missing().collect::<Vec<_>>(), [1]);
    part(&client, 0).unwrap();
    part(&client, 1).unwrap();
    assert_eq!(client.finish(id(1)), Ok(all.len() as u64));
    assert_eq!(client.finish(id(1)), Ok(all.len() as u64));
    assert_eq!(client.read(id(1), all.len()), all);
    let cut = PART as u64 - 5;
    assert_eq!(client.range(id(1), cut, 4096).unwrap(), all[cut as usize..][..4096]);
    // Small ones.
    for n in 2..=5 {
        client.put(id(n), &all[..10_000 + usize::from(n)]).unwrap();
    }
    let read = server.call(&ReadBlobs { vault: vault(), blobs: (2..=6).map(id).collect() }, Some(&client.token)).unwrap();
    assert_eq!((read.blobs.len(), read.missing), (4, vec![id(6)]));
    assert!(read.blobs.iter().all(|(blob, bytes)| bytes[..] == all[..10_000 + usize::from(blob.0[0])]));
    // The same id, given up and begun anew with other bytes: never the old object.
    client.begin(id(7), all.len()).unwrap();
    client.part(id(7), 0, PART as u32, &all).unwrap();
    assert_eq!(client.release(&[id(2), id(7)]), 2);
    client.put(id(2), b"others").unwrap();
    client.put(id(7), b"others").unwrap();
    assert_eq!((client.read(id(2), 6), client.read(id(7), 6)), (b"others".to_vec(), b"others".to_vec()));
    // The sweeper.
    let (log, _) = server.with_vault();
    let client = member(&server);
    server.push(&log, &client.token, &[naming(A, &[id(1), id(2)])]).unwrap();
    let now_ms = server.now_ms;
    block_on(server.service.sweep(now_ms + 31 * 86_400_000)).unwrap();
    let client = member(&server);
    assert_eq!(client.find(&[id(1), id(2), id(3), id(7)]).len(), 2);
    assert_eq!((client.read(id(1), all.len()), client.read(id(2), 6)), (all, b"others".to_vec()));
    server.now_ms = now_ms;
    block_on(server.service.purge(vault(), now_ms)).unwrap();
}

/// A client brings and takes bytes by itself.
fn directly(objects: &ObjectServer) {
    let server = objects.server(true);
    let client = member(&server);
    let all = bytes(2 * PART + 77);
    let begin = |takes_direct| -> BlobBegun {
        let call = BeginBlob { vault: vault(), blob: id(1), len_bytes: all.len() as u64, takes_direct };
        server.call(&call, Some(&client.token)).unwrap()
    };
    assert_eq!(begin(false).direct, None);
    let parts = begin(true).direct.unwrap().parts;
    assert_eq!(parts.iter().map(|part| part.part).collect::<Vec<_>>(), [0, 1, 2]);
    let chunks: Vec<&[u8]> = all.chunks(PART).collect();
    assert_eq!(http("PUT", &parts[2].url, chunks[2]).0, 200);
    // One goes through the server, and one that has not its length does not count.
    client.part(id(1), 1, PART as u32, &all).unwrap();
    // The length is part of the signature, which moto does not look at.
    assert!(matches!(http("PUT", &parts[0].url, &chunks[0][1..]).0, 200 | 403));
    assert_eq!(client.finish(id(1)), Err(ApiError::BlobIncomplete));
    let again = begin(true);
    assert_eq!(again.present.missing().collect::<Vec<_>>(), [0]);
    assert_eq!(http("PUT", &again.direct.unwrap().parts[0].url, chunks[0]).0, 200);
    assert_eq!(client.finish(id(1)), Ok(all.len() as u64));
    let read = ReadBlob { vault: vault(), blob: id(1), from: 0, max_bytes: 4096, takes_direct: true };
    match server.call(&read, Some(&client.token)).unwrap() {
        ReadBlobReply::Direct { len_bytes, url, .. } => {
            assert_eq!((len_bytes, http("GET", &url, &[])), (all.len() as u64, (200, all.clone())));
            // The signature is part of it.
            assert_eq!(http("GET", &url.replace("nt2/", "nt3/"), &[]).0 / 100, 4);
        }
        ReadBlobReply::Bytes { .. } => panic!("it was asked for and is offered"),
    }
    assert_eq!(client.read(id(1), all.len()), all);
}

#[test]
fn moto_keeps_blobs_in_parts_and_whole() {
    let _runtime = runtime().enter();
    let objects = ObjectServer::moto();
    the_whole_story(&objects);
    directly(&objects);
}

#[test]
fn a_store_behind_tls_is_believed_by_the_authority_that_was_named_and_by_no_other() {
    let _runtime = runtime().enter();
    let folder = tempfile::tempdir().unwrap();
    let mut objects = ObjectServer::moto_over_tls(folder.path());
    // Its bucket, by a way that asks for no certificate.
    let make = "import ssl, sys, urllib.request as u; c = ssl._create_unverified_context()
u.urlopen(u.Request(sys.argv[1], method='PUT'), context=c)";
    let url = format!("https://{}/blobs", objects.address);
    assert!(Command::new(programs().join("moto/bin/python")).args(["-c", make, &url]).status().unwrap().success());
    let server = objects.server(false);
    let all = bytes(PART + 77);
    let client = member(&server);
    client.begin(id(1), all.len()).unwrap();
    (0..2).for_each(|part| {
        client.part(id(1), part, PART as u32, &all).unwrap();
    });
    client.finish(id(1)).unwrap();
    assert_eq!(client.read(id(1), all.len()), all);
    // Anyone else's certificate, its own included, is none.
    objects.ca = Some(folder.path().join("other.pem"));
    let server = objects.server(false);
    assert_eq!(member(&server).put(id(2), b"small"), Err(ApiError::Busy { retry_after_secs: 5 }));
}

#[test]
fn s3s_fs_keeps_blobs_in_parts_and_whole() {
    let _runtime = runtime().enter();
    let objects = ObjectServer::s3s_fs();
    the_whole_story(&objects);
    directly(&objects);
}

#[test]
fn a_store_that_overwrites_whatever_it_is_asked_keeps_blobs_in_parts_and_whole() {
    let _runtime = runtime().enter();
    let objects = ObjectServer::s3rver();
    the_whole_story(&objects);
}

#[test]
fn a_store_that_does_not_answer_is_busy_and_nothing_is_lost() {
    let _runtime = runtime().enter();
    let objects = ObjectServer::moto();
    let server = objects.server(false);
    let client = member(&server);
    let all = bytes(PART + 9);
    client.begin(id(1), all.len()).unwrap();
    client.part(id(1), 0, PART as u32, &all).unwrap();
    // Stopped and not ended: whoever connects gets no answer. Ended, whoever connects is refused.
    let address = objects.address;
    drop(objects);
    assert!(TcpStream::connect(address).is_err());
    let busy = Err(ApiError::Busy { retry_after_secs: 5 });
    assert_eq!(client.part(id(1), 1, PART as u32, &all).map(drop), busy);
    assert_eq!(client.begin(id(1), all.len()).unwrap().present.n_present(), 1);
    assert_eq!(client.put(id(2), b"small").map(drop), busy);
    assert_eq!(client.finish(id(1)), Err(ApiError::BlobIncomplete));
    // What is given up is noted, and deleted when the store is back.
    assert_eq!(client.release(&[id(1)]), 1);
    assert_eq!(client.usage(), (1, 5));
}
