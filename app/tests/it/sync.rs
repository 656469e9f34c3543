//! Two computers and a server, over real sockets: what the command line does, the window does too.

use std::{net::SocketAddr, sync::Arc, thread};

use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};
use vault_server::{
    Service, Settings,
    http::{HttpSettings, serve, site},
    store::SqliteStore,
};

use crate::support::{Bench, PASSWORD, noise};

const PASSPHRASE: &str = "five slow barges under one bridge";

/// A server in this process, until it is dropped.
struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    fn start() -> Self {
        let (told, address) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            Runtime::new().unwrap().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                let settings = Settings::for_origin(&format!("http://{address}")).unwrap();
                let service = Arc::new(Service::new(SqliteStore::in_memory().unwrap(), settings));
                told.send(address).unwrap();
                serve(listener, site(service, HttpSettings::default()).public, 100, async {
                    stopped.await.ok();
                })
                .await;
            });
        });
        Self { address: address.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
        self.thread.take().map(thread::JoinHandle::join);
    }
}

#[test]
fn a_vault_and_its_files_are_the_same_on_two_computers() {
    let server = Server::start();
    let (first, second) = (Bench::with_vault(), Bench::new());
    first.json(&["add", "credential", "My bank", "-f", "username=mara"], &[PASSWORD]);
    let bytes = noise(9_000_000);
    std::fs::write(first.path("scan.bin"), &bytes).unwrap();
    first.text(&["attach", "My bank", first.path("scan.bin").to_str().unwrap()], &[PASSWORD]);
    let kit = first.path("kit.nt2recovery");
    let kit = kit.to_str().unwrap();
    first.text(&["kit", "save", kit], &[PASSWORD, PASSPHRASE]);
    first.text(&["kit", "check", kit], &[PASSWORD, PASSPHRASE]);
    let status = first.json(&["sync", "on", &server.url()], &[PASSWORD]);
    assert_eq!((&status["state"], &status["unsent"], &status["attachments"]["unsent"]), (&"up-to-date".into(), &0.into(), &0.into()));

    let status = second.json(&["sync", "join", &server.url(), "--kit", kit], &[PASSWORD, PASSPHRASE]);
    assert_eq!((&status["state"], &status["attachments"]["here"]), (&"up-to-date".into(), &1.into()));
    assert_eq!(second.json(&["get", "My bank"], &[PASSWORD])["title"], "My bank");
    second.text(&["extract", "My bank", "-o", second.path("out").to_str().unwrap()], &[PASSWORD]);
    assert!(std::fs::read(second.path("out")).or_else(|_| std::fs::read(second.path("out").join("scan.bin"))).unwrap() == bytes);

    second.json(&["add", "note", "Written on the second"], &[PASSWORD]);
    second.json(&["sync", "now"], &[PASSWORD]);
    // The kit was used, which makes a new epoch: the first computer's next opening is under it.
    first.run(&["sync", "now"], &[PASSWORD]);
    first.json(&["sync", "now"], &[PASSWORD]);
    assert_eq!(first.json(&["list"], &[PASSWORD]).as_array().unwrap().len(), 2);
    let status = first.json(&["sync"], &[PASSWORD]);
    assert_eq!((status["devices"].as_array().unwrap().len(), status["items"].as_u64()), (2, Some(2)));
    assert_eq!(status["fingerprint"].as_str().unwrap().split(' ').count(), 6);
}

#[test]
fn a_server_that_is_not_there_is_said_and_costs_nothing() {
    let bench = Bench::with_vault();
    let kit = bench.path("kit.nt2recovery");
    bench.text(&["kit", "save", kit.to_str().unwrap()], &[PASSWORD, PASSPHRASE]);
    bench.text(&["kit", "check", kit.to_str().unwrap()], &[PASSWORD, PASSPHRASE]);
    let sentence = bench.fails(&["sync", "on", "http://127.0.0.1:1"], &[PASSWORD], 1);
    assert!(sentence.contains("reach") || sentence.contains("network"), "{sentence}");
    let sentence = bench.fails(&["sync", "on", "http://sync.example"], &[PASSWORD], 1);
    assert!(sentence.contains("https"), "{sentence}");
    bench.json(&["add", "note", "Written without it"], &[PASSWORD]);
}
