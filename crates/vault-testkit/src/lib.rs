//! What integration tests share: a host in a temporary folder with its own entropy, key stores and clipboard, and a driver around it.
//!
//! Argon2 never runs here unless a test asks for it: passwords are turned into keys by one hash. Where it runs, each password, salt and cost is
//! derived once in a test program.

pub mod derived;
mod device;
mod host;
mod network;
mod rng;

pub use device::TestDevice;
pub use host::TestHost;
pub use network::Network;
pub use rng::Rng;
