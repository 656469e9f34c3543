//! Lines of THREATS.md that the log answers for.

use vault_engine::log::{
    apply::RefusedWhy,
    body::EntryBody,
    changes::Changes,
    edit::EditError,
    entry::{OpenEntryError, open_entry},
    members::Membership,
    op::{Op, Write},
    pull::{OwnLog, PullError, Refusal},
    reissue::Reissue,
    replica::Replica,
    root::Root,
};
use vault_protocol::{Dot, Hash, Head, VaultId, VersionVector, entry::WireEntry};

use crate::world::{World, log, object, text, title};

const NOTHING: Head = Head { seq: 0, hash: Hash::ZERO };

/// A body as device `n` would sign it now, with ops of the test's choice.
fn body_of(world: &World, n: usize, ops: Vec<Op>) -> EntryBody {
    let state = world.nodes[n].replica.state();
    let mut seen = state.vector();
    seen.0.remove(&log(n));
    let seen = seen.since(&state.log(log(n)).seen);
    let hlc = state.clock.tick(world.now_ms);
    EntryBody { rules: 1, hlc, wall_ms: world.now_ms, control: state.control.clone(), seen, root: Root::default(), ops }
}

fn title_over(over: Vec<Dot>) -> Op {
    Op::Write(Write { object: object(0), key: title(), over, value: Some(text("forged")) })
}

#[test]
fn ms09_an_entry_met_again_changes_nothing() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "old");
    let old = world.missing(0, 1);
    world.pull(1, 0);
    world.set_title(0, object(0), "new");
    world.pull(1, 0);
    let before = (world.root(1), world.nodes[1].store.rows.clone());
    let all: Vec<_> = world.nodes[0].store.entries.values().cloned().collect();
    for batch in [old.clone(), all.clone(), [all, old].concat()] {
        let taken = world.take(1, batch).expect("a pull");
        assert_eq!(taken.n_applied, 0);
    }
    assert_eq!(before, (world.root(1), world.nodes[1].store.rows.clone()));
    assert_eq!(world.title_of(1, object(0)).as_deref(), Some("new"));
}

#[test]
fn ms09_a_batch_with_everything_twice_is_applied_once() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "old");
    world.set_title(0, object(0), "new");
    let batch = world.missing(0, 1);
    let taken = world.take(1, [batch.clone(), batch].concat()).expect("a pull");
    assert_eq!(taken.n_applied, 2);
    world.assert_equal();
}

#[test]
fn ms10_an_entry_waits_for_its_predecessor_and_a_lasting_gap_is_named() {
    let mut world = World::new(2, 1);
    for value in ["one", "two", "three"] {
        world.set_title(0, object(0), value);
    }
    let batch = world.missing(0, 1);
    let taken = world.take(1, vec![batch[2].clone(), batch[0].clone()]).expect("a pull");
    assert_eq!(taken.n_applied, 1);
    assert_eq!(world.title_of(1, object(0)).as_deref(), Some("one"));

    let replica = &world.nodes[1].replica;
    assert_eq!(replica.gaps(world.now_ms, 600_000), []);
    let gaps = replica.gaps(world.now_ms + 600_000, 600_000);
    assert_eq!(gaps.iter().map(|gap| (gap.log, gap.seq, gap.needs, gap.needs_seq)).collect::<Vec<_>>(), [(log(0), 3, log(0), 2)]);

    let taken = world.take(1, vec![batch[1].clone()]).expect("a pull");
    assert_eq!(taken.n_applied, 2);
    assert_eq!(world.nodes[1].replica.gaps(u64::MAX, 0), []);
    world.assert_equal();
}

#[test]
fn ms10_an_entry_waits_for_what_its_author_had_seen() {
    let mut world = World::new(3, 1);
    world.set_title(0, object(0), "one");
    world.pull(1, 0);
    world.set_title(1, object(0), "two");
    let second: Vec<_> = world.missing(1, 2).into_iter().filter(|entry| entry.log == log(1)).collect();
    assert_eq!(world.take(2, second).expect("a pull").n_applied, 0);
    let gap = world.nodes[2].replica.gaps(world.now_ms, 0);
    assert_eq!((gap[0].log, gap[0].needs, gap[0].needs_seq), (log(1), log(0), 1));
    let first: Vec<_> = world.missing(0, 2);
    assert_eq!(world.take(2, first).expect("a pull").n_applied, 2);
    assert_eq!(world.title_of(2, object(0)).as_deref(), Some("two"));
}

