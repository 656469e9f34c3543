//! The root of the window: [`App`] holds state and forms, draws the right screen and carries out moves and actions.
//!
//! The shell calls [`App::apply`] and [`App::apply_shell`] for each event, then [`App::logic`] once a frame (also while hidden), then
//! [`App::ui`], then hands [`App::take_outbox`] to engine and platform.
//!
//! In a browser it also compares [`App::route`] with the address after each frame (see [`crate::routes`]), sets a timer to
//! [`App::hidden_lock_in_ms`] while the tab is hidden and calls [`App::logic`] then, keeps the browser from acting on the keys of
//! [`App::keymap`], and, when another tab asks for the vaults, calls [`App::lock`] and gives them away once they are locked.

mod acts;
mod drop;
mod moves;
mod news;
mod place;

use egui::{Context, Ui};
use vault_engine::{Command, Event, RequestId};
use vault_protocol::{ObjectId, VaultId};

use crate::{
    actions::{self, keymap::Keymap},
    format,
    l10n::{self, Language},
    notices,
    outbox::{Ask, Go, Leaving, Outbox, SettingsPage, ShellEvent, Wish},
    platform::{Place, Platform},
    routes::Route,
    settings::DeviceSettings,
    state::State,
    theme,
    views::{
        self, detail::DetailForm, editor::EditorForm, elsewhere::ElsewhereForm, first_run::FirstRunForm, generator::GeneratorForm,
        history::HistoryForm, join::JoinForm, list::ListForm, palette::PaletteForm, preview::PreviewForm, recover::RecoverForm,
        restore::RestoreForm, settings::SettingsForm, sidebar::SidebarForm, trash::TrashForm, unlock::UnlockForm,
    },
    widgets::{self, toast::Toasts},
};

/// The least time between two [`Command::Touch`].
const TOUCH_EVERY_MS: u64 = 5_000;

/// After an answer, the same is searched for again at the earliest after so many times the time that it took, because rows have changed.
const SEARCH_REST: u64 = 8;
/// The longest such rest.
const SEARCH_REST_MOST_MS: u64 = 500;

/// egui wakes the window one frame early, which would show the old text and ask again: so the frame is asked for a little late.
const REPAINT_SLACK_MS: u64 = 50;

/// What the detail pane shows.
#[derive(Default)]
pub enum Pane {
    /// The dashboard: nothing is selected.
    #[default]
    Overview,
    /// The selected item.
    Item,
    /// An item being made or changed.
    Editor(Box<EditorForm>),
    /// The past of the selected item.
    History(HistoryForm),
    /// An attachment.
    Preview(Box<PreviewForm>),
    /// The generator.
    Generator,
    /// The settings.
    Settings(SettingsPage),
}

/// Which screen shows while no vault is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gate {
    /// First run, or unlock of the vault opened last.
    #[default]
    Auto,
    /// All vaults of this device.
    Picker,
    /// One vault.
    Unlock(VaultId),
    /// One vault, with its recovery kit.
    Recover(VaultId),
    /// A new vault beside those that exist.
    Create,
    /// A backup becomes a vault.
    Restore,
    /// A vault comes here from a server.
    Join,
}

/// What lies over the screen.
#[derive(Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The command palette.
    Palette(PaletteForm),
    /// Which kind of item to make.
    KindPicker,
    /// The cheat sheet.
    Shortcuts,
    /// The editor has changes and something else was asked for.
    Discard(Go),
    /// Final removal of these.
    Purge(Vec<ObjectId>),
}

/// The panes, in the order in which F6 visits them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The sidebar.
    Sidebar,
    /// The list.
    #[default]
    List,
    /// The detail pane.
    Detail,
}

