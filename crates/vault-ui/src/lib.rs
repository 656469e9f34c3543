//! Everything that is drawn: state, views, widgets, theme, actions. Depends on egui, never on a window system or platform, so its tests
//! need no display.
//!
//! The shell feeds [`App`] with events and carries out what it wants:
//!
//! ```no_run
//! # fn frame(ctx: &egui::Context, ui: &mut egui::Ui, events: Vec<vault_engine::Event>, now_ms: u64) {
//! let mut app = vault_ui::App::new(ctx, vault_ui::DeviceSettings::default());
//! events.into_iter().for_each(|event| app.apply(event));
//! app.logic(ctx, now_ms);
//! app.ui(ui);
//! for wish in app.take_outbox() {
//!     match wish {
//!         vault_ui::Wish::Send(_request, _command) => {} // to the engine
//!         vault_ui::Wish::Ask(_ask) => {}                // to the platform
//!         vault_ui::Wish::Rate(_request, _what) => {}    // to a thread or worker of its own
//!     }
//! }
//! # }
//! ```
//!
//! It must not know: keys, SQL, HTTP, files, clocks.

// Tests say what must be there; a failed unwrap is their report.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod actions;
pub mod app;
pub mod fonts;
pub mod format;
pub mod icons;
pub mod l10n;
pub mod notices;
pub mod outbox;
pub mod pair_link;
pub mod platform;
pub mod role;
pub mod routes;
pub mod settings;
pub mod state;
pub mod theme;
pub mod views;
pub mod widgets;

pub use app::App;
pub use outbox::{Ask, Outbox, ShellEvent, Wish};
pub use platform::Platform;
pub use settings::DeviceSettings;
pub use state::State;
