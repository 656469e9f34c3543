//! A QR code: dark on light with its quiet zone in both themes, because many cameras read nothing else (ISO/IEC 18004).

use egui::{Color32, CornerRadius, Mesh, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};
use qrcode::{EcLevel, QrCode};

/// Modules of light around it (ISO/IEC 18004, 9.1).
const QUIET: usize = 4;

/// A text as dark and light modules, computed once.
pub struct Qr {
    n_side: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// `None` if the text is too long for one.
    pub fn new(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let dark = code.to_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
        Some(Self { n_side: code.width(), dark })
    }

    /// Draws it as a square of at most `side` points, with whole pixels per module. `name` is what a screen reader says.
    pub fn show(&self, ui: &mut Ui, name: &str, side: f32) -> Response {
        let pixel = 1.0 / ui.ctx().pixels_per_point();
        let n_modules = (self.n_side + 2 * QUIET) as f32;
        let module = ((side / n_modules / pixel).floor() * pixel).max(pixel);
        let (rect, response) = ui.allocate_exact_size(vec2(module * n_modules, module * n_modules), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, name));
        if ui.is_rect_visible(rect) {
            ui.painter().rect_filled(rect, CornerRadius::same(4), Color32::WHITE);
            ui.painter().add(self.mesh(rect, module));
        }
        response
    }

    /// The dark modules, each run of a row as one rectangle.
    fn mesh(&self, rect: Rect, module: f32) -> Mesh {
        let mut mesh = Mesh::default();
        let origin = rect.min + vec2(module, module) * QUIET as f32;
        for (y, row) in self.dark.chunks_exact(self.n_side).enumerate() {
            let mut x = 0;
            while x < row.len() {
                let n_run = row[x..].iter().take_while(|dark| **dark).count();
                if n_run > 0 {
                    let min = pos2(origin.x + x as f32 * module, origin.y + y as f32 * module);
                    mesh.add_colored_rect(Rect::from_min_size(min, vec2(n_run as f32 * module, module)), Color32::BLACK);
                }
                x += n_run.max(1);
            }
        }
        mesh
    }
}
