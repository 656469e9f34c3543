//! Registration and the control log.

use vault_protocol::{
    Hash, VaultId,
    api::{ApiError, AppendControl, ControlPage, HttpRequest, Position, Purpose, ReadControl, Register, Registered, bounds::MAX_HEADS},
    control::{ControlBody, ControlEntry, ControlLog},
};

use super::{Service, hidden, members::Role};
use crate::{
    Peer,
    entropy::random,
    limiter::Bucket,
    store::{Appended, ControlRow, Registration, Room, Store, VaultRow},
};

/// Bytes of control entries in one page.
const PAGE_BYTES: u64 = 4 << 20;

impl<S: Store> Service<S> {
    pub(super) async fn register(&self, call: Register, peer: Peer, now_ms: u64) -> Result<Registered, ApiError> {
        self.limiter.take(&[Bucket::Registrations(peer)], now_ms)?;
        let genesis = ControlEntry::parse(&call.genesis).map_err(|_error| ApiError::ControlRefused)?;
        let ControlBody::Genesis(body) = &genesis.body else { return Err(ApiError::ControlRefused) };
        let (did, vault, hash) = (body.did, body.did.vault_id(), genesis.hash());
        // The genesis is signed by the vault's name: nobody else can register it.
        ControlLog::new(vault, genesis).map_err(|_error| ApiError::ControlRefused)?;
        if let Some(row) = self.living_vault(vault, now_ms).await? {
            return registered(vault, row.genesis, hash);
        }
        if !call.create {
            return Err(ApiError::NotRegistered);
        }
        let row = VaultRow {
            vault,
            instance: random(&*self.entropy).map_err(|error| hidden(error.into()))?,
            did,
            genesis: hash,
            registered_ms: now_ms,
            n_entries: 0,
            n_control: 1,
            stored_bytes: call.genesis.len() as u64,
            control_bytes: call.genesis.len() as u64,
            last_push_ms: None,
            deletion_due_ms: None,
        };
        match self.store.register(row, call.genesis).await.map_err(hidden)? {
            Registration::Created => Ok(Registered { vault, created: true }),
            Registration::Known { genesis } => registered(vault, genesis, hash),
        }
    }

