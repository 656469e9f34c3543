//! Replicas over maps instead of SQLite, one vault, one control log whose folds are given. Entries are sealed and signed for real.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use vault_crypto::{
    Entropy, EntropyError,
    compose::{NewVault, make_genesis},
    secret::{KindKey, LogSigningKey, StateTerms},
};
use vault_engine::log::{
    acks::AckMoment,
    body::{ControlHead, EntryBody},
    changes::Changes,
    edit::{Edit, EditError, WriteContext},
    entry::{EntryKeys, EntrySeal, Opened, open_entry, seal_entry},
    members::{LogMember, Members, Membership},
    object::{HistoryRecord, ObjectState},
    op::{Op, Value},
    pull::{OwnLog, Plan, PullError, ReadContext, Refusal},
    replica::{Notice, Replica, ReplicaState, Step},
    root::{Root, Term},
    row::{decode_history, decode_row},
    state::encode_purges,
    store::{LoadError, ObjectStore},
};
use vault_model::payload::{FieldClass, FieldKey};
use vault_protocol::{Dot, EpochId, Hash, Head, KdfCost, Kind, LogId, ObjectId, Salt, Signer, VaultId, entry::WireEntry};

/// SplitMix64 (Steele et al., 2014): enough to choose what a test does.
#[derive(Clone)]
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

impl Entropy for Rng {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        out.iter_mut().for_each(|byte| *byte = self.next() as u8);
        Ok(())
    }
}

/// The control log as the tests have it: a membership for every head, and which heads lie before it.
#[derive(Default)]
pub(crate) struct TestControl {
    folds: BTreeMap<ControlHead, (Arc<Membership>, BTreeSet<ControlHead>)>,
}

impl Members for TestControl {
    fn at(&self, head: &ControlHead) -> Option<Arc<Membership>> {
        self.folds.get(head).map(|(members, _)| members.clone())
    }

    fn descends(&self, later: &ControlHead, earlier: &ControlHead) -> bool {
        later == earlier || self.folds.get(later).is_some_and(|(_, before)| before.contains(earlier))
    }
}

impl TestControl {
    /// Adds a head on top of `parents` with these members.
    pub(crate) fn add(&mut self, parents: &[&ControlHead], members: Membership) -> ControlHead {
        let head = ControlHead::new([Hash([self.folds.len() as u8 + 1; 32])]);
        let mut before: BTreeSet<ControlHead> = parents.iter().map(|parent| (*parent).clone()).collect();
        before.extend(parents.iter().flat_map(|parent| self.folds[*parent].1.clone()));
        self.folds.insert(head.clone(), (Arc::new(members), before));
        head
    }
}

/// What one replica has stored.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) rows: BTreeMap<ObjectId, Vec<u8>>,
    pub(crate) history: BTreeMap<ObjectId, Vec<Vec<u8>>>,
    pub(crate) entries: BTreeMap<(LogId, u64), Arc<Opened>>,
    /// Rows read so far.
    pub(crate) n_loads: Cell<usize>,
}

impl Store {
    pub(crate) fn records(&self, object: ObjectId) -> Vec<HistoryRecord> {
        self.history.get(&object).into_iter().flatten().flat_map(|page| decode_history(page).expect("a page we wrote")).collect()
    }

    fn take(&mut self, step: &Step) {
        for change in &step.objects {
            self.rows.insert(change.object, change.row.to_vec());
            self.history.entry(change.object).or_default().extend(change.history.iter().map(|page| page.to_vec()));
        }
        for object in &step.retired {
            self.rows.remove(object);
            self.history.remove(object);
        }
    }
}

impl ObjectStore for Store {
    fn load(&self, object: ObjectId) -> Result<Option<ObjectState>, LoadError> {
        self.n_loads.set(self.n_loads.get() + 1);
        self.rows.get(&object).map(|row| decode_row(row).map_err(|_| LoadError)).transpose()
    }

    fn history(&self, object: ObjectId) -> Result<Vec<(FieldKey, Dot)>, LoadError> {
        Ok(self.records(object).into_iter().map(|record| (record.key, record.dot)).collect())
    }