#[test]
fn ms11_a_state_other_than_the_signed_one_is_an_alarm_and_nothing_is_applied() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    let honest = world.missing(0, 1);
    // The author claims another root for its next state.
    let head = world.nodes[0].replica.state().log(log(0)).head;
    let body = body_of(&world, 0, vec![]);
    let forged = world.forge(0, head, &body);
    let error = world.stage(1, [honest.clone(), vec![forged]].concat()).err();
    assert_eq!(error, Some(PullError::Root { log: log(0), seq: 2 }));
    assert_eq!(world.nodes[1].replica.state().seq(log(0)), 0);
    assert_eq!(world.take(1, honest).expect("a pull").n_applied, 1);
}

#[test]
fn ms11_a_seen_that_names_another_hash_is_an_alarm() {
    let mut world = World::new(3, 1);
    world.set_title(0, object(0), "one");
    world.pull(2, 0);
    let wrong = Head { seq: 1, hash: Hash([9; 32]) };
    let mut body = body_of(&world, 1, vec![]);
    body.seen = VersionVector([(log(0), wrong)].into());
    let forged = world.forge(1, NOTHING, &body);
    assert_eq!(world.stage(2, vec![forged]).err(), Some(PullError::Fork { log: log(0), seq: 1 }));
}

#[test]
fn ms16_a_seen_that_names_another_entry_of_our_own_log_applies_nothing_and_asks_for_that_entry() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    let elsewhere = Head { seq: 1, hash: Hash([9; 32]) };
    let mut body = body_of(&world, 1, vec![]);
    body.seen = VersionVector([(log(0), elsewhere)].into());
    let entry = world.forge(1, NOTHING, &body);
    let plan = world.stage(0, vec![entry]).expect("a plan");
    assert_eq!(plan.own, OwnLog::Elsewhere { seq: 1 });
    assert!(plan.entries.is_empty() && !plan.step.state().halted);
}

#[test]
fn ms11_a_seen_that_does_not_grow_is_refused_and_its_log_stops() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    world.pull(1, 0);
    world.ack(1);
    let said = world.nodes[1].replica.state().log(log(1)).seen;
    world.pull(0, 1);
    let mut body = body_of(&world, 1, vec![]);
    body.seen = said;
    let head = world.nodes[1].replica.state().log(log(1)).head;
    let forged = world.forge(1, head, &body);
    let taken = world.take(0, vec![forged]).expect("a pull");
    assert_eq!(taken.refused, [Refusal { log: log(1), seq: 2, why: RefusedWhy::Seen }]);
    // Later entries of that log are not applied, and a new one of another log is.
    world.ack(1);
    assert_eq!(world.pull(0, 1).n_applied, 0);
}

#[test]
fn a_write_over_a_dot_that_its_author_can_not_have_seen_stops_its_log() {
    let mut world = World::new(2, 1);
    let wrote = world.set_title(0, object(0), "one");
    let other = world.set_title(0, object(1), "another object");
    world.pull(1, 0);
    let alive = wrote.dots[1];
    let unseen = world.set_title(0, object(0), "not seen by the author").dots[0];
    let cases = [
        ("the future of its own log", Dot { log: log(1), seq: 1, op: 0 }),
        ("a write of that field, but not seen", unseen),
        ("an entry that is not there", Dot { log: log(0), seq: 4, op: 0 }),
        ("another object's", other.dots[0]),
        ("another field's", alive),
        ("an op that is not there", Dot { log: log(0), seq: 1, op: 9 }),
        ("a log that is not there", Dot { log: log(7), seq: 1, op: 0 }),
    ];
    for (what, dot) in cases {
        let forged = world.forge(1, NOTHING, &body_of(&world, 1, vec![title_over(vec![dot])]));
        let plan = world.stage(0, vec![forged]).expect("a plan");
        assert_eq!(plan.refused, [Refusal { log: log(1), seq: 1, why: RefusedWhy::Over }], "{what}");
        assert!(plan.entries.is_empty() && plan.step.objects.is_empty(), "{what}");
    }
    let honest = world.forge(1, NOTHING, &body_of(&world, 1, vec![title_over(vec![wrote.dots[0]])]));
    assert_eq!(world.stage(0, vec![honest]).expect("a plan").entries.len(), 1);
}

