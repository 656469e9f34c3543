//! Identifiers: opaque bytes, each its own type, so that one is never taken for another.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Declares an identifier of `$len` bytes, at most 32, shown as lower-case hexadecimal.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default,
            serde::Serialize, serde::Deserialize, minicbor::Encode, minicbor::Decode,
        )]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;
            /// All zero: "none" where a header has a fixed place for this id.
            pub const ZERO: Self = Self([0; $len]);

            /// Takes exactly [`Self::LEN`] bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// Parses what `Display` writes: `2 * LEN` hexadecimal digits.
            pub fn parse_hex(text: &str) -> Option<Self> {
                let digits = text.as_bytes();
                if digits.len() != 2 * $len {
                    return None;
                }
                let nibble = |b: u8| (b as char).to_digit(16).map(|n| n as u8);
                let mut out = [0; $len];
                for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
                    *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
                }
                Some(Self(out))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }
    };
}

pub(crate) use id;

id!(
    /// First 16 bytes of SHA-256("nt2 vault v1" ‖ DID public key).
    VaultId, 16
);
id!(
    /// A generation of the vault root key.
    EpochId, 16
);
id!(
    /// An object of the vault: an item, a device name, the settings.
    ObjectId, 16
);
id!(
    /// One replica's append-only log. A device may use several in its life.
    LogId, 16
);
id!(
    /// One installation with a copy of the vault.
    DeviceId, 16
);
id!(
    /// One wrap of the vault root key under a set of factors.
    SlotId, 16
);
id!(
    /// An encrypted attachment body.
    BlobId, 16
);
id!(
    /// A SHA-256 digest.
    Hash, 32
);
id!(
    /// Salt of the master password: drawn once per vault and never changed (MS03). A backup or kit passphrase has its own.
    Salt, 32
);

/// The name of one op: entry `seq` of `log`, counted from 1, and the position in it, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(array)]
pub struct Dot {
    /// The log.
    #[n(0)]
    pub log: LogId,
    /// The entry within it.
    #[n(1)]
    pub seq: u64,
    /// The op within that entry.
    #[n(2)]
    pub op: u16,
}
