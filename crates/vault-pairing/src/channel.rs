//! The handshake of both sides, and the channel that comes of it.

use sha2::{Digest, Sha256};
use snow::{HandshakeState, TransportState};
use zeroize::Zeroizing;

use crate::{
    PairCode, Random,
    code::ALPHABET,
    noise::{Side, begin},
};

/// Longest sealed message that carries something, in bytes: Noise allows 65,535 with its tag of 16.
pub const MAX_PLAIN_BYTES: usize = 60 * 1024;
const MAX_MESSAGE_BYTES: usize = 65_535;
const TAG_BYTES: usize = 16;
const NONCE_BYTES: usize = 32;

/// Why pairing went no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// The generator failed.
    #[error("the random generator failed")]
    NoEntropy,
    /// Not 16 characters of a code.
    #[error("not a pairing code")]
    NotACode,
    /// Not sealed by who knows the code, altered, or not what belongs here.
    #[error("the message did not authenticate")]
    NotAuthentic,
    /// The guest's nonce is not the one that it was bound to: somebody stands in between.
    #[error("the other side is not who it began as")]
    Deceived,
    /// Longer than a message may be.
    #[error("the message is too long")]
    TooLong,
    /// A step out of order: a mistake of the caller.
    #[error("the protocol has no such step here")]
    Protocol,
}

/// Twenty bits as four characters, shown on both devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparisonCode(pub String);

/// The new device.
pub struct Guest {
    handshake: HandshakeState,
    nonce: Zeroizing<[u8; NONCE_BYTES]>,
}

/// The device that made the code.
pub struct Host {
    transport: TransportState,
    handshake_hash: Vec<u8>,
    commitment: [u8; 32],
    nonce: [u8; NONCE_BYTES],
}

/// Two devices that know each other, once their people have compared the code.
pub struct Channel {
    transport: TransportState,
    code: ComparisonCode,
}

impl Guest {
    /// Begins; gives the message for the host.
    ///
    /// # Errors
    ///
    /// [`PairingError::NoEntropy`].
    pub fn begin(code: &PairCode, random: &mut dyn Random) -> Result<(Self, Vec<u8>), PairingError> {
        let mut nonce = Zeroizing::new([0; NONCE_BYTES]);
        if !random.fill(nonce.as_mut_slice()) {
            return Err(PairingError::NoEntropy);
        }
        let mut handshake = begin(Side::Guest, &code.psk(), random)?;
        let mut message = vec![0; MAX_MESSAGE_BYTES];
        let len = handshake.write_message(&commitment(nonce.as_slice()), &mut message).map_err(|_| PairingError::Protocol)?;
        message.truncate(len);
        Ok((Self { handshake, nonce }, message))
    }

    /// Takes the host's answer; gives the channel and the message that opens the commitment.
    ///
    /// # Errors
    ///
    /// [`PairingError::NotAuthentic`].
    pub fn finish(mut self, answer: &[u8]) -> Result<(Channel, Vec<u8>), PairingError> {
        let host_nonce = read_fixed(&mut self.handshake, answer)?;
        let handshake_hash = self.handshake.get_handshake_hash().to_vec();
        let transport = self.handshake.into_transport_mode().map_err(|_| PairingError::Protocol)?;
        let code = compare(&handshake_hash, self.nonce.as_slice(), &host_nonce);
        let mut channel = Channel { transport, code };
        let opening = channel.seal(self.nonce.as_slice())?;
        Ok((channel, opening))
    }
}

impl Host {
    /// Takes a guest's first message; gives the answer for it.
    ///
    /// # Errors
    ///
    /// [`PairingError::NotAuthentic`] if whoever sent it does not know the code.
    pub fn answer(code: &PairCode, message: &[u8], random: &mut dyn Random) -> Result<(Self, Vec<u8>), PairingError> {
        let mut nonce = [0; NONCE_BYTES];
        if !random.fill(&mut nonce) {
            return Err(PairingError::NoEntropy);
        }
        let mut handshake = begin(Side::Host, &code.psk(), random)?;
        let commitment = read_fixed(&mut handshake, message)?;
        let mut answer = vec![0; MAX_MESSAGE_BYTES];
        let len = handshake.write_message(&nonce, &mut answer).map_err(|_| PairingError::Protocol)?;
        answer.truncate(len);
        let handshake_hash = handshake.get_handshake_hash().to_vec();
        let transport = handshake.into_transport_mode().map_err(|_| PairingError::Protocol)?;
        Ok((Self { transport, handshake_hash, commitment, nonce }, answer))
    }

    /// Takes the guest's opening of its commitment; gives the channel.
    ///
    /// # Errors
    ///
    /// [`PairingError::NotAuthentic`], [`PairingError::Deceived`].
    pub fn finish(self, opening: &[u8]) -> Result<Channel, PairingError> {
        let Self { transport, handshake_hash, commitment: promised, nonce } = self;
        let mut channel = Channel { transport, code: ComparisonCode(String::new()) };
        let guest_nonce = channel.open(opening)?;
        if guest_nonce.len() != NONCE_BYTES || commitment(&guest_nonce) != promised {
            return Err(PairingError::Deceived);
        }
        channel.code = compare(&handshake_hash, &guest_nonce, &nonce);
        Ok(channel)
    }
}

impl Channel {
    /// What both people compare.
    pub fn code(&self) -> &ComparisonCode {
        &self.code
    }

