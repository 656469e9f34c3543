//! What is around the window: the tab, its address, the page's visibility, and what the window asks of the browser.

use std::{cell::Cell, io, rc::Rc};

use vault_engine::{Event, RequestId};
use vault_ui::{
    App,
    outbox::{Ask, ShellEvent, ShellFailure},
    platform::{Mirror, Platform},
};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, File, KeyboardEvent, Window};

use super::{
    browser,
    clipboard::PageClipboard,
    dialogs,
    engine::{EngineHandle, Setup},
    js, mirror, preview, settings, storage,
    tabs::{TabNews, Tabs},
    window,
};
use crate::shell::{Mailbox, News};

/// How often the use of storage is looked at while the vault changes.
const LOOK_AGAIN_MS: u64 = 5_000;

/// See the module.
pub(crate) struct Surroundings {
    page: Window,
    document: Document,
    tabs: Tabs,
    mailbox: Mailbox,
    /// The address that was last written or read.
    route: String,
    title: String,
    /// Another tab waits for this one to lock.
    is_wanted: Rc<Cell<bool>>,
    is_open: bool,
    looks_again: Rc<Cell<bool>>,
    locks_hidden: Rc<Cell<bool>>,
}

impl Surroundings {
    /// Introduces the browser to the window and asks for the lock of the vaults.
    pub(crate) fn new(_: Setup, engine: &EngineHandle, mailbox: &Mailbox, app: &mut App) -> io::Result<Self> {
        let page = web_sys::window().ok_or(io::ErrorKind::NotFound)?;
        let document = page.document().ok_or(io::ErrorKind::NotFound)?;
        if let Some(tag) = browser::language() {
            app.apply_shell(ShellEvent::SystemLanguage(tag));
        }
        app.apply_shell(ShellEvent::Platform(Platform::Browser(browser::describe())));
        let route = page.location().hash().unwrap_or_default();
        app.apply_shell(ShellEvent::Route(route.clone()));
        let is_wanted = Rc::new(Cell::new(false));
        let tabs = Tabs::start(on_tab_news(engine.clone(), mailbox.clone(), is_wanted.clone())).map_err(|error| js::io_error(&error))?;
        let refused = mailbox.clone();
        engine.clipboard().tell_refusals(move || refused.tell(ShellEvent::Failed(ShellFailure::Clipboard)));
        listen(&page, &document, mailbox, &engine.clipboard());
        watch_updates(mailbox);
        let own = Self {
            page,
            document,
            tabs,
            mailbox: mailbox.clone(),
            route,
            title: String::new(),
            is_wanted,
            is_open: false,
            looks_again: Rc::default(),
            locks_hidden: Rc::default(),
        };
        own.look_at_storage();
        Ok(own)
    }

    /// Takes note of what the engine says.
    pub(crate) fn note(&mut self, event: &Event) {
        match event {
            Event::Opened { .. } => self.is_open = true,
            Event::Locked(_) => {
                self.is_open = false;
                mirror::clear();
            }
            Event::Saved(..) | Event::BackedUp(..) | Event::Restored(..) if !self.looks_again.replace(true) => {
                let (mailbox, looks_again) = (self.mailbox.clone(), self.looks_again.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    js::sleep(LOOK_AGAIN_MS).await;
                    looks_again.set(false);
                    mailbox.tell(ShellEvent::Storage(storage::describe(Mirror::Unavailable).await));
                });
            }
            _ => {}
        }
    }

    /// Does what is asked; answers come through the mailbox.
    pub(crate) fn carry_out(&mut self, ask: Ask, engine: &EngineHandle, mailbox: &Mailbox) {
        match ask {
            Ask::PickFiles { purpose, several } => {
                let (back, engine) = (mailbox.clone(), engine.clone());
                let opened = dialogs::pick_files(several, move |files| {
                    let files = dialogs::register(&files, &engine);
                    back.tell(ShellEvent::FilesPicked { purpose, files });
                });
                if opened.is_err() {
                    mailbox.tell(ShellEvent::FilesPicked { purpose, files: Vec::new() });
                }
            }
            Ask::SaveAs { name, purpose } => {
                let (back, engine) = (mailbox.clone(), engine.clone());
                wasm_bindgen_futures::spawn_local(async move {
                    let chosen = dialogs::save_as(&crate::platform::names::plain_name(&name), &engine).await.unwrap_or_else(|_| {
                        back.tell(ShellEvent::Failed(ShellFailure::WriteFile));
                        None
                    });
                    let (sink, place) = chosen.map_or((None, String::new()), |(sink, place)| (Some(sink), place));
                    back.tell(ShellEvent::SinkChosen { purpose, sink, place });
                });
            }
            Ask::OpenUrl(address) => {
                let is_opened = crate::platform::names::is_openable(&address)
                    && self.page.open_with_url_and_target_and_features(&address, "_blank", "noopener,noreferrer").is_ok();
                if !is_opened {
                    mailbox.tell(ShellEvent::Failed(ShellFailure::OpenUrl));
                }
            }
            Ask::CopyPublic(text) => engine.clipboard().put_public(text),
            // The shell itself watches for the bytes.
            Ask::DecodePicture(_) => {}
            Ask::KeepSettings(changed) => settings::keep(&changed),
            // A page is closed by the person.
            Ask::Quit | Ask::Focus => {}
            Ask::PersistStorage => {
                let back = mailbox.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    storage::persist().await;
                    back.tell(ShellEvent::Storage(storage::describe(Mirror::Unavailable).await));
                });
            }
            Ask::ChooseMirror | Ask::ResumeMirror | Ask::StopMirror => self.look_at_storage(),
            Ask::TakeOver => self.tabs.take_over(),
            Ask::Reload => {
                wasm_bindgen_futures::spawn_local(async {
                    js::call(&js::property(&js_sys::global(), "nt2"), "applyUpdate", &[]).await.ok();
                });
            }
        }
    }

    /// Decodes a picture and tells the window.
    pub(crate) fn decode(&mut self, request: RequestId, bytes: &[u8], mailbox: &Mailbox) {
        preview::decode(request, bytes, mailbox);
    }

    /// Tells the app what happened to its page, and the page what shows.
    pub(crate) fn watch(&mut self, app: &mut App, engine: &EngineHandle, mailbox: &Mailbox) {
        let dropped: Vec<File> =
            mailbox.ctx.input(|input| input.raw.dropped_files.iter().filter_map(|file| file.web_file().cloned()).collect());
        if !dropped.is_empty() {
            app.apply_shell(ShellEvent::FilesDropped(dialogs::register(&dropped, engine)));
        }
        self.write_address(app);
        let title = app.window_title();
        if title != self.title {
            self.document.set_title(&title);
            self.title = title;
        }
        if self.is_wanted.get() && !self.is_open {
            self.is_wanted.set(false);
            engine.stop();
            self.tabs.let_go();
            app.apply_shell(ShellEvent::TakenOver);
        }
        self.set_hidden_timer(app);
    }

    /// The address follows what shows; a move within the window makes an entry of the history.
    fn write_address(&mut self, app: &App) {
        let route = app.route();
        if route == self.route {
            return;
        }
        let Ok(history) = self.page.history() else { return };
        let current = self.page.location().hash().unwrap_or_default();
        let written = match () {
            () if current == route => Ok(()),
            // What stood there was no place of ours.
            () if self.route.is_empty() => history.replace_state_with_url(&JsValue::NULL, "", Some(&route)),
            () => history.push_state_with_url(&JsValue::NULL, "", Some(&route)),
        };
        // A browser that limits how often this may be done leaves the old address.
        written.ok();
        self.route = route;
    }

    /// While the tab is hidden nothing is drawn: a timer looks whether it is time to lock.
    fn set_hidden_timer(&self, app: &App) {
        let Some(ms) = app.hidden_lock_in_ms() else { return };
        if !self.locks_hidden.replace(true) {
            let locks_hidden = self.locks_hidden.clone();
            wasm_bindgen_futures::spawn_local(async move {
                js::sleep(ms).await;
                locks_hidden.set(false);
                window::beat();
            });
        }
    }

    fn look_at_storage(&self) {
        let back = self.mailbox.clone();
        wasm_bindgen_futures::spawn_local(async move { back.tell(ShellEvent::Storage(storage::describe(Mirror::Unavailable).await)) });
    }
}

