//! A PostgreSQL of our own for the time of the tests: a fresh cluster in a temporary folder, reached through a socket in it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use tokio::runtime::Runtime;
use vault_protocol::{
    BlobId,
    api::{FindBlobs, Purpose, PutBlob, ReadHeads},
};
use vault_server::{block_on, store::PostgresStore};

use crate::{
    client::{Server, chain, naming},
    world::{A, vault},
};

/// Ends when this process does: its shell waits for the end of its input.
struct Cluster {
    folder: PathBuf,
    _shell: Child,
}

static CLUSTER: LazyLock<Cluster> = LazyLock::new(start);
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap());
static SCHEMA: AtomicU32 = AtomicU32::new(0);

/// The runtime on which connections live.
pub(crate) fn runtime() -> &'static Runtime {
    &RUNTIME
}

fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().map(|entry| entry.unwrap().path().join("bin"));
    let newest = versions.filter(|folder| folder.join("initdb").is_file()).max();
    newest.expect("PostgreSQL is not installed: apt-get install postgresql (cargo xtask test does it)")
}

/// It refuses to run as root.
fn unprivileged() -> &'static str {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" { "runuser -u postgres -- " } else { "" }
}

fn start() -> Cluster {
    let folder = tempfile::Builder::new().prefix("nt2-postgres-").tempdir_in("/tmp").unwrap().keep();
    let (bin, shown, as_user) = (programs(), folder.display(), unprivileged());
    if !as_user.is_empty() {
        assert!(Command::new("chown").arg("postgres").arg(&folder).status().unwrap().success());
    }
    let script = format!(
        "set -e; cd {shown}; {as_user}{bin}/initdb -D {shown}/data -U nt2 -A trust --no-sync -E UTF8 --locale=C >{shown}.log 2>&1
         {as_user}{bin}/postgres -D {shown}/data -k {shown} -c listen_addresses= -c fsync=off -c max_connections=300 >>{shown}.log 2>&1 &
         set +e; cat >/dev/null; kill -INT $(head -n 1 {shown}/data/postmaster.pid); wait $!; rm -rf {shown} {shown}.log",
        bin = bin.display()
    );
    let shell = Command::new("sh").args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let cluster = Cluster { folder, _shell: shell };
    let deadline = Instant::now() + Duration::from_secs(120);
    while admin(&cluster.folder, "SELECT 1").is_err() {
        assert!(Instant::now() < deadline, "PostgreSQL did not start: see {shown}.log", shown = cluster.folder.display());
        sleep(Duration::from_millis(100));
    }
    cluster
}

fn admin(folder: &Path, sql: &str) -> Result<(), tokio_postgres::Error> {
    let url = format!("postgres://nt2@/postgres?host={}", folder.display());
    runtime().block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute(sql).await
    })
}

/// The address of a schema that nobody else uses.
fn fresh_url() -> String {
    let schema = format!("story{}", SCHEMA.fetch_add(1, Ordering::Relaxed));
    let folder = &CLUSTER.folder;
    // From a thread of its own, because the caller may be inside the runtime.
    std::thread::scope(|scope| scope.spawn(|| admin(folder, &format!("CREATE SCHEMA {schema}")).unwrap()).join().unwrap());
    format!("postgres://nt2@/postgres?host={}&options=-csearch_path%3D{schema}", folder.display())
}

/// A store with tables of its own.
pub(crate) fn store() -> PostgresStore {
    block_on(PostgresStore::connect(&fresh_url(), None, 4)).unwrap()
}

#[test]
fn two_servers_on_one_database_agree() {
    let _runtime = runtime().enter();
    let url = fresh_url();
    let connect = || block_on(PostgresStore::connect(&url, None, 4)).unwrap();
    let (one, other) = (Server::new(connect()), Server::new(connect()));
    let (log, token) = one.with_vault();
    let entries = chain(A, 4);
    one.push(&log, &token, &entries[..2]).unwrap();
    // The session, the nonce and the entries of one are those of the other.
    other.push(&log, &token, &entries[2..]).unwrap();
    assert_eq!(one.call(&ReadHeads { vault: vault() }, Some(&token)).unwrap().position.n_entries, 4);
    let challenged = one.challenge(vault(), &A.key());
    let origin = vault_protocol::api::Origin::parse(crate::client::ORIGIN).unwrap();
    let session = vault_protocol::api::OpenSession::sign(vault(), Purpose::Sync, origin, &challenged, &A.key());
    assert!(other.call(&session, None).is_ok());
    assert!(one.call(&session, None).is_err());
}

#[test]
fn a_database_of_before_there_were_blobs_is_brought_up_to_date_and_knows_what_its_entries_name() {
    let _runtime = runtime().enter();
    let url = fresh_url();
    let connect = || block_on(PostgresStore::connect(&url, None, 2)).unwrap();
    let blob = BlobId([9; 16]);
    let server = Server::new(connect());
    let (log, token) = server.with_vault();
    server.push(&log, &token, &[naming(A, &[blob])]).unwrap();
    drop(server);
    let schema = url.rsplit_once("%3D").unwrap().1;
    // What the step adds, taken away again.
    let undo = format!(
        "SET search_path = {schema}; DROP TABLE blobs, blob_parts, blob_names, blob_usage, blob_waste;
         ALTER TABLE receipts DROP COLUMN n_blobs; ALTER TABLE receipts DROP COLUMN blob_bytes; UPDATE nt2_version SET version = 1"
    );
    std::thread::scope(|scope| scope.spawn(|| admin(&CLUSTER.folder, &undo)).join().unwrap()).unwrap();
    let mut server = Server::new(connect());
    assert_eq!(server.n_entries(&token), 1);
    server.call(&PutBlob { vault: vault(), blob, bytes: vec![1; 9] }, Some(&token)).unwrap();
    server.now_ms += 40 * 86_400_000;
    block_on(server.service.sweep(server.now_ms)).unwrap();
    let token = server.member(A);
    assert_eq!(server.call(&FindBlobs { vault: vault(), blobs: vec![blob] }, Some(&token)).unwrap().blobs.len(), 1);
}

#[test]
fn writers_that_meet_are_put_in_order_by_trying_again() {
    let _runtime = runtime().enter();
    let url = fresh_url();
    let server = Server::new(block_on(PostgresStore::connect(&url, None, 8)).unwrap());
    let (log, token) = server.with_vault();
    let entries = chain(A, 8);
    // Eight clients send the same chain at once: each entry is stored once, and nobody is refused.
    std::thread::scope(|scope| {
        let push = || {
            let _runtime = runtime().enter();
            server.push(&log, &token, &entries).unwrap().n_stored
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(push)).collect();
        let stored: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
        assert_eq!(stored, 8);
    });
    assert_eq!(server.n_entries(&token), 8);
}