#[test]
fn ms12_a_head_lower_or_other_than_the_pinned_one_is_an_alarm() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    let early = world.nodes[0].replica.state().vector();
    world.set_title(0, object(0), "two");
    let pinned = world.nodes[0].replica.state().vector();
    assert_eq!(Replica::check_heads(&pinned, &pinned), Ok(()));
    assert_eq!(Replica::check_heads(&early, &pinned), Ok(()));
    assert_eq!(Replica::check_heads(&pinned, &early), Err(PullError::Rollback { log: log(0), pinned: 2, offered: 1 }));
    assert_eq!(Replica::check_heads(&pinned, &VersionVector::default()), Err(PullError::Rollback { log: log(0), pinned: 2, offered: 0 }));
    let other = VersionVector([(log(0), Head { seq: 2, hash: Hash([1; 32]) })].into());
    assert_eq!(Replica::check_heads(&pinned, &other), Err(PullError::Fork { log: log(0), seq: 2 }));
}

#[test]
fn ms12_another_entry_in_the_place_of_an_applied_one_is_an_alarm() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    world.set_title(0, object(0), "two");
    world.pull(1, 0);
    let first = world.nodes[0].store.entries[&(log(0), 1)].head();
    for (prev, seq) in [(NOTHING, 1), (first, 2)] {
        let forged = world.forge(0, prev, &body_of(&world, 0, vec![title_over(vec![])]));
        assert_eq!(world.stage(1, vec![forged]).err(), Some(PullError::Fork { log: log(0), seq }));
    }
    // Neither does one that builds on another past.
    let forged = world.forge(0, Head { seq: 2, hash: Hash([5; 32]) }, &body_of(&world, 0, vec![]));
    assert_eq!(world.stage(1, vec![forged]).err(), Some(PullError::Fork { log: log(0), seq: 2 }));
}

#[test]
fn ms13_a_purged_object_never_returns() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    world.settle();
    let old = world.nodes[0].store.entries.values().cloned().collect::<Vec<_>>();
    let seen = world.state(1, object(0));
    world.trash(0, object(0));
    world.purge(0, object(0));
    world.settle();
    let root = world.root(1);
    // Old ciphertext again.
    world.take(1, old).expect("a pull");
    // Our own editor, still open.
    let mut changes = Changes::new(object(0), Some(&seen));
    changes.set(title(), text("again"));
    assert_eq!(world.write(1, changes.finish()).err(), Some(EditError::Retired(object(0))));
    // A member that writes to it all the same: the op is dropped, and the entry's root tells that its author dropped it too.
    let head = world.nodes[0].replica.state().log(log(0)).head;
    let mut body = body_of(&world, 0, vec![title_over(vec![])]);
    body.root = root;
    let forged = world.forge(0, head, &body);
    let taken = world.take(1, vec![forged]).expect("a pull");
    assert_eq!(taken.n_applied, 1);
    assert!(world.nodes[1].store.rows.is_empty() && world.nodes[1].store.history.is_empty());
    assert_eq!(world.root(1), root);
}

#[test]
fn ms14_after_a_hidden_entry_neither_side_takes_the_others_branch() {
    let mut world = World::new(3, 1);
    world.set_title(0, object(0), "common");
    world.settle();
    // Device 0 forks: one entry for device 1, another for device 2.
    let head = world.nodes[0].replica.state().log(log(0)).head;
    let forged = world.forge(0, head, &{
        let mut body = body_of(&world, 0, vec![]);
        body.root = world.root(0);
        body
    });
    world.take(2, vec![forged]).expect("a pull");
    world.set_title(0, object(0), "for device 1");
    world.pull(1, 0);
    world.set_title(1, object(0), "built on it");
    let error = world.stage(2, world.missing(1, 2)).err();
    assert_eq!(error, Some(PullError::Fork { log: log(0), seq: head.seq + 1 }));
}

#[test]
fn ms15_a_silent_log_is_named_with_its_last_date() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    world.pull(1, 0);
    let wrote_ms = world.now_ms;
    let days = |n: u64| n * 24 * 3600 * 1000;
    assert_eq!(world.nodes[1].replica.silent(wrote_ms + days(30)), []);
    assert_eq!(world.nodes[1].replica.silent(wrote_ms + days(31)), [(log(0), wrote_ms)]);
}

