//! Text that must not linger: wiped when dropped, never printed, compared or serialised by accident.

use zeroize::{Zeroize, Zeroizing};

/// A secret string: a field value, a password, a passphrase.
///
/// It is neither `Debug`, `Display`, `Clone`, `PartialEq` nor `Serialize`; the only way out is [`SecretText::expose`], and the only way
/// across a browser worker's boundary is [`secret_wire`].
#[derive(Default)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes the text over; the caller's buffer becomes the secret's.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Wipe what you copy out of it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A deliberate second copy, for a value that two owners must hold.
    pub fn duplicate(&self) -> Self {
        Self(Zeroizing::new(self.0.as_str().to_owned()))
    }

    /// Leaves an empty secret behind.
    pub fn take(&mut self) -> Self {
        std::mem::take(self)
    }

    /// Empties and wipes it.
    pub fn clear(&mut self) {
        self.0.zeroize();
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

/// The one sanctioned way for a secret to cross between window and browser worker: `#[serde(with = "vault_model::secret::secret_wire")]`.
pub mod secret_wire {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::SecretText;

    /// Writes the exposed text; the transport wipes its buffer after sending.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(secret: &SecretText, serializer: S) -> Result<S::Ok, S::Error> {
        secret.expose().serialize(serializer)
    }

    /// Reads it back.
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretText, D::Error> {
        String::deserialize(deserializer).map(SecretText::new)
    }
}

#[cfg(test)]
mod tests {
    use static_assertions::assert_not_impl_any;

    use super::SecretText;
    use crate::{Attachment, DraftValue, Field, Item, Opaque, generate::Generated, totp::Code};

    // Leaking by formatting, copying or a timing-variable `==` fails to compile, for the secret and for all that holds one.
    assert_not_impl_any!(SecretText: std::fmt::Debug, std::fmt::Display, Clone, PartialEq, serde::Serialize);
    assert_not_impl_any!(Field: std::fmt::Debug, Clone, PartialEq, serde::Serialize);
    assert_not_impl_any!(Attachment: std::fmt::Debug, Clone, PartialEq, serde::Serialize);
    assert_not_impl_any!(Item: std::fmt::Debug, Clone, PartialEq, serde::Serialize);
    assert_not_impl_any!(Opaque: std::fmt::Debug, Clone, PartialEq, serde::Serialize);
    assert_not_impl_any!(DraftValue: std::fmt::Debug, Clone, PartialEq);
    assert_not_impl_any!(Generated: std::fmt::Debug, Clone, PartialEq, serde::Serialize);
    assert_not_impl_any!(Code: std::fmt::Debug, Clone, PartialEq, serde::Serialize);

    #[test]
    fn taking_a_secret_leaves_an_empty_one() {
        let mut secret = SecretText::from("hunter2");
        assert_eq!(secret.take().expose(), "hunter2");
        assert!(secret.is_empty());
    }
}
