//! The window's shell, native and in the browser: eframe on one side, the engine on the other, [`vault_ui::App`] in the middle. What differs
//! between the two is in `platform`.

mod guard;

use std::{
    collections::HashSet,
    io,
    sync::mpsc::{self, Receiver, Sender},
};

use egui::Context;
use vault_engine::{Event, RequestId};
use vault_ui::{
    App,
    outbox::{Ask, ShellEvent, Wish},
    settings::DeviceSettings,
};

use crate::platform::{
    engine::{EngineHandle, Setup},
    now_ms,
    surroundings::Surroundings,
};

/// What reaches the window from elsewhere.
pub(crate) enum News {
    /// From the engine.
    Engine(Event),
    /// From the platform.
    Shell(ShellEvent),
}

/// Sends news to the window and wakes it. Clones go to other threads.
#[derive(Clone)]
pub(crate) struct Mailbox {
    send: Sender<News>,
    pub(crate) ctx: Context,
}

impl Mailbox {
    /// Puts news in.
    pub(crate) fn put(&self, news: News) {
        // Without a window nobody waits for news.
        if self.send.send(news).is_ok() {
            self.ctx.request_repaint();
        }
    }

    /// Puts an answer of the platform in.
    pub(crate) fn tell(&self, event: ShellEvent) {
        self.put(News::Shell(event));
    }
}

/// The program behind the window.
pub(crate) struct Shell {
    app: App,
    engine: EngineHandle,
    inbox: Receiver<News>,
    mailbox: Mailbox,
    surroundings: Surroundings,
    /// Requests whose bytes are a picture that the window wants decoded.
    pictures: HashSet<RequestId>,
}

impl Shell {
    /// Starts the engine behind a window that is about to open.
    pub(crate) fn new(ctx: &Context, setup: Setup, settings: DeviceSettings) -> io::Result<Self> {
        let (send, inbox) = mpsc::channel();
        let mailbox = Mailbox { send, ctx: ctx.clone() };
        let to_window = mailbox.clone();
        let engine = EngineHandle::start(setup.clone(), move |event| to_window.put(News::Engine(event)))?;
        guard::install(ctx);
        let mut app = App::new(ctx, settings);
        let surroundings = Surroundings::new(setup, &engine, &mailbox, &mut app)?;
        Ok(Self { app, engine, inbox, mailbox, surroundings, pictures: HashSet::new() })
    }

    /// What has to happen whether or not anything is drawn: locking must not wait for a visible window.
    pub(crate) fn beat(&mut self) {
        self.read_news();
        self.surroundings.watch(&mut self.app, &self.engine, &self.mailbox);
        self.app.logic(&self.mailbox.ctx.clone(), now_ms());
        self.empty_outbox();
    }

    fn read_news(&mut self) {
        while let Ok(news) = self.inbox.try_recv() {
            match news {
                News::Engine(event) => {
                    self.watch_pictures(&event);
                    if !self.surroundings.note(&event) {
                        self.app.apply(event);
                    }
                }
                News::Shell(event) => self.app.apply_shell(event),
            }
        }
    }

    /// Has a copy of a picture's bytes decoded as they pass.
    fn watch_pictures(&mut self, event: &Event) {
        match event {
            Event::Bytes { request, bytes, .. } if self.pictures.remove(request) => {
                self.surroundings.decode(*request, &bytes.0, &self.mailbox);
            }
            Event::Failed(request, _) => {
                self.pictures.remove(request);
            }
            Event::Locked(_) => self.pictures.clear(),
            _ => {}
        }
    }

    fn empty_outbox(&mut self) {
        for wish in self.app.take_outbox() {
            match wish {
                Wish::Send(request, command) => self.engine.send(request, command),
                Wish::Ask(Ask::DecodePicture(request)) => {
                    self.pictures.insert(request);
                }
                Wish::Rate(request, what) => self.surroundings.rate(request, what, &self.mailbox),
                Wish::Ask(ask) => self.surroundings.carry_out(ask, &self.engine, &self.mailbox),
            }
        }
    }
}

impl eframe::App for Shell {
    fn logic(&mut self, _ctx: &Context, _frame: &mut eframe::Frame) {
        self.beat();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.app.ui(ui);
        self.empty_outbox();
    }

    #[cfg(target_arch = "wasm32")]
    fn as_any_mut(&mut self) -> Option<&mut dyn std::any::Any> {
        Some(self)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.surroundings.leave(&mut self.app);
    }
}
