//! Stories of two devices.

use vault_engine::log::{
    body::EntryBody, changes::Changes, edit::EditError, op::Value, replica::Notice, root::Root, truncate::TruncateError,
};
use vault_protocol::{Hash, Head, VersionVector};

use crate::world::{World, log, object, tag, text, title};

/// Two devices that have the object with the title "first".
fn two() -> World {
    let mut world = World::new(2, 1);
    world.set_title(0, object(0), "first");
    world.pull(1, 0);
    world
}

#[test]
fn an_edit_reaches_the_other_device() {
    let world = two();
    assert_eq!(world.title_of(1, object(0)).as_deref(), Some("first"));
    world.assert_equal();
}

#[test]
fn a_later_edit_replaces_the_earlier_one_and_keeps_it_in_history() {
    let mut world = two();
    world.set_title(1, object(0), "second");
    world.pull(0, 1);
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("second"));
    assert!(!world.state(0, object(0)).is_conflicted());
    let past: Vec<_> = world.nodes[0].store.records(object(0)).into_iter().filter(|record| record.key == title()).collect();
    assert_eq!(past.len(), 1);
    assert_eq!(past[0].write.value, Some(text("first")));
}

#[test]
fn concurrent_edits_are_both_kept_and_the_item_is_marked() {
    let mut world = two();
    world.set_title(0, object(0), "left");
    world.now_ms += 5;
    world.set_title(1, object(0), "right");
    world.pull(0, 1);
    world.pull(1, 0);
    world.assert_equal();
    let state = world.state(0, object(0));
    assert!(state.is_conflicted());
    assert_eq!(state.conflicts().collect::<Vec<_>>(), [&title()]);
    assert_eq!(state.field(&title()).expect("a title").live().count(), 2);
    // The later stamp is shown.
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("right"));
}

#[test]
fn a_write_over_both_resolves_the_conflict_everywhere() {
    let mut world = two();
    world.set_title(0, object(0), "left");
    world.set_title(1, object(0), "right");
    world.pull(0, 1);
    world.set_title(0, object(0), "both");
    world.pull(1, 0);
    world.assert_equal();
    assert!(!world.state(1, object(0)).is_conflicted());
    assert_eq!(world.title_of(1, object(0)).as_deref(), Some("both"));
    let past = world.nodes[1].store.records(object(0));
    for value in ["first", "left", "right"] {
        assert!(past.iter().any(|record| record.write.value == Some(text(value))), "{value} is in history");
    }
}

#[test]
fn an_editor_opened_before_a_pull_does_not_win_silently() {
    let mut world = two();
    let opened = world.state(0, object(0));
    world.set_title(1, object(0), "theirs");
    world.pull(0, 1);
    let mut changes = Changes::new(object(0), Some(&opened));
    changes.set(title(), text("mine"));
    world.write(0, changes.finish()).expect("an edit");
    assert!(world.state(0, object(0)).is_conflicted());
}

#[test]
fn two_writes_of_one_field_covered_by_both_sides_merge_once() {
    // Both sides cover "first": one finds it already in history.
    let mut world = two();
    world.set_title(0, object(0), "left");
    world.set_title(1, object(0), "right");
    world.settle();
    world.assert_equal();
    let records = world.nodes[0].store.records(object(0));
    assert_eq!(records.iter().filter(|record| record.key == title()).count(), 1);
}

#[test]
fn an_edit_wins_over_a_concurrent_trash_with_a_notice() {
    let mut world = two();
    world.trash(0, object(0));
    world.set_title(1, object(0), "still used");
    let taken = world.pull(0, 1);
    world.pull(1, 0);
    world.assert_equal();
    assert!(world.state(0, object(0)).is_alive());
    assert_eq!(taken.notices, [Notice::TrashOverruled(object(0))]);
    // alive is no conflict that anyone would have to resolve.
    assert!(!world.state(0, object(0)).is_conflicted());
}

