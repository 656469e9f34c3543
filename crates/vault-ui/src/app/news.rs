//! What has just happened, as toasts and moves.

use vault_engine::{Command, Failure, RequestId, event::LockReason};

use super::{App, Gate, Overlay, Pane};
use crate::{
    fl, notices,
    outbox::{Ask, Go, SettingsPage},
    state::News,
    theme::Tone,
    views::editor::EditorForm,
    widgets::toast::{SECONDS, Toast, ToastAction, ToastKind},
};

impl App {
    /// Takes the news of the state in.
    pub(super) fn read_news(&mut self) {
        for news in self.state.take_news() {
            match news {
                News::Opened => self.opened(),
                News::Locked(reason) => {
                    let left = self.left.take().filter(|_| reason == LockReason::Asked);
                    self.locked(left.map(notices::left).or_else(|| notices::lock_reason(reason)));
                }
                News::RowsChanged => self.rows_changed(),
                News::Merged(summary) => self.merged(&summary),
                News::Copied => self.copied(),
                News::ClipboardEnded(end) => {
                    self.toasts.clear(ToastKind::Clipboard);
                    if let Some(text) = notices::clipboard_end(end) {
                        self.toasts.push(Toast::failed(text));
                    }
                }
                News::Saved(request, item) => {
                    self.worth_keeping = true;
                    if let Pane::Editor(form) = &mut self.forms.pane
                        && form.saving == Some(request)
                    {
                        form.saved(item, &mut self.out);
                        continue;
                    }
                    // A new item, or one that was duplicated, is shown as soon as its row is there.
                    if !matches!(self.forms.pane, Pane::Editor(_)) && self.forms.list.selected != Some(item) {
                        self.forms.list.show_when_known = Some(item);
                    }
                }
                News::Notice(notice) => {
                    let title = self.title_of_notice(&notice);
                    self.toasts.push(notices::notice(&notice, &title));
                }
                News::Failed(request, name, failure) => self.failed(request, name, failure),
                News::Shell(failure) => self.toasts.push(Toast::failed(notices::shell_failure(failure))),
                News::Files(purpose) => self.take_files(purpose),
                News::Dropped => self.dropped(),
            }
        }
    }

    fn opened(&mut self) {
        self.forms.unlock = Default::default();
        self.forms.recover = Default::default();
        self.forms.first_run = Default::default();
        self.forms.restore = Default::default();
        self.forms.join = Default::default();
        self.forms.gate = Gate::Auto;
        self.forms.list = Default::default();
        self.forms.sidebar = Default::default();
        self.forms.pane = Pane::Overview;
        self.forms.overlay = Overlay::None;
        self.forms.dismissed.clear();
        self.stale = true;
        let draft = self.state.vault.as_mut().and_then(|vault| vault.draft.take());
        if let Some(draft) = draft {
            // What was typed comes before where the address leads.
            self.wanted = None;
            self.forms.list.selected = draft.id;
            if let Some(item) = draft.id {
                self.out.send(Command::OpenItem { item });
            }
            self.forms.pane = Pane::Editor(Box::new(EditorForm::from_draft(*draft)));
            self.forms.detail_on_top = true;
            self.toasts.push(Toast::done(fl!("draft-is-back")));
        }
        self.follow_wanted();
    }

    fn locked(&mut self, reason: Option<String>) {
        // At once: nothing of an open vault may stay on the screen for the length of an animation.
        self.toasts.clear_all();
        let unlock = std::mem::take(&mut self.forms.unlock);
        self.forms = Default::default();
        self.forms.unlock.locked_by_hand = true;
        self.forms.unlock.vault = unlock.vault;
        self.forms.unlock.note = reason;
        self.searched = None;
        self.saving_files.clear();
        // Which was opened last, and what opens each, has changed since the list was made.
        self.out.send(Command::ListVaults);
        if std::mem::take(&mut self.reload_when_locked) {
            self.out.ask(Ask::Reload);
        }
    }

    fn rows_changed(&mut self) {
        self.stale = true;
        let Some(vault) = &self.state.vault else { return };
        let known = |item| vault.rows.contains_key(&item);
        if let Some(item) = self.forms.list.show_when_known.take_if(|item| known(*item))
            && !self.has_unsaved()
        {
            self.go_now(Go::Item(item));
            return;
        }
        if let Some(item) = self.forms.list.selected
            && vault.complete
            && !known(item)
            && !matches!(self.forms.pane, Pane::Editor(_))
        {
            self.go_now(Go::Unselect);
        }
        self.follow_wanted();
    }

    /// What other devices changed: said in a corner, with a way to what needs a decision. Nothing moves and the keyboard stays where it is.
    fn merged(&mut self, summary: &vault_engine::sync::MergeSummary) {
        let Some(vault) = &self.state.vault else { return };
        let text = notices::sync::merged(summary, vault.sync.as_deref());
        let mut toast = Toast::done(text).of(ToastKind::Sync);
        let to = match summary.conflicts.as_slice() {
            [] => None,
            [only] => Some(Go::Item(*only)),
            _ => Some(Go::List(vault_engine::command::Scope::Conflicts)),
        };
        toast.tone = if to.is_some() { Tone::Warn } else { Tone::Info };
        if let Some(to) = to {
            toast.life_ms = 15_000;
            toast = toast.with(fl!("merged-show"), ToastAction::Go(to));
        }
        self.toasts.push(toast);
    }

