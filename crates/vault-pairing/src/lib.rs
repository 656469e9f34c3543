//! How two devices that have nothing in common but a code become sure of each other (DESIGN §9): a code of 80 bits, a channel that only who
//! knows the code can open, and a comparison code that differs if anybody stood in between.
//!
//! Bytes in, bytes out: no I/O, no clock, no randomness of its own, and nothing of what the devices then say to each other. A crate of its own
//! because `snow` builds on an older generation of the cryptographic crates than the rest.
//!
//! Messages: guest → host `Noise_NNpsk0` message 1 with a commitment; host → guest message 2 with its nonce; guest → host the nonce that was
//! committed to; from then on sealed messages both ways. The comparison code depends on the handshake and both nonces, and the guest was bound
//! to its own before it saw the host's: whoever stands in between has one try in 2^20 to make both codes equal, and leaves a mismatch else.

mod channel;
mod code;
mod noise;

pub use channel::{Channel, ComparisonCode, Guest, Host, MAX_PLAIN_BYTES, PairingError};
pub use code::{CODE_LEN, PairCode};

/// Where randomness comes from.
pub trait Random {
    /// Fills `out` with random bytes of the system's generator; whether it could.
    fn fill(&mut self, out: &mut [u8]) -> bool;
}