#[test]
fn a_trash_that_saw_the_edit_stands() {
    let mut world = two();
    world.set_title(1, object(0), "used");
    world.pull(0, 1);
    world.trash(0, object(0));
    world.pull(1, 0);
    assert!(!world.state(1, object(0)).is_alive());
    world.restore(1, object(0));
    world.pull(0, 1);
    assert!(world.state(0, object(0)).is_alive());
    world.assert_equal();
}

#[test]
fn the_same_tag_added_twice_is_no_conflict() {
    let mut world = two();
    for n in 0..2 {
        let seen = world.state(n, object(0));
        let mut changes = Changes::new(object(0), Some(&seen));
        changes.set(tag("work"), Value::boolean(true));
        changes.set(tag(["left", "right"][n]), Value::boolean(true));
        world.write(n, changes.finish()).expect("an edit");
    }
    world.settle();
    world.assert_equal();
    let state = world.state(0, object(0));
    assert!(!state.is_conflicted());
    assert_eq!(state.values().filter(|(key, _)| key.class == vault_model::payload::FieldClass::Tag).count(), 3);
}

#[test]
fn a_field_taken_away_is_gone_and_its_value_in_history() {
    let mut world = two();
    let seen = world.state(0, object(0));
    let mut changes = Changes::new(object(0), Some(&seen));
    changes.remove(title());
    changes.remove(tag("never there"));
    world.write(0, changes.finish()).expect("an edit");
    world.pull(1, 0);
    let state = world.state(1, object(0));
    assert_eq!(state.shown(&title()), None);
    assert_eq!(state.values().count(), 1);
    assert!(world.nodes[1].store.records(object(0)).iter().any(|record| record.write.value == Some(text("first"))));
}

#[test]
fn a_single_device_purges_at_once() {
    let mut world = World::new(1, 2);
    world.set_title(0, object(0), "gone soon");
    world.trash(0, object(0));
    let wrote = world.purge(0, object(0));
    assert_eq!(wrote.retired, [object(0)]);
    assert!(world.nodes[0].store.rows.is_empty() && world.nodes[0].store.history.is_empty());
    world.assert_equal();
}

#[test]
fn a_purge_waits_for_every_device() {
    let mut world = two();
    world.trash(0, object(0));
    world.settle();
    let wrote = world.purge(0, object(0));
    assert!(wrote.retired.is_empty());
    assert!(world.state(0, object(0)).is_purge_pending());
    // Merged there, not yet signed.
    world.pull(1, 0);
    assert!(!world.nodes[1].replica.is_retired(object(0)));
    world.ack_at_lock(1);
    assert!(world.nodes[1].replica.is_retired(object(0)));
    world.pull(0, 1);
    assert!(world.nodes[0].replica.is_retired(object(0)));
    world.assert_equal();
}

#[test]
fn an_edit_concurrent_with_a_purge_brings_the_item_back_to_the_trash() {
    let mut world = two();
    world.trash(0, object(0));
    world.purge(0, object(0));
    world.set_title(1, object(0), "still needed");
    let taken = world.pull(0, 1);
    assert!(taken.notices.contains(&Notice::PurgeOverruled(object(0))));
    world.settle();
    world.assert_equal();
    let state = world.state(0, object(0));
    assert!(!state.is_alive() && !state.is_purge_pending() && state.is_purge_overruled());
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("still needed"));
    // Who knows of both decides.
    world.restore(1, object(0));
    world.settle();
    world.assert_equal();
    assert!(world.state(0, object(0)).is_alive());
    world.trash(0, object(0));
    world.purge(0, object(0));
    world.settle();
    world.assert_equal();
    assert!(world.nodes[1].replica.is_retired(object(0)));
}

#[test]
fn an_edit_made_before_signing_a_purge_still_objects() {
    let mut world = two();
    world.trash(0, object(0));
    world.purge(0, object(0));
    // Pulled, so the edit is after the request; but not yet signed as seen.
    world.pull(1, 0);
    world.set_title(1, object(0), "no, wait");
    world.settle();
    world.assert_equal();
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("no, wait"));
}

