//! What integration tests share: a host in a temporary folder with its own entropy, key stores and clipboard, and a driver around it.
//!
//! Argon2 never runs here unless a test asks for it: passwords are turned into keys by one hash.

mod device;
mod host;
mod network;
mod server;

pub use device::TestDevice;
pub use host::TestHost;
pub use network::Network;
pub use server::{MemServer, MemVault};
