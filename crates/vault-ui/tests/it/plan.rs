//! What a vault is entitled to, as a person meets it: the line on the page, the shop, a code.

use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vault_engine::{
    Command, Event, Failure,
    sync::{Plan, SyncState, SyncStatus},
};
use vault_ui::{Ask, l10n::Language, theme::ThemeChoice};

use crate::{
    stage::{Window, send, take, take_asks, tree},
    support::{DAY_MS, NOW_MS, options, settle, status, world},
    sync::{page, page_with, press, sync, type_into, with},
};

const SHOP: &str = "https://shop.example.com";
const TALL: [f32; 2] = [1040.0, 1280.0];
const PHONE: [f32; 2] = [390.0, 844.0];

fn of(plan: Plan) -> Box<SyncStatus> {
    let state = if plan.may_send() { SyncState::UpToDate } else { SyncState::PaymentRequired };
    Box::new(SyncStatus { plan, n_unpushed: if plan.may_send() { 0 } else { 3 }, ..*sync(state) })
}

fn active() -> Plan {
    Plan::Active { until_ms: Some(NOW_MS + 30 * DAY_MS) }
}

fn redeemed(h: &mut Window) -> Option<String> {
    take(h, |command| match command {
        Command::RedeemPromo { code } => Some(code.clone()),
        _ => None,
    })
    .map(|(_, code)| code)
}

#[test]
fn every_plan_has_its_line_and_offers_what_helps() {
    let cases = [
        (Plan::Open, "Free (dev: sync open to all)", [false, false]),
        (Plan::Required, "Sending needs Premium", [true, true]),
        (active(), "Premium until 2026-12-21", [false, true]),
        (Plan::Active { until_ms: None }, "Premium", [false, false]),
        (Plan::Grace { until_ms: NOW_MS + 5 * DAY_MS }, "Premium has ended", [true, true]),
        (Plan::Expired { since_ms: NOW_MS - 5 * DAY_MS }, "Premium ended on 2026-11-16", [true, true]),
    ];
    for (plan, title, offers) in cases {
        let h = page(of(plan));
        h.get_by_label(title);
        let offered = ["Get Premium…", "Enter a code…"].map(|label| h.query_by_role_and_label(Role::Button, label).is_some());
        assert_eq!(offered, offers, "{title}");
    }
    let h = page(of(Plan::Unknown));
    assert!(h.query_by_label("Sending needs Premium").is_none() && h.query_by_role_and_label(Role::Button, "Get Premium…").is_none());
}

#[test]
fn r07_the_shop_is_named_before_its_address_is_opened_and_only_a_click_opens_it() {
    let mut h = page(of(Plan::Required));
    press(&mut h, "Get Premium…");
    let request = world(&mut h).request("open checkout");
    assert!(h.get_by_role_and_label(Role::Button, "Open the shop").accesskit_node().is_disabled());
    let url = format!("{SHOP}/buy/1?did=did%3Akey%3Az6Mk");
    send(&mut h, Event::Checkout { request, shop: SHOP.to_owned(), url: url.clone() });
    send(&mut h, Event::Done(request));
    assert!(tree(&h).contains("shop.example.com takes the payment."));
    assert!(!take_asks(&mut h).iter().any(|ask| matches!(ask, Ask::OpenUrl(_))), "not by itself");
    press(&mut h, "Open the shop");
    assert!(take_asks(&mut h).contains(&Ask::OpenUrl(url)));
    assert!(h.query_by_role_and_label(Role::Button, "Open the shop").is_none(), "the dialog is gone");
    send(&mut h, Event::SyncChanged(of(active())));
    h.get_by_label("Premium until 2026-12-21");
}

#[test]
fn a_server_that_sells_nothing_says_so_in_the_dialog() {
    let mut h = page(of(Plan::Required));
    press(&mut h, "Get Premium…");
    let request = world(&mut h).request("open checkout");
    send(&mut h, Event::Failed(request, Failure::NotOffered));
    h.get_by_label("This server does not sell Premium. If you have a code, enter it.");
    press(&mut h, "Cancel");
    assert!(h.query_by_role_and_label(Role::Button, "Open the shop").is_none());
}

#[test]
fn a_code_is_redeemed_and_a_wrong_one_can_be_typed_again() {
    let mut h = page(of(Plan::Required));
    press(&mut h, "Enter a code…");
    assert!(h.get_by_role_and_label(Role::Button, "Redeem").accesskit_node().is_disabled());
    type_into(&mut h, Role::TextInput, "Code for Premium", " k7qf-2m9x ");
    press(&mut h, "Redeem");
    let request = world(&mut h).request("redeem code");
    assert_eq!(redeemed(&mut h).as_deref(), Some("k7qf-2m9x"));
    send(&mut h, Event::Failed(request, Failure::PromoRefused));
    h.get_by_label("That code is not valid: mistyped, used up or out of date.");
    press(&mut h, "Redeem");
    let request = world(&mut h).request("redeem code");
    send(&mut h, Event::SyncChanged(of(active())));
    send(&mut h, Event::Done(request));
    assert!(h.query_by_role_and_label(Role::Button, "Redeem").is_none());
    assert!(tree(&h).contains("Premium until 2026-12-21. What waited here is being sent."));
}

#[test]
fn plan_expired_light() {
    let mut h = page_with(TALL, with(ThemeChoice::Light, Language::En), status(true), of(Plan::Expired { since_ms: NOW_MS - 5 * DAY_MS }));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("plan-expired-light", &options());
}

#[test]
fn plan_shop_de_dark() {
    let mut h = page_with(TALL, with(ThemeChoice::Dark, Language::De), status(true), of(Plan::Required));
    press(&mut h, "Premium holen …");
    let request = world(&mut h).request("open checkout");
    send(&mut h, Event::Checkout { request, shop: SHOP.to_owned(), url: format!("{SHOP}/buy/1") });
    send(&mut h, Event::Done(request));
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("plan-shop-de-dark", &options());
}

#[test]
fn phone_plan_code_de_light() {
    let mut h = page_with(PHONE, with(ThemeChoice::Light, Language::De), status(true), of(Plan::Required));
    h.get_by_role_and_label(Role::Button, "Code eingeben …").scroll_to_me();
    settle(&mut h);
    press(&mut h, "Code eingeben …");
    h.remove_cursor();
    settle(&mut h);
    h.snapshot_options("phone-plan-code-de-light", &options());
}