/// What is being typed or expanded, by view.
#[derive(Default)]
pub struct Forms {
    /// The detail pane.
    pub pane: Pane,
    /// The screen before a vault is open.
    pub gate: Gate,
    /// What lies over it all.
    pub overlay: Overlay,
    /// Which pane the keyboard is in.
    pub focus: Focus,
    /// The pane that takes the keyboard at the next frame.
    pub want_focus: Option<Focus>,
    /// Whether, with one pane, the detail shows instead of the list.
    pub detail_on_top: bool,
    /// Unlock.
    pub unlock: UnlockForm,
    /// Recovery kit.
    pub recover: RecoverForm,
    /// First run.
    pub first_run: FirstRunForm,
    /// Restore.
    pub restore: RestoreForm,
    /// A vault from a server.
    pub join: JoinForm,
    /// A tab without the vaults.
    pub elsewhere: ElsewhereForm,
    /// Sidebar.
    pub sidebar: SidebarForm,
    /// List.
    pub list: ListForm,
    /// Detail.
    pub detail: DetailForm,
    /// Generator.
    pub generator: GeneratorForm,
    /// Settings.
    pub settings: SettingsForm,
    /// Trash.
    pub trash: TrashForm,
    /// Middle of the detail pane in points, for toasts.
    pub(crate) detail_centre: Option<f32>,
    /// Banners put away until the vault is locked.
    pub dismissed: Vec<&'static str>,
}

/// The window.
pub struct App {
    /// What engine and shell have said.
    pub state: State,
    /// What is being typed.
    pub forms: Forms,
    /// Settings of this device.
    pub settings: DeviceSettings,
    /// The toasts that show.
    pub toasts: Toasts,
    out: Outbox,
    system_language: Language,
    last_touch_ms: u64,
    /// The search the list last asked for, and whether rows changed since.
    searched: Option<views::list::Query>,
    stale: bool,
    /// Since when a search is not known to be answered, Unix milliseconds.
    searching_since_ms: Option<u64>,
    /// Until when the same is not searched for again because of changed rows, Unix milliseconds.
    search_rests_until_ms: u64,
    /// Where the address leads, until a vault is open and knows it.
    wanted: Option<Route>,
    /// Whether one pane is shown at a time.
    one_pane: bool,
    /// Since when the window is hidden, Unix milliseconds.
    hidden_since_ms: Option<u64>,
    /// It shows again since the clock was last looked at.
    shown_again: bool,
    /// The version that waits is started as soon as the vault is locked.
    reload_when_locked: bool,
    /// Whether there is something worth keeping that the browser was not asked to keep yet.
    worth_keeping: bool,
    asked_to_keep: bool,
    /// How the person left, until the lock that this asked for is there.
    left: Option<Leaving>,
    /// Attachments on their way out of the vault.
    saving_files: Vec<SavingFile>,
}

/// An attachment that is being written to a place of the person's choice.
struct SavingFile {
    request: RequestId,
    name: String,
    /// For display; empty if the shell does not know it.
    place: String,
}

impl App {
    /// Sets fonts, theme and language and asks for the vaults of this device.
    pub fn new(ctx: &Context, settings: DeviceSettings) -> Self {
        let settings = settings.bounded();
        crate::fonts::install(ctx);
        theme::install(ctx, &settings);
        l10n::set_language(settings.language.unwrap_or_default());
        l10n::set_here(Platform::Desktop);
        let mut out = Outbox::default();
        out.send(Command::ListVaults);
        Self {
            state: State::default(),
            forms: Forms::default(),
            settings,
            toasts: Toasts::default(),
            out,
            system_language: Language::En,
            last_touch_ms: 0,
            searched: None,
            stale: true,
            searching_since_ms: None,
            search_rests_until_ms: 0,
            wanted: None,
            one_pane: false,
            hidden_since_ms: None,
            shown_again: false,
            reload_when_locked: false,
            worth_keeping: false,
            asked_to_keep: false,
            left: None,
            saving_files: Vec::new(),
        }
    }

    /// News from the engine.
    pub fn apply(&mut self, event: Event) {
        self.state.apply(event);
        self.read_news();
        self.tell_saved_files();
        self.ask_to_keep();
    }