    /// Seals a message; they are opened in the order in which they were sealed.
    ///
    /// # Errors
    ///
    /// [`PairingError::TooLong`] over [`MAX_PLAIN_BYTES`].
    pub fn seal(&mut self, plain: &[u8]) -> Result<Vec<u8>, PairingError> {
        if plain.len() > MAX_PLAIN_BYTES {
            return Err(PairingError::TooLong);
        }
        let mut message = vec![0; plain.len() + TAG_BYTES];
        let len = self.transport.write_message(plain, &mut message).map_err(|_| PairingError::Protocol)?;
        message.truncate(len);
        Ok(message)
    }

    /// Opens the other side's next message.
    ///
    /// # Errors
    ///
    /// [`PairingError::NotAuthentic`].
    pub fn open(&mut self, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, PairingError> {
        let mut plain = Zeroizing::new(vec![0; message.len()]);
        let len = self.transport.read_message(message, &mut plain).map_err(|_| PairingError::NotAuthentic)?;
        plain.truncate(len);
        Ok(plain)
    }
}

fn read_fixed(handshake: &mut HandshakeState, message: &[u8]) -> Result<[u8; 32], PairingError> {
    let mut payload = Zeroizing::new(vec![0; message.len()]);
    let len = handshake.read_message(message, &mut payload).map_err(|_| PairingError::NotAuthentic)?;
    payload.get(..len).and_then(|payload| payload.try_into().ok()).ok_or(PairingError::NotAuthentic)
}

fn commitment(nonce: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(b"nt2 pair commit v1").chain_update(nonce).finalize().into()
}

fn compare(handshake_hash: &[u8], guest: &[u8], host: &[u8]) -> ComparisonCode {
    let digest =
        Sha256::new().chain_update(b"nt2 pair compare v1").chain_update(handshake_hash).chain_update(guest).chain_update(host).finalize();
    let bits = digest[..3].iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) >> 4;
    ComparisonCode((0..4).rev().map(|n| char::from(ALPHABET[bits >> (5 * n) & 31])).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use super::*;

    struct Counting(u64);

    impl Random for Counting {
        fn fill(&mut self, out: &mut [u8]) -> bool {
            for byte in out {
                self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (self.0 >> 56) as u8;
            }
            true
        }
    }

    fn code(seed: u64) -> PairCode {
        PairCode::make(&mut Counting(seed)).unwrap()
    }

    #[test]
    fn both_sides_see_one_code_and_read_each_other() {
        let (guest, first) = Guest::begin(&code(1), &mut Counting(2)).unwrap();
        let (host, answer) = Host::answer(&code(1), &first, &mut Counting(3)).unwrap();
        let (mut guest, opening) = guest.finish(&answer).unwrap();
        let mut host = host.finish(&opening).unwrap();
        assert_eq!(guest.code(), host.code());
        assert_eq!(host.code().0.len(), 4);
        let message = host.seal(b"members").unwrap();
        assert_eq!(guest.open(&message).unwrap().as_slice(), b"members");
        let message = guest.seal(b"keys").unwrap();
        assert_eq!(host.open(&message).unwrap().as_slice(), b"keys");
        assert!(host.open(&message).is_err(), "a message is taken once");
    }

    #[test]
    fn who_has_another_code_is_not_heard() {
        let (_, first) = Guest::begin(&code(1), &mut Counting(2)).unwrap();
        assert!(matches!(Host::answer(&code(9), &first, &mut Counting(3)), Err(PairingError::NotAuthentic)));
    }

    /// MS23: the relay knows the code (it was read over a shoulder) and replaces every message.
    #[test]
    fn ms23_with_all_relayed_messages_replaced_the_comparison_codes_differ() {
        let mut n_equal = 0;
        for seed in 0..200 {
            let (guest, first) = Guest::begin(&code(1), &mut Counting(seed)).unwrap();
            let (evil_host, evil_answer) = Host::answer(&code(1), &first, &mut Counting(1000 + seed)).unwrap();
            let (evil_guest, evil_first) = Guest::begin(&code(1), &mut Counting(2000 + seed)).unwrap();
            let (host, answer) = Host::answer(&code(1), &evil_first, &mut Counting(3000 + seed)).unwrap();
            let (guest, opening) = guest.finish(&evil_answer).unwrap();
            let (evil_guest, evil_opening) = evil_guest.finish(&answer).unwrap();
            evil_host.finish(&opening).unwrap();
            let host = host.finish(&evil_opening).unwrap();
            assert_eq!(evil_guest.code(), host.code());
            n_equal += usize::from(guest.code() == host.code());
        }
        assert_eq!(n_equal, 0);
    }

    #[test]
    fn a_nonce_other_than_the_promised_one_is_noticed() {
        let (guest, first) = Guest::begin(&code(1), &mut Counting(2)).unwrap();
        let (host, answer) = Host::answer(&code(1), &first, &mut Counting(3)).unwrap();
        let guest = Guest { nonce: Zeroizing::new([5; NONCE_BYTES]), ..guest };
        let (_, opening) = guest.finish(&answer).unwrap();
        assert!(matches!(host.finish(&opening), Err(PairingError::Deceived)));
    }

    #[test]
    fn every_changed_bit_of_the_handshake_is_refused() {
        let (_, first) = Guest::begin(&code(1), &mut Counting(2)).unwrap();
        for bit in 0..first.len() * 8 {
            let mut changed = first.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(Host::answer(&code(1), &changed, &mut Counting(3)).is_err(), "bit {bit}");
        }
    }
}
