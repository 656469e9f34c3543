//! What happens to honest people with honest servers: two of them behind one name, sessions that end in the middle, clocks that are far off.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use vault_engine::{
    Command, Failure,
    sync::{NetFailure, SyncAlarm, SyncState},
};
use vault_model::{DraftField, DraftValue, FieldId, FieldType};
use vault_protocol::api::{Call, ControlPage, ReadControl, Route};
use vault_testkit::Network;

use crate::{
    story::{PASSWORD, credential, open_item, reveal, save},
    sync::{SERVER, World, assert_sound, past_values, set_password, status, sync, titles},
};

const YEAR_MS: u64 = 365 * 86_400_000;

/// Behind one name stand two servers, one of which was put back from an older copy: who is asked changes with the exchange, and in the
/// middle of one.
#[test]
fn replies_of_two_servers_mixed_are_told_and_nothing_of_them_is_lost() {
    let mut world = World::new();
    save(&mut world.devices[0], credential("Mail", "me", "one"));
    let second = world.join();
    let n_before = world.server.borrow().entries(world.vault).len();
    save(&mut world.devices[0], credential("New", "me", "two"));
    world.sync_all();
    let older = Rc::new(RefCell::new(world.server.borrow().copy(world.vault, n_before)));
    let (newer, turn) = (world.server.clone(), Rc::new(Cell::new(0_u32)));
    let asked = turn.clone();
    world.put_line(move |from, request, now_ms| {
        asked.set(asked.get() + 1);
        let server = if asked.get() / 16 % 2 == 0 { &newer } else { &older };
        server.borrow_mut().carry(from, SERVER, request, now_ms)
    });
    let mut alarms = 0;
    for n in 0..30_usize {
        let device = [0, second][n % 2];
        // Most exchanges are with one of them, each third begins where the last one ended.
        if n % 3 != 0 {
            turn.set(16 * (n as u32 / 2));
        }
        save(&mut world.devices[device], credential(&format!("Written {n}"), "me", "x"));
        world.tick(1000);
        match world.devices[device].fails_with(Command::SyncNow) {
            Some(Failure::ServerAlarm(SyncAlarm::Rollback { .. } | SyncAlarm::Fork { .. } | SyncAlarm::Withheld { .. })) => alarms += 1,
            Some(Failure::ServerAlarm(alarm)) => panic!("{alarm:?}"),
            _ => {}
        }
    }
    assert!(alarms > 3, "{alarms} alarms: the older copy was noticed");
    world.network = world.server.clone();
    world.reconnect();
    for device in &mut world.devices {
        device.ok(Command::SyncEnable { server: SERVER.into() });
    }
    world.sync_all();
    world.assert_equal();
    assert_eq!(titles(&mut world.devices[second]).len(), 32);
    for n in [0, second] {
        assert_sound(&mut world.devices[n]);
    }
}

/// An item whose entry is of about this length.
fn large(world: &mut World, title: &str, len: usize) {
    let mut draft = credential(title, "me", "x");
    draft.fields.push(DraftField {
        id: FieldId("notes".into()),
        label: String::new(),
        field_type: FieldType::Multiline,
        section: None,
        position: 2,
        value: DraftValue::Set("n".repeat(len).as_str().into()),
    });
    save(&mut world.devices[0], draft);
}

#[test]
fn a_session_that_ends_between_two_pages_of_a_push_costs_nothing() {
    for dies_at in 0..3 {
        let mut world = World::new();
        let second = world.join();
        // Three pages.
        for n in 0..5 {
            large(&mut world, &format!("Item {n}"), 500_000);
        }
        let (server, vault, n_pushes) = (world.server.clone(), world.vault, Cell::new(0));
        world.put_line(move |from, request, now_ms| {
            if Route::find(request.method, &request.path).is_ok_and(|target| target.route == Route::Push) {
                if n_pushes.get() == dies_at {
                    server.borrow_mut().end_sessions(vault);
                }
                n_pushes.set(n_pushes.get() + 1);
            }
            server.borrow_mut().carry(from, SERVER, request, now_ms)
        });
        world.devices[0].ok(Command::SyncNow);
        let status = status(&mut world.devices[0]);
        assert_eq!((status.state, status.n_unpushed), (SyncState::UpToDate, 0));
        world.sync_all();
        world.assert_equal();
        assert_eq!(titles(&mut world.devices[second]).len(), 5);
    }
}

