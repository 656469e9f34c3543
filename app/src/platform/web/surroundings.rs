//! What is around the window: the tab, its address, the page's visibility, and what the window asks of the browser.

use std::{cell::Cell, io, rc::Rc};

use vault_engine::{Event, RequestId};
use vault_model::strength::RatingRequest;
use vault_ui::{
    App,
    actions::keymap::Keymap,
    outbox::{Ask, Leaving, ShellEvent, ShellFailure},
    platform::Platform,
    routes::Route,
};
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{Document, File, KeyboardEvent, Window};

use super::{
    browser,
    clipboard::PageClipboard,
    dialogs,
    engine::{EngineHandle, Setup},
    js, mirror, preview,
    rating::Rater,
    settings,
    storage::StorageWatch,
    tabs::{TabNews, Tabs},
    window,
};
use crate::{platform::names, shell::Mailbox};

/// See the module.
pub(crate) struct Surroundings {
    page: Window,
    document: Document,
    tabs: Tabs,
    title: String,
    /// Another tab waits for this one to lock.
    is_wanted: Rc<Cell<bool>>,
    storage: StorageWatch,
    locks_hidden: Rc<Cell<bool>>,
    rater: Rater,
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
        if let Some(server) = js::property(&js::property(&js::nt2(), "config"), "PUBLIC_API_URL").as_string() {
            app.apply_shell(ShellEvent::ServerOffered(server));
        }
        app.apply_shell(ShellEvent::Route(page.location().hash().unwrap_or_default()));
        let is_wanted = Rc::new(Cell::new(false));
        let tabs = Tabs::start(on_tab_news(engine.clone(), mailbox.clone(), is_wanted.clone())).map_err(|error| js::io_error(&error))?;
        let refused = mailbox.clone();
        engine.clipboard().tell_refusals(move || refused.tell(ShellEvent::Failed(ShellFailure::Clipboard)));
        listen(&page, &document, mailbox, &engine.clipboard());
        watch_nt2(engine, mailbox);
        Ok(Self {
            page,
            document,
            tabs,
            title: String::new(),
            is_wanted,
            storage: StorageWatch::start(engine, mailbox),
            locks_hidden: Rc::default(),
            rater: Rater::default(),
        })
    }

    /// Takes note of what the engine says; whether it is none of the window's.
    pub(crate) fn note(&mut self, event: &Event) -> bool {
        if matches!(event, Event::Locked(_)) {
            mirror::clear();
        }
        self.storage.note(event)
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
                    let chosen = dialogs::save_as(&names::plain_name(&name), &engine).await.unwrap_or_else(|_| {
                        back.tell(ShellEvent::Failed(ShellFailure::WriteFile));
                        None
                    });
                    let (sink, place) = chosen.map_or((None, String::new()), |(sink, place)| (Some(sink), place));
                    back.tell(ShellEvent::SinkChosen { purpose, sink, place });
                });
            }
            Ask::OpenUrl(address) => {
                let is_opened = names::is_openable(&address)
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
            Ask::PersistStorage => self.storage.persist(),
            Ask::ChooseStandingBackup => self.storage.standing_backup().choose(),
            Ask::ResumeStandingBackup => self.storage.standing_backup().resume(),
            Ask::StopStandingBackup => self.storage.standing_backup().stop(),
            Ask::TakeOver => self.tabs.take_over(),
            Ask::Reload => {
                wasm_bindgen_futures::spawn_local(async {
                    js::call(&js::nt2(), "applyUpdate", &[]).await.ok();
                });
            }
        }
    }

    /// Decodes a picture and tells the window.
    pub(crate) fn decode(&mut self, request: RequestId, bytes: &[u8], mailbox: &Mailbox) {
        preview::decode(request, bytes, mailbox);
    }

    /// Has a text rated and tells the window.
    pub(crate) fn rate(&mut self, request: RequestId, what: RatingRequest, mailbox: &Mailbox) {
        self.rater.rate(request, &what, mailbox);
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
        if self.is_wanted.get() && app.state.vault.is_none() {
            self.is_wanted.set(false);
            engine.stop();
            self.tabs.let_go();
            app.apply_shell(ShellEvent::TakenOver);
        }
        self.set_hidden_timer(app);
    }

    /// The address follows what shows; a move within the vault makes an entry of the history.
    fn write_address(&self, app: &App) {
        let route = app.route();
        let current = self.page.location().hash().unwrap_or_default();
        if route == current {
            return;
        }
        let Ok(history) = self.page.history() else { return };
        // Back must not lead to a lock screen or an editor that is past, nor to an address that was no place of ours.
        let (to, from) = (Route::parse(&route), Route::parse(&current));
        let is_past = current.is_empty() || from.is_gate() || matches!(from, Route::Edit(_) | Route::New(_));
        let written = if is_past || to.is_gate() {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&route))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(&route))
        };
        // A browser that limits how often this may be done leaves the old address.
        written.ok();
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
}

