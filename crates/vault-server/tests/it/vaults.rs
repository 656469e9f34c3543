//! Status, deletion, the record of "address + password", limits, and what nobody gets without a session.

use sha2::{Digest as _, Sha256};
use vault_protocol::{
    Hash, Kind, Signer as _, VaultId, VersionVector,
    api::{
        ApiError, AppendControl, Call as _, Delete, Deletion, HttpReply, HttpRequest, Keep, OpenSession, Origin, Pull, Purpose,
        PutBootstrap, ReadBootstrap, ReadControl, ReadEntitlement, ReadHeads, Register, Route, SessionToken, Status,
    },
    control::{Allow, ControlBody, ControlEntry, ControlLog},
};
use vault_server::{Rates, block_on, store::Store};

use crate::{
    client::{ORIGIN, Server, chain, settings},
    stores::on_every_store,
    world::{A, B, Key, enrol_body, enrol_key, epoch_body, floor_body, genesis, key, on_heads, owner, settle_body, slot, vault},
};

on_every_store!(
    status_counts_what_is_there,
    the_owner_key_deletes_at_once_with_a_receipt,
    a_member_deletes_after_a_weeks_notice_unless_it_is_called_off,
    a_deleted_vault_may_come_back_and_begins_anew,
    ms22_nothing_of_a_vault_comes_without_a_session,
    address_and_password_logs_in_while_it_is_on,
    ms22_guesses_at_unknown_vaults_and_at_passwords_look_alike_and_are_counted_alike,
    who_asks_too_often_is_told_when_to_come_back,
    unknown_routes_are_not_found,
);

const DAY_MS: u64 = 86_400_000;

fn status_counts_what_is_there<S: Store>(store: S) {
    let mut server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 2);
    server.now_ms += 5;
    server.push(&log, &token, &entries).unwrap();
    let status = server.call(&Status { vault: vault() }, Some(&token)).unwrap();
    let bytes: usize = entries.iter().map(|entry| entry.wire().len()).sum();
    assert_eq!((status.n_entries, status.n_control), (2, 1));
    assert_eq!(status.stored_bytes, (bytes + genesis().encode().len()) as u64);
    assert_eq!((status.registered_ms, status.last_push_ms), (server.now_ms - 5, Some(server.now_ms)));
    let [device] = &status.devices[..] else { panic!("one device") };
    assert_eq!((device.device, device.log, device.seq), (A.device(), A.log(), 2));
    assert_eq!((device.last_entry_ms, device.last_seen_ms), (Some(server.now_ms), Some(server.now_ms - 5)));
    assert!(status.entitlement.may_push && status.deletion_due_ms.is_none());
}

fn the_owner_key_deletes_at_once_with_a_receipt<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    server.push(&log, &token, &chain(A, 3)).unwrap();
    let owner = server.login(&owner(0), Purpose::Delete).unwrap();
    let Deletion::Deleted(receipt) = server.call(&Delete { vault: vault() }, Some(&owner)).unwrap() else { panic!("at once") };
    assert_eq!((receipt.vault, receipt.n_entries, receipt.n_control), (vault(), 3, 1));
    assert_eq!(server.call(&ReadHeads { vault: vault() }, Some(&token)), Err(ApiError::SessionExpired));
    assert_eq!(server.login(&A.key(), Purpose::Sync).err(), Some(ApiError::Unauthorized));
    let ask = Register { genesis: genesis().encode(), create: false };
    assert_eq!(server.call(&ask, None), Err(ApiError::NotRegistered));
    assert_eq!(block_on(server.service.store().receipts(vault())).unwrap(), [receipt]);
    assert_eq!(block_on(server.service.store().vault(vault())).unwrap(), None);
}

fn a_member_deletes_after_a_weeks_notice_unless_it_is_called_off<S: Store>(store: S) {
    let mut server = Server::new(store);
    server.with_vault();
    let ask = |server: &Server<S>| {
        let token = server.login(&A.key(), Purpose::Delete).unwrap();
        server.call(&Delete { vault: vault() }, Some(&token)).unwrap()
    };
    let due_ms = server.now_ms + 7 * DAY_MS;
    assert_eq!(ask(&server), Deletion::Noticed { due_ms });
    server.now_ms += DAY_MS;
    assert_eq!(ask(&server), Deletion::Noticed { due_ms });
    let sync = server.member(A);
    assert_eq!(server.call(&Status { vault: vault() }, Some(&sync)).unwrap().deletion_due_ms, Some(due_ms));
    assert!(server.call(&Keep { vault: vault() }, Some(&sync)).unwrap().was_noticed);
    assert!(!server.call(&Keep { vault: vault() }, Some(&sync)).unwrap().was_noticed);
    server.now_ms = due_ms + 1;
    block_on(server.service.sweep(server.now_ms)).unwrap();
    assert!(server.login(&A.key(), Purpose::Sync).is_ok());

    let due_ms = server.now_ms + 7 * DAY_MS;
    assert_eq!(ask(&server), Deletion::Noticed { due_ms });
    server.now_ms = due_ms - 1;
    assert!(server.login(&A.key(), Purpose::Sync).is_ok());
    server.now_ms = due_ms;
    assert_eq!(server.login(&A.key(), Purpose::Sync).err(), Some(ApiError::Unauthorized));
    assert_eq!(block_on(server.service.store().vault(vault())).unwrap(), None);
}

