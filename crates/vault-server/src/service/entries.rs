//! Entries in and out.

use vault_protocol::{
    Hash, Head, VaultId,
    api::{ApiError, Changed, Heads, HttpRequest, Position, Pull, Pulled, Purpose, Push, Pushed, ReadHeads, Wait, bounds::MAX_NUMBER},
    control::{LogStatus, Membership},
    entry::WireEntry,
};

use super::{Service, control::shown, hidden, login::Session};
use crate::store::{NewEntry, PushOutcome, PushTerms, Store};

impl<S: Store> Service<S> {
    pub(super) async fn push(&self, call: Push, request: &HttpRequest, now_ms: u64) -> Result<Pushed, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        if !self.entitlement(call.vault, now_ms).await?.may_push {
            return Err(ApiError::PaymentRequired);
        }
        if session.state.heads() != call.control_heads {
            return Err(self.stale_now(call.vault, now_ms).await?);
        }
        let entries = call.entries.into_iter().map(|wire| checked(call.vault, &session.state, wire)).collect::<Result<Vec<_>, _>>()?;
        let terms = PushTerms {
            vault: call.vault,
            instance: session.vault.instance,
            n_control: session.n_control,
            max_bytes: self.settings.max_vault_bytes,
            now_ms,
        };
        match self.store.push(terms, entries).await.map_err(hidden)? {
            PushOutcome::Done { n_stored, n_entries } => {
                if n_stored > 0 {
                    self.changed(call.vault);
                }
                Ok(Pushed { n_stored, n_entries })
            }
            PushOutcome::Conflict { log, seq, hash } => Err(ApiError::EntryConflict { log, seq, hash }),
            PushOutcome::Gap { log, expected_seq } => Err(ApiError::Gap { log, expected_seq }),
            PushOutcome::Moved => Err(self.stale_now(call.vault, now_ms).await?),
            PushOutcome::Full => Err(ApiError::VaultFull),
        }
    }

    pub(super) async fn pull(&self, call: Pull, request: &HttpRequest, now_ms: u64) -> Result<Pulled, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let page = self.store.pull(call.vault, call.known.clone(), call.max_bytes.into()).await.map_err(hidden)?;
        let mut differing = page.heads.since(&call.known);
        for log in call.known.0.keys().filter(|log| !page.heads.0.contains_key(log)) {
            differing.0.insert(*log, Head { seq: 0, hash: Hash::ZERO });
        }
        let position = Position { n_entries: page.n_entries, ..position(&session) };
        Ok(Pulled { position, differing, entries: page.entries, more: page.more })
    }

    pub(super) async fn heads(&self, call: ReadHeads, request: &HttpRequest, now_ms: u64) -> Result<Heads, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let logs = self.store.heads(call.vault).await.map_err(hidden)?;
        Ok(Heads { position: position(&session), logs })
    }

    pub(super) async fn wait(&self, call: Wait, request: &HttpRequest, now_ms: u64) -> Result<Changed, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let known = (call.n_entries, call.n_control);
        Ok(Changed { changed: (session.vault.n_entries, session.n_control) != known })
    }
}

fn position(session: &Session) -> Position {
    let control_heads = shown(session.state.heads());
    Position { n_entries: session.vault.n_entries, n_control: session.n_control, control_heads }
}

/// An entry of this vault, of a log that has or had a place, signed by that log's key. Entries of a removed device are taken as well, from the
/// remaining members: which of them count is for the clients, who see what each had seen.
fn checked(vault: VaultId, state: &Membership, wire: Vec<u8>) -> Result<NewEntry, ApiError> {
    let entry = WireEntry::parse(wire).map_err(|_error| ApiError::BadRequest)?;
    let (log, seq) = (entry.header().log, entry.header().seq);
    let refused = ApiError::EntryRefused { log, seq };
    let status = state.logs().get(&log).map(|log| log.status);
    let has_place = matches!(status, Some(LogStatus::Open | LogStatus::Retired | LogStatus::Removed));
    let key = state.log_key(log).filter(|_| has_place && entry.header().vault == vault).ok_or(refused.clone())?;
    entry.verify(key).map_err(|_error| refused.clone())?;
    if seq > MAX_NUMBER {
        return Err(refused);
    }
    let (prev, hash, blobs) = (entry.prev(), entry.hash(), entry.blobs().to_vec());
    Ok(NewEntry { log, seq, prev, hash, blobs, wire: entry.into_wire() })
}
