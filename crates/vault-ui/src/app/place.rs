//! Where the window is: its address, which tab holds the vaults, how long it has been hidden, which version runs.

use egui::Context;
use vault_engine::Command;

use super::{App, Forms, Gate, Overlay, Pane};
use crate::{
    outbox::{Ask, Go, Leaving},
    platform::{Persistence, Place},
    routes::{Listed, Route},
    views,
};

/// Milliseconds in a minute.
const MINUTE_MS: u64 = 60_000;

impl App {
    /// The address of what shows now (see [`crate::routes`]).
    pub fn route(&self) -> String {
        self.shown_route().write()
    }

    fn shown_route(&self) -> Route {
        if self.state.vault.is_none() || self.state.place != Place::Here {
            return match (self.forms.gate, &self.wanted) {
                // The address that waits for the vault stays where it is.
                (Gate::Auto, Some(wanted)) => wanted.clone(),
                (Gate::Auto, None) => Route::Unlock,
                (Gate::Picker, _) => Route::Vaults,
                (Gate::Unlock(vault), _) => Route::UnlockVault(vault),
                (Gate::Recover(vault), _) => Route::Recover(vault),
                (Gate::Create, _) => Route::Create,
                (Gate::Restore, _) => Route::Restore,
                (Gate::Join, _) => Route::Join,
            };
        }
        if let Some(wanted) = &self.wanted {
            return wanted.clone();
        }
        let list = &self.forms.list;
        if self.one_pane && !self.forms.detail_on_top {
            return Route::Items(Listed::of(&list.scope));
        }
        match &self.forms.pane {
            Pane::Overview => match Listed::of(&list.scope) {
                Listed::All => Route::Overview,
                listed => Route::Items(listed),
            },
            Pane::Item => list.selected.map_or(Route::Overview, Route::Item),
            Pane::Editor(form) => match form.id {
                Some(item) => Route::Edit(item),
                None => Route::New(form.kind.clone()),
            },
            Pane::History(form) => Route::History(form.item),
            Pane::Preview(form) => Route::Attachment(form.item, form.attachment),
            Pane::Generator => Route::Generator,
            Pane::Settings(page) => Route::Settings(*page),
        }
    }

    /// The person changed the address. What lies over the screen goes first, as a phone's Back is expected to do.
    pub(super) fn go_to_route(&mut self, hash: &str) {
        let route = Route::parse(hash);
        if route == self.shown_route() {
            return;
        }
        if self.state.vault.is_none() || self.state.place != Place::Here {
            self.go_to_gate(route);
            return;
        }
        if self.forms.sidebar.drawer || !matches!(self.forms.overlay, Overlay::None) {
            self.forms.sidebar.drawer = false;
            self.forms.overlay = Overlay::None;
            return;
        }
        self.wanted = Some(route);
        self.follow_wanted();
    }

    fn go_to_gate(&mut self, route: Route) {
        self.forms.gate = match route {
            Route::UnlockVault(vault) => Gate::Unlock(vault),
            Route::Recover(vault) => Gate::Recover(vault),
            Route::Vaults => Gate::Picker,
            Route::Create => Gate::Create,
            Route::Restore => Gate::Restore,
            Route::Join => Gate::Join,
            Route::JoinWith(code) => {
                self.forms.join.take_code(&self.state.offered_server, &code);
                Gate::Join
            }
            Route::Unlock => Gate::Auto,
            inside => {
                self.wanted = Some(inside);
                Gate::Auto
            }
        };
    }

