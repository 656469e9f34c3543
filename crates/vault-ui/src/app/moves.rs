//! Moves within the window, carried out at the end of a frame.

use egui::Context;
use vault_engine::{Command, command::Scope};

use super::{App, Focus, Overlay, Pane};
use crate::{
    outbox::{Go, SettingsPage},
    views::{editor::EditorForm, history::HistoryForm, preview::PreviewForm},
};

impl App {
    /// Does what the views asked for in this frame.
    pub(super) fn carry_out(&mut self, ctx: &Context) {
        for action in self.out.take_actions() {
            self.act(ctx, action);
        }
        for to in self.out.take_moves() {
            self.go(to);
        }
        for request in self.out.take_forgotten() {
            if let Some(vault) = &mut self.state.vault {
                vault.forget(request);
            }
        }
        for toast in self.out.take_toasts() {
            self.toasts.push(toast);
        }
        if let Some(settings) = self.out.take_settings() {
            self.change_settings(ctx, settings);
        }
    }

    /// Moves, unless the editor holds changes: then it asks first.
    pub fn go(&mut self, to: Go) {
        let leaves_editor = !matches!(to, Go::LeaveEditor | Go::List(_));
        if leaves_editor && self.has_unsaved() {
            // The selection in the list must name what the detail pane shows.
            self.forms.overlay = Overlay::Discard(to);
            return;
        }
        self.go_now(to);
    }

    /// Moves without asking.
    pub(super) fn go_now(&mut self, to: Go) {
        self.leave_pane();
        match to {
            Go::Overview | Go::Unselect => {
                self.forms.list.selected = None;
                self.close_item();
                self.forms.pane = Pane::Overview;
                self.forms.detail_on_top = matches!(to, Go::Overview);
                // The overview speaks of the whole vault, and only one row of the sidebar may stand selected.
                if matches!(to, Go::Overview) && self.forms.list.scope != Scope::All {
                    self.forms.list.look_in(Scope::All);
                }
            }
            Go::List(scope) => {
                self.forms.list.look_in(scope);
                self.forms.detail_on_top = false;
            }
            Go::Item(item) => {
                self.open_item(item);
                self.forms.pane = Pane::Item;
                self.forms.detail_on_top = true;
            }
            Go::Edit(item) => {
                let open = self.state.vault.as_ref().and_then(|vault| vault.item.as_ref()).filter(|open| open.id == item);
                if let Some(open) = open {
                    self.forms.pane = Pane::Editor(Box::new(EditorForm::of(open)));
                    self.forms.want_focus = Some(Focus::Detail);
                    self.forms.detail_on_top = true;
                } else {
                    // Its fields have not arrived: the item is shown and the editor follows as soon as they have.
                    self.open_item(item);
                    self.forms.pane = Pane::Item;
                    self.forms.list.edit_when_open = Some(item);
                }
            }
            Go::New(kind) => {
                self.forms.pane = Pane::Editor(Box::new(EditorForm::new(&kind)));
                self.forms.want_focus = Some(Focus::Detail);
                self.forms.detail_on_top = true;
            }
            Go::LeaveEditor => {
                let item = match &self.forms.pane {
                    Pane::Editor(form) => form.id,
                    _ => None,
                };
                match item.or(self.forms.list.selected) {
                    Some(item) => self.go_now(Go::Item(item)),
                    None => self.go_now(Go::Unselect),
                }
            }
            Go::History(item) => {
                self.open_item(item);
                self.forms.pane = Pane::History(HistoryForm::new(item));
                self.forms.detail_on_top = true;
            }
            Go::Preview(item, attachment) => {
                self.forms.pane = Pane::Preview(Box::new(PreviewForm::new(item, attachment)));
                self.forms.detail_on_top = true;
            }
            Go::Generator => {
                self.forms.pane = Pane::Generator;
                self.forms.detail_on_top = true;
            }
            Go::Settings(page) => {
                self.forms.pane = Pane::Settings(page);
                self.forms.detail_on_top = true;
            }
            Go::SetPassword => {
                self.go_now(Go::Settings(SettingsPage::Security));
                self.forms.settings.open_password();
            }
            Go::JoinApart => {
                self.go_now(Go::Settings(SettingsPage::Sync));
                let sync = self.state.vault.as_ref().and_then(|vault| vault.sync.as_deref());
                if let Some(sync) = sync {
                    self.forms.settings.open_apart(&sync.state);
                }
            }
            Go::BackUp => {
                self.go_now(Go::Settings(SettingsPage::Backup));
                self.forms.settings.open_backup();
            }
            Go::SaveKit => {
                self.go_now(Go::Settings(SettingsPage::Backup));
                self.forms.settings.open_kit();
            }
            Go::Back => match (&self.forms.pane, self.forms.list.selected) {
                (Pane::Item, _) => {
                    self.forms.detail_on_top = false;
                    self.forms.want_focus = Some(Focus::List);
                }
                (Pane::Overview, _) => self.forms.detail_on_top = false,
                (_, Some(item)) => self.go_now(Go::Item(item)),
                (_, None) => self.go_now(Go::Unselect),
            },
        }
    }

    /// What only the pane that is left has shown is wiped.
    fn leave_pane(&mut self) {
        match &mut self.forms.pane {
            Pane::Preview(form) => form.close(&mut self.out),
            Pane::History(form) => form.close(&mut self.out),
            Pane::Generator => self.forms.generator.close(&mut self.out),
            Pane::Settings(_) => self.forms.settings.leave_page(),
            Pane::Overview | Pane::Item | Pane::Editor(_) => {}
        }
    }

    /// Selects an item and asks for it.
    pub(super) fn open_item(&mut self, item: vault_protocol::ObjectId) {
        let is_open = self.state.vault.as_ref().and_then(|vault| vault.item.as_ref()).is_some_and(|open| open.id == item);
        if self.forms.list.selected != Some(item) {
            self.forms.detail = Default::default();
        }
        self.forms.list.select(item);
        if !is_open {
            self.out.send(Command::OpenItem { item });
        }
    }

    fn close_item(&mut self) {
        if self.state.vault.as_ref().is_some_and(|vault| vault.item.is_some()) {
            self.out.send(Command::CloseItem);
        }
    }
}
