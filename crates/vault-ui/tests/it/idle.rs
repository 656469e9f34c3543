//! A still window does not paint.

use egui::ViewportId;
use egui_kittest::kittest::Queryable;
use vault_engine::Event;
use vault_model::{FieldId, SecretText};

use crate::{
    stage::{self, ITEM, Window, send},
    support::{NOW_MS, open_window, rows, settings, settle, status, world},
};

const SIZE: [f32; 2] = [1200.0, 760.0];

/// Milliseconds until the window asks to be painted again, as the shell would be told; `None` if it does not ask.
fn asks_in_ms(window: &Window) -> Option<u64> {
    let delay = window.output().viewport_output[&ViewportId::ROOT].repaint_delay;
    (delay < std::time::Duration::from_secs(86_400)).then_some(delay.as_millis() as u64)
}

/// Paints as often as the window asks within `ms` and nobody touches it. Says how often that was.
fn frames_within(window: &mut Window, ms: u64) -> usize {
    let start_ms = world(window).now_ms;
    let mut n = 0;
    while let Some(delay_ms) = asks_in_ms(window) {
        let next_ms = world(window).now_ms + delay_ms;
        if next_ms > start_ms + ms || n > 1_000 {
            break;
        }
        world(window).now_ms = next_ms;
        window.step();
        n += 1;
    }
    world(window).now_ms = start_ms + ms;
    n
}

#[test]
fn an_idle_minute_paints_once_at_most() {
    let mut window = open_window(SIZE, settings(), rows());
    let lock_after_ms = u64::from(status(true).settings.lock_after_secs) * 1000;
    assert!(lock_after_ms >= 180_000);
    window.get_by_label(&format!("Locks in {} min", lock_after_ms / 60_000));
    let n = frames_within(&mut window, 60_000);
    assert!(n <= 1, "{n} frames in an idle minute");
    settle(&mut window);
    window.get_by_label(&format!("Locks in {} min", lock_after_ms / 60_000 - 1));
    // The last minute counts seconds.
    world(&mut window).now_ms = NOW_MS + lock_after_ms - 60_000;
    settle(&mut window);
    window.get_by_label("Locks in 60 s");
    let n = frames_within(&mut window, 10_000);
    assert!((8..=10).contains(&n), "{n} frames in ten seconds of the last minute");
    window.step();
    window.get_by_label("Locks in 50 s");
}

#[test]
fn a_shown_secret_wakes_the_window_when_it_has_to_hide() {
    let mut window = stage::show(SIZE, stage::login());
    let request = vault_engine::RequestId(900);
    send(&mut window, Event::Revealed { request, item: ITEM, field: FieldId("password".to_owned()), text: SecretText::from("x") });
    let shown_ms = u64::from(status(true).settings.reveal_secs) * 1000;
    assert!(asks_in_ms(&window).is_some_and(|ms| ms <= shown_ms + 100));
    world(&mut window).now_ms = NOW_MS + shown_ms;
    window.step();
    assert!(!world(&mut window).app.state.vault.as_ref().expect("open").anything_revealed());
}
