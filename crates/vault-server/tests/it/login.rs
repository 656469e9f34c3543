//! Challenges and sessions.

use vault_protocol::{
    Signer as _, VaultId, VersionVector,
    api::{
        ApiError, AppendControl, Call, Challenge, Challenged, EndSession, LoginNonce, OpenSession, Origin, Pull, Purpose, ReadControl,
        ReadHeads, Status, bounds::NONCE_LIFE_MS,
    },
};
use vault_server::store::Store;

use crate::{
    client::{ORIGIN, START_MS, Server},
    stores::on_every_store,
    world::{A, B, enrol_key, floor_body, key, on_heads, owner, vault},
};

on_every_store!(
    a_device_logs_in_and_out,
    ms25_a_signature_for_another_origin_vault_purpose_key_nonce_or_time_is_refused,
    ms25_a_nonce_is_taken_once_and_for_a_minute,
    ms25_a_token_idles_out_after_half_an_hour_and_ends_after_a_day,
    only_the_keys_that_may_get_a_session_for_a_purpose,
    ms22_a_challenge_tells_nothing_and_login_failures_look_alike,
    a_purpose_opens_nothing_else,
    old_sessions_make_room_for_new_ones,
);

fn a_device_logs_in_and_out<S: Store>(store: S) {
    let server = Server::new(store);
    let (_log, token) = server.with_vault();
    let read = ReadHeads { vault: vault() };
    assert!(server.call(&read, Some(&token)).is_ok());
    assert_eq!(server.call(&read, None), Err(ApiError::SessionExpired));
    server.call(&EndSession { vault: vault() }, Some(&token)).unwrap();
    assert_eq!(server.call(&read, Some(&token)), Err(ApiError::SessionExpired));
}

fn signed(challenged: &Challenged) -> OpenSession {
    OpenSession::sign(vault(), Purpose::Sync, Origin::parse(ORIGIN).unwrap(), challenged, &A.key())
}

fn ms25_a_signature_for_another_origin_vault_purpose_key_nonce_or_time_is_refused<S: Store>(store: S) {
    let server = Server::new(store);
    server.with_vault();
    let good = signed(&server.challenge(vault(), &A.key()));
    // Changed after signing: the signature does not cover it.
    let changes: [fn(&mut OpenSession); 6] = [
        |session| session.vault = VaultId([9; 16]),
        |session| session.purpose = Purpose::Delete,
        |session| session.origin = Origin::parse("https://other.example.org").unwrap(),
        |session| session.nonce = LoginNonce([9; 32]),
        |session| session.expires_ms += 1,
        |session| session.key = B.key().public_key(),
    ];
    for change in changes {
        let mut changed = good.clone();
        change(&mut changed);
        assert_eq!(server.call(&changed, None).err(), Some(ApiError::Unauthorized));
    }
    // Signed as it is, but for another server, with a nonce of somebody else's or one that was never given.
    let challenged = server.challenge(vault(), &A.key());
    let elsewhere = OpenSession::sign(vault(), Purpose::Sync, Origin::parse("https://evil.example.org").unwrap(), &challenged, &A.key());
    let theirs = signed(&server.challenge(vault(), &B.key()));
    let invented = signed(&Challenged { nonce: LoginNonce([7; 32]), expires_ms: START_MS + 1000 });
    let longer = signed(&Challenged { expires_ms: challenged.expires_ms + 1, ..challenged });
    for session in [elsewhere, theirs, invented, longer] {
        assert_eq!(server.call(&session, None).err(), Some(ApiError::Unauthorized));
    }
    assert!(server.call(&good, None).is_ok());
}

fn ms25_a_nonce_is_taken_once_and_for_a_minute<S: Store>(store: S) {
    let mut server = Server::new(store);
    server.with_vault();
    let session = signed(&server.challenge(vault(), &A.key()));
    assert!(server.call(&session, None).is_ok());
    assert_eq!(server.call(&session, None).err(), Some(ApiError::Unauthorized));
    let challenged = server.challenge(vault(), &A.key());
    server.now_ms += NONCE_LIFE_MS - 1;
    assert!(server.call(&signed(&challenged), None).is_ok());
    let challenged = server.challenge(vault(), &A.key());
    server.now_ms += NONCE_LIFE_MS;
    assert_eq!(server.call(&signed(&challenged), None).err(), Some(ApiError::Unauthorized));
    // Nor does a sweep make a used one fresh within its minute.
    let session = signed(&server.challenge(vault(), &A.key()));
    assert!(server.call(&session, None).is_ok());
    vault_server::block_on(server.service.sweep(server.now_ms)).unwrap();
    assert_eq!(server.call(&session, None).err(), Some(ApiError::Unauthorized));
}

