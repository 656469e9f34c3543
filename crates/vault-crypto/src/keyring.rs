//! The keyring of an epoch: deterministic CBOR `{0: [[epoch id, VRK] … ascending], 1: K_root, 2: DID seed}`, sealed under that epoch's root key.
//!
//! So whoever opens the newest epoch reads everything older, and K_root and the vault's name outlive every change of key.

use std::collections::BTreeMap;

use minicbor::{Decoder, Encoder};
use vault_protocol::{EpochId, Kind, SealedHeader, VaultId};
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::message::{self, OpenError, SealError};
use crate::secret::{DidKey, RootKey, StateKey};

/// What the newest epoch hands on.
pub struct Keyring {
    /// Root keys of older epochs.
    pub older: BTreeMap<EpochId, RootKey>,
    /// Keys the state root.
    pub state: StateKey,
    /// Private half of the vault's name.
    pub did: DidKey,
}

impl Keyring {
    /// Seals it under the root key of `epoch`.
    ///
    /// # Errors
    ///
    /// As [`message::seal`].
    pub(crate) fn seal(&self, root: &RootKey, vault: VaultId, epoch: EpochId, entropy: &mut dyn Entropy) -> Result<Vec<u8>, SealError> {
        let key = root.kind_key(Kind::Keyring, vault, epoch);
        message::seal(&key, &SealedHeader::new(Kind::Keyring, vault, epoch), &self.encode(), entropy)
    }

    /// Opens the keyring of `epoch`.
    ///
    /// # Errors
    ///
    /// [`OpenError::NotAuthentic`]; also if it is not exactly what [`Keyring::seal`] writes.
    pub(crate) fn open(root: &RootKey, vault: VaultId, epoch: EpochId, message: &[u8]) -> Result<Self, OpenError> {
        let key = root.kind_key(Kind::Keyring, vault, epoch);
        let body = message::open(&key, &SealedHeader::new(Kind::Keyring, vault, epoch), message)?;
        Self::parse(&body).ok_or(OpenError::NotAuthentic)
    }

    /// Reads what [`Self::encode`] writes, and nothing else.
    fn parse(body: &[u8]) -> Option<Self> {
        Self::decode(body).filter(|keyring| *keyring.encode() == *body)
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        // 1 + 17 + 34 bytes per older key and 128 for the rest: the buffer never grows, so no copy stays behind.
        let mut body = Zeroizing::new(Vec::with_capacity(128 + 52 * self.older.len()));
        let mut encoder = Encoder::new(&mut *body);
        let mut write = || -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
            encoder.map(3)?.u8(0)?.array(self.older.len() as u64)?;
            for (epoch, root) in &self.older {
                encoder.array(2)?.bytes(&epoch.0)?.bytes(root.expose())?;
            }
            encoder.u8(1)?.bytes(self.state.expose())?.u8(2)?.bytes(self.did.expose())?;
            Ok(())
        };
        write().expect("writing to a vector cannot fail");
        body
    }

    fn decode(body: &[u8]) -> Option<Self> {
        let mut decoder = Decoder::new(body);
        let key = |number: u8, decoder: &mut Decoder<'_>| (decoder.u8().ok()? == number).then_some(());
        (decoder.map().ok()? == Some(3)).then_some(())?;
        key(0, &mut decoder)?;
        let mut older = BTreeMap::new();
        for _ in 0..decoder.array().ok()?? {
            (decoder.array().ok()? == Some(2)).then_some(())?;
            let epoch = EpochId::from_slice(decoder.bytes().ok()?)?;
            older.insert(epoch, RootKey::from_slice(decoder.bytes().ok()?)?);
        }
        key(1, &mut decoder)?;
        let state = StateKey::from_slice(decoder.bytes().ok()?)?;
        key(2, &mut decoder)?;
        let did = DidKey::from_slice(decoder.bytes().ok()?)?;
        (decoder.position() == body.len()).then_some(Self { older, state, did })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyring(n_older: u8) -> Keyring {
        let older = (0..n_older).map(|n| (EpochId([n; 16]), RootKey::from_slice(&[n; 32]).unwrap())).collect();
        Keyring { older, state: StateKey::from_slice(&[0xaa; 32]).unwrap(), did: DidKey::from_slice(&[0xbb; 32]).unwrap() }
    }

    fn accepted(body: &[u8]) -> bool {
        Keyring::parse(body).is_some()
    }

    #[test]
    fn a_keyring_reads_back_in_its_only_encoding() {
        for n_older in [0, 1, 2, 23, 24, 200] {
            let body = keyring(n_older).encode();
            assert!(accepted(&body));
            assert!(body.len() <= 128 + 52 * usize::from(n_older), "the buffer never grew");
        }
    }

    #[test]
    fn other_encodings_of_the_same_keyring_are_refused() {
        let body = keyring(2).encode();
        // Map head, key 0, array head: RFC 8949 appendix A has each of these in a longer form too.
        assert_eq!(body[..3], [0xa3, 0x00, 0x82]);
        for (at, longer) in [(0, vec![0xb8, 3]), (1, vec![0x18, 0]), (2, vec![0x98, 2]), (0, vec![0xbf])] {
            let mut other = body.to_vec();
            other.splice(at..=at, longer.clone());
            if longer == [0xbf] {
                other.push(0xff);
            }
            assert!(!accepted(&other), "{longer:02x?} at {at}");
        }
        let (first, second) = (3..3 + 52, 3 + 52..3 + 104);
        let unordered = [&body[..3], &body[second.clone()], &body[first.clone()], &body[second.end..]].concat();
        assert!(!accepted(&unordered), "epochs must ascend");
        let twice = [&body[..3], &body[first.clone()], &body[first], &body[second.end..]].concat();
        assert!(!accepted(&twice), "no epoch twice");
        for len in 0..body.len() {
            assert!(!accepted(&body[..len]), "cut to {len}");
        }
        assert!(!accepted(&[&body[..], &[0]].concat()));
    }

    #[test]
    fn integers_are_encoded_as_in_rfc_8949() {
        // Appendix A.
        for (number, encoded) in [
            (0u64, "00"),
            (1, "01"),
            (10, "0a"),
            (23, "17"),
            (24, "1818"),
            (25, "1819"),
            (100, "1864"),
            (1000, "1903e8"),
            (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"),
            (u64::MAX, "1bffffffffffffffff"),
        ] {
            let bytes = minicbor::to_vec(number).unwrap();
            assert_eq!(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), encoded);
        }
        assert_eq!(minicbor::to_vec(minicbor::bytes::ByteVec::from(vec![1, 2, 3, 4])).unwrap(), [0x44, 1, 2, 3, 4]);
    }
}
