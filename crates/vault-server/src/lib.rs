//! The blind sync service: it stores and hands out sealed entries, checks signatures to refuse rubbish, and can open none of it.
//!
//! The core is [`Service`]: requests and replies as plain data, the time passed in, a [`store::Store`] and a store of [`blobs`] behind it. It runs on any executor, so a
//! test may run a server and its clients in one thread without a socket. [`http`] puts it on a network; the program is `nt2-server`.
//!
//! Of this repository only `vault-protocol` is linked here: the server is blind because it cannot link the code that sees. What it must never
//! have: a key that opens something, a name in the clear, an address of a client beyond the life of a request.
//!
//! ```
//! use vault_protocol::api::{Call, ReadServer};
//! use vault_server::{Peer, Service, Settings, store::SqliteStore};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let service = Service::new(SqliteStore::in_memory()?, Settings::for_origin("https://sync.example.org").unwrap());
//! let request = ReadServer.to_http(None);
//! let reply = vault_server::block_on(service.handle(&request, Peer::LOCAL, 1_800_000_000_000));
//! assert_eq!(ReadServer::reply_from_http(&reply)?.api, 1);
//! # Ok(())
//! # }
//! ```

pub mod blobs;
mod changes;
mod entropy;
mod executor;
pub mod http;
mod limiter;
pub mod openapi;
mod service;
mod settings;
pub mod store;
mod tls;

pub use changes::{Changes, Subject};
pub use entropy::{Entropy, EntropyError, SystemEntropy};
pub use executor::block_on;
pub use limiter::{Peer, Rates};
pub use service::{Patience, Service};
pub use settings::{Premium, Settings, WebhookSecret};