/// What a tab does when its lock comes or goes.
fn on_tab_news(engine: EngineHandle, mailbox: Mailbox, is_wanted: Rc<Cell<bool>>) -> impl Fn(TabNews) {
    move |news| {
        match news {
            TabNews::Held => {
                engine.run();
                mailbox.tell(ShellEvent::HereAgain);
            }
            TabNews::Elsewhere => mailbox.tell(ShellEvent::OpenElsewhere),
            TabNews::Wanted => {
                is_wanted.set(true);
                mailbox.put(News::Left);
            }
            TabNews::Lost => {
                engine.stop();
                mailbox.tell(ShellEvent::TakenOver);
            }
        }
        // A hidden tab draws nothing, and yet it must let go.
        later(window::beat);
    }
}

/// Events of the page.
fn listen(page: &Window, document: &Document, mailbox: &Mailbox, clipboard: &PageClipboard) {
    let (own, watched) = (mailbox.clone(), document.clone());
    window::listen(document, "visibilitychange", move |_| {
        own.tell(if watched.hidden() { ShellEvent::Minimised } else { ShellEvent::Shown });
        window::beat();
    });
    let own = mailbox.clone();
    window::listen(page, "blur", move |event| {
        if is_of_window(&event) {
            own.tell(ShellEvent::FocusLost);
        }
    });
    let clipboard = clipboard.clone();
    window::listen(page, "focus", move |event| {
        if is_of_window(&event) {
            clipboard.catch_up();
        }
    });
    let (own, watched) = (mailbox.clone(), page.clone());
    // `popstate` also comes when the hash is typed.
    window::listen(page, "popstate", move |_| own.tell(ShellEvent::Route(watched.location().hash().unwrap_or_default())));
    let own = mailbox.clone();
    window::listen(page, "keydown", move |event| {
        let is_on = event.dyn_ref::<KeyboardEvent>().map(|event| event.get_modifier_state("CapsLock"));
        own.tell(ShellEvent::CapsLock(is_on));
    });
}

/// Not of an element in it, which passes here as well: canvas and text input hand the focus to each other all the time.
fn is_of_window(event: &JsValue) -> bool {
    event.dyn_ref::<web_sys::Event>().and_then(web_sys::Event::target).is_some_and(|target| target.is_instance_of::<Window>())
}

/// A new version is told of, never forced.
fn watch_updates(mailbox: &Mailbox) {
    let nt2 = js::property(&js_sys::global(), "nt2");
    let own = mailbox.clone();
    let on_update = js::for_ever(wasm_bindgen::closure::Closure::<dyn FnMut()>::new(move || own.tell(ShellEvent::UpdateReady)));
    // The object is boot.js's own and takes it.
    js_sys::Reflect::set(&nt2, &"onupdate".into(), &on_update).ok();
    if js::property(&nt2, "updateReady").is_truthy() {
        mailbox.tell(ShellEvent::UpdateReady);
    }
}

/// Runs when the event at hand has been dealt with.
fn later(then: impl FnOnce() + 'static) {
    wasm_bindgen_futures::spawn_local(async move { then() });
}
