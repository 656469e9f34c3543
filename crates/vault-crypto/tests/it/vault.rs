//! From genesis through enrolment, password change and revocation: who opens what (LD02, LD03, MS03, MS04, MS18).

use vault_crypto::bootstrap::BootstrapRecord;
use vault_crypto::compose::{
    ComposeError, GenesisMade, NewDevice, NewEpoch, NewVault, make_allow, make_enrol, make_epoch, make_genesis, make_salt, make_self_enrol,
    make_slots,
};
use vault_crypto::secret::{DeviceSecret, LogSigningKey, LoginKey, PasswordKey, RecoverySecret};
use vault_crypto::slot::Factors;
use vault_crypto::vault::{Opened, UnlockError, open_vault, password_cost};
use vault_protocol::control::{ControlBody, ControlEntry, ControlLog, Cut, KdfCost, Membership, Removed};
use vault_protocol::{DeviceId, Hash, Kind, LogId, Signer};

use crate::support::{Seeded, error_of};

/// A vault with one device, and what its owner holds.
pub(crate) struct World {
    pub(crate) log: ControlLog,
    pub(crate) opened: Opened,
    pub(crate) device: DeviceId,
    pub(crate) d: DeviceSecret,
    pub(crate) log_id: LogId,
    pub(crate) log_key: LogSigningKey,
    pub(crate) kit: RecoverySecret,
    pub(crate) p: Option<PasswordKey>,
    pub(crate) entropy: Seeded,
}

pub(crate) fn password(byte: u8) -> PasswordKey {
    PasswordKey::from_slice(&[byte; 32]).unwrap()
}

pub(crate) fn d(seed: &str) -> DeviceSecret {
    DeviceSecret::make(&mut Seeded::new(seed)).unwrap()
}

impl World {
    pub(crate) fn new(seed: &str, p: Option<PasswordKey>) -> Self {
        let mut entropy = Seeded::new(seed);
        let salt = make_salt(&mut entropy).unwrap();
        let new = NewVault { password: p.as_ref(), salt, cost: KdfCost::FLOOR, rules: 1 };
        let GenesisMade { entry, opened, device, device_key, log, log_key, kit } = make_genesis(&new, &mut entropy).unwrap();
        let control = ControlLog::new(entry.vault, entry).unwrap();
        Self { log: control, opened, device, d: device_key, log_id: log, log_key, kit, p, entropy }
    }

    pub(crate) fn state(&self) -> &Membership {
        self.log.state()
    }

    fn factors<'a>(&'a self, set: &str) -> Factors<'a> {
        Factors {
            password: set.contains('P').then(|| self.p.as_ref().unwrap()),
            device: set.contains('D').then_some(&self.d),
            kit: set.contains('R').then_some(&self.kit),
        }
    }

    pub(crate) fn append(&mut self, entry: ControlEntry) {
        self.log.append(entry).unwrap();
    }

    /// A second device, enrolled by the first.
    pub(crate) fn enrol(&mut self, seed: &str) -> (DeviceId, LogId, LogSigningKey, DeviceSecret) {
        let mut entropy = Seeded::new(seed);
        let key = LogSigningKey::make(&mut entropy).unwrap();
        let d = DeviceSecret::make(&mut entropy).unwrap();
        let tag = *blake3::hash(seed.as_bytes()).as_bytes();
        let (device, log) = (DeviceId(tag[..16].try_into().unwrap()), LogId(tag[16..].try_into().unwrap()));
        let new = NewDevice { device, log, log_key: key.public_key(), device_key: d.public() };
        let entry = make_enrol(&self.log, &self.opened, self.p.as_ref(), new, &key, &self.log_key, &mut self.entropy).unwrap();
        self.append(entry);
        (device, log, key, d)
    }

    fn removal(&self, device: DeviceId) -> Removed {
        let cuts = self.state().devices()[&device].logs.iter().map(|log| Cut { log: *log, seq: 0, hash: Hash::ZERO }).collect();
        Removed { device, cuts }
    }

    /// A password change.
    pub(crate) fn epoch_with(&mut self, p: &PasswordKey) {
        self.epoch(plain(Some(p)));
    }

    /// A new epoch, taken over.
    fn epoch(&mut self, new: NewEpoch<'_>) {
        let made = make_epoch(&self.log, &self.opened, new, &self.log_key, &mut self.entropy).unwrap();
        self.log.append(made.entry).unwrap();
        self.opened = made.opened;
    }
}

fn plain<'a>(password: Option<&'a PasswordKey>) -> NewEpoch<'a> {
    NewEpoch { password, removed: Vec::new(), new_kit: None, device_key: None, login: None }
}