#[test]
fn a_line_that_breaks_between_two_pages_of_a_push_costs_nothing() {
    for dies_at in 0..4 {
        let mut world = World::new();
        let second = world.join();
        for n in 0..5 {
            large(&mut world, &format!("Item {n}"), 500_000);
        }
        let (server, n_pushes) = (world.server.clone(), Cell::new(0));
        world.put_line(move |from, request, now_ms| {
            let is_push = Route::find(request.method, &request.path).is_ok_and(|target| target.route == Route::Push);
            let reply = server.borrow_mut().carry(from, SERVER, request, now_ms);
            if is_push {
                n_pushes.set(n_pushes.get() + 1);
                if n_pushes.get() == dies_at {
                    return Err(NetFailure::TimedOut);
                }
            }
            reply
        });
        world.devices[0].send(Command::SyncNow);
        world.sync_all();
        world.assert_equal();
        assert_eq!(titles(&mut world.devices[second]).len(), 5);
        let n_entries = world.server.borrow().entries(world.vault).len() as u64;
        assert_eq!(n_entries, status(&mut world.devices[0]).agreement.n_changes, "nothing is there twice");
    }
}

#[test]
fn clocks_a_year_off_neither_lose_nor_hide_what_was_written() {
    let mut world = World::new();
    let item = save(&mut world.devices[0], credential("Mail", "me", "one"));
    let ahead = world.join();
    let behind = world.join();
    world.server.borrow_mut().clock_ms = Some(world.devices[0].now_ms);
    world.devices[ahead].now_ms += YEAR_MS;
    world.devices[behind].now_ms -= YEAR_MS;
    let vault = world.vault;
    for n in 0..3 {
        // A jump is time asleep: the vault has locked.
        if world.devices[n].fails_with(Command::SyncStatus) == Some(Failure::Locked) {
            world.devices[n].ok(Command::Unlock { vault, password: PASSWORD.into() });
        }
    }
    for round in 0..4 {
        for n in [ahead, behind, 0] {
            sync(&mut world.devices[n], vault);
            // Whoever has seen a value and writes over it is the later one, whatever the clocks say.
            let value = format!("{n} in round {round}");
            set_password(&mut world.devices[n], item, &value);
            sync(&mut world.devices[n], vault);
            for other in 0..3 {
                sync(&mut world.devices[other], vault);
                assert_eq!(reveal(&mut world.devices[other], item, "password"), value);
                assert_eq!(open_item(&mut world.devices[other], item).conflicts.len(), 0);
            }
        }
    }
    world.sync_all();
    world.assert_equal();
    for n in 0..3 {
        assert_eq!(past_values(&mut world.devices[n], item, "password").len(), 13);
        assert_sound(&mut world.devices[n]);
    }
}

#[test]
fn a_control_log_comes_in_pages_of_any_length() {
    let mut world = World::new();
    let second = world.join();
    let third = world.join();
    let server = world.server.clone();
    world.devices[third].network = None;
    for _ in 0..3 {
        world.devices[second].ok(Command::ChangePassword { current: PASSWORD.into(), new: PASSWORD.into() });
        sync(&mut world.devices[second], world.vault);
        sync(&mut world.devices[0], world.vault);
    }
    world.put_line(move |from, request, now_ms| {
        let route = Route::find(request.method, &request.path).map(|target| target.route);
        let reply = server.borrow_mut().carry(from, SERVER, request, now_ms)?;
        if route != Ok(Route::ReadControl) || reply.status != 200 {
            return Ok(reply);
        }
        let ControlPage { n_control, heads, mut entries } = ReadControl::reply_from_http(&reply).expect("an honest reply");
        entries.truncate(1);
        Ok(ReadControl::reply_to_http(&ControlPage { n_control, heads, entries }))
    });
    let vault = world.vault;
    for _ in 0..8 {
        // It locks at each epoch that it learns of.
        if world.devices[third].fails_with(Command::SyncNow).is_some() {
            world.devices[third].send(Command::Unlock { vault, password: PASSWORD.into() });
        }
    }
    world.sync_all();
    world.assert_equal();
    // And a device that has nothing yet.
    let fourth = world.join();
    world.assert_equal();
    assert_sound(&mut world.devices[fourth]);
}
