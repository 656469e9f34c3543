//! What is around the window: what it asks of the system, and what happens to it.

use std::{
    io,
    path::PathBuf,
    time::{Duration, Instant},
};

use egui::{Context, ViewportCommand};
use vault_engine::{Event, RequestId};
use vault_model::strength::RatingRequest;
use vault_ui::{
    App,
    outbox::{Ask, ShellEvent},
};

use super::{
    asks::{self, SettingsKeeper},
    engine::{EngineHandle, Setup},
    preview, rating, settings,
};
use crate::shell::Mailbox;

/// How long closing waits for the lock; it takes milliseconds.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

/// What was last told about the window, so that only changes are.
#[derive(Default)]
struct Seen {
    title: String,
    minimised: bool,
    focused: bool,
    size: Option<[f32; 2]>,
}

/// See the module.
pub(crate) struct Surroundings {
    data: PathBuf,
    keeper: SettingsKeeper,
    seen: Seen,
    /// Since when the window has been waiting for the lock before it closes.
    closing: Option<Instant>,
}

impl Surroundings {
    /// Introduces the system to the window.
    pub(crate) fn new(setup: Setup, engine: &EngineHandle, mailbox: &Mailbox, app: &mut App) -> io::Result<Self> {
        let to_window = mailbox.clone();
        engine.watch_session(move |leaving| to_window.tell(ShellEvent::Left(leaving)))?;
        if let Some(tag) = sys_locale::get_locale() {
            app.apply_shell(ShellEvent::SystemLanguage(tag));
        }
        let keeper = SettingsKeeper::start(setup.data.clone())?;
        Ok(Self { data: setup.data, keeper, seen: Seen::default(), closing: None })
    }

    /// Takes note of what the engine says; whether it is none of the window's. Nothing here depends on it.
    pub(crate) fn note(&mut self, _: &Event) -> bool {
        false
    }

    /// Does what is asked; answers come through the mailbox.
    pub(crate) fn carry_out(&mut self, ask: Ask, engine: &EngineHandle, mailbox: &Mailbox) {
        asks::carry_out(ask, engine, mailbox, &self.keeper);
    }

    /// Decodes a picture and tells the window.
    pub(crate) fn decode(&mut self, request: RequestId, bytes: &[u8], mailbox: &Mailbox) {
        preview::decode(request, bytes, mailbox);
    }

    /// Has a text rated and tells the window.
    pub(crate) fn rate(&mut self, request: RequestId, what: RatingRequest, mailbox: &Mailbox) {
        rating::rate(request, what, mailbox);
    }

    /// Tells the app what happened to its window.
    pub(crate) fn watch(&mut self, app: &mut App, engine: &EngineHandle, mailbox: &Mailbox) {
        let ctx = &mailbox.ctx;
        let (minimised, focused, size) = ctx.input(|input| {
            let viewport = input.viewport();
            let size = viewport.inner_rect.map(|rect| [rect.width(), rect.height()]);
            (viewport.minimized.unwrap_or(false), input.focused, size)
        });
        if minimised && !self.seen.minimised {
            app.apply_shell(ShellEvent::Minimised);
        }
        if !focused && self.seen.focused {
            app.apply_shell(ShellEvent::FocusLost);
        }
        if !minimised && size.is_some() {
            self.seen.size = size;
        }
        (self.seen.minimised, self.seen.focused) = (minimised, focused);
        let dropped = ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect::<Vec<_>>());
        if !dropped.is_empty() {
            asks::register(dropped, engine.files().clone(), mailbox.clone(), ShellEvent::FilesDropped);
        }
        let title = app.window_title();
        if title != self.seen.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.seen.title = title;
        }
        self.watch_close(app, ctx);
    }

    /// Before the window closes, what is being typed is sealed and the vault is locked.
    fn watch_close(&mut self, app: &mut App, ctx: &Context) {
        let is_open = app.state.vault.is_some();
        if ctx.input(|input| input.viewport().close_requested()) && is_open && self.closing.is_none() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            app.lock();
            self.closing = Some(Instant::now());
        }
        let Some(since) = self.closing else { return };
        if !is_open || since.elapsed() > CLOSE_PATIENCE {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        } else {
            ctx.request_repaint_after(CLOSE_PATIENCE);
        }
    }

    /// The window is gone.
    pub(crate) fn leave(&mut self, app: &mut App) {
        if self.seen.size.is_some() && self.seen.size != app.settings.window_size {
            app.settings.window_size = self.seen.size;
            // The size of a window is not worth holding the exit up.
            settings::keep(&self.data, &app.settings).ok();
        }
    }
}
