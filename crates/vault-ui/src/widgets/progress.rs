//! Progress: always what and how much; never a spinner alone.

use egui::{CornerRadius, Rect, Response, Sense, Ui, WidgetInfo, vec2};
use vault_engine::{RequestId, event::Stage};

use super::ghost;
use crate::{
    fl,
    role::{self, Role},
    state::State,
    theme::tokens,
};

/// Shorter jobs show nothing.
const SHOWN_AFTER_MS: u64 = 300;

/// A bar of 4 with its words below. `None`: it is not known how far.
pub fn progress(ui: &mut Ui, fraction: Option<f32>, text: &str) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), Sense::hover());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(egui::Role::ProgressIndicator, true, text);
        info.value = fraction.map(|part| f64::from(part * 100.0));
        info
    });
    ui.painter().rect_filled(rect, CornerRadius::same(2), t.line);
    let done = fraction.unwrap_or(0.35).clamp(0.0, 1.0);
    let bar = Rect::from_min_size(rect.min, vec2(rect.width() * done, rect.height()));
    ui.painter().rect_filled(bar, CornerRadius::same(2), t.accent);
    ui.add_space(2.0);
    ui.label(Role::Small.rich(text, t.text3));
    response
}

/// The progress of a request with a way to stop it; true when that was pressed. Nothing within the first 300 ms.
pub fn request_progress(ui: &mut Ui, state: &State, request: RequestId, can_stop: bool) -> bool {
    let Some(running) = state.requests.get(&request) else { return false };
    let age = state.now_ms.saturating_sub(running.since_ms);
    if age < SHOWN_AFTER_MS {
        ui.request_repaint_after(std::time::Duration::from_millis(SHOWN_AFTER_MS - age));
        return false;
    }
    let (fraction, text) = match running.progress {
        Some(at) if at.stage == Stage::Deriving => {
            let total = at.total.max(1);
            let done = at.done.max(age.min(total));
            ui.request_repaint_after(std::time::Duration::from_millis(100));
            (Some((done as f32 / total as f32).min(0.97)), stage_words(at.stage))
        }
        Some(at) if at.total > 0 => {
            let amount = match at.stage {
                Stage::Opening | Stage::Syncing => fl!("progress-items", done = at.done, total = at.total),
                Stage::Deriving | Stage::Sealing | Stage::Reading | Stage::Checking | Stage::Writing | Stage::Fetching => {
                    fl!("progress-bytes", done = crate::format::bytes(at.done), total = crate::format::bytes(at.total))
                }
            };
            (Some(at.done as f32 / at.total as f32), format!("{} · {amount}", stage_words(at.stage)))
        }
        Some(at) => (None, stage_words(at.stage)),
        None => (None, fl!("progress-working")),
    };
    progress(ui, fraction, &text);
    can_stop && ghost(ui, fl!("cancel")).clicked()
}

fn stage_words(stage: Stage) -> String {
    match stage {
        Stage::Deriving => fl!("stage-deriving"),
        Stage::Opening => fl!("stage-opening"),
        Stage::Sealing => fl!("stage-sealing"),
        Stage::Reading => fl!("stage-reading"),
        Stage::Checking => fl!("stage-checking"),
        Stage::Writing => fl!("stage-writing"),
        Stage::Syncing => fl!("stage-syncing"),
        Stage::Fetching => fl!("stage-fetching"),
    }
}

/// A hint line below something.
pub fn hint(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.add(egui::Label::new(role::small(ui, text)).wrap())
}