    /// News from the shell.
    pub fn apply_shell(&mut self, mut event: ShellEvent) {
        match &mut event {
            ShellEvent::SystemLanguage(tag) => {
                self.system_language = Language::for_tag(tag);
                l10n::set_language(self.settings.language.unwrap_or(self.system_language));
            }
            ShellEvent::Picture { request, picture } => {
                if let Pane::Preview(form) = &mut self.forms.pane {
                    form.take_picture(*request, picture.take());
                }
            }
            ShellEvent::Minimised => {
                self.shown_again = false;
                self.hidden_since_ms.get_or_insert(self.state.now_ms);
                if self.settings.lock_on_minimise {
                    self.leave(Leaving::Hidden);
                }
            }
            ShellEvent::Left(leaving) => self.leave(*leaving),
            ShellEvent::Platform(platform) => l10n::set_here(*platform),
            // The clock has not moved yet: the next look at it decides whether it was too long.
            ShellEvent::Shown => self.shown_again = true,
            ShellEvent::Route(hash) => self.go_to_route(hash),
            ShellEvent::OpenElsewhere => self.set_place(Place::Elsewhere),
            ShellEvent::TakenOver => self.set_place(Place::TakenOver),
            ShellEvent::HereAgain => self.set_place(Place::Here),
            _ => {}
        }
        self.state.apply_shell(event);
        self.read_news();
        self.ask_to_keep();
    }

    /// What has to happen whether or not anything is drawn. `now_ms`: Unix milliseconds.
    pub fn logic(&mut self, ctx: &Context, now_ms: u64) {
        self.state.tick(now_ms);
        self.lock_if_hidden();
        if std::mem::take(&mut self.shown_again) {
            self.hidden_since_ms = None;
        }
        let active = ctx.input(|input| {
            input.events.iter().any(|event| {
                matches!(
                    event,
                    egui::Event::Key { pressed: true, .. }
                        | egui::Event::Text(_)
                        | egui::Event::PointerButton { pressed: true, .. }
                        | egui::Event::PointerMoved(_)
                        | egui::Event::MouseWheel { .. }
                        | egui::Event::Touch { .. }
                )
            })
        });
        if active && self.state.vault.is_some() {
            self.state.touched();
            if now_ms >= self.last_touch_ms + TOUCH_EVERY_MS {
                self.last_touch_ms = now_ms;
                self.out.send(Command::Touch);
            }
        }
        // A still window paints again only when something on it changes by itself.
        if let Some(step_ms) = self.changes_in_ms() {
            ctx.request_repaint_after(std::time::Duration::from_millis(step_ms + REPAINT_SLACK_MS));
        }
    }

    /// Milliseconds until the clock alone changes what is shown: the words of the lock timer, or a secret that hides. Live codes, toasts
    /// and progress ask for their own frames while they are drawn.
    fn changes_in_ms(&self) -> Option<u64> {
        let vault = self.state.vault.as_ref()?;
        let timer = self.state.locks_in_ms().and_then(format::remaining_steps_in_ms);
        let sync = vault.sync.as_ref().and_then(|sync| notices::sync::changes_in_ms(sync, self.state.now_ms));
        [timer, sync, vault.hides_in_ms(self.state.now_ms)].into_iter().flatten().min()
    }

    /// Draws the window.
    pub fn ui(&mut self, ui: &mut Ui) {
        widgets::note_input(ui.ctx());
        self.fit(ui.ctx());
        self.keyboard(ui);
        if self.state.vault.is_some() {
            views::main::main_ui(ui, &self.state, &mut self.forms, &self.settings, &mut self.out);
        } else {
            views::gate_ui(ui, &self.state, &mut self.forms, &mut self.out);
        }
        self.overlays(ui);
        self.drop_hint_ui(ui);
        let rect = ui.content_rect();
        let centre = self.forms.detail_centre.filter(|_| self.state.vault.is_some()).unwrap_or(rect.center().x);
        let anchor = egui::pos2(centre, rect.bottom() - theme::STATUS_BAR - 16.0);
        if let Some(action) = self.toasts.ui(ui, self.state.now_ms, anchor) {
            self.toast_action(action);
        }
        self.carry_out(ui.ctx());
        self.search_if_needed(ui.ctx());
    }

    /// Everything for engine and shell, in order. Call it after [`Self::ui`].
    pub fn take_outbox(&mut self) -> Vec<Wish> {
        let wishes = self.out.take();
        for wish in &wishes {
            if let Wish::Send(request, command) = wish {
                self.state.sent(*request, command);
            }
        }
        wishes
    }

