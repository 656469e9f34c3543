//! The window's shell: eframe on one side, the engine's thread on the other, [`vault_ui::App`] in the middle.

mod asks;
mod guard;
mod previews;

use std::{
    collections::HashSet,
    path::PathBuf,
    process::ExitCode,
    sync::mpsc::{self, Receiver, Sender},
    time::{Duration, Instant},
};

use egui::{Context, ViewportBuilder, ViewportCommand};
use vault_engine::{Event, RequestId};
use vault_ui::{
    App,
    outbox::{Ask, ShellEvent, Wish},
};

use crate::{
    cli::args::Global,
    platform::{
        engine::{EngineThread, Setup},
        keys::KeyStoreChoice,
        now_ms, paths, settings,
    },
};

/// Names the window to the desktop; the same as the `.desktop` file's.
const APP_ID: &str = "nt2-vault";
/// Points (LOOK): what the window opens with, and what it can be shrunk to.
const DEFAULT_SIZE: [f32; 2] = [1200.0, 760.0];
const MIN_SIZE: [f32; 2] = [420.0, 480.0];
/// How long closing waits for the lock; it takes milliseconds.
const CLOSE_PATIENCE: Duration = Duration::from_secs(2);

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
        Box::new(move |creation| Ok(Box::new(Shell::new(&creation.egui_ctx, setup, settings).map_err(Box::new)?))),
    );
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("The window can't be opened: {error}. The command line works without one: nt2 help.")),
    }
}

/// The program's mark, 256 × 256.
const ICON: &[u8] = include_bytes!("../../assets/brand/icon-256.png");

fn fail(sentence: &str) -> ExitCode {
    use std::io::Write as _;
    // Without standard error, the exit code remains.
    writeln!(std::io::stderr(), "nt2: {sentence}").ok();
    ExitCode::from(7)
}

/// What reaches the window from other threads.
enum News {
    Engine(Event),
    Shell(ShellEvent),
}

/// Sends news to the window and wakes it. Clones go to other threads.
#[derive(Clone)]
struct Mailbox {
    send: Sender<News>,
    ctx: Context,
}

impl Mailbox {
    fn put(&self, news: News) {
        // Without a window nobody waits for news.
        if self.send.send(news).is_ok() {
            self.ctx.request_repaint();
        }
    }
}

/// What was last told about the window, so that only changes are.
#[derive(Default)]
struct Seen {
    title: String,
    minimised: bool,
    focused: bool,
    size: Option<[f32; 2]>,
}

struct Shell {
    app: App,
    engine: EngineThread,
    inbox: Receiver<News>,
    mailbox: Mailbox,
    keeper: asks::SettingsKeeper,
    /// Requests whose bytes are a picture that the window wants decoded.
    pictures: HashSet<RequestId>,
    data: PathBuf,
    seen: Seen,
    /// Since when the window has been waiting for the lock before it closes.
    closing: Option<Instant>,
}

impl Shell {
    fn new(ctx: &Context, setup: Setup, settings: vault_ui::settings::DeviceSettings) -> std::io::Result<Self> {
        let (send, inbox) = mpsc::channel();
        let mailbox = Mailbox { send, ctx: ctx.clone() };
        let data = setup.data.clone();
        let to_window = mailbox.clone();
        let engine = EngineThread::start(setup, move |event| to_window.put(News::Engine(event)))?;
        guard::install(ctx);
        // Windows and macOS keep the window out of screenshots; elsewhere nothing happens.
        ctx.send_viewport_cmd(ViewportCommand::ContentProtected(true));
        let mut app = App::new(ctx, settings);
        if let Some(tag) = sys_locale::get_locale() {
            app.apply_shell(ShellEvent::SystemLanguage(tag));
        }
        let keeper = asks::SettingsKeeper::start(data.clone())?;
        Ok(Self { app, engine, inbox, mailbox, keeper, pictures: HashSet::new(), data, seen: Seen::default(), closing: None })
    }

    fn read_news(&mut self) {
        while let Ok(news) = self.inbox.try_recv() {
            match news {
                News::Engine(event) => {
                    self.watch_pictures(&event);
                    self.app.apply(event);
                }
                News::Shell(event) => self.app.apply_shell(event),
            }
        }
    }

    /// Sends a copy of a picture's bytes to the preview process as they pass.
    fn watch_pictures(&mut self, event: &Event) {
        match event {
            Event::Bytes { request, bytes, .. } if self.pictures.remove(request) => previews::decode(*request, &bytes.0, &self.mailbox),
            Event::Failed(request, _) => {
                self.pictures.remove(request);
            }
            Event::Locked(_) => self.pictures.clear(),
            _ => {}
        }
    }

    fn empty_outbox(&mut self, ctx: &Context) {
        for wish in self.app.take_outbox() {
            match wish {
                Wish::Send(request, command) => self.engine.send(request, command),
                Wish::Ask(Ask::DecodePicture(request)) => {
                    self.pictures.insert(request);
                }
                Wish::Ask(ask) => asks::carry_out(ask, ctx, &self.engine, &self.mailbox, &self.keeper),
            }
        }
    }

    /// Tells the app what happened to its window.
    fn watch_window(&mut self, ctx: &Context) {
        let (minimised, focused, size) = ctx.input(|input| {
            let viewport = input.viewport();
            let size = viewport.inner_rect.map(|rect| [rect.width(), rect.height()]);
            (viewport.minimized.unwrap_or(false), input.focused, size)
        });
        if minimised && !self.seen.minimised {
            self.app.apply_shell(ShellEvent::Minimised);
        }
        if !focused && self.seen.focused {
            self.app.apply_shell(ShellEvent::FocusLost);
        }
        if !minimised && size.is_some() {
            self.seen.size = size;
        }
        (self.seen.minimised, self.seen.focused) = (minimised, focused);
        let dropped = ctx.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect::<Vec<_>>());
        if !dropped.is_empty() {
            asks::register(dropped, self.engine.files().clone(), self.mailbox.clone(), ShellEvent::FilesDropped);
        }
        let title = self.app.window_title();
        if title != self.seen.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.seen.title = title;
        }
    }

    /// Before the window closes, what is being typed is sealed and the vault is locked.
    fn watch_close(&mut self, ctx: &Context) {
        let is_open = self.app.state.vault.is_some();
        if ctx.input(|input| input.viewport().close_requested()) && is_open && self.closing.is_none() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.app.lock();
            self.closing = Some(Instant::now());
        }
        let Some(since) = self.closing else { return };
        if !is_open || since.elapsed() > CLOSE_PATIENCE {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        } else {
            ctx.request_repaint_after(CLOSE_PATIENCE);
        }
    }
}

impl eframe::App for Shell {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.read_news();
        self.watch_window(ctx);
        self.app.logic(ctx, now_ms());
        self.watch_close(ctx);
        // Also while nothing is drawn: locking must not wait for a visible window.
        self.empty_outbox(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
        let ctx = ui.ctx().clone();
        self.empty_outbox(&ctx);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        if self.seen.size.is_some() && self.seen.size != self.app.settings.window_size {
            self.app.settings.window_size = self.seen.size;
            // The size of a window is not worth holding the exit up.
            settings::keep(&self.data, &self.app.settings).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_icon_is_a_picture_of_256_by_256() {
        let icon = eframe::icon_data::from_png_bytes(super::ICON).unwrap();
        assert_eq!((icon.width, icon.height), (256, 256));
    }
}