#[test]
fn ld02_each_allowed_pair_opens_and_no_single_factor_or_other_pair_does() {
    let world = World::new("ld02", Some(password(1)));
    let table = [("", false), ("P", false), ("D", false), ("R", false), ("PD", true), ("PR", true), ("DR", true), ("PDR", true)];
    for (set, opens) in table {
        let opened = open_vault(world.state(), world.factors(set));
        assert_eq!(opened.is_ok(), opens, "{set}");
        if let Err(error) = opened {
            assert_eq!(error, UnlockError::NoSlot, "{set}");
        }
    }
    // A pair with one wrong half is no pair.
    let (wrong_p, wrong_d) = (password(9), d("other"));
    let wrong_r = RecoverySecret::make(&mut Seeded::new("other")).unwrap();
    let right = world.factors("PDR");
    for (factors, error) in [
        (Factors { password: Some(&wrong_p), kit: None, ..right }, UnlockError::WrongFactor),
        (Factors { password: Some(&wrong_p), device: None, ..right }, UnlockError::WrongFactor),
        (Factors { device: Some(&wrong_d), kit: None, ..right }, UnlockError::NoSlot),
        (Factors { device: Some(&wrong_d), password: None, ..right }, UnlockError::NoSlot),
        (Factors { kit: Some(&wrong_r), device: None, ..right }, UnlockError::NoSlot),
        (Factors { kit: Some(&wrong_r), password: None, ..right }, UnlockError::NoSlot),
    ] {
        assert_eq!(error_of(open_vault(world.state(), factors)), error);
    }
}

#[test]
fn ld02_before_the_first_password_the_device_alone_opens_and_afterwards_no_longer() {
    let mut world = World::new("first", None);
    assert!(open_vault(world.state(), world.factors("D")).is_ok());
    assert!(open_vault(world.state(), world.factors("R")).is_err());
    assert!(open_vault(world.state(), world.factors("DR")).is_ok());
    world.p = Some(password(1));
    let p = password(1);
    world.epoch(plain(Some(&p)));
    for (set, opens) in [("D", false), ("P", false), ("R", false), ("PD", true), ("PR", true), ("DR", true)] {
        assert_eq!(open_vault(world.state(), world.factors(set)).is_ok(), opens, "{set}");
    }
    let again = make_epoch(&world.log, &world.opened, plain(None), &world.log_key, &mut world.entropy);
    assert_eq!(error_of(again), ComposeError::PasswordNeeded);
}

#[test]
fn ld02_with_address_and_password_the_password_alone_opens_only_the_named_record() {
    let mut world = World::new("address", Some(password(1)));
    let login = LoginKey::from_slice(&[3; 32]).unwrap();
    let record = {
        let p = password(1);
        BootstrapRecord::make_for(world.log.state(), &world.opened, &p, login.public_key(), &mut world.entropy).unwrap()
    };
    assert_eq!(error_of(record.open(world.state(), &password(1))), UnlockError::RecordChanged, "not allowed yet");
    let allow = make_allow(&world.log, Some(record.hash()), &world.log_key).unwrap();
    world.append(allow);
    assert!(record.open(world.state(), &password(1)).is_ok());
    assert_eq!(error_of(record.open(world.state(), &password(2))), UnlockError::WrongFactor);
    assert_eq!(error_of(open_vault(world.state(), world.factors("P"))), UnlockError::NoSlot, "the control log alone is not enough");

    let wire = record.encode();
    assert!(BootstrapRecord::parse(&wire).as_ref() == Some(&record));
    for at in 0..wire.len() {
        let mut altered = wire.clone();
        altered[at] ^= 1;
        let opened = BootstrapRecord::parse(&altered).map(|record| record.open(world.state(), &password(1)).is_ok());
        assert_ne!(opened, Some(true), "byte {at}");
    }
    // A password change while it is on writes another record; the old one is void.
    let p = password(2);
    let new = NewEpoch { login: Some(&login), ..plain(Some(&p)) };
    let made = make_epoch(&world.log, &world.opened, new, &world.log_key, &mut world.entropy).unwrap();
    world.append(made.entry);
    assert_eq!(error_of(record.open(world.state(), &password(1))), UnlockError::RecordChanged);
    assert!(made.bootstrap.unwrap().open(world.state(), &password(2)).is_ok());
}

