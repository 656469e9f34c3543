//! Registration and the control log.

use vault_protocol::{
    Salt, VersionVector,
    api::{
        ApiError, AppendControl, Delete, Pull, Purpose, ReadBootstrap, ReadControl, ReadEntitlement, ReadHeads, Register, SessionToken,
        Status, bounds::MAX_NUMBER,
    },
    control::{ControlBody, ControlEntry, ControlLog, KdfCost},
};
use vault_server::store::Store;

use crate::{
    client::{Server, chain},
    stores::on_every_store,
    world::{
        A, B, C, Key, Party, enrol_body, enrol_key, epoch_body, floor_body, genesis, genesis_body, on, on_heads, owner, retire_device,
        settle_body, signed_genesis, slots_body, vault,
    },
};

on_every_store!(
    a_vault_is_registered_once_and_asking_changes_nothing,
    ms03_another_genesis_with_another_salt_is_never_taken,
    ms01_a_cost_under_the_floor_is_refused,
    what_is_no_genesis_registers_nothing,
    an_append_must_name_all_heads,
    an_append_may_be_repeated,
    nothing_is_appended_when_one_entry_is_refused,
    offline_forks_may_be_brought,
    the_log_comes_in_pages_from_where_one_left_off,
    a_join_session_appends_enrolments_and_nothing_else,
    ms25_a_removed_devices_sessions_end_at_once,
    who_once_had_a_place_reads_the_record_and_nothing_else,
    who_once_had_a_place_brings_only_what_counts,
    a_settle_may_bring_what_it_settles,
    a_settle_ends_a_mutual_removal,
    a_control_log_has_room_of_its_own,
);

/// Appends what `body` says, on the server and here.
fn append<S: Store>(server: &Server<S>, log: &mut ControlLog, body: ControlBody, signer: &Key) -> Result<(), ApiError> {
    let token = server.member(A);
    let entry = on_heads(log, body, signer);
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![entry.encode()] };
    server.call(&call, Some(&token))?;
    log.append(entry).unwrap();
    Ok(())
}

fn enrol<S: Store>(server: &Server<S>, log: &mut ControlLog, party: Party) {
    let body = enrol_body(log.heads(), party, 0);
    append(server, log, body, &A.key()).unwrap();
}

fn a_vault_is_registered_once_and_asking_changes_nothing<S: Store>(store: S) {
    let server = Server::new(store);
    let ask = Register { genesis: genesis().encode(), create: false };
    assert_eq!(server.call(&ask, None), Err(ApiError::NotRegistered));
    assert!(server.register(&genesis()).unwrap().created);
    assert!(!server.register(&genesis()).unwrap().created);
    assert!(!server.call(&ask, None).unwrap().created);
}

fn ms03_another_genesis_with_another_salt_is_never_taken<S: Store>(store: S) {
    let server = Server::new(store);
    let (_, token) = server.with_vault();
    let mut body = genesis_body();
    body.salt = Salt([8; 32]);
    body.slots.clear();
    let other = signed_genesis(body);
    assert_eq!(server.register(&other), Err(ApiError::OtherGenesis));
    let page = server.call(&ReadControl { vault: vault(), after: 0 }, Some(&token)).unwrap();
    assert_eq!(page.entries, [genesis().encode()]);
    // Nor as a later entry.
    let call = AppendControl { vault: vault(), heads: vec![genesis().hash()], entries: vec![other.encode()] };
    assert_eq!(server.call(&call, Some(&token)), Err(ApiError::ControlRefused));
}

fn ms01_a_cost_under_the_floor_is_refused<S: Store>(store: S) {
    let server = Server::new(store);
    let mut body = genesis_body();
    body.cost = KdfCost { memory_kib: 1024, passes: 1, lanes: 1 };
    assert_eq!(server.register(&signed_genesis(body)), Err(ApiError::ControlRefused));
    let (mut log, _) = server.with_vault();
    let raised = KdfCost { passes: 4, ..KdfCost::FLOOR };
    append(&server, &mut log, slots_body(raised, Vec::new()), &A.key()).unwrap();
    let fallen = append(&server, &mut log, slots_body(KdfCost::FLOOR, Vec::new()), &A.key());
    assert_eq!(fallen, Err(ApiError::ControlRefused));
}