#[test]
fn who_signed_a_purge_can_no_longer_edit() {
    let mut world = World::new(3, 3);
    world.set_title(0, object(0), "first");
    world.settle();
    world.trash(0, object(0));
    world.purge(0, object(0));
    world.pull(1, 0);
    world.ack(1);
    for n in 0..2 {
        let seen = world.state(n, object(0));
        let error = world.write(n, Changes::set_alive(object(0), &seen, true)).expect_err("a refusal");
        assert_eq!(error, EditError::PurgeAgreed(object(0)));
    }
}

#[test]
fn a_new_device_must_sign_too_and_a_retired_one_need_not() {
    let mut world = World::new(3, 4);
    world.set_title(0, object(0), "first");
    world.settle();
    world.trash(0, object(0));
    world.purge(0, object(0));
    // Device 2 stays silent, and is set aside by device 1.
    world.pull(1, 0);
    world.ack(1);
    let gone = log(2);
    world.change_members(|members| {
        let member = members.0.get_mut(&gone).expect("device 2");
        member.closed_at = Some(Head { seq: 0, hash: Hash::ZERO });
    });
    world.pull(0, 1);
    assert!(!world.nodes[0].replica.is_retired(object(0)), "nobody has signed that device 2 is set aside");
    for _ in 0..2 {
        world.pull(1, 0);
        world.ack_at_lock(1);
        world.pull(0, 1);
        world.ack_at_lock(0);
    }
    world.pull(1, 0);
    assert!(world.nodes[0].replica.is_retired(object(0)) && world.nodes[1].replica.is_retired(object(0)));
    assert_eq!(world.root(0), world.root(1));
}

#[test]
fn a_clock_far_ahead_does_not_drag_ours_along() {
    let mut world = two();
    world.nodes[0].ahead_ms = 365 * 24 * 3600 * 1000;
    world.set_title(0, object(0), "from the future");
    let taken = world.pull(1, 0);
    assert_eq!(taken.notices, [Notice::ClockAhead(log(0))]);
    assert!(world.nodes[1].replica.state().clock.ms <= world.now_ms);
    // An edit that saw it wins all the same.
    world.set_title(1, object(0), "present");
    world.pull(0, 1);
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("present"));
    world.assert_equal();
}

#[test]
fn an_edit_reads_only_what_it_touches() {
    let mut world = two();
    for n in 1..20 {
        world.set_title(0, object(n), "other");
    }
    let seen = world.state(0, object(0));
    let mut changes = Changes::new(object(0), Some(&seen));
    changes.set(title(), text("one"));
    changes.set(tag("x"), Value::boolean(true));
    world.nodes[0].store.n_loads.set(0);
    world.write(0, changes.finish()).expect("an edit");
    assert_eq!(world.nodes[0].store.n_loads.get(), 1);
}

#[test]
fn entries_may_go_once_every_device_has_signed_them_and_a_snapshot_holds_them() {
    let mut world = two();
    let first = world.nodes[0].replica.state().vector();
    let check = |world: &World, vector: &VersionVector, snapshot: &VersionVector| {
        world.nodes[0].replica.check_truncate(&world.control, vector, snapshot)
    };
    assert_eq!(check(&world, &first, &first), Err(TruncateError::Unseen(log(1))));
    world.settle();
    assert_eq!(check(&world, &first, &first), Ok(()));
    assert_eq!(check(&world, &first, &VersionVector::default()), Err(TruncateError::NoSnapshot));
    let beyond = VersionVector([(log(0), Head { seq: 99, hash: Hash::ZERO })].into());
    assert_eq!(check(&world, &beyond, &beyond), Err(TruncateError::Unknown(log(0))));

    // A write over what is gone is as good as one over what is in history.
    let step = world.nodes[0].replica.truncated(&first);
    world.nodes[0].replica.commit(step);
    world.nodes[0].store.entries.retain(|_, entry| entry.seq > first.seq(entry.log));
    world.set_title(1, object(0), "after");
    world.pull(0, 1);
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("after"));
}

