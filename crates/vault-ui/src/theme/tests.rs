//! Contrast of every pair of colours that may meet (WCAG 2.2, relative luminance and contrast ratio).

use super::*;

const SETS: [(&str, &Tokens); 4] = [("light", &LIGHT), ("dark", &DARK), ("high dark", &HIGH_DARK), ("high light", &HIGH_LIGHT)];

fn luminance(color: Color32) -> f64 {
    let part = |byte: u8| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(color.r()) + 0.7152 * part(color.g()) + 0.0722 * part(color.b())
}

fn ratio(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[track_caller]
fn check(set: &str, what: &str, fore: Color32, back: Color32, least: f64) {
    let found = ratio(fore, back);
    assert!(found >= least, "{set}: {what} has {found:.2}, needs {least}");
}

/// Everything that text may stand on, but for the moment of a press.
fn backgrounds(t: &Tokens) -> [(&'static str, Color32); 9] {
    [
        ("canvas", t.canvas),
        ("surface", t.surface),
        ("sidebar", t.sidebar),
        ("raised", t.raised),
        ("sunken", t.sunken),
        ("hovered row", t.hover_row),
        ("hovered control", t.hover),
        ("selection", t.selection),
        ("selection without focus", t.selection_off),
    ]
}

#[test]
fn text_is_readable_on_every_background_it_may_meet() {
    for (set, t) in SETS {
        let least = if t.high_contrast { 7.0 } else { 4.5 };
        for (on, back) in backgrounds(t) {
            check(set, &format!("text on {on}"), t.text, back, least);
            check(set, &format!("text2 on {on}"), t.text2, back, least);
            check(set, &format!("text3 on {on}"), t.text3, back, least);
        }
        check(set, "text on pressed", t.text, t.pressed, least);
        check(set, "link on surface", t.accent_text, t.surface, least);
        check(set, "link on selection", t.accent_text, t.selection, 4.5);
        check(set, "chip", t.accent_text, t.accent_soft, least);
        check(set, "tooltip", t.on_tooltip, t.tooltip, least);
        check(set, "digit of a secret", t.secret_digit, t.surface, least);
        check(set, "symbol of a secret", t.secret_symbol, t.surface, least);
    }
}

#[test]
fn buttons_are_readable_in_every_state() {
    for (set, t) in SETS {
        for (state, fill) in [("rest", t.accent), ("hover", t.accent_hover), ("press", t.accent_press)] {
            check(set, &format!("primary at {state}"), t.on_accent, fill, 4.5);
        }
        check(set, "filled danger", t.on_danger, t.danger, 4.5);
        check(set, "outlined danger under the pointer", t.danger, t.danger_soft, 4.5);
    }
}

#[test]
fn state_colours_are_readable_on_the_surface_and_on_their_own_ground() {
    for (set, t) in SETS {
        for tone in [Tone::Danger, Tone::Warn, Tone::Ok, Tone::Info] {
            let (fore, soft) = t.tone(tone);
            check(set, &format!("{tone:?} on surface"), fore, t.surface, 4.5);
            check(set, &format!("{tone:?} on its ground"), fore, soft, 4.5);
            check(set, &format!("text on the ground of {tone:?}"), t.text, soft, 4.5);
        }
    }
}

#[test]
fn borders_and_focus_are_visible() {
    for (set, t) in SETS {
        for (on, back) in [("canvas", t.canvas), ("surface", t.surface), ("raised", t.raised), ("sunken", t.sunken)] {
            check(set, &format!("border on {on}"), t.control, back, 3.0);
            check(set, &format!("focus on {on}"), t.focus, back, 3.0);
        }
        check(set, "focus on selection", t.focus, t.selection, 3.0);
        check(set, "focus on sidebar", t.focus, t.sidebar, 3.0);
    }
}
