//! The mailbox of devices that are about to meet.

use vault_protocol::api::{ApiError, Done, RelayClose, RelayReceive, RelaySend, bounds::RELAY_LIFE_MS};

use super::{Service, hidden};
use crate::{
    Peer, Subject,
    limiter::Bucket,
    store::{RelayPlace, Relayed, Store},
};

impl<S: Store> Service<S> {
    pub(super) async fn relay_send(&self, call: RelaySend, peer: Peer, now_ms: u64) -> Result<Done, ApiError> {
        self.limiter.take(&[Bucket::Relays(peer), Bucket::AllRelays], now_ms)?;
        let place = RelayPlace { channel: call.channel, side: call.side, number: call.number };
        match self.store.relay_send(place, call.message, now_ms, now_ms + RELAY_LIFE_MS).await.map_err(hidden)? {
            Relayed::Done => {
                self.changes.tell(Subject(call.channel.0));
                Ok(Done {})
            }
            Relayed::Conflict => Err(ApiError::RelayConflict),
        }
    }

    pub(super) async fn relay_receive(&self, call: RelayReceive, now_ms: u64) -> Result<Option<Vec<u8>>, ApiError> {
        let place = RelayPlace { channel: call.channel, side: call.side, number: call.number };
        self.store.relay_receive(place, now_ms).await.map_err(hidden)
    }

    pub(super) async fn relay_close(&self, call: RelayClose) -> Result<Done, ApiError> {
        self.store.relay_close(call.channel).await.map_err(hidden)?;
        Ok(Done {})
    }
}