#[test]
fn ld03_a_revoked_device_opens_nothing_after_its_removal_and_the_others_do_without_having_been_online() {
    let mut world = World::new("ld03", Some(password(1)));
    let (friend, _, _, friend_d) = world.enrol("friend");
    let (thief, _, _, thief_d) = world.enrol("thief");
    let both = |d| Factors { password: world.p.as_ref(), device: Some(d), kit: None };
    assert!(open_vault(world.state(), both(&friend_d)).is_ok() && open_vault(world.state(), both(&thief_d)).is_ok());

    let removed = vec![world.removal(thief)];
    let p = password(1);
    world.epoch(NewEpoch { removed, ..plain(Some(&p)) });
    assert!(world.state().is_current(friend) && !world.state().is_current(thief));
    let with = |d| Factors { password: world.p.as_ref(), device: Some(d), kit: Some(&world.kit) };
    let of_friend = open_vault(world.state(), Factors { kit: None, ..with(&friend_d) }).unwrap();
    assert_eq!(of_friend.epoch(), world.opened.epoch());
    assert_eq!(of_friend.epochs().count(), 2, "the older epoch came with the keyring");
    assert!(open_vault(world.state(), Factors { device: None, ..with(&thief_d) }).is_ok(), "the kit still opens");
    assert_eq!(error_of(open_vault(world.state(), Factors { kit: None, ..with(&thief_d) })), UnlockError::NoSlot);
    assert_eq!(error_of(open_vault(world.state(), Factors { password: None, ..with(&thief_d) })), UnlockError::NoSlot);
}

#[test]
fn ld12_using_the_kit_makes_a_new_epoch_and_voids_the_old_kit() {
    let mut world = World::new("ld12", Some(password(1)));
    // A cold device: kit and password, no server, no device.
    let cold = open_vault(world.state(), world.factors("PR")).unwrap();
    let d = d("cold");
    let enrolled = make_self_enrol(&world.log, &cold, world.p.as_ref(), &d, &mut world.entropy).unwrap();
    world.append(enrolled.entry);
    assert!(world.state().is_current(enrolled.device));
    let new_kit = RecoverySecret::make(&mut world.entropy).unwrap();
    let p = password(1);
    let new = NewEpoch { new_kit: Some(&new_kit), ..plain(Some(&p)) };
    let made = make_epoch(&world.log, &cold, new, &enrolled.log_key, &mut world.entropy).unwrap();
    world.append(made.entry);
    for set in ["PR", "DR"] {
        assert_eq!(error_of(open_vault(world.state(), world.factors(set))), UnlockError::NoSlot, "the old kit, {set}");
        assert!(open_vault(world.state(), Factors { kit: Some(&new_kit), ..world.factors(set) }).is_ok(), "the new kit, {set}");
    }
    assert!(open_vault(world.state(), world.factors("PD")).is_ok(), "the first device still opens");
}

#[test]
fn a_fresh_device_key_replaces_the_old_one_with_the_epoch() {
    let mut world = World::new("fresh", Some(password(1)));
    let (fresh, p) = (d("fresh d"), password(2));
    world.epoch(NewEpoch { device_key: Some(fresh.public()), ..plain(Some(&p)) });
    world.p = Some(p);
    assert_eq!(error_of(open_vault(world.state(), world.factors("PD"))), UnlockError::NoSlot);
    assert!(open_vault(world.state(), Factors { device: Some(&fresh), ..world.factors("P") }).is_ok());
}

#[test]
fn a_raised_cost_rewrites_every_slot_that_takes_the_password() {
    let mut world = World::new("cost", Some(password(1)));
    let (_, _, _, other_d) = world.enrol("other");
    let (raised, p) = (KdfCost { passes: 4, ..KdfCost::FLOOR }, password(4));
    let entry = make_slots(&world.log, &world.opened, &p, raised, &world.log_key, &mut world.entropy).unwrap();
    world.append(entry);
    assert_eq!(world.state().cost(), raised);
    world.p = Some(p);
    for set in ["PD", "PR", "DR"] {
        assert!(open_vault(world.state(), world.factors(set)).is_ok(), "{set}");
    }
    let other = Factors { device: Some(&other_d), ..world.factors("P") };
    assert!(open_vault(world.state(), other).is_ok());
    assert_eq!(password_cost(world.state(), other), Some(raised));
    let old = password(1);
    let with_old = Factors { password: Some(&old), ..world.factors("D") };
    assert_eq!(error_of(open_vault(world.state(), with_old)), UnlockError::WrongFactor);
    let p = password(1);
    let lower = make_slots(&world.log, &world.opened, &p, KdfCost::FLOOR, &world.log_key, &mut world.entropy);
    assert_eq!(error_of(lower), ComposeError::CostFell);
}