    fn entry_hash(&self, log: LogId, seq: u64) -> Result<Option<Hash>, LoadError> {
        Ok(self.entries.get(&(log, seq)).map(|entry| entry.hash))
    }
}

/// Keys that all devices of the vault share.
pub(crate) struct Keys {
    pub(crate) vault: VaultId,
    pub(crate) epoch: EpochId,
    pub(crate) entry: KindKey,
    pub(crate) terms: StateTerms,
}

impl EntryKeys for Keys {
    fn entry_key(&self, epoch: EpochId) -> Option<&KindKey> {
        (epoch == self.epoch).then_some(&self.entry)
    }
}

impl Keys {
    pub(crate) fn make(entropy: &mut dyn Entropy) -> Self {
        let new = NewVault { password: None, salt: Salt([1; 32]), cost: KdfCost::FLOOR, rules: 1 };
        let opened = make_genesis(&new, entropy).expect("a genesis").opened;
        let epoch = opened.epoch();
        Self {
            vault: opened.vault(),
            epoch,
            entry: opened.kind_key(Kind::Entry, epoch).expect("its own epoch"),
            terms: opened.state().terms(),
        }
    }
}

/// One device.
pub(crate) struct Node {
    pub(crate) replica: Replica,
    pub(crate) store: Store,
    pub(crate) signer: LogSigningKey,
    /// What its clock is ahead of the world's, in milliseconds.
    pub(crate) ahead_ms: i64,
}

pub(crate) struct World {
    pub(crate) keys: Keys,
    pub(crate) control: TestControl,
    pub(crate) head: ControlHead,
    pub(crate) nodes: Vec<Node>,
    pub(crate) now_ms: u64,
    pub(crate) rng: Rng,
    opened: BTreeMap<Hash, Arc<Opened>>,
}

/// The log of device `n`.
pub(crate) fn log(n: usize) -> LogId {
    LogId([n as u8 + 0xa0; 16])
}

pub(crate) fn object(n: usize) -> ObjectId {
    ObjectId([n as u8 + 1; 16])
}

pub(crate) fn title() -> FieldKey {
    FieldKey::single(FieldClass::Title)
}

pub(crate) fn tag(name: &str) -> FieldKey {
    FieldKey::element(FieldClass::Tag, name)
}

pub(crate) fn text(text: &str) -> Value {
    Value::new(text.as_bytes().to_vec())
}

impl World {
    /// `n` devices, all members from the start.
    pub(crate) fn new(n: usize, seed: u64) -> Self {
        let mut rng = Rng(seed);
        let keys = Keys::make(&mut rng);
        let signers: Vec<LogSigningKey> = (0..n).map(|_| LogSigningKey::make(&mut rng).expect("a key")).collect();
        let member = |(n, signer): (usize, &LogSigningKey)| (log(n), LogMember { key: signer.public_key(), closed_at: None });
        let mut control = TestControl::default();
        let head = control.add(&[], Membership(signers.iter().enumerate().map(member).collect()));
        let node = |(n, signer)| Node { replica: Replica::new(log(n), head.clone()), store: Store::default(), signer, ahead_ms: 0 };
        let nodes = signers.into_iter().enumerate().map(node).collect();
        Self { keys, control, head, nodes, now_ms: 1_800_000_000_000, rng, opened: BTreeMap::new() }
    }

    /// The membership at the newest head.
    pub(crate) fn members(&self) -> Membership {
        (*self.control.at(&self.head).expect("the newest head")).clone()
    }

    /// A new control head in which `change` has happened. Devices learn it by [`World::fold`].
    pub(crate) fn change_members(&mut self, change: impl FnOnce(&mut Membership)) -> ControlHead {
        let mut members = self.members();
        change(&mut members);
        self.head = self.control.add(&[&self.head.clone()], members);
        self.head.clone()
    }

    /// Device `n` folds the control log to the newest head, signing first what it must.
    pub(crate) fn fold(&mut self, n: usize) {
        if self.nodes[n].replica.state().control == self.head {
            return;
        }
        let head = self.head.clone();
        let step = match self.nodes[n].replica.fold_control(&self.control, head.clone()) {
            Ok(step) => step,
            Err(_) => {
                self.ack(n);
                self.nodes[n].replica.fold_control(&self.control, head).expect("all is signed")
            }
        };
        self.nodes[n].replica.commit(step);
    }

