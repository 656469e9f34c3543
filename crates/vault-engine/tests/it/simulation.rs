//! Three devices from one seed: random edits, trash, restore and purge; exchanges in any order, with batches lost, repeated and shuffled.

use std::{collections::BTreeSet, sync::Arc};

use vault_engine::log::{changes::Changes, edit::EditError, entry::Opened, op::Op};
use vault_protocol::ObjectId;

use crate::world::{World, log, object, tag, text, title};

const N_SEEDS: u64 = 50;
const N_STEPS: usize = 200;
const N_OBJECTS: usize = 5;

/// A value that was entered, and where.
type Entered = (ObjectId, String);

fn shuffle(world: &mut World, batch: &mut [Arc<Opened>]) {
    for n in (1..batch.len()).rev() {
        batch.swap(n, world.rng.below(n + 1));
    }
}

/// An exchange over a bad network.
fn exchange(world: &mut World, to: usize, from: usize) {
    if to == from {
        return;
    }
    if world.rng.below(2) == 0 {
        world.fold(to);
    }
    let mut batch = world.missing(from, to);
    if world.rng.below(3) == 0 {
        // Some old ones again, and everything twice.
        batch.extend(world.nodes[from].store.entries.values().take(3).cloned());
        batch.extend(batch.clone());
    }
    if world.rng.below(3) == 0 {
        let keep = world.rng.below(4) + 1;
        batch.retain(|entry| (entry.seq as usize).is_multiple_of(keep) || entry.seq < 4);
    }
    shuffle(world, &mut batch);
    let taken = world.take(to, batch).expect("honest devices raise no alarm");
    assert_eq!(taken.refused, [], "honest devices are never refused");
}

fn write(world: &mut World, n: usize, ops: Vec<Op>) -> bool {
    if ops.is_empty() {
        return false;
    }
    match world.write(n, ops) {
        Ok(_) => true,
        Err(EditError::PurgeAgreed(_) | EditError::Retired(_)) => false,
        Err(error) => panic!("an edit failed: {error}"),
    }
}

fn act(world: &mut World, n: usize, step: usize, entered: &mut BTreeSet<Entered>, purged: &mut BTreeSet<ObjectId>) {
    let target = object(world.rng.below(N_OBJECTS));
    let seen = world.state(n, target);
    match world.rng.below(12) {
        0..=4 => {
            let value = format!("{n} {step}");
            let mut changes = Changes::new(target, Some(&seen));
            changes.set(title(), text(&value));
            if world.rng.below(2) == 0 {
                changes.set(tag(["a", "b", "c"][world.rng.below(3)]), text(&value));
            }
            if write(world, n, changes.finish()) {
                entered.insert((target, value));
            }
        }
        5 => {
            let mut changes = Changes::new(target, Some(&seen));
            changes.remove(tag("a"));
            changes.remove(title());
            write(world, n, changes.finish());
        }
        6 | 7 if !seen.is_empty() => drop(write(world, n, Changes::set_alive(target, &seen, false))),
        8 if !seen.is_empty() => drop(write(world, n, Changes::set_alive(target, &seen, true))),
        9 if !seen.is_empty() && !seen.is_alive() => {
            if write(world, n, Changes::purge(target)) {
                purged.insert(target);
            }
        }
        _ => world.ack_at_lock(n),
    }
}

/// Every value entered is current or in history, unless its object was purged; nothing that is purged is there.
fn assert_nothing_lost(world: &World, entered: &BTreeSet<Entered>, purged: &BTreeSet<ObjectId>) {
    for n in world.active() {
        let replica = &world.nodes[n].replica;
        for object in replica.retired() {
            assert!(purged.contains(&object), "only what was asked for is gone");
            assert!(!world.nodes[n].store.rows.contains_key(&object) && !world.nodes[n].store.history.contains_key(&object));
        }
        for (object, value) in entered.iter().filter(|(object, _)| !replica.is_retired(*object)) {
            let is_current =
                world.state(n, *object).fields().any(|(_, field)| field.live().any(|(_, write)| write.value == Some(text(value))));
            let is_past = || world.nodes[n].store.records(*object).iter().any(|record| record.write.value == Some(text(value)));
            assert!(is_current || is_past(), "{value} of {object} is neither current nor in history at device {n}");
        }
    }
}

/// Random deeds and exchanges of the devices `who`.
fn live(world: &mut World, who: &[usize], steps: std::ops::Range<usize>, entered: &mut BTreeSet<Entered>, purged: &mut BTreeSet<ObjectId>) {
    for step in steps {
        world.now_ms += world.rng.below(5000) as u64;
        let n = who[world.rng.below(who.len())];
        if world.rng.below(3) == 0 {
            let from = who[world.rng.below(who.len())];
            exchange(world, n, from);
        } else {
            act(world, n, step, entered, purged);
        }
        if step % 10 == 0 {
            assert_eq!(world.root(n), world.root_of_rows(n), "step {step}");
        }
    }
}

fn vary_clocks(world: &mut World) {
    for n in 0..world.nodes.len() {
        world.nodes[n].ahead_ms = (world.rng.below(120_000) as i64) - 60_000;
    }
}

#[test]
fn three_devices_end_in_the_same_vault_whatever_happens_between_them() {
    let mut n_retired = 0;
    for seed in 0..N_SEEDS {
        let mut world = World::new(3, seed);
        vary_clocks(&mut world);
        let (mut entered, mut purged) = (BTreeSet::new(), BTreeSet::new());
        live(&mut world, &[0, 1, 2], 0..N_STEPS, &mut entered, &mut purged);
        world.settle();
        world.assert_equal();
        assert_nothing_lost(&world, &entered, &purged);
        n_retired += world.nodes[0].replica.retired().count();
    }
    assert!(n_retired > 0, "some purges must have become effective, else the test shows nothing about them");
}

/// A device joins, another is removed with the cut-off that the remover knew, and goes on writing: nobody who stays differs.
#[test]
fn devices_that_come_and_go_leave_the_others_equal() {
    for seed in 0..N_SEEDS / 3 {
        let mut world = World::new(4, 1000 + seed);
        vary_clocks(&mut world);
        let (mut entered, mut theirs, mut purged) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        live(&mut world, &[0, 1, 2], 0..30, &mut entered, &mut purged);
        live(&mut world, &[3], 30..40, &mut theirs, &mut purged);
        live(&mut world, &[0, 1, 2, 3], 40..80, &mut theirs, &mut purged);
        let new = world.enrol();
        live(&mut world, &[0, 1, 2, 3, new], 80..120, &mut theirs, &mut purged);
        let known = world.nodes[0].replica.state().log(log(3)).head;
        world.change_members(|members| members.0.get_mut(&log(3)).expect("device 3").closed_at = Some(known));
        world.fold(0);
        live(&mut world, &[3], 120..125, &mut theirs, &mut purged);
        live_without_telling(&mut world, 3, &[0, 1, 2, new], 125..170, &mut entered, &mut purged);
        world.settle();
        world.assert_equal();
        assert_nothing_lost(&world, &entered, &purged);
    }
}

/// As [`live`], while the removed device `gone` still hands out its entries and learns nothing itself.
fn live_without_telling(
    world: &mut World,
    gone: usize,
    who: &[usize],
    steps: std::ops::Range<usize>,
    entered: &mut BTreeSet<Entered>,
    purged: &mut BTreeSet<ObjectId>,
) {
    for step in steps {
        if step % 4 == 0 {
            let to = who[world.rng.below(who.len())];
            exchange(world, to, gone);
        }
        live(world, who, step..step + 1, entered, purged);
    }
}
