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
