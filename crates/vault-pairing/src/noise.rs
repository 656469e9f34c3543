//! `Noise_NNpsk0_25519_ChaChaPoly_SHA256` (noiseprotocol.org, revision 34) through `snow`, with ephemeral keys from the caller's generator.

use snow::{
    Builder, HandshakeState,
    params::{CipherChoice, DHChoice, HashChoice, NoiseParams},
    resolvers::{BoxedCryptoResolver, CryptoResolver, DefaultResolver},
    types::{Cipher, Dh, Hash, Random as SnowRandom},
};
use zeroize::Zeroizing;

use crate::{PairingError, Random};

/// Bound into the handshake: both sides speak this version of this protocol.
const PROLOGUE: &[u8] = b"nt2 pairing v1";
const PATTERN: &str = "Noise_NNpsk0_25519_ChaChaPoly_SHA256";

/// Which side of the handshake.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Speaks first: the new device.
    Guest,
    /// Answers: the device that made the code.
    Host,
}

/// Begins a handshake. The one ephemeral key that it needs is made of random bytes drawn now.
pub(crate) fn begin(side: Side, psk: &[u8; 32], random: &mut dyn Random) -> Result<HandshakeState, PairingError> {
    let mut drawn = Zeroizing::new([0; 32]);
    if !random.fill(drawn.as_mut_slice()) {
        return Err(PairingError::NoEntropy);
    }
    let params: NoiseParams = PATTERN.parse().map_err(|_| PairingError::Protocol)?;
    let resolver: BoxedCryptoResolver = Box::new(Resolver { drawn });
    let builder = Builder::with_resolver(params, resolver);
    let builder = builder.psk(0, psk).and_then(|builder| builder.prologue(PROLOGUE)).map_err(|_| PairingError::Protocol)?;
    match side {
        Side::Guest => builder.build_initiator(),
        Side::Host => builder.build_responder(),
    }
    .map_err(|_| PairingError::Protocol)
}

/// snow's own primitives, and a generator that gives out what was drawn, once.
struct Resolver {
    drawn: Zeroizing<[u8; 32]>,
}

impl CryptoResolver for Resolver {
    fn resolve_rng(&self) -> Option<Box<dyn SnowRandom>> {
        Some(Box::new(Drawn(Some(self.drawn.clone()))))
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        DefaultResolver.resolve_dh(choice)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        DefaultResolver.resolve_cipher(choice)
    }
}

/// 32 random bytes, for the one ephemeral key of a side.
struct Drawn(Option<Zeroizing<[u8; 32]>>);

impl SnowRandom for Drawn {
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), snow::Error> {
        match self.0.take() {
            Some(drawn) if drawn.len() == out.len() => {
                out.copy_from_slice(drawn.as_slice());
                Ok(())
            }
            _ => Err(snow::Error::Rng),
        }
    }
}
