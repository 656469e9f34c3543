//! What an entry does: ops, and the values they carry.

use vault_model::payload::FieldKey;
use vault_protocol::{Dot, ObjectId, VersionVector};
use zeroize::Zeroizing;

/// The bytes of one field, opaque here: `vault-model` encodes and checks them. Wiped on drop.
///
/// Unlike a key it is compared and copied, because merging does both; it is not printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Value(Zeroizing<Vec<u8>>);

impl Value {
    /// Takes bytes over.
    pub fn new(bytes: impl Into<Zeroizing<Vec<u8>>>) -> Self {
        Self(bytes.into())
    }

    /// A Boolean as CBOR: what `alive` and tags hold.
    pub fn boolean(set: bool) -> Self {
        Self::new(vec![if set { CBOR_TRUE } else { CBOR_FALSE }])
    }

    /// Whether this is the CBOR `true`.
    pub fn is_true(&self) -> bool {
        self.0.as_slice() == [CBOR_TRUE]
    }

    /// The bytes.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// RFC 8949 §3.3.
const CBOR_FALSE: u8 = 0xf4;
/// RFC 8949 §3.3.
const CBOR_TRUE: u8 = 0xf5;

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Value({} bytes)", self.0.len())
    }
}

/// One change. Its name is a [`Dot`]: log, entry, position in the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    /// Gives a field a value, or takes it away.
    Write(Write),
    /// Asks that an object go for ever.
    Purge {
        /// Which.
        object: ObjectId,
    },
    /// Names a snapshot.
    Snapshot {
        /// The blob's descriptor, opaque here.
        descriptor: Value,
        /// What the snapshot holds.
        vector: VersionVector,
    },
    /// Licenses every replica to delete the entries up to here, after checking for itself.
    Truncate {
        /// The last entry of each log that may go.
        vector: VersionVector,
    },
}

impl Op {
    /// The object it is about, if it is about one.
    pub fn object(&self) -> Option<ObjectId> {
        match self {
            Self::Write(write) => Some(write.object),
            Self::Purge { object } => Some(*object),
            Self::Snapshot { .. } | Self::Truncate { .. } => None,
        }
    }
}

/// Gives a field of an object a value, in place of the writes that its author saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Of which object.
    pub object: ObjectId,
    /// Which field.
    pub key: FieldKey,
    /// The writes that the person saw, ascending and without repetition: exactly these go into history.
    pub over: Vec<Dot>,
    /// The value; `None` takes the field away.
    pub value: Option<Value>,
}
