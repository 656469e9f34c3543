//! Who may send, and how one comes to it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use vault_protocol::{
    Signer as _, VersionVector,
    api::{ApiError, Entitlement, EntitlementState, MakeCheckout, Pull, ReadEntitlement, ReadServer, RedeemPromo, SessionToken},
};
use vault_server::{Premium, Settings, WebhookSecret, block_on, store::Store};

use crate::{
    client::{START_MS, Server, chain, settings},
    stores::on_every_store,
    world::{A, key, vault},
};

on_every_store!(
    without_the_switch_everyone_may_send,
    without_an_entitlement_sending_costs_and_reading_works,
    a_promo_code_entitles_once_and_adds_up,
    a_subscription_entitles_until_it_ends_and_a_while_longer,
    a_message_that_comes_again_or_late_changes_nothing,
    a_message_without_the_shops_signature_is_refused,
    what_the_shop_says_of_others_or_in_test_mode_is_taken_and_ignored,
    the_checkout_link_carries_the_vaults_name,
);

const DAY_MS: u64 = 86_400_000;
const SECRET: &str = "a secret of this test";

fn paid() -> Settings {
    let mut settings = settings();
    settings.premium = Premium {
        required: true,
        grace_days: 14,
        checkout_url: Some("https://nt2.lemonsqueezy.com/buy/1".to_owned()),
        webhook_secret: Some(WebhookSecret::new(SECRET.to_owned())),
        order_days: 0,
        accept_test_mode: false,
    };
    settings
}

fn entitlement<S: Store>(server: &Server<S>, token: &SessionToken) -> Entitlement {
    server.call(&ReadEntitlement { vault: vault() }, Some(token)).unwrap()
}

/// The state, and its end in days from the start.
fn state<S: Store>(server: &Server<S>) -> (EntitlementState, Option<u64>) {
    let found = entitlement(server, &server.member(A));
    (found.state, found.until_ms.map(|until_ms| until_ms.saturating_sub(START_MS) / DAY_MS))
}

fn without_the_switch_everyone_may_send<S: Store>(store: S) {
    let server = Server::new(store);
    let (log, token) = server.with_vault();
    assert!(!server.call(&ReadServer, None).unwrap().premium_required);
    assert_eq!(entitlement(&server, &token), Entitlement { may_push: true, state: EntitlementState::Open, until_ms: None });
    assert!(server.push(&log, &token, &chain(A, 1)).is_ok());
}

fn without_an_entitlement_sending_costs_and_reading_works<S: Store>(store: S) {
    let server = Server::with(store, paid());
    let (log, token) = server.with_vault();
    assert!(server.call(&ReadServer, None).unwrap().premium_required);
    assert_eq!(server.push(&log, &token, &chain(A, 1)), Err(ApiError::PaymentRequired));
    let pull = Pull { vault: vault(), known: VersionVector::default(), max_bytes: 1 << 20 };
    assert!(server.call(&pull, Some(&token)).is_ok());
    assert_eq!(entitlement(&server, &token).state, EntitlementState::None);
}

fn a_promo_code_entitles_once_and_adds_up<S: Store>(store: S) {
    let server = Server::with(store, paid());
    let (log, token) = server.with_vault();
    let make = |days, uses, expires_ms| block_on(server.service.make_promo(days, uses, expires_ms)).unwrap();
    let redeem = |code: &str| server.call(&RedeemPromo { vault: vault(), code: code.to_owned() }, Some(&token));
    let code = make(30, 1, START_MS + DAY_MS);
    assert_eq!(code.len(), 19);
    let until = |days| Ok(Entitlement { may_push: true, state: EntitlementState::Active, until_ms: Some(START_MS + days * DAY_MS) });
    assert_eq!(redeem(&code.to_lowercase().replace('-', " ")), until(30));
    assert!(server.push(&log, &token, &chain(A, 1)).is_ok());
    assert_eq!(redeem(&make(10, 5, START_MS + DAY_MS)), until(40));
    for refused in [code, "0000-0000-0000-0000".to_owned(), make(30, 1, START_MS)] {
        assert_eq!(redeem(&refused), Err(ApiError::PromoRefused));
    }
}

