//! What a test puts between its devices and a server.

use vault_engine::sync::NetFailure;
use vault_protocol::api::{HttpReply, HttpRequest};

/// Carries requests: to a real service in the same thread, to an evil one, or nowhere.
pub trait Network {
    /// The answer to a request of the device `from` (the number that the test gave it), at the device's time.
    ///
    /// # Errors
    ///
    /// Why no answer came. The server may have done what was asked all the same.
    fn carry(&mut self, from: u64, server: &str, request: HttpRequest, now_ms: u64) -> Result<HttpReply, NetFailure>;
}
