//! Who may send, from the device's side: without an entitlement reading goes on, a code or the shop's message lets changes out, and what ends is
//! said before it hurts.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use vault_engine::{
    Command, Event, Failure,
    sync::{Plan, SyncState},
};
use vault_protocol::api::Route;
use vault_server::{Premium, WebhookSecret, block_on};
use vault_testkit::TestDevice;

use crate::{
    service::RealServer,
    story::{PASSWORD, credential, save},
    sync::{SERVER, World, join, save_kit, status, sync, titles},
    watch::{counted, pass},
};

const DAY_MS: u64 = 86_400_000;
const MINUTE_MS: u64 = 60_000;
const SECRET: &str = "a secret of this test";
/// When the devices of these stories begin: 2026-02-02T02:40:00Z.
const START_MS: u64 = 1_770_000_000_000;

/// A server where sending costs, and a device that has paid nothing.
fn unpaid(seed: u64) -> World {
    let mut settings = RealServer::settings();
    settings.premium = Premium {
        required: true,
        grace_days: 14,
        checkout_url: Some("https://shop.example/buy/1".to_owned()),
        webhook_secret: Some(WebhookSecret::new(SECRET.to_owned())),
        order_days: 0,
        accept_test_mode: false,
    };
    let mut world = World::unsynced(RealServer::with(settings, seed), seed);
    // Where there is nothing to send yet, nothing is refused.
    world.devices[0].send(Command::SyncEnable { server: SERVER.into() });
    world
}

fn promo(world: &World, days: u32) -> String {
    block_on(world.server.borrow().service().make_promo(days, 1, START_MS + 1000 * DAY_MS)).expect("a code")
}

/// What the shop says of a subscription (docs.lemonsqueezy.com/help/webhooks/example-payloads), shortened.
fn shop_says(world: &World, did: &str, status: &str, updated_at: &str, ends: &str) {
    let body = format!(
        r#"{{"meta":{{"event_name":"subscription_updated","custom_data":{{"did":"{did}"}}}},"data":{{"type":"subscriptions","id":"42","attributes":{{
        "status":"{status}","renews_at":{ends},"ends_at":{ends},"created_at":"2026-02-02T02:40:00Z","updated_at":"{updated_at}","test_mode":false}}}}}}"#
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let now_ms = world.devices[0].now_ms;
    let reply = block_on(world.server.borrow().service().handle_webhook(body.as_bytes(), &signature, now_ms));
    assert_eq!(reply.status, 200);
}

fn did(device: &mut TestDevice) -> String {
    let vault = device.ok(Command::ListVaults).into_iter().find_map(|event| match event {
        Event::Vaults(vaults) => Some(vaults[0].vault),
        _ => None,
    });
    let events = device.ok(Command::Unlock { vault: vault.unwrap(), password: PASSWORD.into() });
    crate::story::opened(&events).unwrap().did.clone()
}

fn plan(device: &mut TestDevice) -> Plan {
    status(device).plan
}

/// What the server has of the vault's entries.
fn n_on_server(world: &World) -> usize {
    world.server.borrow().entries(world.vault).len()
}

#[test]
fn a_server_that_asks_nobody_says_so() {
    let mut world = World::seeded(60);
    assert_eq!(plan(&mut world.devices[0]), Plan::Open);
}

#[test]
fn without_premium_nothing_is_sent_all_is_said_and_others_changes_come_in() {
    let mut world = unpaid(61);
    save(&mut world.devices[0], credential("Waits here", "me", "x"));
    assert_eq!(world.devices[0].fails(Command::SyncNow), Failure::PaymentRequired);
    let now = status(&mut world.devices[0]);
    assert_eq!((now.state, now.plan, now.n_unpushed > 0), (SyncState::PaymentRequired, Plan::Required, true));
    assert_eq!(n_on_server(&world), 0);
    // Another device has a code, sends, and its code runs out: what it sent comes in here nevertheless.
    let code = promo(&world, 1);
    world.devices[0].ok(Command::RedeemPromo { code });
    let second = world.join();
    world.tick(30 * DAY_MS);
    world.devices[second].ok(Command::Unlock { vault: world.vault, password: PASSWORD.into() });
    save(&mut world.devices[second], credential("Never sent", "me", "x"));
    assert_eq!(world.devices[second].fails(Command::SyncNow), Failure::PaymentRequired);
    assert_eq!(titles(&mut world.devices[second]), ["Never sent", "Waits here"]);
    assert!(matches!(plan(&mut world.devices[second]), Plan::Expired { .. }));
}

#[test]
fn a_code_lets_out_what_waited() {
    let mut world = unpaid(62);
    save(&mut world.devices[0], credential("Waits", "me", "x"));
    assert_eq!(world.devices[0].fails(Command::RedeemPromo { code: "0000-0000-0000-0000".into() }), Failure::PromoRefused);
    assert_eq!(world.devices[0].fails(Command::RedeemPromo { code: " ".into() }), Failure::PromoRefused);
    let code = promo(&world, 30).to_lowercase();
    world.devices[0].ok(Command::RedeemPromo { code: code.clone() });
    let now = status(&mut world.devices[0]);
    assert_eq!(now.plan, Plan::Active { until_ms: Some(START_MS + 30 * DAY_MS) });
    assert_eq!((now.state, now.n_unpushed), (SyncState::UpToDate, 0));
    assert!(n_on_server(&world) > 0);
    assert_eq!(world.devices[0].fails(Command::RedeemPromo { code }), Failure::PromoRefused, "it was for one vault");
}