#[test]
fn ms16_a_restored_replica_stops_writing_until_it_has_a_new_log() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    world.set_title(0, object(0), "two");
    world.settle();
    // A copy of device 0 from before its second entry: the same log, an older head.
    let copy = world.enrol();
    let new_log = log(copy);
    let early = world.nodes[0].store.entries[&(log(0), 1)].clone();
    world.take(copy, vec![early]).expect("a pull");
    let step = world.nodes[copy].replica.adopt_log(log(0));
    world.nodes[copy].replica.commit(step);

    let all: Vec<_> = world.nodes[0].store.entries.values().cloned().collect();
    let taken = world.take(copy, all).expect("a pull");
    assert_eq!(taken.own, OwnLog::Ahead);
    assert_eq!(world.write(copy, vec![]).err(), Some(EditError::Halted));

    // With its new log it goes on, and has all that its old one holds.
    let step = world.nodes[copy].replica.adopt_log(new_log);
    world.nodes[copy].replica.commit(step);
    world.take(copy, vec![]).expect("a pull");
    assert_eq!(world.title_of(copy, object(0)).as_deref(), Some("two"));
    world.set_title(copy, object(0), "three");
    world.settle();
    world.assert_equal();
}

#[test]
fn ms16_a_log_that_went_on_elsewhere_is_met_as_diverged() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    let head = world.nodes[0].replica.state().log(log(0)).head;
    let elsewhere = world.forge(0, head, &body_of(&world, 0, vec![]));
    world.set_title(0, object(0), "unpushed");
    let plan = world.stage(0, vec![elsewhere]).expect("a plan");
    assert_eq!(plan.own, OwnLog::Diverged { seq: 2 });
    assert!(plan.step.state().halted);
}

#[test]
fn ld05_entries_of_a_removed_device_after_its_cut_off_are_quarantined() {
    let mut world = World::new(3, 1);
    let wrote = world.set_title(2, object(0), "before");
    world.settle();
    world.set_title(2, object(0), "unsynced");
    let late = world.missing(2, 0);
    world.change_members(|members| members.0.get_mut(&log(2)).expect("device 2").closed_at = Some(wrote.head));
    (0..2).for_each(|n| world.fold(n));
    let n_counted = late.iter().filter(|entry| entry.seq <= wrote.head.seq).count();
    let taken = world.take(0, late.clone()).expect("a pull");
    assert_eq!((taken.n_applied, taken.quarantined), (n_counted, late.len() - n_counted));
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("before"));
}

#[test]
fn ld05_what_a_survivor_signed_before_it_knew_counts_for_all() {
    let mut world = World::new(3, 1);
    let wrote = world.set_title(2, object(0), "before");
    world.settle();
    world.set_title(2, object(0), "seen by device 1");
    world.pull(1, 2);
    world.change_members(|members| members.0.get_mut(&log(2)).expect("device 2").closed_at = Some(wrote.head));
    world.fold(0);
    // Device 1 signs what it has merged before it folds the removal.
    world.fold(1);
    let (theirs, removed): (Vec<_>, Vec<_>) = world.missing(1, 0).into_iter().partition(|entry| entry.log == log(1));
    let alone = world.take(0, removed.clone()).expect("a pull");
    assert!(alone.quarantined > 0);
    world.take(0, theirs).expect("a pull");
    let gap = world.nodes[0].replica.gaps(world.now_ms, 0);
    assert_eq!(gap[0].needs, log(2));
    world.take(0, removed).expect("a pull");
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("seen by device 1"));
    assert_eq!(world.root(0), world.root(1));
}

#[test]
fn ld05_who_knows_of_a_removal_can_not_accept_more_of_that_log() {
    let mut world = World::new(3, 1);
    let wrote = world.set_title(2, object(0), "before");
    world.settle();
    world.set_title(2, object(0), "after");
    let late = world.nodes[2].store.entries.values().rfind(|entry| entry.log == log(2)).expect("an entry").head();
    world.change_members(|members| members.0.get_mut(&log(2)).expect("device 2").closed_at = Some(wrote.head));
    (0..2).for_each(|n| world.fold(n));
    let mut body = body_of(&world, 1, vec![]);
    body.seen.0.insert(log(2), late);
    let head = world.nodes[1].replica.state().log(log(1)).head;
    let forged = world.forge(1, head, &body);
    let taken = world.take(0, vec![forged]).expect("a pull");
    assert_eq!(taken.refused.first().map(|refusal| refusal.why), Some(RefusedWhy::SeenClosed));
}

