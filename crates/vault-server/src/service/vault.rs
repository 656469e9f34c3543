//! The vault as a guest: status, deletion, the record of "address + password".

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use vault_protocol::{
    Hash, VaultId,
    api::{
        ApiError, Delete, Deletion, DeviceSeen, Done, HttpRequest, Keep, Kept, Purpose, PutBootstrap, ReadBootstrap, Receipt, Status,
        VaultStatus,
    },
};

use super::{DAY_MS, Service, hidden, members::Role};
use crate::{
    entropy::random,
    store::{BootstrapRow, Store, VaultRow},
};

impl<S: Store> Service<S> {
    pub(super) async fn status(&self, call: Status, request: &HttpRequest, now_ms: u64) -> Result<VaultStatus, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.beyond_password()?;
        let logs: HashMap<_, _> = self.store.logs(call.vault).await.map_err(hidden)?.into_iter().map(|row| (row.log, row)).collect();
        let seen: HashMap<_, _> = self.store.seen(call.vault).await.map_err(hidden)?.into_iter().collect();
        let device = |(log, state): (&vault_protocol::LogId, &vault_protocol::control::LogState)| DeviceSeen {
            device: state.device,
            log: *log,
            seq: logs.get(log).map_or(0, |row| row.seq),
            last_entry_ms: logs.get(log).map(|row| row.entry_ms),
            last_seen_ms: seen.get(&state.key).copied(),
        };
        let VaultRow { registered_ms, n_entries, n_control, stored_bytes, last_push_ms, deletion_due_ms, .. } = session.vault;
        Ok(VaultStatus {
            registered_ms,
            n_entries,
            n_control,
            stored_bytes,
            max_bytes: self.settings.max_vault_bytes,
            blobs: Some(self.blob_usage(call.vault).await?),
            last_push_ms,
            deletion_due_ms,
            entitlement: self.entitlement(call.vault, now_ms).await?,
            devices: session.state.logs().iter().take(vault_protocol::api::bounds::MAX_LOGS).map(device).collect(),
        })
    }

    pub(super) async fn delete(&self, call: Delete, request: &HttpRequest, now_ms: u64) -> Result<Deletion, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Delete])?;
        if session.row.key == session.state.owner_key() {
            let receipt = self.purge(call.vault, now_ms).await?;
            return receipt.map(Deletion::Deleted).ok_or(ApiError::NotRegistered);
        }
        // Asked for again it does not begin anew: else a member could put the others off for ever.
        let notice_ms = u64::from(self.settings.deletion_notice_days) * DAY_MS;
        let due_ms = session.vault.deletion_due_ms.unwrap_or(now_ms + notice_ms);
        self.store.set_deletion(call.vault, Some(due_ms)).await.map_err(hidden)?;
        Ok(Deletion::Noticed { due_ms })
    }

    pub(super) async fn keep(&self, call: Keep, request: &HttpRequest, now_ms: u64) -> Result<Kept, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync, Purpose::Delete])?;
        let was_noticed = session.vault.deletion_due_ms.is_some();
        if was_noticed {
            self.store.set_deletion(call.vault, None).await.map_err(hidden)?;
        }
        Ok(Kept { was_noticed })
    }

    pub(super) async fn read_bootstrap(&self, call: ReadBootstrap, request: &HttpRequest, now_ms: u64) -> Result<Vec<u8>, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync, Purpose::Join])?;
        // It opens with the password alone, which a removed device knows.
        if session.role == Role::Former {
            return Err(ApiError::Forbidden);
        }
        let row = self.allowed_bootstrap(call.vault, &session.state).await?;
        row.map(|row| row.record).ok_or(ApiError::NotFound)
    }

    pub(super) async fn put_bootstrap(&self, call: PutBootstrap, request: &HttpRequest, now_ms: u64) -> Result<Done, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let hash = Hash(Sha256::digest(&call.record).into());
        if session.state.bootstrap() != Some(hash) {
            return Err(ApiError::ControlRefused);
        }
        self.store.put_bootstrap(call.vault, Some(BootstrapRow { hash, record: call.record })).await.map_err(hidden)?;
        Ok(Done {})
    }

    /// The vault, unless its deletion is due: then it is deleted first.
    pub(super) async fn living_vault(&self, vault: VaultId, now_ms: u64) -> Result<Option<VaultRow>, ApiError> {
        let row = self.store.vault(vault).await.map_err(hidden)?;
        if row.as_ref().is_some_and(|row| row.deletion_due_ms.is_some_and(|due_ms| due_ms <= now_ms)) {
            self.purge(vault, now_ms).await?;
            return Ok(None);
        }
        Ok(row)
    }

    /// Deletes a vault at once. `None` if it is not there.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`], [`ApiError::Internal`].
    pub async fn purge(&self, vault: VaultId, now_ms: u64) -> Result<Option<Receipt>, ApiError> {
        let number = Hash(random(&*self.entropy).map_err(|error| hidden(error.into()))?);
        let receipt = self.store.delete(vault, number, now_ms).await.map_err(hidden)?;
        self.members.forget(vault);
        self.changed(vault);
        // The receipt stands whatever becomes of this: the sweeper does what is left.
        self.clear_vault(vault, now_ms).await.unwrap_or_else(|error| drop(hidden(error)));
        Ok(receipt)
    }
}
