//! The window itself: opened, and closed only after the lock.

use std::process::ExitCode;

use egui::{ViewportBuilder, ViewportCommand};

use super::{engine::Setup, keys::KeyStoreChoice, paths, settings};
use crate::{cli::args::Global, shell::Shell};

/// Names the window to the desktop; the same as the `.desktop` file's.
const APP_ID: &str = "nt2-vault";
/// Points (LOOK): what the window opens with, and what it can be shrunk to.
const DEFAULT_SIZE: [f32; 2] = [1200.0, 760.0];
const MIN_SIZE: [f32; 2] = [420.0, 480.0];
/// The program's mark, 256 × 256.
const ICON: &[u8] = include_bytes!("../../../../assets/brand/icon-256.png");

/// Opens the window and stays until it is closed.
pub(crate) fn main(global: Global) -> ExitCode {
    let place = match paths::data_place(global.data) {
        Ok(place) => place,
        Err(error) => return fail(&format!("The data folder can't be made: {error}. Choose another with --data DIR.")),
    };
    let key_store = if place.is_portable { KeyStoreChoice::Disk } else { global.key_store };
    let settings = settings::load(&place.folder);
    let size = settings.window_size.unwrap_or(DEFAULT_SIZE);
    let mut viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title("NT² Vault")
        .with_inner_size([size[0].clamp(MIN_SIZE[0], 10_000.0), size[1].clamp(MIN_SIZE[1], 10_000.0)])
        .with_min_inner_size(MIN_SIZE);
    // The picture is part of the program and a test reads it; without it, the window has the system's default.
    if let Ok(icon) = eframe::icon_data::from_png_bytes(ICON) {
        viewport = viewport.with_icon(icon);
    }
    let options = eframe::NativeOptions { viewport, persist_window: false, ..eframe::NativeOptions::default() };
    let setup = Setup { data: place.folder, key_store };
    let run = eframe::run_native(
        APP_ID,
        options,
        Box::new(move |creation| {
            // Windows and macOS keep the window out of screenshots; elsewhere nothing happens.
            creation.egui_ctx.send_viewport_cmd(ViewportCommand::ContentProtected(true));
            Ok(Box::new(Shell::new(&creation.egui_ctx, setup, settings).map_err(Box::new)?))
        }),
    );
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("The window can't be opened: {error}. The command line works without one: nt2 help.")),
    }
}

fn fail(sentence: &str) -> ExitCode {
    use std::io::Write as _;
    // Without standard error, the exit code remains.
    writeln!(std::io::stderr(), "nt2: {sentence}").ok();
    ExitCode::from(7)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_icon_is_a_picture_of_256_by_256() {
        let icon = eframe::icon_data::from_png_bytes(super::ICON).unwrap();
        assert_eq!((icon.width, icon.height), (256, 256));
    }
}
