//! Opening a vault: from factors to root keys, only by slots of a verified control log.

use std::collections::BTreeMap;

use vault_protocol::control::{KdfCost, LiveSlot, Membership, SlotHeader};
use vault_protocol::{EpochId, Kind, Signer, VaultId};

use crate::keyring::Keyring;
use crate::secret::{DidKey, KindKey, RootKey, StateKey};
use crate::slot::{self, Factors, SlotPlace};

/// Why a vault did not open. No variant tells which factor of a set was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnlockError {
    /// No live slot is for a pair of these factors: this device has none in the newest epoch, or the kit was replaced.
    #[error("no slot is for these factors")]
    NoSlot,
    /// There are slots for these factors, and none opened: mostly a wrong password.
    #[error("a factor is wrong")]
    WrongFactor,
    /// What the slot opened does not belong to this vault and epoch (MS03, MS18).
    #[error("the record changed")]
    RecordChanged,
}

/// The keys of an open vault. Dropped, and so wiped, when it locks.
pub struct Opened {
    vault: VaultId,
    epoch: EpochId,
    roots: BTreeMap<EpochId, RootKey>,
    state: StateKey,
    did: DidKey,
    unopened: Vec<EpochId>,
}

impl Opened {
    /// The vault.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The newest epoch that opened: new writes are sealed under it.
    pub fn epoch(&self) -> EpochId {
        self.epoch
    }

    /// The root key of an epoch.
    pub fn root(&self, epoch: EpochId) -> Option<&RootKey> {
        self.roots.get(&epoch)
    }

    /// Every epoch whose messages can be read.
    pub fn epochs(&self) -> impl Iterator<Item = EpochId> + '_ {
        self.roots.keys().copied()
    }

    /// The key of one kind in one epoch; `None` if the epoch is not open. Worth keeping.
    pub fn kind_key(&self, kind: Kind, epoch: EpochId) -> Option<KindKey> {
        Some(self.root(epoch)?.kind_key(kind, self.vault, epoch))
    }

    /// Keys the state root.
    pub fn state(&self) -> &StateKey {
        &self.state
    }

    /// Signs as the vault's name: sync login, entitlement, sharing; never a control entry.
    pub fn did(&self) -> &DidKey {
        &self.did
    }

    /// Newest epochs that these factors do not open. While there are any, nothing is pushed: a joining epoch needs them all.
    pub fn unopened(&self) -> &[EpochId] {
        &self.unopened
    }

    /// Takes over what another pair of factors opened: for concurrent epochs with different passwords.
    pub fn join(&mut self, other: Self) {
        self.roots.extend(other.roots);
        self.unopened.retain(|epoch| !self.roots.contains_key(epoch));
    }

    /// As [`Self::join`], and new writes are sealed under `newer`'s epoch: this device's own one became void.
    pub fn follow(&mut self, newer: Self) {
        self.epoch = newer.epoch;
        self.unopened.clone_from(&newer.unopened);
        self.join(newer);
    }

    /// The keys after a new epoch was made on this device.
    pub(crate) fn following(&self, epoch: EpochId, root: RootKey) -> Self {
        let mut roots: BTreeMap<_, _> = self.roots.iter().map(|(epoch, root)| (*epoch, root.duplicate())).collect();
        roots.insert(epoch, root);
        Self { vault: self.vault, epoch, roots, state: self.state.duplicate(), did: self.did.duplicate(), unopened: Vec::new() }
    }

    /// The keyring of the epoch that follows this state.
    pub(crate) fn keyring(&self) -> Keyring {
        let older = self.roots.iter().map(|(epoch, root)| (*epoch, root.duplicate())).collect();
        Keyring { older, state: self.state.duplicate(), did: self.did.duplicate() }
    }

    pub(crate) fn first(vault: VaultId, epoch: EpochId, root: RootKey, state: StateKey, did: DidKey) -> Self {
        Self { vault, epoch, roots: BTreeMap::from([(epoch, root)]), state, did, unopened: Vec::new() }
    }
}

