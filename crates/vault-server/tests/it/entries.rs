//! Entries in and out.

use vault_protocol::{
    Hash, Head, VaultId, VersionVector,
    api::{ApiError, AppendControl, Call as _, HttpReply, Pull, Pulled, Push, ReadHeads, SessionToken, Wait, bounds::MIN_PAGE_BYTES},
    control::ControlLog,
    entry::WireEntry,
};
use vault_server::{Service, store::Store};

use crate::{
    client::{Server, chain, entry, entry_of, settings},
    stores::on_every_store,
    world::{A, B, enrol_body, epoch_body, on_heads, vault},
};

on_every_store!(
    what_one_device_pushes_another_pulls,
    a_push_may_be_repeated_in_whole_or_in_part,
    another_entry_in_a_taken_place_is_a_conflict,
    ms10_a_gap_is_named_with_what_must_come_next,
    a_push_is_stored_whole_or_not_at_all,
    ms17_entries_of_strangers_are_refused,
    ld03_a_push_that_does_not_know_of_a_removal_is_refused,
    a_pull_with_nothing_new_is_small,
    pages_follow_each_other_without_gap_or_repetition,
    a_pull_tells_of_heads_that_differ,
    a_waiting_client_learns_that_something_changed,
    a_vault_that_is_full_takes_no_more,
);

fn enrol_b<S: Store>(server: &Server<S>, log: &mut ControlLog, token: &SessionToken) {
    let enrol = on_heads(log, enrol_body(log.heads(), B, 0), &A.key());
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![enrol.encode()] };
    server.call(&call, Some(token)).unwrap();
    log.append(enrol).unwrap();
}

fn vector(entries: &[WireEntry]) -> VersionVector {
    let head = |entry: &WireEntry| (entry.header().log, Head { seq: entry.header().seq, hash: entry.hash() });
    VersionVector(entries.iter().map(head).collect())
}

fn pull<S: Store>(server: &Server<S>, token: &SessionToken, known: &VersionVector, max_bytes: u32) -> Pulled {
    server.call(&Pull { vault: vault(), known: known.clone(), max_bytes }, Some(token)).unwrap()
}

fn what_one_device_pushes_another_pulls<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, a) = server.with_vault();
    enrol_b(&server, &mut log, &a);
    let b = server.member(B);
    let (mine, theirs) = (chain(A, 3), chain(B, 2));
    assert_eq!(server.push(&log, &a, &mine).unwrap().n_entries, 3);
    assert_eq!(server.push(&log, &b, &theirs).unwrap().n_entries, 5);
    let pulled = pull(&server, &b, &VersionVector::default(), 1 << 20);
    let wires: Vec<_> = mine.iter().chain(&theirs).map(|entry| entry.wire().to_vec()).collect();
    assert_eq!((pulled.entries, pulled.more), (wires, false));
    assert_eq!((pulled.position.n_entries, pulled.position.n_control), (5, 2));
    assert_eq!(pulled.position.control_heads, log.heads());
    assert_eq!(pulled.differing, vector(&[mine[2].clone(), theirs[1].clone()]));
    let heads = server.call(&ReadHeads { vault: vault() }, Some(&a)).unwrap();
    assert_eq!((heads.logs, heads.position), (pulled.differing, pulled.position));
    let pulled = pull(&server, &a, &vector(&mine), 1 << 20);
    assert_eq!(pulled.entries.len(), 2);
}

fn a_push_may_be_repeated_in_whole_or_in_part<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 5);
    assert_eq!(server.push(&log, &token, &entries[..3]).unwrap().n_stored, 3);
    assert_eq!(server.push(&log, &token, &entries[..3]).unwrap().n_stored, 0);
    assert_eq!(server.push(&log, &token, &entries[1..]).unwrap().n_stored, 2);
    let twice = [&entries[4..], &entries[4..]].concat();
    assert_eq!(server.push(&log, &token, &twice).unwrap().n_stored, 0);
    assert_eq!(server.n_entries(&token), 5);
}