#[test]
fn ms16_unpushed_work_moves_to_the_new_log_and_nothing_is_lost() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    world.pull(1, 0);
    let pushed = world.nodes[0].replica.state().log(log(0)).head;
    // The log goes on elsewhere with an edit of the same field …
    let first = Dot { log: log(0), seq: 1, op: 0 };
    let mut elsewhere = body_of(&world, 0, vec![title_over(vec![first])]);
    // … while here, with the same past, two edits were written that no carrier has taken.
    world.set_title(0, object(0), "two");
    world.set_title(0, object(0), "three");
    let unpushed: Vec<_> = world.nodes[0].store.entries.values().filter(|entry| entry.seq > pushed.seq).cloned().collect();

    let copy = world.enrol();
    let first_entry = world.nodes[0].store.entries[&(log(0), 1)].clone();
    world.take(copy, vec![first_entry]).expect("a pull");
    elsewhere.root = {
        // What the author had: the state after its entry.
        let trial = world.forge(0, pushed, &elsewhere);
        world.stage(copy, vec![trial]).expect("a control head of its own is not compared").step.state().root
    };
    let elsewhere = world.forge(0, pushed, &elsewhere);
    assert_eq!(world.stage(0, vec![elsewhere.clone()]).expect("a plan").own, OwnLog::Diverged { seq: 2 });
    world.take(copy, vec![elsewhere]).expect("a pull");

    let mut reissue = Reissue::new(log(0));
    for entry in unpushed {
        let again = reissue.translate(entry.body.as_ref().expect("a body"));
        let wrote = world.write(copy, again.ops).expect("an edit");
        reissue.note(entry.seq, &again.positions, &wrote.dots);
    }
    let state = world.state(copy, object(0));
    let live: Vec<_> = state.field(&title()).expect("a title").live().map(|(_, write)| write.value.clone()).collect();
    assert_eq!(live, [Some(text("forged")), Some(text("three"))]);
    let past = world.nodes[copy].store.records(object(0));
    assert!(past.iter().any(|record| record.write.value == Some(text("two"))));

    let all = world.missing(copy, 1);
    world.fold(1);
    world.take(1, all).expect("a pull");
    assert_eq!(world.root(1), world.root(copy));
}

#[test]
fn ld05_another_entry_in_the_place_of_the_cut_off_is_an_alarm() {
    let mut world = World::new(2, 1);
    let wrote = world.set_title(1, object(0), "what the remover knew");
    let forged = world.forge(1, NOTHING, &body_of(&world, 1, vec![]));
    world.change_members(|members| members.0.get_mut(&log(1)).expect("device 1").closed_at = Some(wrote.head));
    world.fold(0);
    assert_eq!(world.stage(0, vec![forged]).err(), Some(PullError::Fork { log: log(1), seq: 1 }));
}

#[test]
fn ms17_an_entry_that_names_a_control_head_without_its_author_is_refused() {
    let mut world = World::new(1, 1);
    let without = world.head.clone();
    let new = world.enrol();
    world.fold(0);
    let mut body = body_of(&world, new, vec![]);
    body.control = without;
    let forged = world.forge(new, NOTHING, &body);
    let taken = world.take(0, vec![forged]).expect("a pull");
    assert_eq!(taken.refused, [Refusal { log: log(new), seq: 1, why: RefusedWhy::NotMember }]);
}

#[test]
fn ms17_an_entry_of_an_unknown_log_or_with_another_signature_is_not_opened() {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "one");
    let entry = world.nodes[0].store.entries[&(log(0), 1)].clone();
    let parse = |wire: Vec<u8>| WireEntry::parse(wire).expect("an entry");
    let open = |members: &Membership, wire: Vec<u8>| open_entry(&world.keys, members, world.keys.vault, parse(wire)).map(|_| ());

    let members = world.members();
    assert_eq!(open(&members, entry.wire.clone()), Ok(()));
    assert_eq!(open(&Membership::default(), entry.wire.clone()), Err(OpenEntryError::UnknownLog(log(0))));
    let mut other_key = members.clone();
    other_key.0.insert(log(0), members.0[&log(1)]);
    assert!(matches!(open(&other_key, entry.wire.clone()), Err(OpenEntryError::Signature(_))));
    let other_vault = open_entry(&world.keys, &members, VaultId([9; 16]), parse(entry.wire.clone())).map(|_| ());
    assert_eq!(other_vault, Err(OpenEntryError::OtherVault));
}

#[test]
fn ms07_an_entry_with_any_byte_changed_is_not_opened() {
    let mut world = World::new(1, 1);
    world.set_title(0, object(0), "one");
    let entry = world.nodes[0].store.entries[&(log(0), 1)].clone();
    let members = world.members();
    for position in 0..entry.wire.len() {
        let mut wire = entry.wire.clone();
        wire[position] ^= 1 << (position % 8);
        let opened = WireEntry::parse(wire).ok().and_then(|wire| open_entry(&world.keys, &members, world.keys.vault, wire).ok());
        assert!(opened.is_none(), "byte {position}");
    }
}