fn a_deleted_vault_may_come_back_and_begins_anew<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, token) = server.with_vault();
    let epoch = on_heads(&log, epoch_body(1, &[]), &A.key());
    let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![epoch.encode()] };
    server.call(&call, Some(&token)).unwrap();
    log.append(epoch).unwrap();
    block_on(server.service.purge(vault(), server.now_ms)).unwrap();
    let (log, token) = server.with_vault();
    let page = server.call(&ReadControl { vault: vault(), after: 0 }, Some(&token)).unwrap();
    assert_eq!((page.n_control, page.heads), (1, log.heads().to_vec()));
    assert_eq!(server.push(&log, &token, &chain(A, 1)).unwrap().n_entries, 1);
}

fn ms22_nothing_of_a_vault_comes_without_a_session<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    let entries = chain(A, 1);
    server.push(&log, &token, &entries).unwrap();
    let secret = genesis().encode();
    for route in Route::ALL {
        for path in [route.path(vault().0), format!("{}?after=0&n_entries=0&n_control=0&timeout_secs=0", route.path(vault().0))] {
            for token in [None, Some(SessionToken::from_bytes([0; 32])), Some(SessionToken::from_bytes([0xff; 32]))] {
                let request =
                    HttpRequest { method: route.method(), path: path.clone(), token, content_type: None, body: b"\x01\x00\x00".to_vec() };
                let reply = server.raw(&request);
                let holds = |needle: &[u8]| reply.body.windows(needle.len()).any(|window| window == needle);
                assert!(!holds(&secret[40..80]) && !holds(&entries[0].sealed()[81..113]) && !holds(&[7; 32]), "{path}");
                assert!(
                    route == Route::Server || reply.status >= 400 || route.template().starts_with("/relay") || reply.body == b"{}",
                    "{path}"
                );
            }
        }
    }
}