#[test]
fn a_device_enrolled_while_a_purge_waits_has_its_say() {
    let mut world = World::new(3, 5);
    world.set_title(0, object(0), "first");
    world.settle();
    world.trash(0, object(0));
    world.purge(0, object(0));
    world.pull(1, 0);
    world.ack(1);
    // Device 2 signs under a control head that has a fourth device; devices 0 and 1 have signed under one that has not.
    let new = world.enrol();
    world.pull(2, 0);
    world.ack(2);
    let early: Vec<_> = world.missing(1, 0).into_iter().chain(world.missing(2, 0)).collect();
    world.fold(0);
    world.take(0, early).expect("a pull");
    assert!(!world.nodes[0].replica.is_retired(object(0)));
    // It edits without having signed, which is an objection.
    world.pull(new, 0);
    world.set_title(new, object(0), "wanted by the new one");
    world.settle();
    world.assert_equal();
    assert_eq!(world.title_of(0, object(0)).as_deref(), Some("wanted by the new one"));
}

#[test]
fn signatures_under_a_control_head_older_than_the_request_do_not_count() {
    let mut world = World::new(2, 6);
    let old_head = world.head.clone();
    world.set_title(0, object(0), "first");
    let (asker, other) = (world.enrol(), world.enrol());
    for n in [asker, other] {
        world.fold(n);
        world.pull(n, 0);
    }
    world.trash(asker, object(0));
    world.purge(asker, object(0));
    world.pull(other, asker);
    // Both old devices sign the request, but name the head at which they were alone.
    let asked = world.nodes[asker].replica.state().vector();
    let batch: Vec<_> = (0..2)
        .map(|n| {
            let own = world.nodes[n].replica.state().log(log(n));
            let mut seen = asked.clone();
            seen.0.remove(&log(n));
            let (hlc, wall_ms) = (world.nodes[n].replica.state().clock.tick(world.now_ms), world.now_ms);
            let body = EntryBody { rules: 1, hlc, wall_ms, control: old_head.clone(), seen, root: Root::default(), ops: vec![] };
            world.forge(n, own.head, &body)
        })
        .collect();
    assert_eq!(world.take(other, batch).expect("a pull").n_applied, 2);
    assert!(!world.nodes[other].replica.is_retired(object(0)));
}

#[test]
fn a_purge_waits_for_all_that_counts_of_a_removed_device() {
    let mut world = World::new(3, 7);
    world.set_title(2, object(0), "first");
    world.settle();
    // Device 0 knows an edit of device 2 that device 1 does not, and removes device 2 with that as its cut-off.
    let wrote = world.set_title(2, object(0), "last words");
    world.trash(1, object(0));
    world.purge(1, object(0));
    world.change_members(|members| members.0.get_mut(&log(2)).expect("device 2").closed_at = Some(wrote.head));
    world.fold(1);
    world.ack(1);
    // Device 0 forwards its signature, not yet the entry that it must have: so it is forged as one that has not seen it.
    let mut seen = world.nodes[1].replica.state().vector();
    seen.0.remove(&log(0));
    let seen = seen.since(&world.nodes[0].replica.state().log(log(0)).seen);
    let (hlc, wall_ms, control) = (world.nodes[0].replica.state().clock.tick(world.now_ms), world.now_ms, world.head.clone());
    let body = EntryBody { rules: 1, hlc, wall_ms, control, seen, root: world.root(1), ops: vec![] };
    let head = world.nodes[0].replica.state().log(log(0)).head;
    let forged = world.forge(0, head, &body);
    world.take(1, vec![forged]).expect("a pull");
    assert!(!world.nodes[1].replica.is_retired(object(0)));
    // Then it comes, and objects.
    let late = world.missing(2, 1);
    world.take(1, late).expect("a pull");
    assert!(!world.nodes[1].replica.is_retired(object(0)));
    assert!(world.state(1, object(0)).is_purge_overruled());
}