#[test]
fn concurrent_epochs_are_joined_by_whoever_opens_both() {
    let mut world = World::new("concurrent", Some(password(1)));
    let (_, _, friend_key, friend_d) = world.enrol("friend");
    let (p1, p2) = (password(1), password(2));
    // Two members change the epoch without having seen each other.
    let mine = make_epoch(&world.log, &world.opened, plain(Some(&p1)), &world.log_key, &mut world.entropy).unwrap();
    let theirs = make_epoch(&world.log, &world.opened, plain(Some(&p2)), &friend_key, &mut world.entropy).unwrap();
    world.append(mine.entry);
    world.append(theirs.entry);
    assert_eq!(world.state().newest_epochs().len(), 2);
    let mut opened = open_vault(world.state(), world.factors("PD")).unwrap();
    assert_eq!(opened.unopened().len(), 1, "the other epoch has another password");
    let refused = make_epoch(&world.log, &opened, plain(Some(&p1)), &world.log_key, &mut world.entropy);
    assert_eq!(error_of(refused), ComposeError::ConcurrentEpochs);
    opened.join(open_vault(world.state(), Factors { password: Some(&p2), ..world.factors("D") }).unwrap());
    assert!(opened.unopened().is_empty());
    let joined = make_epoch(&world.log, &opened, plain(Some(&p2)), &world.log_key, &mut world.entropy).unwrap();
    world.append(joined.entry);
    let of_friend = open_vault(world.state(), Factors { password: Some(&p2), device: Some(&friend_d), kit: None }).unwrap();
    assert_eq!(of_friend.epochs().count(), 4, "first, both, and the joining one");
    assert_eq!(of_friend.unopened(), []);
}

#[test]
fn every_key_of_the_vault_survives_its_epochs() {
    let mut world = World::new("keys", Some(password(1)));
    let first = world.opened.epoch();
    let message = {
        let key = world.opened.kind_key(Kind::Row, first).unwrap();
        let header = vault_protocol::SealedHeader::new(Kind::Row, world.log.vault(), first);
        vault_crypto::message::seal(&key, &header, b"old", &mut world.entropy).unwrap()
    };
    let term = world.opened.state().terms().gone(vault_protocol::ObjectId([1; 16]));
    for byte in 2..5 {
        let p = password(byte);
        world.epoch(plain(Some(&p)));
        world.p = Some(p);
    }
    let opened = open_vault(world.state(), world.factors("PD")).unwrap();
    let key = opened.kind_key(Kind::Row, first).unwrap();
    let header = vault_protocol::SealedHeader::new(Kind::Row, world.log.vault(), first);
    assert_eq!(*vault_crypto::message::open(&key, &header, &message).unwrap(), b"old");
    assert_eq!(opened.state().terms().gone(vault_protocol::ObjectId([1; 16])), term);
    assert_eq!(opened.did().public_key(), world.state().did());
}

#[test]
fn ms18_a_stranger_or_removed_member_composes_nothing() {
    let mut world = World::new("ms18", Some(password(1)));
    let stranger = LogSigningKey::make(&mut Seeded::new("stranger")).unwrap();
    let p = password(1);
    let epoch = make_epoch(&world.log, &world.opened, plain(Some(&p)), &stranger, &mut world.entropy);
    assert_eq!(error_of(epoch), ComposeError::NotMember);
    let me = world.removal(world.device);
    let new = NewEpoch { removed: vec![me], ..plain(Some(&p)) };
    let suicide = make_epoch(&world.log, &world.opened, new, &world.log_key, &mut world.entropy);
    assert_eq!(error_of(suicide), ComposeError::RemovesSelf);
    let nobody = Removed { device: DeviceId([9; 16]), cuts: Vec::new() };
    let new = NewEpoch { removed: vec![nobody], ..plain(Some(&p)) };
    let unknown = make_epoch(&world.log, &world.opened, new, &world.log_key, &mut world.entropy);
    assert_eq!(error_of(unknown), ComposeError::Unknown);
}

#[test]
fn ms18_a_root_key_that_does_not_belong_to_its_epochs_enrol_key_is_refused() {
    let mut world = World::new("overwrite", Some(password(1)));
    let p = password(1);
    let made = make_epoch(&world.log, &world.opened, plain(Some(&p)), &world.log_key, &mut world.entropy).unwrap();
    // A member who names another enrol key, so that somebody else could enrol devices under this epoch.
    let ControlBody::Epoch(mut epoch) = made.entry.body else { panic!("an epoch") };
    epoch.enrol_key = LogSigningKey::make(&mut world.entropy).unwrap().public_key();
    let heads = world.log.heads().to_vec();
    let entry = ControlEntry::sign(world.log.vault(), heads, world.log.next_number(), ControlBody::Epoch(epoch), &world.log_key);
    world.append(entry);
    assert_eq!(error_of(open_vault(world.state(), world.factors("PD"))), UnlockError::RecordChanged);
}