fn another_entry_in_a_taken_place_is_a_conflict<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 3);
    server.push(&log, &token, &entries).unwrap();
    let other = entry(A, 2, entries[0].hash(), 101);
    let conflict = |entry: &WireEntry| {
        let (log, seq) = (entry.header().log, entry.header().seq);
        Err(ApiError::EntryConflict { log, seq, hash: entry.hash() })
    };
    assert_eq!(server.push(&log, &token, std::slice::from_ref(&other)), conflict(&entries[1]));
    // One that continues another history: the place before it is what differs.
    let branch = entry(A, 4, other.hash(), 100);
    assert_eq!(server.push(&log, &token, &[branch]), conflict(&entries[2]));
    // Two entries for one place in one push.
    let fourth = entry(A, 4, entries[2].hash(), 100);
    let rival = entry(A, 4, entries[2].hash(), 101);
    assert_eq!(server.push(&log, &token, &[fourth.clone(), rival]), conflict(&fourth));
    assert_eq!(server.n_entries(&token), 3);
}

fn ms10_a_gap_is_named_with_what_must_come_next<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 4);
    let gap = |expected_seq| Err(ApiError::Gap { log: A.log(), expected_seq });
    assert_eq!(server.push(&log, &token, &entries[1..]), gap(1));
    server.push(&log, &token, &entries[..2]).unwrap();
    assert_eq!(server.push(&log, &token, &entries[3..]), gap(3));
    let swapped = [entries[3].clone(), entries[2].clone()];
    assert_eq!(server.push(&log, &token, &swapped), gap(3));
}

fn a_push_is_stored_whole_or_not_at_all<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 4);
    let mut forged = entries[2].wire().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let wires = vec![entries[0].wire().to_vec(), entries[1].wire().to_vec(), forged];
    let push = Push { vault: vault(), control_heads: log.heads().to_vec(), entries: wires };
    assert_eq!(server.call(&push, Some(&token)), Err(ApiError::EntryRefused { log: A.log(), seq: 3 }));
    let with_gap = [entries[0].clone(), entries[3].clone()];
    assert!(server.push(&log, &token, &with_gap).is_err());
    assert_eq!(server.n_entries(&token), 0);
}

fn ms17_entries_of_strangers_are_refused<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let refused = |log_id| Err(ApiError::EntryRefused { log: log_id, seq: 1 });
    assert_eq!(server.push(&log, &token, &chain(B, 1)), refused(B.log()));
    let elsewhere = entry_of(VaultId([9; 16]), A.log(), &A.key(), 1, Hash::ZERO, 50);
    assert_eq!(server.push(&log, &token, &[elsewhere]), refused(A.log()));
    let by_another = entry_of(vault(), A.log(), &B.key(), 1, Hash::ZERO, 50);
    assert_eq!(server.push(&log, &token, &[by_another]), refused(A.log()));
    let rubbish = Push { vault: vault(), control_heads: log.heads().to_vec(), entries: vec![vec![7; 300]] };
    assert_eq!(server.call(&rubbish, Some(&token)), Err(ApiError::BadRequest));
}

fn ld03_a_push_that_does_not_know_of_a_removal_is_refused<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, token) = server.with_vault();
    enrol_b(&server, &mut log, &token);
    let before = crate::world::log_of(&[B]);
    let epoch = on_heads(&log, epoch_body(1, &[B]), &A.key());
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![epoch.encode()] };
    server.call(&call, Some(&token)).unwrap();
    log.append(epoch).unwrap();
    let stale = ApiError::StaleControl { heads: log.heads().to_vec(), n_control: 3 };
    assert_eq!(server.push(&before, &token, &chain(A, 1)), Err(stale));
    assert!(server.push(&log, &token, &chain(A, 1)).is_ok());
}

fn a_pull_with_nothing_new_is_small<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 3);
    server.push(&log, &token, &entries).unwrap();
    let call = Pull { vault: vault(), known: vector(&entries), max_bytes: 1 << 20 };
    let reply: HttpReply = server.raw(&call.to_http(Some(&token)));
    let pulled = Pull::reply_from_http(&reply).unwrap();
    assert!(pulled.entries.is_empty() && pulled.differing.0.is_empty() && !pulled.more);
    assert!(reply.body.len() < 60, "{} bytes", reply.body.len());
}

