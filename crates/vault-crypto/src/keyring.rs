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
        let keyring = Self::decode(&body).ok_or(OpenError::NotAuthentic)?;
        if *keyring.encode() == *body { Ok(keyring) } else { Err(OpenError::NotAuthentic) }
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