fn ms25_a_token_idles_out_after_half_an_hour_and_ends_after_a_day<S: Store>(store: S) {
    const MINUTE_MS: u64 = 60_000;
    let mut server = Server::new(store);
    let (_log, token) = server.with_vault();
    let read = ReadHeads { vault: vault() };
    for _ in 0..48 {
        server.now_ms += 29 * MINUTE_MS;
        assert!(server.call(&read, Some(&token)).is_ok());
    }
    server.now_ms += 31 * MINUTE_MS;
    assert_eq!(server.call(&read, Some(&token)), Err(ApiError::SessionExpired));

    let token = server.member(A);
    for _ in 0..72 {
        server.now_ms += 20 * MINUTE_MS;
        assert!(server.call(&read, Some(&token)).is_ok());
    }
    server.now_ms += 1;
    assert_eq!(server.call(&read, Some(&token)), Err(ApiError::SessionExpired));
}

fn only_the_keys_that_may_get_a_session_for_a_purpose<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, _token) = server.with_vault();
    let cases = [
        (A.key(), [true, true, true]),
        (owner(0), [false, true, true]),
        (B.key(), [false; 3]),
        (enrol_key(0), [false; 3]),
        // Only as long as there is nothing but the genesis: see below.
        (key("did", 0), [false, true, false]),
    ];
    let purposes =
        |key: &crate::world::Key| [Purpose::Sync, Purpose::Join, Purpose::Delete].map(|purpose| server.login(key, purpose).is_ok());
    for (key, expected) in cases {
        assert_eq!(purposes(&key), expected);
    }
    let by_name = server.login(&key("did", 0), Purpose::Join).unwrap();
    let entry = on_heads(&log, floor_body(1, 2), &A.key());
    let append = AppendControl { vault: vault(), heads: log.heads().to_vec(), entries: vec![entry.encode()] };
    server.call(&append, Some(&by_name)).unwrap();
    assert_eq!(purposes(&key("did", 0)), [false; 3]);
    assert_eq!(server.call(&ReadControl { vault: vault(), after: 0 }, Some(&by_name)).err(), Some(ApiError::SessionExpired));
}

fn ms22_a_challenge_tells_nothing_and_login_failures_look_alike<S: Store>(store: S) {
    let server = Server::new(store);
    server.with_vault();
    let replies = [(vault(), A.key()), (vault(), B.key()), (VaultId([9; 16]), A.key())].map(|(vault, key)| {
        let reply = server.raw(&Challenge { vault, key: key.public_key() }.to_http(None));
        let challenged = Challenge::reply_from_http(&reply).unwrap();
        (reply.status, reply.body.len(), challenged.expires_ms)
    });
    assert!(replies.iter().all(|reply| *reply == replies[0]));

    let refusal = |vault: VaultId, key: &crate::world::Key, break_it: bool| {
        let challenged = server.challenge(vault, key);
        let mut session = OpenSession::sign(vault, Purpose::Sync, Origin::parse(ORIGIN).unwrap(), &challenged, key);
        if break_it {
            session.signature.0[0] ^= 1;
        }
        server.raw(&session.to_http(None))
    };
    let unknown_vault = refusal(VaultId([9; 16]), &A.key(), false);
    let unknown_key = refusal(vault(), &B.key(), false);
    let wrong_signature = refusal(vault(), &A.key(), true);
    assert_eq!((unknown_vault.status, &unknown_vault.body), (401, &unknown_key.body));
    assert_eq!(unknown_key.body, wrong_signature.body);
}

fn a_purpose_opens_nothing_else<S: Store>(store: S) {
    let server = Server::new(store);
    server.with_vault();
    let pull = Pull { vault: vault(), known: VersionVector::default(), max_bytes: 1 << 20 };
    let read = ReadControl { vault: vault(), after: 0 };
    for (key, purpose) in [(owner(0), Purpose::Join), (owner(0), Purpose::Delete), (A.key(), Purpose::Delete)] {
        let token = server.login(&key, purpose).unwrap();
        assert_eq!(server.call(&pull, Some(&token)), Err(ApiError::Forbidden));
        assert!(server.call(&read, Some(&token)).is_ok() && server.call(&Status { vault: vault() }, Some(&token)).is_ok());
    }
    let sync = server.member(A);
    assert_eq!(server.call(&vault_protocol::api::Delete { vault: vault() }, Some(&sync)), Err(ApiError::Forbidden));
    // Another vault's path with this vault's token.
    let other = ReadControl { vault: VaultId([9; 16]), after: 0 };
    assert_eq!(server.call(&other, Some(&sync)), Err(ApiError::SessionExpired));
}

fn old_sessions_make_room_for_new_ones<S: Store>(store: S) {
    let mut settings = crate::client::settings();
    settings.max_sessions = 3;
    let mut server = Server::with(store, settings);
    server.with_vault();
    let tokens: Vec<_> = (0..4)
        .map(|_| {
            server.now_ms += 1;
            server.member(A)
        })
        .collect();
    let lives: Vec<_> = tokens.iter().map(|token| server.call(&ReadHeads { vault: vault() }, Some(token)).is_ok()).collect();
    assert_eq!(lives, [false, true, true, true]);
}