    /// A new device with its own log.
    pub(crate) fn enrol(&mut self) -> usize {
        let n = self.nodes.len();
        let signer = LogSigningKey::make(&mut self.rng).expect("a key");
        let member = LogMember { key: signer.public_key(), closed_at: None };
        let head = self.change_members(|members| {
            members.0.insert(log(n), member);
        });
        self.nodes.push(Node { replica: Replica::new(log(n), head), store: Store::default(), signer, ahead_ms: 0 });
        n
    }

    pub(crate) fn clock(&self, n: usize) -> u64 {
        self.now_ms.saturating_add_signed(self.nodes[n].ahead_ms)
    }

    /// Device `n` writes an entry.
    pub(crate) fn write(&mut self, n: usize, ops: Vec<Op>) -> Result<Wrote, EditError> {
        let now_ms = self.clock(n);
        let node = &self.nodes[n];
        let seal = EntrySeal { vault: self.keys.vault, epoch: self.keys.epoch, key: &self.keys.entry, signer: &node.signer };
        let context = WriteContext { seal, terms: &self.keys.terms, members: &self.control, store: &node.store, now_ms };
        let edit = node.replica.edit(&context, ops, &[], &mut self.rng)?;
        let opened = self.open(edit.wire.clone());
        let node = &mut self.nodes[n];
        node.store.take(&edit.step);
        node.store.entries.insert((edit.log, edit.head.seq), opened);
        let Edit { head, dots, step, .. } = edit;
        let purges = encode_purges(&step.state().pending);
        assert_eq!(ReplicaState::decode(&step.state().encode(), Some(&purges)).as_ref(), Ok(step.state()), "a state survives storing");
        let wrote = Wrote { head, dots, retired: step.retired.clone() };
        node.replica.commit(step);
        Ok(wrote)
    }

    pub(crate) fn ack(&mut self, n: usize) {
        self.write(n, Vec::new()).expect("an ack");
    }

    /// Device `n` acks if its rules say so.
    pub(crate) fn ack_at_lock(&mut self, n: usize) {
        if self.nodes[n].replica.needs_ack(self.clock(n), AckMoment::Lock) {
            self.ack(n);
        }
    }

    /// Verifies and opens an entry, as each receiver would.
    pub(crate) fn open(&mut self, wire: WireEntry) -> Arc<Opened> {
        let members = self.members();
        let (keys, hash) = (&self.keys, wire.hash());
        let open = || Arc::new(open_entry(keys, &members, keys.vault, wire).expect("an entry of a member"));
        self.opened.entry(hash).or_insert_with(open).clone()
    }

    /// An entry of device `n` with a body of the test's choice, signed by its key.
    pub(crate) fn forge(&mut self, n: usize, prev: Head, body: &EntryBody) -> Arc<Opened> {
        let seal = EntrySeal { vault: self.keys.vault, epoch: self.keys.epoch, key: &self.keys.entry, signer: &self.nodes[n].signer };
        let wire = seal_entry(&seal, log(n), prev, body, &[], &mut self.rng).expect("an entry");
        self.open(wire)
    }

    /// What device `from` has and device `to` has not applied.
    pub(crate) fn missing(&self, from: usize, to: usize) -> Vec<Arc<Opened>> {
        let have = &self.nodes[to].replica;
        self.nodes[from].store.entries.values().filter(|entry| entry.seq > have.state().seq(entry.log)).cloned().collect()
    }

    /// Device `n` takes a batch in.
    pub(crate) fn stage(&self, n: usize, batch: Vec<Arc<Opened>>) -> Result<Plan, PullError> {
        let node = &self.nodes[n];
        let context = ReadContext { terms: &self.keys.terms, members: &self.control, store: &node.store, now_ms: self.clock(n) };
        node.replica.stage(&context, batch)
    }

    /// The same, stored and committed.
    pub(crate) fn take(&mut self, n: usize, batch: Vec<Arc<Opened>>) -> Result<Taken, PullError> {
        let Plan { entries, step, quarantined, refused, own } = self.stage(n, batch)?;
        let node = &mut self.nodes[n];
        node.store.take(&step);
        let taken = Taken { n_applied: entries.len(), notices: step.notices.clone(), quarantined: quarantined.len(), refused, own };
        node.store.entries.extend(entries.into_iter().map(|entry| ((entry.log, entry.seq), entry)));
        node.replica.commit(step);
        Ok(taken)
    }

