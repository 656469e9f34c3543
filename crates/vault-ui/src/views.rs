//! The screens. Each reads [`State`](crate::State), edits its own form and puts what it wants into the [`Outbox`](crate::Outbox).

pub mod dashboard;
pub mod first_run;
pub mod kind_picker;
pub mod list;
pub mod main;
pub mod palette;
pub mod picker;
pub mod recover;
pub mod restore;
pub mod shortcuts;
pub mod sidebar;
pub mod status_bar;
pub mod unlock;

// Drawn in the detail pane.
pub mod attachments;
pub mod detail;
pub mod editor;
pub mod generator;
pub mod history;
pub mod preview;
pub mod settings;
pub mod trash;