/// What a tab does when its lock comes or goes.
fn on_tab_news(engine: EngineHandle, mailbox: Mailbox, is_wanted: Rc<Cell<bool>>) -> impl Fn(TabNews) {
    move |news| {
        match news {
            TabNews::Held => {
                engine.run();
                mailbox.tell(ShellEvent::HereAgain);
                dialogs::take_launched(&engine, &mailbox);
            }
            TabNews::Elsewhere => mailbox.tell(ShellEvent::OpenElsewhere),
            TabNews::Wanted => {
                is_wanted.set(true);
                mailbox.tell(ShellEvent::Left(Leaving::OtherTab));
            }
            TabNews::Lost => {
                engine.stop();
                mailbox.tell(ShellEvent::TakenOver);
            }
        }
        // A hidden tab draws nothing, and yet it must let go.
        js::later(window::beat);
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
    let (own, caps_lock) = (mailbox.clone(), Cell::new(None));
    window::listen(page, "keydown", move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if is_shortcut(event, &own.ctx) {
            event.prevent_default();
        }
        let is_on = event.get_modifier_state("CapsLock");
        if caps_lock.replace(Some(is_on)) != Some(is_on) {
            own.tell(ShellEvent::CapsLock(Some(is_on)));
        }
    });
}

/// Not of an element in it, which passes here as well: canvas and text input hand the focus to each other all the time.
fn is_of_window(event: &JsValue) -> bool {
    event.dyn_ref::<web_sys::Event>().and_then(web_sys::Event::target).is_some_and(|target| target.is_instance_of::<Window>())
}

/// Whether a key is one of ours that the browser would act on itself: to find in the page, to bookmark it. What types text is left alone.
fn is_shortcut(event: &KeyboardEvent, ctx: &egui::Context) -> bool {
    let command = if ctx.os().is_mac() { event.meta_key() } else { event.ctrl_key() };
    let Some(pressed) = egui::Key::from_name(&event.key()) else { return false };
    let modifiers = egui::Modifiers {
        alt: event.alt_key(),
        ctrl: event.ctrl_key(),
        shift: event.shift_key(),
        mac_cmd: ctx.os().is_mac() && event.meta_key(),
        command,
    };
    let acts = command || event.alt_key() || event.key().starts_with('F');
    acts && Keymap::in_force(ctx).all().any(|(keys, _)| keys.logical_key == pressed && modifiers.matches_exact(keys.modifiers))
}

/// What boot.js tells: a new version, never forced, and files that the system opened with the installed app.
fn watch_nt2(engine: &EngineHandle, mailbox: &Mailbox) {
    let nt2 = js::nt2();
    let on = |name: &str, then: Closure<dyn FnMut()>| {
        // The object is boot.js's own and takes it.
        js_sys::Reflect::set(&nt2, &name.into(), &js::for_ever(then)).ok();
    };
    let own = mailbox.clone();
    on("onupdate", Closure::new(move || own.tell(ShellEvent::UpdateReady)));
    if js::property(&nt2, "updateReady").is_truthy() {
        mailbox.tell(ShellEvent::UpdateReady);
    }
    let (engine, own) = (engine.clone(), mailbox.clone());
    on("onlaunch", Closure::new(move || dialogs::take_launched(&engine, &own)));
}