    /// Device `to` pulls all that `from` has.
    pub(crate) fn pull(&mut self, to: usize, from: usize) -> Taken {
        self.fold(to);
        let batch = self.missing(from, to);
        self.take(to, batch).expect("a pull")
    }

    /// The devices that are members at the newest head.
    pub(crate) fn active(&self) -> Vec<usize> {
        let members = self.members();
        (0..self.nodes.len()).filter(|n| members.is_open(log(*n))).collect()
    }

    /// Every member pulls from every other and acks until nothing new is said.
    pub(crate) fn settle(&mut self) {
        let active = self.active();
        let everyone_pulls = |world: &mut Self| {
            for to in &active {
                world.fold(*to);
                active.iter().filter(|from| *from != to).for_each(|from| drop(world.pull(*to, *from)));
            }
        };
        for _ in 0..6 {
            everyone_pulls(self);
            self.now_ms += 1000;
            active.iter().for_each(|n| self.ack_at_lock(*n));
        }
        everyone_pulls(self);
    }

    /// The row of an object at a device; empty if there is none.
    pub(crate) fn state(&self, n: usize, object: ObjectId) -> ObjectState {
        self.nodes[n].store.load(object).expect("a row we wrote").unwrap_or_default()
    }

    pub(crate) fn root(&self, n: usize) -> Root {
        self.nodes[n].replica.state().root
    }

    /// The root, computed anew from all that is stored.
    pub(crate) fn root_of_rows(&self, n: usize) -> Root {
        let mut root = Root::default();
        let node = &self.nodes[n];
        node.store.rows.iter().for_each(|(object, row)| root.add(Term::of_object(&self.keys.terms, *object, row)));
        node.replica.retired().for_each(|object| root.add(Term::of_retired(&self.keys.terms, object)));
        root
    }

    /// Sets the title of an object as the person at device `n` sees it now.
    pub(crate) fn set_title(&mut self, n: usize, object: ObjectId, value: &str) -> Wrote {
        let seen = self.state(n, object);
        let mut changes = Changes::new(object, Some(&seen));
        changes.set(title(), text(value));
        self.write(n, changes.finish()).expect("an edit")
    }

    pub(crate) fn trash(&mut self, n: usize, object: ObjectId) {
        let seen = self.state(n, object);
        self.write(n, Changes::set_alive(object, &seen, false)).expect("an edit");
    }

    pub(crate) fn restore(&mut self, n: usize, object: ObjectId) {
        let seen = self.state(n, object);
        self.write(n, Changes::set_alive(object, &seen, true)).expect("an edit");
    }

    pub(crate) fn purge(&mut self, n: usize, object: ObjectId) -> Wrote {
        self.write(n, Changes::purge(object)).expect("a purge")
    }

    pub(crate) fn title_of(&self, n: usize, object: ObjectId) -> Option<String> {
        self.state(n, object).shown(&title()).map(|value| String::from_utf8_lossy(value).into_owned())
    }

    /// Every member holds the same, and its root is that of its rows.
    pub(crate) fn assert_equal(&self) {
        let active = self.active();
        let first = &self.nodes[active[0]];
        for n in active {
            assert_eq!(self.root(n), self.root_of_rows(n), "the root of device {n} is that of its rows");
            assert_eq!(self.nodes[n].store.rows, first.store.rows, "device {n} has the rows of the first");
            assert!(self.nodes[n].replica.retired().eq(first.replica.retired()), "device {n} has retired what the first has");
        }
    }
}

/// What an edit did.
#[derive(Debug)]
pub(crate) struct Wrote {
    pub(crate) head: Head,
    pub(crate) dots: Vec<Dot>,
    pub(crate) retired: Vec<ObjectId>,
}

/// What a pull did.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) n_applied: usize,
    pub(crate) notices: Vec<Notice>,
    pub(crate) quarantined: usize,
    pub(crate) refused: Vec<Refusal>,
    pub(crate) own: OwnLog,
}