#[test]
fn after_the_shop_was_visited_its_message_lets_changes_out_by_itself() {
    let mut world = unpaid(63);
    save(&mut world.devices[0], credential("Waits", "me", "x"));
    let events = world.devices[0].ok(Command::OpenCheckout);
    let (shop, url) = events
        .into_iter()
        .find_map(|event| match event {
            Event::Checkout { shop, url, .. } => Some((shop, url)),
            _ => None,
        })
        .unwrap();
    assert_eq!(shop, "https://shop.example");
    let did = did(&mut world.devices[0]);
    assert!(url.starts_with("https://shop.example/buy/1?") && url.ends_with(&did.replace(':', "%3A")), "{url}");
    world.devices[0].ok(Command::OpenCheckout);
    pass(&mut world.devices[0], 3 * MINUTE_MS);
    assert_eq!(plan(&mut world.devices[0]), Plan::Required);
    // As the shop tells it: a message about a subscription, signed.
    let until = "\"2026-03-04T02:40:00Z\"";
    shop_says(&world, &did, "active", "2026-02-02T02:45:00Z", until);
    pass(&mut world.devices[0], MINUTE_MS);
    let now = status(&mut world.devices[0]);
    assert_eq!(now.plan, Plan::Active { until_ms: Some(START_MS + 30 * DAY_MS) });
    assert_eq!((now.state, now.n_unpushed), (SyncState::UpToDate, 0));
}

#[test]
fn it_is_asked_for_often_only_while_somebody_pays() {
    let mut world = unpaid(64);
    let counter = counted(&mut world, 0);
    let n_asked = || counter.borrow().asked.iter().filter(|route| **route == Route::ReadEntitlement).count();
    pass(&mut world.devices[0], 4 * MINUTE_MS);
    assert_eq!(n_asked(), 0);
    world.devices[0].ok(Command::OpenCheckout);
    pass(&mut world.devices[0], 4 * MINUTE_MS);
    assert!((15..=16).contains(&n_asked()), "{}", n_asked());
}

#[test]
fn what_ends_is_said_with_its_date_and_sending_goes_on_for_a_while() {
    let mut world = unpaid(65);
    let did = did(&mut world.devices[0]);
    shop_says(&world, &did, "active", "2026-02-02T02:45:00Z", "\"2026-02-04T02:40:00Z\"");
    world.devices[0].ok(Command::SyncNow);
    let ends_ms = START_MS + 2 * DAY_MS;
    let vault = world.vault;
    let mut later = |days: u64| {
        let device = &mut world.devices[0];
        device.now_ms = START_MS + days * DAY_MS;
        device.run();
        device.ok(Command::Unlock { vault, password: PASSWORD.into() });
        save(device, credential(&format!("On day {days}"), "me", "x"));
        let failure = device.fails_with(Command::SyncNow);
        (failure, plan(device))
    };
    assert_eq!(later(1), (None, Plan::Active { until_ms: Some(ends_ms) }));
    assert_eq!(later(3), (None, Plan::Grace { until_ms: ends_ms + 14 * DAY_MS }));
    assert_eq!(later(17), (Some(Failure::PaymentRequired), Plan::Expired { since_ms: ends_ms }));
}

#[test]
fn while_nothing_is_taken_no_change_is_offered_again_and_again() {
    let mut world = unpaid(66);
    save(&mut world.devices[0], credential("Large", "me", &"x".repeat(60_000)));
    world.devices[0].fails(Command::SyncNow);
    let before = world.server.borrow().n_bytes;
    pass(&mut world.devices[0], 4 * MINUTE_MS);
    let sent = world.server.borrow().n_bytes - before;
    assert!(sent < 40_000, "{sent} bytes in four minutes");
    assert_eq!(status(&mut world.devices[0]).state, SyncState::PaymentRequired);
}

#[test]
fn a_device_joins_a_vault_whose_premium_has_ended() {
    let mut world = unpaid(67);
    save(&mut world.devices[0], credential("Sent in time", "me", "x"));
    let code = promo(&world, 1);
    world.devices[0].ok(Command::RedeemPromo { code });
    let vault = world.vault;
    world.tick(30 * DAY_MS);
    world.devices[0].run();
    world.devices[0].ok(Command::Unlock { vault, password: PASSWORD.into() });
    let kit = save_kit(&mut world.devices[0]);
    world.devices[0].send(Command::SyncNow);
    let second = world.add_device();
    join(&mut world.devices[second], kit);
    assert_eq!(titles(&mut world.devices[second]), ["Sent in time"]);
}

#[test]
fn a_full_server_says_that_it_is_full_and_others_changes_come_in() {
    let mut settings = RealServer::settings();
    settings.max_vault_bytes = 100_000;
    let mut world = World::around(RealServer::with(settings, 68), 68);
    let second = world.join();
    save(&mut world.devices[second], credential("Small", "me", "x"));
    sync(&mut world.devices[second], world.vault);
    save(&mut world.devices[0], credential("Large", "me", &"x".repeat(60_000)));
    save(&mut world.devices[0], credential("Larger", "me", &"y".repeat(60_000)));
    assert_eq!(world.devices[0].fails(Command::SyncNow), Failure::VaultFull);
    let now = status(&mut world.devices[0]);
    assert_eq!((now.state, now.n_unpushed > 0), (SyncState::VaultFull, true));
    assert_eq!(titles(&mut world.devices[0]), ["Large", "Larger", "Small"]);
}
