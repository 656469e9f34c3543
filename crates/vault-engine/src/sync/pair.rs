//! A second device by a code, through the relay of a server (DESIGN §9): what both sides share. The bytes of the channel are `vault-pairing`'s.
//!
//! ```text
//! guest 1  Noise message 1, bound to a nonce            host 1  Noise message 2, a nonce
//! guest 2  the nonce it was bound to                    (both show the comparison code; on the host the master password is typed)
//! guest 3  its name                                     host 2  [DID, [control head, …]]
//! guest 4  [device, log, log key, D.pub]                host 3  what the new log's key has to sign
//! guest 5  the signature                                host 4  hash of the enrolment
//! ```
//!
//! Only public halves cross it. Everything else the new device gets from the server, as a member, and checks against the host's control head.

use vault_pairing::{Channel, PairCode, PairingError, Random};
use vault_protocol::api::{Origin, RelayChannel, RelayReceive, RelaySend, RelaySide};

use super::{PairingFailure, call::ask};
use crate::{
    context::{Ctx, HostEntropy, Step},
    engine::Engine,
    event::Failure,
};

/// Life of a code, in milliseconds (THREATS MS22).
pub(super) const CODE_LIFE_MS: u64 = 5 * 60_000;
/// Between two looks into the mailbox, in milliseconds. The server holds each look for as long as [`LOOK_SECS`].
const PAUSE_MS: u64 = 500;
/// How long the server may hold a look, in seconds.
const LOOK_SECS: u32 = 15;

impl Random for HostEntropy<'_> {
    fn fill(&mut self, out: &mut [u8]) -> bool {
        vault_crypto::Entropy::fill(self, out).is_ok()
    }
}

impl From<PairingError> for Failure {
    fn from(error: PairingError) -> Self {
        match error {
            PairingError::NoEntropy => Self::NoEntropy,
            PairingError::NotACode => Self::Pairing(PairingFailure::NotACode),
            _ => Self::Pairing(PairingFailure::NotAuthentic),
        }
    }
}

/// One side's place at the mailbox.
#[derive(Clone)]
pub(super) struct Mailbox {
    pub(super) origin: Origin,
    channel: RelayChannel,
    side: RelaySide,
    n_sent: u32,
    n_taken: u32,
    pub(super) expires_ms: u64,
}

impl Mailbox {
    pub(super) fn new(origin: Origin, code: &PairCode, side: RelaySide, now_ms: u64) -> Self {
        Self { origin, channel: RelayChannel(code.channel()), side, n_sent: 0, n_taken: 0, expires_ms: now_ms + CODE_LIFE_MS }
    }

    /// Puts a message there and goes on.
    pub(super) fn send(
        mut self,
        message: Vec<u8>,
        then: impl FnOnce(&mut Engine, Self, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
    ) -> Result<Step, Failure> {
        self.n_sent += 1;
        let call = RelaySend { channel: self.channel, side: self.side, number: self.n_sent, message };
        let origin = self.origin.clone();
        ask(&origin, &call, None, move |engine, result, ctx| {
            result.map_err(|error| error.failure())?;
            then(engine, self, ctx)
        })
    }

    /// Goes on with the other side's next message, or fails when the code's time is over.
    pub(super) fn receive(self, then: WithMessage) -> Result<Step, Failure> {
        let other = match self.side {
            RelaySide::Host => RelaySide::Guest,
            RelaySide::Guest => RelaySide::Host,
        };
        let call = RelayReceive { channel: self.channel, side: other, number: self.n_taken + 1, timeout_secs: LOOK_SECS };
        let origin = self.origin.clone();
        ask(&origin, &call, None, move |engine, result, ctx| match result {
            Ok(Some(message)) => then(engine, Self { n_taken: self.n_taken + 1, ..self }, message, ctx),
            _ if ctx.now_ms >= self.expires_ms => Err(Failure::Pairing(PairingFailure::TimedOut)),
            // Nothing there yet, or a line that broke: the code lives on.
            Ok(None) | Err(super::call::CallError::Net(_)) => Ok(Step::At(ctx.now_ms + PAUSE_MS, Box::new(move |_, _| self.receive(then)))),
            Err(error) => Err(error.failure()),
        })
    }

    /// Sends a sealed message, takes the answer and opens it.
    pub(super) fn exchange(self, mut channel: Channel, message: &[u8], then: WithOpened) -> Result<Step, Failure> {
        let sealed = channel.seal(message)?;
        self.send(sealed, move |_, mailbox, _| mailbox.receive_sealed(channel, then))
    }

    /// Takes the next message and opens it.
    pub(super) fn receive_sealed(self, mut channel: Channel, then: WithOpened) -> Result<Step, Failure> {
        self.receive(Box::new(move |engine, mailbox, message, ctx| {
            let plain = channel.open(&message)?;
            then(engine, mailbox, channel, plain.to_vec(), ctx)
        }))
    }
}

/// What goes on with a message.
pub(super) type WithMessage = Box<dyn FnOnce(&mut Engine, Mailbox, Vec<u8>, &mut Ctx<'_>) -> Result<Step, Failure>>;
/// What goes on with an opened message.
pub(super) type WithOpened = Box<dyn FnOnce(&mut Engine, Mailbox, Channel, Vec<u8>, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// The other side said what does not belong here.
pub(super) fn nonsense<T>(_: T) -> Failure {
    Failure::Pairing(PairingFailure::NotAuthentic)
}