fn what_is_no_genesis_registers_nothing<S: Store>(store: S) {
    let server = Server::new(store);
    let later = on_heads(&crate::world::new_log(), floor_body(1, 2), &A.key());
    let mut forged = genesis();
    forged.signature.0[5] ^= 1;
    for entry in [later.encode(), forged.encode(), vec![1, 2, 3]] {
        assert_eq!(server.call(&Register { genesis: entry, create: true }, None), Err(ApiError::ControlRefused));
    }
}

fn an_append_must_name_all_heads<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, token) = server.with_vault();
    let first = log.heads().to_vec();
    append(&server, &mut log, floor_body(1, 2), &A.key()).unwrap();
    let late = on(&log, &first, floor_body(1, 3), &A.key());
    let stale = ApiError::StaleControl { heads: log.heads().to_vec(), n_control: 2 };
    for heads in [first, vec![]] {
        let call = AppendControl { vault: vault(), heads, entries: vec![late.encode()] };
        assert_eq!(server.call(&call, Some(&token)), Err(stale.clone()));
    }
}

fn an_append_may_be_repeated<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entry = on_heads(&log, floor_body(1, 2), &A.key());
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![entry.encode()] };
    let first = server.call(&call, Some(&token)).unwrap();
    assert_eq!(server.call(&call, Some(&token)).unwrap(), first);
    assert_eq!((first.n_control, first.control_heads), (2, vec![entry.hash()]));
}

fn nothing_is_appended_when_one_entry_is_refused<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, token) = server.with_vault();
    let before = log.heads().to_vec();
    let good = on_heads(&log, floor_body(1, 2), &A.key());
    log.append(good.clone()).unwrap();
    let bad = on_heads(&log, floor_body(1, 3), &B.key());
    let call = AppendControl { vault: vault(), heads: before.clone(), entries: vec![good.encode(), bad.encode()] };
    assert_eq!(server.call(&call, Some(&token)), Err(ApiError::ControlRefused));
    let page = server.call(&ReadControl { vault: vault(), after: 0 }, Some(&token)).unwrap();
    assert_eq!((page.n_control, page.heads), (1, before.clone()));
    // And the server goes on from there.
    let call = AppendControl { vault: vault(), heads: before, entries: vec![good.encode()] };
    assert_eq!(server.call(&call, Some(&token)).unwrap().n_control, 2);
}

fn offline_forks_may_be_brought<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, token) = server.with_vault();
    let first = log.heads().to_vec();
    append(&server, &mut log, floor_body(1, 2), &A.key()).unwrap();
    let fork = on(&log, &first, enrol_body(&first, B, 0), &A.key());
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![fork.encode()] };
    let position = server.call(&call, Some(&token)).unwrap();
    log.append(fork).unwrap();
    assert_eq!(position.control_heads, log.heads());
    assert_eq!(position.control_heads.len(), 2);
    assert!(server.login(&B.key(), Purpose::Sync).is_ok());
}

fn the_log_comes_in_pages_from_where_one_left_off<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, token) = server.with_vault();
    for rules in 2..7 {
        append(&server, &mut log, floor_body(1, rules), &A.key()).unwrap();
    }
    let all: Vec<_> = log.entries().map(|(_, entry)| entry.encode()).collect();
    for after in 0..=7 {
        let page = server.call(&ReadControl { vault: vault(), after }, Some(&token)).unwrap();
        assert_eq!((page.n_control, &page.heads[..]), (6, log.heads()));
        assert_eq!(page.entries, all[all.len().min(after as usize)..]);
    }
    assert!(server.call(&ReadControl { vault: vault(), after: MAX_NUMBER }, Some(&token)).unwrap().entries.is_empty());
}

