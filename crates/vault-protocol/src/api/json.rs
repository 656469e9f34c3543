//! JSON with ids as lower-case hexadecimal, and numbers that every reader keeps exact.

use serde::{Deserialize, Deserializer, Serializer, de::DeserializeOwned, de::Error as _};

use super::bounds::MAX_NUMBER;
use crate::{BlobId, DeviceId, Hash, LogId, Signature, SigningPublicKey, VaultId, api::LoginNonce};

/// Something of fixed length that is written as hexadecimal.
pub(super) trait Hex: Sized {
    fn bytes(&self) -> &[u8];
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

macro_rules! hex_ids {
    ($($name:ty),+) => {
        $(impl Hex for $name {
            fn bytes(&self) -> &[u8] {
                &self.0
            }
            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        })+
    };
}

hex_ids!(BlobId, VaultId, LogId, DeviceId, Hash, SigningPublicKey, Signature, LoginNonce);

/// `serde(with = "hex")` for one id.
pub(super) mod hex {
    use super::{Deserialize, Deserializer, Hex, Serializer, hex_text, invalid, unhex};

    pub(in crate::api) fn serialize<T: Hex, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex_text(value.bytes()))
    }

    pub(in crate::api) fn deserialize<'de, T: Hex, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        unhex(&text).and_then(|bytes| T::from_bytes(&bytes)).ok_or_else(invalid)
    }
}

/// `serde(with = "hex_list")` for a list of ids.
pub(super) mod hex_list {
    use super::{Deserialize, Deserializer, Hex, Serializer, hex_text, invalid, unhex};

    pub(in crate::api) fn serialize<T: Hex, S: Serializer>(values: &[T], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(values.iter().map(|value| hex_text(value.bytes())))
    }

    pub(in crate::api) fn deserialize<'de, T: Hex, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        texts.iter().map(|text| unhex(text).and_then(|bytes| T::from_bytes(&bytes))).collect::<Option<_>>().ok_or_else(invalid)
    }
}

/// `serde(with = "hex_bytes")` for bytes of any length.
pub(super) mod hex_bytes {
    use super::{Deserialize, Deserializer, Serializer, hex_text, invalid, unhex};

    pub(in crate::api) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex_text(bytes))
    }

    pub(in crate::api) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        unhex(&String::deserialize(deserializer)?).ok_or_else(invalid)
    }
}

/// `serde(with = "number")`: at most [`MAX_NUMBER`].
pub(super) mod number {
    use super::{Deserialize, Deserializer, MAX_NUMBER, Serializer, invalid};

    pub(in crate::api) fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64((*number).min(MAX_NUMBER))
    }

    pub(in crate::api) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let number = u64::deserialize(deserializer)?;
        if number <= MAX_NUMBER { Ok(number) } else { Err(invalid()) }
    }
}

/// `serde(default, with = "maybe_number")`: absent, null, or at most [`MAX_NUMBER`].
pub(super) mod maybe_number {
    use super::{Deserialize, Deserializer, MAX_NUMBER, Serializer, invalid};

    pub(in crate::api) fn serialize<S: Serializer>(number: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) => serializer.serialize_some(&(*number).min(MAX_NUMBER)),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::api) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
        let number = Option::<u64>::deserialize(deserializer)?;
        if number.is_none_or(|number| number <= MAX_NUMBER) { Ok(number) } else { Err(invalid()) }
    }
}

fn invalid<E: serde::de::Error>() -> E {
    E::custom("a field has a value that is not accepted")
}

/// Reads a JSON object; nothing of a failure is passed on, because it might quote what was sent.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    // Derived readers would take a list of the fields' values as well.
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    serde_json::from_slice(bytes).ok().filter(|_| is_object)
}

/// Writes JSON.
pub(super) fn write<T: serde::Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("structs of strings and numbers always have a JSON form")
}

fn hex_text(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    unhex_into(text, &mut bytes).then_some(bytes)
}

/// Reads lower-case digits into exactly `out`; false, and `out` in part written, for anything else.
pub(super) fn unhex_into(text: &str, out: &mut [u8]) -> bool {
    let nibble = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let digits = text.as_bytes();
    digits.len() == 2 * out.len()
        && out.iter_mut().zip(digits.chunks_exact(2)).all(|(byte, pair)| match (nibble(pair[0]), nibble(pair[1])) {
            (Some(high), Some(low)) => {
                *byte = high << 4 | low;
                true
            }
            _ => false,
        })
}

/// A list no longer than `max`.
pub(super) fn at_most<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D, max: usize) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(deserializer)?;
    if list.len() <= max { Ok(list) } else { Err(D::Error::custom("a list is too long")) }
}
