//! Engine stories: commands in, events out, on a temporary disk.

mod attachments;
// mod backup;
mod items;
mod lifecycle;
mod story;