fn a_join_session_appends_enrolments_and_nothing_else<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, _) = server.with_vault();
    let token = server.login(&owner(0), Purpose::Join).unwrap();
    let append = |body, signer: &Key| {
        let entry = on_heads(&log, body, signer);
        server.call(&AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![entry.encode()] }, Some(&token))
    };
    assert_eq!(append(floor_body(1, 2), &A.key()), Err(ApiError::Forbidden));
    assert_eq!(append(epoch_body(1, &[]), &A.key()), Err(ApiError::Forbidden));
    assert_eq!(append(enrol_body(log.heads(), B, 0), &owner(0)), Err(ApiError::ControlRefused));
    append(enrol_body(log.heads(), B, 0), &enrol_key(0)).unwrap();
    assert!(server.login(&B.key(), Purpose::Sync).is_ok());
}

fn ms25_a_removed_devices_sessions_end_at_once<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, _) = server.with_vault();
    enrol(&server, &mut log, B);
    enrol(&server, &mut log, C);
    let (removed, retired) = (server.member(B), server.member(C));
    let old_owner = server.login(&owner(0), Purpose::Join).unwrap();
    let mut epoch = crate::world::epoch(1, &[B]);
    epoch.kit = Some(crate::world::new_kit(1));
    append(&server, &mut log, ControlBody::Epoch(Box::new(epoch)), &A.key()).unwrap();
    append(&server, &mut log, retire_device(C), &A.key()).unwrap();
    let read = ReadHeads { vault: vault() };
    for token in [&removed, &retired] {
        assert_eq!(server.call(&read, Some(token)), Err(ApiError::SessionExpired));
    }
    assert_eq!(server.call(&ReadControl { vault: vault(), after: 0 }, Some(&old_owner)), Err(ApiError::SessionExpired));
    for key in [B.key(), C.key(), owner(0)] {
        for purpose in [Purpose::Sync, Purpose::Delete] {
            assert_eq!(server.login(&key, purpose).err(), Some(ApiError::Unauthorized));
        }
    }
    assert_eq!(server.login(&owner(0), Purpose::Join).err(), Some(ApiError::Unauthorized));
    assert!(server.login(&owner(1), Purpose::Join).is_ok());
    // What the removed device had not sent is still taken from those who stay: which of it counts they see themselves.
    let token = server.member(A);
    assert_eq!(server.push(&log, &token, &chain(B, 2)).unwrap().n_stored, 2);
}

/// A vault whose device B was removed, and B's session as who once had a place.
fn removed<S: Store>(server: &Server<S>) -> (ControlLog, Vec<vault_protocol::Hash>, SessionToken) {
    let (mut log, _) = server.with_vault();
    enrol(server, &mut log, B);
    let fork = log.heads().to_vec();
    append(server, &mut log, epoch_body(1, &[B]), &A.key()).unwrap();
    let token = server.login(&B.key(), Purpose::Join).unwrap();
    (log, fork, token)
}

fn who_once_had_a_place_reads_the_record_and_nothing_else<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, _, token) = removed(&server);
    let page = server.call(&ReadControl { vault: vault(), after: 0 }, Some(&token)).unwrap();
    assert_eq!((page.n_control, page.heads), (log.n_entries() as u64, log.heads().to_vec()));
    let refused = |result: Result<(), ApiError>| assert_eq!(result, Err(ApiError::Forbidden));
    refused(server.call(&Status { vault: vault() }, Some(&token)).map(drop));
    refused(server.call(&ReadEntitlement { vault: vault() }, Some(&token)).map(drop));
    refused(server.call(&ReadHeads { vault: vault() }, Some(&token)).map(drop));
    // It opens with the password alone.
    refused(server.call(&ReadBootstrap { vault: vault() }, Some(&token)).map(drop));
    refused(server.call(&Pull { vault: vault(), known: VersionVector::default(), max_bytes: 1 << 20 }, Some(&token)).map(drop));
    refused(server.push(&log, &token, &chain(B, 1)).map(drop));
    refused(server.call(&Delete { vault: vault() }, Some(&token)).map(drop));
}