    /// What the window is called. Never the title of an item: window titles are seen by others.
    pub fn window_title(&self) -> String {
        match &self.state.vault {
            Some(vault) => format!("{} – NT² Vault", vault.status.name),
            None => "NT² Vault".to_owned(),
        }
    }

    /// Whether closing the window now would lose something typed; the shell then keeps it open for a moment after [`Self::lock`].
    pub fn has_unsaved(&self) -> bool {
        matches!(&self.forms.pane, Pane::Editor(form) if form.changed)
    }

    /// Locks, keeping what is being typed. Also what the shell calls before it closes.
    pub fn lock(&mut self) {
        self.keep_draft();
        self.out.send(Command::Lock);
    }

    /// Locks because the person has left. A vault that is just being opened is stopped by whoever told us.
    fn leave(&mut self, leaving: Leaving) {
        if self.state.vault.is_some() {
            self.left = Some(leaving);
            self.lock();
        } else if self.forms.unlock.request.is_some_and(|request| self.state.is_running(request)) {
            self.forms.unlock.note = Some(notices::left(leaving));
        }
    }

    /// The keys in force: in a browser the shell keeps it from acting on these itself.
    pub fn keymap(&self, ctx: &Context) -> Keymap {
        Keymap::new(self.state.platform, ctx.os().is_mac(), &self.settings.shortcuts)
    }

    /// What every view takes from the context: the keys in force, and whether fingers are the pointer.
    fn fit(&mut self, ctx: &Context) {
        self.note_width(ctx);
        let touch = self.state.platform.is_touch() || self.one_pane;
        if touch != theme::is_touch(ctx) {
            theme::set_touch(ctx, touch);
        }
        let keymap = self.keymap(ctx);
        if *Keymap::in_force(ctx) != keymap {
            keymap.install(ctx);
        }
    }

    fn keyboard(&mut self, ui: &Ui) {
        if self.forms.settings.records_keys() && matches!(self.forms.pane, Pane::Settings(_)) {
            return;
        }
        // A dialog on top owns Esc and Enter.
        let modal = !matches!(self.forms.overlay, Overlay::None) || ui.memory(|memory| memory.top_modal_layer().is_some());
        let popup = egui::Popup::is_any_open(ui.ctx());
        for action in actions::pressed(ui.ctx(), modal || popup) {
            self.act(ui.ctx(), action);
        }
    }

    fn search_if_needed(&mut self, ctx: &Context) {
        let Some(vault) = &self.state.vault else {
            self.searched = None;
            return;
        };
        let now_ms = self.state.now_ms;
        if !vault.is_searching()
            && let Some(since_ms) = self.searching_since_ms.take()
        {
            // While rows stream in, going through them again and again takes a small part of the engine's time.
            let rest_ms = (now_ms.saturating_sub(since_ms) * SEARCH_REST).min(SEARCH_REST_MOST_MS);
            self.search_rests_until_ms = now_ms + rest_ms;
        }
        let query = self.forms.list.query();
        if self.searched.as_ref() == Some(&query) {
            // The answer draws a frame, which comes by here.
            if !self.stale || vault.is_searching() {
                return;
            }
            let rest_ms = self.search_rests_until_ms.saturating_sub(now_ms);
            if rest_ms > 0 {
                return ctx.request_repaint_after(std::time::Duration::from_millis(rest_ms));
            }
        }
        self.stale = false;
        self.searching_since_ms = Some(now_ms);
        self.out.send(Command::Search { query: query.words.clone(), scope: query.scope.clone(), sort: query.sort });
        self.searched = Some(query);
    }

    fn change_settings(&mut self, ctx: &Context, settings: DeviceSettings) {
        let settings = settings.bounded();
        if settings == self.settings {
            return;
        }
        let look = (settings.theme, settings.contrast, settings.zoom_percent, settings.reduced_motion);
        if look != (self.settings.theme, self.settings.contrast, self.settings.zoom_percent, self.settings.reduced_motion) {
            theme::install(ctx, &settings);
        }
        if settings.language != self.settings.language {
            l10n::set_language(settings.language.unwrap_or(self.system_language));
        }
        self.settings = settings;
        self.out.ask(Ask::KeepSettings(Box::new(self.settings.clone())));
    }
}
