//! The service on a socket of this machine.

use std::{
    fs,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use vault_protocol::{
    BlobId,
    api::{
        ApiError, BeginBlob, Call, FindBlobs, FinishBlob, HttpReply, HttpRequest, Push, PutBlob, PutPart, ReadBlob, ReadBlobReply,
        ReadServer, SessionToken, Wait,
    },
};
use vault_server::{
    Service,
    http::{HttpSettings, serve, site},
    store::SqliteStore,
};

use crate::{
    client::{Server, chain, settings},
    world::vault,
};

struct Running {
    address: SocketAddr,
    monitor: SocketAddr,
    stop: oneshot::Sender<()>,
    done: tokio::task::JoinHandle<()>,
}

async fn start(service: Arc<Service<SqliteStore>>, http: HttpSettings) -> Running {
    let site = site(service, http);
    let (public, monitor) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let (address, monitor_address) = (public.local_addr().unwrap(), monitor.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(serve(monitor, site.monitor, 8, std::future::pending()));
    let done = tokio::spawn(serve(public, site.public, 100, async {
        stopped.await.ok();
    }));
    Running { address, monitor: monitor_address, stop, done }
}

/// What came back: status, headers in lower case, body.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

async fn exchange(address: SocketAddr, head: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(format!("{head}\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes()).await.unwrap();
    // A server that refuses early closes while a long body is still being sent.
    stream.write_all(body).await.ok();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
    Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), body: bytes[end + 4..].to_vec(), head }
}

pub(crate) async fn send(address: SocketAddr, request: &HttpRequest) -> HttpReply {
    let mut head = format!("{} {} HTTP/1.1\r\ncontent-length: {}", request.method.name(), request.path, request.body.len());
    if let Some(token) = &request.token {
        head += &format!("\r\nauthorization: Bearer {}", token.expose_hex().as_str());
    }
    let answer = exchange(address, &head, &request.body).await;
    let content_type = answer.head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default().to_owned();
    HttpReply { status: answer.status, content_type, body: answer.body }
}

pub(crate) fn run<F: Future>(test: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// A server whose clock is the system's, with a vault in it.
fn with_vault() -> (Server<SqliteStore>, vault_protocol::control::ControlLog, SessionToken) {
    let mut server = Server::new(crate::stores::in_memory());
    server.now_ms = vault_server::http::now_ms();
    let (log, token) = server.with_vault();
    (server, log, token)
}

#[test]
fn calls_travel_over_a_socket() {
    run(async {
        let server = Server::new(crate::stores::in_memory());
        let running = start(server.service.clone(), HttpSettings::default()).await;
        let reply = send(running.address, &ReadServer.to_http(None)).await;
        assert_eq!(ReadServer::reply_from_http(&reply).unwrap().service, "nt2-server");
        let lost = exchange(running.address, "GET /api/v1/nothing HTTP/1.1", b"").await;
        assert_eq!(lost.status, 404);
        assert!(lost.head.contains("cache-control: no-store") && lost.head.contains("x-content-type-options: nosniff"));
        let health = exchange(running.address, "GET /health HTTP/1.1", b"").await;
        assert_eq!((health.status, &health.body[..]), (200, &b"ok\n"[..]));
        let openapi = exchange(running.address, "GET /api/v1/openapi.json HTTP/1.1", b"").await;
        assert!(openapi.head.contains("content-type: application/json") && openapi.status == 200);
    });
}

#[test]
fn a_long_poll_ends_when_something_comes_and_when_its_time_is_over() {
    run(async {
        let (server, log, token) = with_vault();
        let running = start(server.service.clone(), HttpSettings::default()).await;
        let wait = |timeout_secs| Wait { vault: vault(), n_entries: 0, n_control: 1, timeout_secs }.to_http(Some(&token));
        let start = Instant::now();
        let reply = send(running.address, &wait(1)).await;
        assert!(!Wait::reply_from_http(&reply).unwrap().changed && start.elapsed() >= Duration::from_millis(900));
        let address = running.address;
        let request = wait(20);
        let waiting = tokio::spawn(async move { send(address, &request).await });
        while server.service.changes().n_watched() == 0 {
            tokio::task::yield_now().await;
        }
        let start = Instant::now();
        server.push(&log, &token, &chain(crate::world::A, 1)).unwrap();
        let reply = waiting.await.unwrap();
        assert!(Wait::reply_from_http(&reply).unwrap().changed && start.elapsed() < Duration::from_secs(10));
    });
}

#[test]
fn a_body_over_its_ceiling_is_refused_before_it_is_read() {
    run(async {
        let server = Server::new(crate::stores::in_memory());
        let running = start(server.service.clone(), HttpSettings::default()).await;
        let head = "POST /api/v1/auth/challenge HTTP/1.1\r\ncontent-length: 100000000";
        let answer = exchange(running.address, head, &vec![b' '; 20_000]).await;
        assert_eq!(answer.status, 413);
        let none = exchange(running.address, "GET /api/v1/server HTTP/1.1\r\ncontent-length: 3", b"abc").await;
        assert_eq!(none.status, 413);
    });
}

#[test]
fn a_large_body_is_read_for_those_who_have_a_session() {
    run(async {
        let (server, log, token) = with_vault();
        let running = start(server.service.clone(), HttpSettings::default()).await;
        let entry = crate::client::entry(crate::world::A, 1, vault_protocol::Hash::ZERO, 600_000);
        let push = Push { vault: vault(), control_heads: log.heads().to_vec(), entries: vec![entry.into_wire()] };
        let reply = send(running.address, &push.to_http(Some(&SessionToken::from_bytes([1; 32])))).await;
        assert_eq!(ApiError::from_http(&reply), ApiError::SessionExpired);
        let reply = send(running.address, &push.to_http(Some(&token))).await;
        assert_eq!(Push::reply_from_http(&reply).unwrap().n_stored, 1);
    });
}

#[test]
fn pages_of_other_origins_may_call_and_learn_what_they_may() {
    run(async {
        let server = Server::new(crate::stores::in_memory());
        let running = start(server.service.clone(), HttpSettings::default()).await;
        let head = "OPTIONS /api/v1/vaults HTTP/1.1\r\norigin: https://app.example.org\r\naccess-control-request-method: POST\r\n\
            access-control-request-headers: authorization,content-type";
        let answer = exchange(running.address, head, b"").await;
        assert_eq!(answer.status, 200);
        assert!(answer.head.contains("access-control-allow-origin: *") && answer.head.contains("authorization"), "{}", answer.head);
        assert!(!answer.head.contains("allow-credentials"));
    });
}

#[test]
fn only_ones_own_proxies_are_believed() {
    run(async {
        let mut settings = settings();
        settings.rates.calls_per_address = 2;
        let server = Server::with(crate::stores::in_memory(), settings);
        let http = HttpSettings { n_proxies: 1, ..HttpSettings::default() };
        let running = start(server.service.clone(), http).await;
        let ask = async |forwarded: &str| {
            let head = format!("GET /api/v1/server HTTP/1.1\r\nx-forwarded-for: {forwarded}");
            exchange(running.address, &head, b"").await
        };
        // The last address is the proxy's word; what stands before it anyone may have written.
        for forwarded in ["192.0.2.1", "198.51.100.7, 192.0.2.1"] {
            assert_eq!(ask(forwarded).await.status, 200);
        }
        let refused = ask("203.0.113.9, 192.0.2.1").await;
        assert!(refused.status == 429 && refused.head.contains("retry-after: "), "{}", refused.head);
        assert_eq!(ask("192.0.2.2").await.status, 200);
    });
}

#[test]
fn the_web_app_is_served_with_its_headers_and_the_servers_address() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.html"), "<!doctype html>").unwrap();
    fs::write(folder.path().join("config.json"), r#"{"PUBLIC_API_URL": "", "OTHER": 1}"#).unwrap();
    fs::write(folder.path().join("nt2_bg-0123456789abcdef.wasm"), b"\0asm").unwrap();
    run(async {
        let server = Server::new(crate::stores::in_memory());
        let public_api_url = Some("https://sync.example.org".to_owned());
        let http = HttpSettings { web_dir: Some(folder.path().to_owned()), public_api_url, ..HttpSettings::default() };
        let running = start(server.service.clone(), http).await;
        let get = async |path: &str| exchange(running.address, &format!("GET {path} HTTP/1.1"), b"").await;
        let page = get("/").await;
        assert!(page.status == 200 && page.head.contains("content-security-policy: default-src 'none'"), "{}", page.head);
        let module = get("/nt2_bg-0123456789abcdef.wasm").await;
        assert!(module.head.contains("content-type: application/wasm") && module.head.contains("immutable"));
        let config: serde_json::Value = serde_json::from_slice(&get("/config.json").await.body).unwrap();
        assert_eq!(config, serde_json::json!({ "PUBLIC_API_URL": "https://sync.example.org", "OTHER": 1 }));
        assert_eq!(get("/../Cargo.toml").await.status, 404);
    });
}

#[test]
fn a_monitor_sees_numbers_and_no_ids() {
    run(async {
        let (server, _log, token) = with_vault();
        let running = start(server.service.clone(), HttpSettings::default()).await;
        let request = vault_protocol::api::ReadHeads { vault: vault() }.to_http(Some(&token));
        assert_eq!(send(running.address, &request).await.status, 200);
        let metrics = exchange(running.monitor, "GET /metrics HTTP/1.1", b"").await;
        let text = String::from_utf8(metrics.body).unwrap();
        assert!(text.contains(r#"nt2_answers_total{route="/vaults/{}/heads",status="200"} 1"#), "{text}");
        assert!(!text.contains(&vault().to_string()));
        assert_eq!(exchange(running.address, "GET /metrics HTTP/1.1", b"").await.status, 404);
    });
}

#[test]
fn the_end_lets_running_requests_finish() {
    run(async {
        let (server, _log, token) = with_vault();
        let running = start(server.service.clone(), HttpSettings::default()).await;
        let request = Wait { vault: vault(), n_entries: 0, n_control: 1, timeout_secs: 1 }.to_http(Some(&token));
        let address = running.address;
        let waiting = tokio::spawn(async move { send(address, &request).await });
        while server.service.changes().n_watched() == 0 {
            tokio::task::yield_now().await;
        }
        running.stop.send(()).unwrap();
        assert_eq!(waiting.await.unwrap().status, 200);
        running.done.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    });
}

#[test]
fn too_many_at_once_are_told_to_come_back() {
    run(async {
        let server = Server::new(crate::stores::in_memory());
        let http = HttpSettings { max_requests: 0, ..HttpSettings::default() };
        let running = start(server.service.clone(), http).await;
        let reply = send(running.address, &ReadServer.to_http(None)).await;
        assert_eq!(ApiError::from_http(&reply), ApiError::Busy { retry_after_secs: 1 });
    });
}

#[test]
fn parts_of_blobs_come_over_a_socket_and_more_of_them_than_there_are_places_wait() {
    run(async {
        let (server, _, token) = with_vault();
        let settings = HttpSettings { max_blob_bodies: 2, ..HttpSettings::default() };
        let running = start(server.service, settings).await;
        let (blob, all) = (BlobId([1; 16]), crate::blobs::bytes(16 * (4 << 20) - 9));
        let begin = BeginBlob { vault: vault(), blob, len_bytes: all.len() as u64, takes_direct: false };
        let begun = BeginBlob::reply_from_http(&send(running.address, &begin.to_http(Some(&token))).await).unwrap();
        assert!(begun.present.n_parts() > 8);
        let parts = all.chunks(begun.part_bytes as usize).enumerate().map(|(part, bytes)| {
            let request = PutPart { vault: vault(), blob, part: part as u32, bytes: bytes.to_vec() }.to_http(Some(&token));
            let address = running.address;
            tokio::spawn(async move { send(address, &request).await.status })
        });
        for part in parts.collect::<Vec<_>>() {
            assert_eq!(part.await.unwrap(), 200);
        }
        let finish = FinishBlob { vault: vault(), blob }.to_http(Some(&token));
        assert_eq!(FinishBlob::reply_from_http(&send(running.address, &finish).await).unwrap().len_bytes, all.len() as u64);
        let mut read = Vec::new();
        while read.len() < all.len() {
            let call = ReadBlob { vault: vault(), blob, from: read.len() as u64, max_bytes: 4 << 20, takes_direct: false };
            let reply = send(running.address, &call.to_http(Some(&token))).await;
            let Ok(ReadBlobReply::Bytes { bytes, .. }) = ReadBlob::reply_from_http(&reply) else { panic!("{}", reply.status) };
            read.extend(bytes);
        }
        assert!(read == all);
    });
}

#[test]
fn a_blob_without_a_session_is_not_read_and_one_that_is_too_large_or_cut_is_refused() {
    run(async {
        let (server, _, token) = with_vault();
        let running = start(server.service, HttpSettings::default()).await;
        let put = |len: usize, token: Option<&SessionToken>| {
            PutBlob { vault: vault(), blob: BlobId([1; 16]), bytes: vec![7; len] }.to_http(token)
        };
        let refused = |reply: &HttpReply| ApiError::from_http(reply);
        assert_eq!(refused(&send(running.address, &put(9, None)).await), ApiError::SessionExpired);
        let stranger = SessionToken::from_bytes([9; 32]);
        assert_eq!(refused(&send(running.address, &put(4 << 20, Some(&stranger))).await), ApiError::SessionExpired);
        assert_eq!(refused(&send(running.address, &put((4 << 20) + 1, Some(&token))).await), ApiError::TooLarge);
        assert_eq!(refused(&send(running.address, &put(0, Some(&token))).await), ApiError::BadRequest);
        // It says 100 bytes and ends after 9: nothing of it is kept.
        let path = format!("/api/v1/vaults/{}/blobs/whole?blob={}", vault(), BlobId([1; 16]));
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: 100\r\n\r\n",
            token.expose_hex().as_str()
        );
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&[1; 9]).await.unwrap();
        drop(stream);
        assert_eq!(send(running.address, &put(4 << 20, Some(&token))).await.status, 200);
        let find = FindBlobs { vault: vault(), blobs: vec![BlobId([1; 16])] }.to_http(Some(&token));
        let found = FindBlobs::reply_from_http(&send(running.address, &find).await).unwrap();
        assert_eq!(found.blobs.iter().map(|found| found.len_bytes).collect::<Vec<_>>(), [4 << 20]);
    });
}