/// A message about a subscription, as the shop writes them (docs.lemonsqueezy.com/help/webhooks/example-payloads), shortened.
fn subscription(event: &str, status: &str, updated_at: &str, renews_at: &str, ends_at: &str) -> String {
    let did = key("did", 0).public_key().did_text();
    let or_null = |text: &str| if text.is_empty() { "null".to_owned() } else { format!("\"{text}\"") };
    format!(
        r#"{{"meta":{{"event_name":"{event}","custom_data":{{"did":"{did}"}}}},"data":{{"type":"subscriptions","id":"42","attributes":{{
        "store_id":1,"customer_id":1,"order_id":1,"product_id":1,"status":"{status}","status_formatted":"x","pause":null,"cancelled":false,
        "renews_at":{},"ends_at":{},"created_at":"2027-01-15T08:00:00.000000Z","updated_at":"{updated_at}","test_mode":false}}}}}}"#,
        or_null(renews_at),
        or_null(ends_at)
    )
}

fn signature(body: &str, secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tell<S: Store>(server: &Server<S>, body: &str) -> u16 {
    block_on(server.service.handle_webhook(body.as_bytes(), &signature(body, SECRET), server.now_ms)).status
}

// START_MS is 2027-01-15T08:00:00Z.
const DAY_1: &str = "2027-01-16T08:00:00.000000Z";
const DAY_2: &str = "2027-01-17T08:00:00.000000Z";
const DAY_30: &str = "2027-02-14T08:00:00.000000Z";

fn a_subscription_entitles_until_it_ends_and_a_while_longer<S: Store>(store: S) {
    let mut server = Server::with(store, paid());
    server.with_vault();
    assert_eq!(tell(&server, &subscription("subscription_created", "active", DAY_1, DAY_30, "")), 200);
    assert_eq!(state(&server), (EntitlementState::Active, Some(30)));
    assert_eq!(tell(&server, &subscription("subscription_cancelled", "cancelled", DAY_2, DAY_30, DAY_30)), 200);
    assert_eq!(state(&server), (EntitlementState::Active, Some(30)));
    server.now_ms = START_MS + 31 * DAY_MS;
    assert_eq!(state(&server), (EntitlementState::Grace, Some(44)));
    server.now_ms = START_MS + 45 * DAY_MS;
    assert_eq!(state(&server), (EntitlementState::Expired, Some(30)));
}

fn a_message_that_comes_again_or_late_changes_nothing<S: Store>(store: S) {
    let server = Server::with(store, paid());
    server.with_vault();
    let active = subscription("subscription_created", "active", DAY_1, DAY_30, "");
    let over = subscription("subscription_expired", "expired", DAY_2, DAY_30, DAY_2);
    for message in [&active, &active, &over, &active, &over] {
        assert_eq!(tell(&server, message), 200);
    }
    assert_eq!(state(&server), (EntitlementState::Active, Some(2)));
}

fn a_message_without_the_shops_signature_is_refused<S: Store>(store: S) {
    let server = Server::with(store, paid());
    server.with_vault();
    let body = subscription("subscription_created", "active", DAY_1, DAY_30, "");
    let good = signature(&body, SECRET);
    for wrong in [signature(&body, "another"), String::new(), "zz".repeat(32), good[2..].to_owned(), format!("{good}00")] {
        assert_eq!(block_on(server.service.handle_webhook(body.as_bytes(), &wrong, START_MS)).status, 401);
    }
    let changed = body.replace("active", "cancelled");
    assert_eq!(block_on(server.service.handle_webhook(changed.as_bytes(), &good, START_MS)).status, 401);
    assert_eq!(state(&server), (EntitlementState::None, None));
    assert_eq!(tell(&server, "{}"), 400);
}

fn what_the_shop_says_of_others_or_in_test_mode_is_taken_and_ignored<S: Store>(store: S) {
    let server = Server::with(store, paid());
    server.with_vault();
    let body = subscription("subscription_created", "active", DAY_1, DAY_30, "");
    let did = key("did", 0).public_key().did_text();
    let ignored = [
        body.replace("\"test_mode\":false", "\"test_mode\":true"),
        body.replace(&did, "did:key:zNobody"),
        body.replace("\"subscriptions\"", "\"license-keys\""),
        body.replace("\"active\"", "\"unheard-of\""),
    ];
    for message in &ignored {
        assert_eq!(tell(&server, message), 200);
    }
    assert_eq!(state(&server), (EntitlementState::None, None));
}

fn the_checkout_link_carries_the_vaults_name<S: Store>(store: S) {
    let server = Server::with(store, paid());
    let (_, token) = server.with_vault();
    let url = server.call(&MakeCheckout { vault: vault() }, Some(&token)).unwrap().url;
    let did = key("did", 0).public_key().did_text().replace(':', "%3A");
    assert_eq!(url, format!("https://nt2.lemonsqueezy.com/buy/1?checkout%5Bcustom%5D%5Bdid%5D={did}"));
}