fn who_once_had_a_place_brings_only_what_counts<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, fork, token) = removed(&server);
    let bring = |entry: ControlEntry| {
        let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![entry.encode()] };
        server.call(&call, Some(&token)).map(drop)
    };
    // What it signed apart, and a device that it lets in with the key of an epoch it knows: they would count for nobody.
    assert_eq!(bring(on(&log, &fork, epoch_body(2, &[A]), &B.key())), Err(ApiError::Forbidden));
    assert_eq!(bring(on(&log, &fork, enrol_body(&fork, C, 0), &enrol_key(0))), Err(ApiError::ControlRefused));
    assert_eq!(bring(on(&log, &fork, enrol_body(&fork, C, 0), &B.key())), Err(ApiError::ControlRefused));
    assert_eq!(bring(on_heads(&log, enrol_body(log.heads(), C, 1), &enrol_key(0))), Err(ApiError::ControlRefused));
    assert_eq!(server.call(&ReadControl { vault: vault(), after: 0 }, Some(&token)).unwrap().n_control, log.n_entries() as u64);
    // The newest epoch's key is proof that it was opened.
    bring(on_heads(&log, enrol_body(log.heads(), C, 1), &enrol_key(1))).unwrap();
    assert!(server.login(&C.key(), Purpose::Sync).is_ok());
}

fn a_settle_may_bring_what_it_settles<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, fork, token) = removed(&server);
    let heads = log.heads().to_vec();
    let other = on(&log, &fork, epoch_body(2, &[A]), &B.key());
    log.append(other.clone()).unwrap();
    let bring = |settle: &ControlEntry| {
        let call = AppendControl { vault: vault(), heads: heads.clone(), entries: vec![other.encode(), settle.encode()] };
        server.call(&call, Some(&token)).map(drop)
    };
    let forged = on_heads(&log, settle_body(&[other.hash()]), &B.key());
    assert_eq!(bring(&forged), Err(ApiError::ControlRefused));
    bring(&on_heads(&log, settle_body(&[other.hash()]), &owner(0))).unwrap();
    assert!(server.login(&B.key(), Purpose::Sync).is_ok());
    assert_eq!(server.login(&A.key(), Purpose::Sync).err(), Some(ApiError::Unauthorized));
}

fn a_settle_ends_a_mutual_removal<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, _) = server.with_vault();
    enrol(&server, &mut log, B);
    let fork = log.heads().to_vec();
    let token = server.member(B);
    append(&server, &mut log, epoch_body(1, &[B]), &A.key()).unwrap();
    let other = on(&log, &fork, epoch_body(2, &[A]), &B.key());
    // B is removed by now, so a member must have brought its entry: here A.
    let a = server.member(A);
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![other.encode()] };
    assert_eq!(server.call(&call, Some(&token)).err(), Some(ApiError::SessionExpired));
    server.call(&call, Some(&a)).unwrap();
    let kept = log.heads().to_vec();
    log.append(other).unwrap();
    assert!(log.state().conflict().is_some());
    let settle = on_heads(&log, settle_body(&kept), &owner(0));
    let join = server.login(&owner(0), Purpose::Join).unwrap();
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![settle.encode()] };
    server.call(&call, Some(&join)).unwrap();
    log.append(settle).unwrap();
    assert!(server.login(&A.key(), Purpose::Sync).is_ok());
    assert_eq!(server.login(&B.key(), Purpose::Sync).err(), Some(ApiError::Unauthorized));
}

fn a_control_log_has_room_of_its_own<S: Store>(store: S) {
    let mut settings = crate::client::settings();
    settings.max_control_bytes = genesis().encode().len() as u64 + 10;
    let server = Server::with(store, settings);
    let (mut log, token) = server.with_vault();
    assert_eq!(append(&server, &mut log, floor_body(1, 2), &A.key()), Err(ApiError::VaultFull));
    assert_eq!(server.push(&log, &token, &chain(A, 1)).unwrap().n_stored, 1);
}