fn address_and_password_logs_in_while_it_is_on<S: Store>(store: S) {
    let server = Server::new(store);
    let (mut log, token) = server.with_vault();
    let login_key = key("login", 0);
    let record = {
        let mut encoder = minicbor::Encoder::new(Vec::new());
        let slot = slot(Kind::SlotP, 0, None, |_| ()).message;
        encoder.map(2).unwrap().u8(0).unwrap().bytes(&login_key.public_key().0).unwrap().u8(1).unwrap().bytes(&slot).unwrap();
        encoder.into_writer()
    };
    let put = PutBootstrap { vault: vault(), record: record.clone() };
    assert_eq!(server.call(&put, Some(&token)), Err(ApiError::ControlRefused));
    assert_eq!(server.login(&login_key, Purpose::Join).err(), Some(ApiError::Unauthorized));
    let mut allow = |bootstrap| {
        let entry = on_heads(&log, ControlBody::Allow(Allow { bootstrap }), &A.key());
        let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![entry.encode()] };
        server.call(&call, Some(&token)).unwrap();
        log.append(entry).unwrap();
    };
    allow(Some(Hash(Sha256::digest(&record).into())));
    server.call(&put, Some(&token)).unwrap();
    let join = server.login(&login_key, Purpose::Join).unwrap();
    assert_eq!(server.login(&login_key, Purpose::Sync).err(), Some(ApiError::Unauthorized));
    assert_eq!(server.login(&login_key, Purpose::Delete).err(), Some(ApiError::Unauthorized));
    let read = ReadBootstrap { vault: vault() };
    assert_eq!(server.call(&read, Some(&join)), Ok(record));
    assert!(server.call(&ReadControl { vault: vault(), after: 0 }, Some(&join)).is_ok());
    // And that is all: no entry, no status, no second device beside its own, nothing that a member writes.
    let refused = |result: Result<(), ApiError>| assert_eq!(result, Err(ApiError::Forbidden));
    refused(server.call(&Status { vault: vault() }, Some(&join)).map(drop));
    refused(server.call(&ReadEntitlement { vault: vault() }, Some(&join)).map(drop));
    refused(server.call(&ReadHeads { vault: vault() }, Some(&join)).map(drop));
    refused(server.call(&Pull { vault: vault(), known: VersionVector::default(), max_bytes: 1 << 20 }, Some(&join)).map(drop));
    refused(server.push(&log, &join, &chain(A, 1)).map(drop));
    refused(server.call(&put, Some(&join)).map(drop));
    refused(server.call(&Delete { vault: vault() }, Some(&join)).map(drop));
    let append = |log: &ControlLog, entries: &[ControlEntry]| {
        let entries = entries.iter().map(ControlEntry::encode).collect();
        server.call(&AppendControl { vault: vault(), heads: log.heads().to_vec(), entries }, Some(&join)).map(drop)
    };
    refused(append(&log, &[on_heads(&log, floor_body(1, 2), &A.key())]));
    refused(append(&log, &[on_heads(&log, settle_body(log.heads()), &owner(0))]));
    let enrol = on_heads(&log, enrol_body(log.heads(), B, 0), &enrol_key(0));
    refused(append(&log, &[enrol.clone(), enrol.clone()]));
    append(&log, std::slice::from_ref(&enrol)).unwrap();
    log.append(enrol).unwrap();
    let mut allow = |bootstrap| {
        let entry = on_heads(&log, ControlBody::Allow(Allow { bootstrap }), &A.key());
        let call = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![entry.encode()] };
        server.call(&call, Some(&token)).unwrap();
        log.append(entry).unwrap();
    };
    allow(None);
    assert_eq!(server.call(&read, Some(&join)), Err(ApiError::SessionExpired));
    assert_eq!(server.login(&login_key, Purpose::Join).err(), Some(ApiError::Unauthorized));
    assert_eq!(block_on(server.service.store().bootstrap(vault())).unwrap(), None);
}

fn ms22_guesses_at_unknown_vaults_and_at_passwords_look_alike_and_are_counted_alike<S: Store>(store: S) {
    let server = Server::new(store);
    server.with_vault();
    let guess = |vault: VaultId, key: &Key| -> HttpReply {
        let challenged = server.challenge(vault, key);
        server.raw(&OpenSession::sign(vault, Purpose::Join, Origin::parse(ORIGIN).unwrap(), &challenged, key).to_http(None))
    };
    let outcomes = |vault: VaultId| -> Vec<(u16, Vec<u8>)> {
        (0..8u8).map(|n| guess(vault, &key("guess", n))).map(|reply| (reply.status, reply.body)).collect()
    };
    let off = outcomes(vault());
    assert_eq!(off, outcomes(VaultId([9; 16])));
    assert_eq!(off.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [401, 401, 401, 401, 401, 401, 429, 429]);
    // The kit's key is never locked out by somebody who guesses, nor is a member.
    assert!(server.login(&owner(0), Purpose::Join).is_ok() && server.login(&A.key(), Purpose::Sync).is_ok());
}

fn who_asks_too_often_is_told_when_to_come_back<S: Store>(store: S) {
    let mut settings = settings();
    settings.rates = Rates { logins_per_address: 4, ..Rates::default() };
    let mut server = Server::with(store, settings);
    server.with_vault();
    assert!(server.login(&A.key(), Purpose::Sync).is_ok());
    let request = vault_protocol::api::Challenge { vault: vault(), key: A.key().public_key() }.to_http(None);
    let reply = server.raw(&request);
    assert_eq!((reply.status, ApiError::from_http(&reply)), (429, ApiError::RateLimited { retry_after_secs: 16 }));
    server.peer = vault_server::Peer::new([192, 0, 2, 7].into());
    assert_eq!(server.raw(&request).status, 200);
    server.peer = vault_server::Peer::LOCAL;
    server.now_ms += 16_000;
    assert_eq!(server.raw(&request).status, 200);
}

fn unknown_routes_are_not_found<S: Store>(store: S) {
    let server = Server::new(store);
    for path in ["/", "/api/v1", "/api/v1/vaults/xyz/status", "/api/v2/server", "/api/v1/vaults"] {
        let method = vault_protocol::api::Method::Get;
        let request = HttpRequest { method, path: path.to_owned(), token: None, content_type: None, body: Vec::new() };
        assert_eq!(ApiError::from_http(&server.raw(&request)), ApiError::NotFound, "{path}");
    }
}