    pub(super) async fn read_control(&self, call: ReadControl, request: &HttpRequest, now_ms: u64) -> Result<ControlPage, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?;
        let held = self.members.hold(&self.store, &session.vault).await.map_err(hidden)?;
        let log = held.log().ok_or(ApiError::Internal)?;
        // What the log in memory and the page say must be one state: entries beyond it are left for the next page.
        let (n_control, heads) = (log.n_entries() as u64, shown(log.heads()));
        drop(held);
        let mut entries = self.store.control(call.vault, call.after, PAGE_BYTES).await.map_err(hidden)?;
        entries.truncate(usize::try_from(n_control.saturating_sub(call.after)).unwrap_or(usize::MAX));
        Ok(ControlPage { n_control, heads, entries })
    }

    pub(super) async fn append_control(&self, call: AppendControl, request: &HttpRequest, now_ms: u64) -> Result<Position, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync, Purpose::Join])?;
        // A password lets one device in at a time.
        if session.role == Role::Login && call.entries.len() > 1 {
            return Err(ApiError::Forbidden);
        }
        let mut entries = Vec::with_capacity(call.entries.len());
        for wire in call.entries {
            let entry = ControlEntry::parse(&wire).map_err(|_error| ApiError::ControlRefused)?;
            entries.push((entry.hash(), entry, wire));
        }
        // Whoever had a place brings what it wrote apart only with the settle that says what of it stands.
        let settles = entries.last().is_some_and(|(_, entry, _)| matches!(entry.body, ControlBody::Settle(_)));
        let is_settled = session.role == Role::Former && settles;
        if !is_settled && entries.iter().any(|(_, entry, _)| !may_append(session.role, entry)) {
            return Err(ApiError::Forbidden);
        }
        let mut held = self.members.hold(&self.store, &session.vault).await.map_err(hidden)?;
        let log = held.log().ok_or(ApiError::Internal)?;
        let n_before = log.n_entries() as u64;
        entries.retain(|(hash, ..)| !log.contains(*hash));
        if entries.is_empty() {
            return Ok(position(&session.vault, log));
        }
        if log.heads() != call.heads {
            return Err(stale(log));
        }
        let log = held.log_mut().ok_or(ApiError::Internal)?;
        let mut rows = Vec::with_capacity(entries.len());
        for (hash, entry, wire) in entries {
            log.append(entry).map_err(|_error| ApiError::ControlRefused)?;
            rows.push(ControlRow { hash, wire });
        }
        // And nothing that counts for nobody: it would only fill the log.
        let is_void = |row: &ControlRow| log.state().void_entries().contains(&row.hash);
        let in_vain = if is_settled { rows.last().is_some_and(is_void) } else { rows.iter().any(is_void) };
        if session.role == Role::Former && in_vain {
            return Err(ApiError::ControlRefused);
        }
        let position = position(&session.vault, log);
        let bootstrap = log.state().bootstrap();
        let (vault, instance, room) = (call.vault, session.vault.instance, self.room());
        match self.store.append_control(vault, instance, n_before, rows, room).await.map_err(hidden)? {
            Appended::Done => {
                held.stored();
                drop(held);
                self.drop_old_bootstrap(vault, bootstrap).await?;
                self.changed(vault);
                Ok(position)
            }
            Appended::Moved => {
                drop(held);
                Err(self.stale_now(vault, now_ms).await?)
            }
            Appended::Full => Err(ApiError::VaultFull),
        }
    }

    /// What a vault may have. The control log is kept in memory while it is in use, so it has a bound of its own.
    fn room(&self) -> Room {
        Room { control_bytes: self.settings.max_control_bytes, bytes: self.settings.max_vault_bytes }
    }

    /// A record that the control log no longer allows goes: a former password must open nothing.
    async fn drop_old_bootstrap(&self, vault: VaultId, allowed: Option<Hash>) -> Result<(), ApiError> {
        let stored = self.store.bootstrap(vault).await.map_err(hidden)?;
        if stored.is_some_and(|row| Some(row.hash) != allowed) {
            self.store.put_bootstrap(vault, None).await.map_err(hidden)?;
        }
        Ok(())
    }

    /// The refusal that names the heads as they are now.
    pub(super) async fn stale_now(&self, vault: VaultId, now_ms: u64) -> Result<ApiError, ApiError> {
        let row = self.living_vault(vault, now_ms).await?.ok_or(ApiError::NotRegistered)?;
        let held = self.members.hold(&self.store, &row).await.map_err(hidden)?;
        Ok(stale(held.log().ok_or(ApiError::Internal)?))
    }
}

fn registered(vault: VaultId, known: Hash, named: Hash) -> Result<Registered, ApiError> {
    if known == named { Ok(Registered { vault, created: false }) } else { Err(ApiError::OtherGenesis) }
}

/// Whether a session may append this. Each entry is signed by whoever may write it, too, which the control log checks: the owner key, and whoever
/// once had a place, bring what gives a device its place or ends a conflict, a password only an enrolment.
fn may_append(role: Role, entry: &ControlEntry) -> bool {
    match (role, &entry.body) {
        (Role::Member | Role::Name, _) | (Role::Owner | Role::Former | Role::Login, ControlBody::Enrol(..)) => true,
        (Role::Owner | Role::Former, ControlBody::Incarnation(..) | ControlBody::Settle(_)) => true,
        (
            Role::Owner | Role::Former | Role::Login,
            ControlBody::Genesis(_)
            | ControlBody::Incarnation(..)
            | ControlBody::Epoch(_)
            | ControlBody::Slots(_)
            | ControlBody::Floor(_)
            | ControlBody::Allow(_)
            | ControlBody::Retire(_)
            | ControlBody::Settle(_),
        ) => false,
    }
}

pub(super) fn stale(log: &ControlLog) -> ApiError {
    ApiError::StaleControl { heads: shown(log.heads()), n_control: log.n_entries() as u64 }
}

pub(super) fn shown(heads: &[Hash]) -> Vec<Hash> {
    heads.iter().copied().take(MAX_HEADS).collect()
}

fn position(row: &VaultRow, log: &ControlLog) -> Position {
    Position { n_entries: row.n_entries, n_control: log.n_entries() as u64, control_heads: shown(log.heads()) }
}