    fn copied(&mut self) {
        let Some(vault) = &self.state.vault else { return };
        let Some(clip) = &vault.clip else { return };
        let title = clip.item.and_then(|item| vault.rows.get(&item)).map(|row| row.title.clone()).unwrap_or_default();
        let field = clip.field.as_ref().map(|field| self.field_words(field)).unwrap_or_default();
        let life_ms = clip.clears_ms.map_or(5_000, |at| at.saturating_sub(self.state.now_ms));
        let secs = SECONDS.to_string();
        let text = match (title.is_empty(), clip.clears_ms.is_some()) {
            (false, true) => fl!("copied-clears", field = field, title = title, secs = secs),
            (false, false) => fl!("copied", field = field, title = title),
            (true, true) => fl!("copied-text-clears", secs = secs),
            (true, false) => fl!("copied-text"),
        };
        let mut toast = Toast::done(text).of(ToastKind::Clipboard);
        toast.life_ms = life_ms.max(1_000);
        // The clipboard's clock does not stop for a pointer.
        toast.pausable = false;
        if clip.clears_ms.is_some() {
            toast = toast.with(fl!("clear-now"), ToastAction::ClearClipboard);
        }
        self.toasts.push(toast);
    }

    fn field_words(&self, field: &vault_model::FieldId) -> String {
        let own = self
            .state
            .vault
            .as_ref()
            .and_then(|vault| vault.item.as_ref())
            .and_then(|item| item.fields.iter().find(|view| view.id == *field).map(|view| view.label.clone()));
        match own {
            Some(label) if !label.is_empty() => label,
            _ => crate::l10n::field_label(&field.0),
        }
    }

    fn failed(&mut self, request: RequestId, name: &'static str, failure: Failure) {
        // The engine has failed, and took the place where the request was made with it.
        if failure == Failure::Locked && self.state.lock_reason == Some(LockReason::Restarted) {
            if let Some(text) = notices::interrupted(name) {
                self.toasts.push(Toast::failed(text));
            }
            return;
        }
        // These are shown where the request was made.
        let has_a_place = matches!(
            name,
            "unlock"
                | "unlock with kit"
                | "create vault"
                | "restore"
                | "inspect backup"
                | "change password"
                | "check kit"
                | "test backup"
                | "delete vault"
                | "backup"
                | "save kit"
                | "generate"
                | "enable sync"
                | "delete cloud replica"
                | "rename device"
                | "plan removal"
                | "remove device"
                | "join epochs"
                | "settle"
                | "enrol again"
                | "join with kit"
                | "join with password"
                | "allow address and password"
                | "forbid address and password"
                | "open checkout"
                | "redeem code"
                | "pair: make a code"
                | "pair: confirm"
                | "pair: join"
                | "pair: finish"
                | "read attachment"
        );
        // The page of sync says where it stands and why.
        let has_a_place = has_a_place || (name == "sync now" && matches!(self.forms.pane, Pane::Settings(SettingsPage::Sync)));
        let is_no_news = matches!(failure, Failure::Cancelled) || matches!((name, &failure), ("search" | "touch" | "close item", _));
        if !has_a_place && !is_no_news {
            let damaged = self.file_of(request).filter(|_| failure == Failure::AttachmentDamaged);
            let text = damaged.map_or_else(|| notices::failure(&failure, self.state.now_ms), |name| notices::attachment_damaged(&name));
            self.toasts.push(Toast::failed(text));
        }
    }

    /// The name of the attachment that a request takes out of the vault.
    fn file_of(&self, request: RequestId) -> Option<String> {
        let saved = self.saving_files.iter().find(|file| file.request == request).map(|file| file.name.clone());
        saved.filter(|name| !name.is_empty())
    }

    /// Attachments that were written out: each is named with its place.
    pub(super) fn tell_saved_files(&mut self) {
        let mut saved = Vec::new();
        self.saving_files.retain(|file| match self.state.outcome(file.request) {
            Some(outcome) => {
                if outcome.result.is_ok() {
                    saved.push(if file.place.is_empty() {
                        fl!("attach-saved", name = file.name.as_str())
                    } else {
                        fl!("attach-saved-at", name = file.name.as_str(), place = file.place.as_str())
                    });
                }
                false
            }
            None => true,
        });
        saved.into_iter().for_each(|text| self.toasts.push(Toast::done(text)));
    }

    fn title_of_notice(&self, notice: &vault_engine::event::Notice) -> String {
        match notice {
            vault_engine::event::Notice::Resurrected(item) => {
                self.state.vault.as_ref().and_then(|vault| vault.rows.get(item)).map(|row| row.title.clone()).unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}
