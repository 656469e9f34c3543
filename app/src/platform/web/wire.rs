//! What crosses between the page and the engine's worker: postcard in buffers that are handed over, not copied. Secrets cross by
//! `secret_wire` alone; what was a buffer here is wiped. Files cross beside it, as the browser's own objects.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use vault_engine::{Command, Event, RequestId, effect::EffectId, event::ClipboardEnd};
use vault_model::{SecretText, secret::secret_wire};
use zeroize::Zeroizing;

/// To the engine's worker.
#[derive(Serialize, Deserialize)]
pub(crate) enum ToEngine {
    /// An order.
    Command(RequestId, Command),
    /// The answer to [`ToPage::ClipboardClear`].
    ClipboardCleared(EffectId, ClipboardEnd),
}

/// From the engine's worker.
#[derive(Serialize, Deserialize)]
pub(crate) enum ToPage {
    /// News.
    Event(Event),
    /// To be put on the clipboard: only a page can.
    ClipboardPut(#[serde(with = "secret_wire")] SecretText),
    /// To be cleared there.
    ClipboardClear(EffectId),
}

/// The bytes of a message. Every type here can be written, so there is no error to report; an empty answer is refused by the reader.
pub(crate) fn encode(message: &impl Serialize) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(postcard::to_stdvec(message).unwrap_or_default())
}

/// The message of such bytes; `None` if they are of another build.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

#[cfg(test)]
mod tests {
    use vault_engine::event::Failure;

    use super::*;

    #[test]
    fn a_command_with_a_secret_arrives_whole() {
        let vault = vault_protocol::VaultId([7; 16]);
        let sent = ToEngine::Command(RequestId(9), Command::Unlock { vault, password: SecretText::new("correct horse".to_owned()) });
        let Some(ToEngine::Command(RequestId(9), Command::Unlock { vault: got, password })) = decode(&encode(&sent)) else {
            panic!("another message");
        };
        assert_eq!((got, password.expose()), (vault, "correct horse"));
    }

    #[test]
    fn an_event_arrives_and_other_bytes_are_refused() {
        let bytes = encode(&ToPage::Event(Event::Failed(RequestId(3), Failure::WrongPassword { wait_ms: 2000 })));
        let got = decode::<ToPage>(&bytes);
        assert!(matches!(got, Some(ToPage::Event(Event::Failed(RequestId(3), Failure::WrongPassword { wait_ms: 2000 })))));
        assert!(decode::<ToPage>(&bytes[..bytes.len() - 1]).is_none());
        assert!(decode::<ToPage>(&[]).is_none());
    }

    #[test]
    fn found_ids_cross_as_one_run_of_bytes() {
        let ids: Vec<_> = (0..1_000_u32).map(|n| vault_protocol::ObjectId([n.to_le_bytes(); 4].concat().try_into().unwrap())).collect();
        let bytes = encode(&ToPage::Event(Event::Found(RequestId(3), ids.clone())));
        assert!(bytes.len() < 16 * ids.len() + 16);
        assert!(matches!(decode(&bytes), Some(ToPage::Event(Event::Found(RequestId(3), got))) if got == ids));
        assert!(decode::<ToPage>(&bytes[..bytes.len() - 1]).is_none());
    }
}