    /// Goes where the address says as soon as the vault knows whether that exists.
    pub(super) fn follow_wanted(&mut self) {
        let Some(vault) = &self.state.vault else { return };
        let Some(route) = self.wanted.take() else { return };
        if let Some(item) = route.item()
            && !vault.rows.contains_key(&item)
        {
            if vault.complete {
                self.go(Go::Overview);
            } else {
                self.wanted = Some(route);
            }
            return;
        }
        match route {
            Route::Items(listed) => {
                self.go(Go::Unselect);
                if !self.has_unsaved() {
                    self.go(Go::List(listed.scope()));
                }
            }
            Route::Item(item) => self.go(Go::Item(item)),
            Route::Edit(item) => self.go(Go::Edit(item)),
            Route::History(item) => self.go(Go::History(item)),
            Route::Attachment(item, attachment) => {
                // The preview needs the item behind it; without an editor in the way both moves are carried out.
                self.go(Go::Item(item));
                if !self.has_unsaved() {
                    self.go(Go::Preview(item, attachment));
                }
            }
            Route::New(kind) => self.go(Go::New(kind)),
            Route::Generator => self.go(Go::Generator),
            Route::Settings(page) => self.go(Go::Settings(page)),
            Route::Overview
            | Route::Unlock
            | Route::UnlockVault(_)
            | Route::Recover(_)
            | Route::Vaults
            | Route::Create
            | Route::Restore
            | Route::Join
            | Route::JoinWith(_) => self.go(Go::Overview),
        }
    }

    /// Milliseconds until a hidden tab is to be locked, for the shell's timer; `None` if nothing waits. Call [`Self::logic`] then.
    pub fn hidden_lock_in_ms(&self) -> Option<u64> {
        self.state.vault.as_ref()?;
        self.state.platform.browser()?;
        let limit_ms = u64::from(self.settings.lock_hidden_minutes) * MINUTE_MS;
        (limit_ms > 0).then_some(())?;
        Some((self.hidden_since_ms? + limit_ms).saturating_sub(self.state.now_ms))
    }

    /// Locks if the tab has been hidden for too long, also when that is noticed only as it shows again: browsers stop the timers of
    /// what is hidden.
    pub(super) fn lock_if_hidden(&mut self) {
        if self.hidden_lock_in_ms() == Some(0) {
            self.hidden_since_ms = None;
            self.leave(Leaving::Hidden);
        }
    }

    /// Whether this tab may draw what it knows of vaults.
    pub(super) fn set_place(&mut self, place: Place) {
        let was = self.state.place;
        match place {
            Place::Here if was != Place::Here => {
                self.out.send(Command::ListVaults);
            }
            Place::Here => {}
            Place::Elsewhere | Place::TakenOver => self.drop_all(),
        }
    }

    /// Nothing of the vaults stays in this tab.
    fn drop_all(&mut self) {
        if self.wanted.is_none() && self.state.vault.is_some() {
            self.wanted = Some(self.shown_route()).filter(|route| !matches!(route, Route::Edit(_) | Route::New(_)));
        }
        self.toasts.clear_all();
        // Why it was locked is still to be said when the vaults are here again.
        let note = self.forms.unlock.note.take();
        self.forms = Forms::default();
        self.forms.unlock.note = note;
        self.out.drop_all();
        self.searched = None;
        self.stale = true;
        self.hidden_since_ms = None;
        self.reload_when_locked = false;
    }

    /// The version that waits is wanted: lock first, as on closing, so that what is being typed is kept.
    pub(super) fn reload(&mut self) {
        if self.state.vault.is_some() {
            self.reload_when_locked = true;
            self.lock();
        } else {
            self.out.ask(Ask::Reload);
        }
    }

    /// Asks the browser once to keep what it holds: as soon as there is something to lose, which is also when its question makes sense to
    /// the person. Not at the first load, when a browser that knows nothing of the site would refuse.
    pub(super) fn ask_to_keep(&mut self) {
        let Some(vault) = &self.state.vault else { return };
        let not_asked = self.state.storage.as_ref().is_some_and(|storage| storage.persistence == Persistence::NotAsked);
        let worth = self.worth_keeping || vault.status.has_password;
        if worth && not_asked && self.state.platform.is_browser() && !std::mem::replace(&mut self.asked_to_keep, true) {
            self.out.ask(Ask::PersistStorage);
        }
    }

    /// Notes what the address depends on.
    pub(super) fn note_width(&mut self, ctx: &Context) {
        self.one_pane = views::main::is_one_pane(ctx);
    }
}