/// Opens the newest epoch, and through its keyring every older one. `membership` is the fold of a verified control log; P is derived with
/// its salt at [`password_cost`].
///
/// # Errors
///
/// [`UnlockError`].
pub fn open_vault(membership: &Membership, factors: Factors<'_>) -> Result<Opened, UnlockError> {
    let slots = membership.live_slots().iter().filter_map(|live| {
        let set = live.kind.factors()?;
        let header = suits(live, factors).filter(|_| !set.password || factors.password.is_some())?;
        Some(Candidate { kind: live.kind, epoch: live.epoch, cost: header.cost, message: &live.record.message })
    });
    open_by(membership, slots, factors)
}

/// The cost at which P must be derived for the slots that device or kit (those in `factors`) open together with the password: the one in
/// force, except for a slot written beside a raise. `None` if no slot takes the password.
pub fn password_cost(membership: &Membership, factors: Factors<'_>) -> Option<KdfCost> {
    let takes_password = |live: &&LiveSlot| live.kind.factors().is_some_and(|set| set.password);
    let mut costs = membership.live_slots().iter().filter(takes_password).filter_map(|live| suits(live, factors)).map(|header| header.cost);
    let first = costs.next()?;
    Some(if first == membership.cost() || costs.any(|cost| cost == membership.cost()) { membership.cost() } else { first })
}

/// The slot's header, if device and kit at hand are the very ones that it names.
fn suits(live: &LiveSlot, factors: Factors<'_>) -> Option<SlotHeader> {
    let set = live.kind.factors()?;
    let (_, header) = live.record.headers().ok()?;
    let device_fits = !set.device || factors.device.is_some_and(|device| device.public() == header.device);
    let kit_fits = !set.kit || factors.kit.is_some_and(|kit| kit.public() == header.kit);
    (device_fits && kit_fits).then_some(header)
}

/// A slot to try.
pub(crate) struct Candidate<'a> {
    pub(crate) kind: Kind,
    pub(crate) epoch: EpochId,
    /// That of its control entry, which the fold has compared with the one in force there.
    pub(crate) cost: KdfCost,
    pub(crate) message: &'a [u8],
}

pub(crate) fn open_by<'a>(
    membership: &Membership,
    candidates: impl Iterator<Item = Candidate<'a>>,
    factors: Factors<'_>,
) -> Result<Opened, UnlockError> {
    let vault = membership.vault();
    let mut opened: Option<Opened> = None;
    let mut n_tried = 0;
    for Candidate { kind, epoch, cost, message } in candidates {
        if opened.as_ref().is_some_and(|opened| opened.roots.contains_key(&epoch)) {
            continue;
        }
        n_tried += 1;
        let place = SlotPlace { kind, vault, epoch, salt: membership.salt(), cost };
        let Ok(payload) = slot::open(&place, factors, message) else { continue };
        let root = RootKey::from_slice(&payload).ok_or(UnlockError::RecordChanged)?;
        let next = open_epoch(membership, epoch, root)?;
        match &mut opened {
            None => opened = Some(next),
            Some(opened) => opened.join(next),
        }
    }
    match opened {
        Some(mut opened) => {
            opened.unopened = membership.newest_epochs().iter().copied().filter(|epoch| !opened.roots.contains_key(epoch)).collect();
            Ok(opened)
        }
        None if n_tried == 0 => Err(UnlockError::NoSlot),
        None => Err(UnlockError::WrongFactor),
    }
}

/// From the root key of `epoch` to everything its keyring holds, each key compared with its public half in the control log.
fn open_epoch(membership: &Membership, epoch: EpochId, root: RootKey) -> Result<Opened, UnlockError> {
    let vault = membership.vault();
    let state = membership.epochs().get(&epoch).ok_or(UnlockError::RecordChanged)?;
    let Keyring { older, state: state_key, did } =
        Keyring::open(&root, vault, epoch, &state.keyring).map_err(|_| UnlockError::RecordChanged)?;
    let mut roots = older;
    roots.insert(epoch, root);
    let genuine = |(epoch, root): (&EpochId, &RootKey)| match membership.epochs().get(epoch) {
        Some(state) => root.enrol_key(vault, *epoch).public_key() == state.enrol_key,
        // An epoch whose entry became void: what was written under it is still read.
        None => true,
    };
    if !roots.iter().all(genuine) || did.public_key() != membership.did() {
        return Err(UnlockError::RecordChanged);
    }
    Ok(Opened { vault, epoch, roots, state: state_key, did, unopened: Vec::new() })
}