fn pages_follow_each_other_without_gap_or_repetition<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, a) = server.with_vault();
    enrol_b(&server, &mut log, &a);
    let b = server.member(B);
    let grown = |party, n| {
        let mut prev = Hash::ZERO;
        let make = |seq| {
            let entry = entry(party, seq, prev, 3000);
            prev = entry.hash();
            entry
        };
        (1..=n).map(make).collect::<Vec<_>>()
    };
    let (mine, theirs) = (grown(A, 20), grown(B, 20));
    for (pair, other) in mine.chunks(4).zip(theirs.chunks(4)) {
        server.push(&log, &a, pair).unwrap();
        server.push(&log, &b, other).unwrap();
    }
    let mut known = VersionVector::default();
    let mut pages = 0;
    loop {
        let pulled = pull(&server, &a, &known, MIN_PAGE_BYTES);
        pages += 1;
        for wire in pulled.entries {
            let entry = WireEntry::parse(wire).unwrap();
            let (log, seq) = (entry.header().log, entry.header().seq);
            let last = known.0.insert(log, Head { seq, hash: entry.hash() });
            assert_eq!((last.map_or(0, |head| head.seq) + 1, last.map_or(Hash::ZERO, |head| head.hash)), (seq, entry.prev()));
        }
        if !pulled.more {
            break;
        }
    }
    assert_eq!(known, vector(&[mine[19].clone(), theirs[19].clone()]));
    assert!(pages > 5, "{pages} pages");
    // A page has room for one entry however long it is.
    let long = entry(A, 21, mine[19].hash(), 900_000);
    server.push(&log, &a, std::slice::from_ref(&long)).unwrap();
    assert_eq!(pull(&server, &b, &known, MIN_PAGE_BYTES).entries, [long.wire().to_vec()]);
}

fn a_pull_tells_of_heads_that_differ<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, a) = server.with_vault();
    enrol_b(&server, &mut log, &a);
    let entries = chain(A, 3);
    server.push(&log, &a, &entries[..2]).unwrap();
    // MS12, MS16: a client that knows more than the server, and one that knows a log the server never saw, can tell.
    let ahead = vector(&[entries[2].clone(), chain(B, 1)[0].clone()]);
    let pulled = pull(&server, &a, &ahead, 1 << 20);
    let mut expected = vector(&entries[..2]);
    expected.0.insert(B.log(), Head { seq: 0, hash: Hash::ZERO });
    assert_eq!((pulled.differing, pulled.entries.len()), (expected, 0));
    let mut forked = vector(&entries[..2]);
    forked.0.insert(A.log(), Head { seq: 2, hash: Hash([5; 32]) });
    assert_eq!(pull(&server, &a, &forked, 1 << 20).differing, vector(&entries[..2]));
}

fn a_waiting_client_learns_that_something_changed<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let wait = Wait { vault: vault(), n_entries: 0, n_control: 1, timeout_secs: 20 };
    let request = wait.to_http(Some(&token));
    let reply = server.raw(&request);
    let patience = Service::<S>::patience(&request, &reply).unwrap();
    assert_eq!(patience.timeout_secs, 20);
    let notify = server.service.changes().watch(patience.subject);
    let mut waiting = std::pin::pin!(notify.notified());
    assert!(!waiting.as_mut().enable());
    server.push(&log, &token, &chain(A, 1)).unwrap();
    vault_server::block_on(waiting);
    let reply = server.raw(&request);
    assert!(Wait::reply_from_http(&reply).unwrap().changed);
    assert_eq!(Service::<S>::patience(&request, &reply), None);
    assert!(server.call(&Wait { n_entries: 1, ..wait }, Some(&token)).is_ok_and(|reply| !reply.changed));
}

fn a_vault_that_is_full_takes_no_more<S: Store>(store: S) {
    let mut settings = settings();
    settings.max_vault_bytes = 8_000;
    let server = Server::with(store, settings);
    let (log, token) = server.with_vault();
    let large = entry(A, 1, Hash::ZERO, 9_000);
    assert_eq!(server.push(&log, &token, &[large]), Err(ApiError::VaultFull));
    let small = entry(A, 1, Hash::ZERO, 900);
    assert_eq!(server.push(&log, &token, &[small]).unwrap().n_stored, 1);
}
