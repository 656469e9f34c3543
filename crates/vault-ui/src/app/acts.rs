//! What each action does.

use egui::Context;
use vault_engine::{
    Command,
    command::{Mark, Scope},
};
use vault_model::{FieldId, FieldType, ItemView, ShownValue, template};
use vault_protocol::ObjectId;

use super::{App, Focus, Overlay, Pane, SavingFile};
use crate::{
    actions::{Action, Needs},
    fl,
    outbox::{Ask, FileUse, Go, SettingsPage},
    views::{self, editor},
    widgets::{
        Choice, confirm,
        toast::{Toast, ToastAction, ToastKind},
    },
};

/// Zoom changes by so many percent.
const ZOOM_STEP: u16 = 10;

impl App {
    /// Whether an action makes sense now.
    pub fn can(&self, action: Action) -> bool {
        match action.row().needs {
            Needs::Nothing => true,
            Needs::Vault => self.state.vault.is_some(),
            Needs::Item => self.state.vault.is_some() && self.forms.list.selected.is_some(),
            Needs::Editor => matches!(self.forms.pane, Pane::Editor(_)),
            Needs::Update => self.state.update_ready,
            Needs::Sync => self.state.vault.as_ref().and_then(|vault| vault.sync.as_ref()).is_some_and(|sync| sync.enabled),
            Needs::Desktop => !self.state.platform.is_browser(),
        }
    }

    /// Does it, if it makes sense now.
    pub(super) fn act(&mut self, ctx: &Context, action: Action) {
        if !self.can(action) {
            return;
        }
        let selected = self.forms.list.selected;
        match action {
            Action::Search => {
                self.forms.detail_on_top = false;
                self.forms.list.want_search_focus = true;
            }
            Action::Palette => {
                self.forms.overlay = match self.forms.overlay {
                    Overlay::Palette(_) => Overlay::None,
                    _ => Overlay::Palette(Default::default()),
                };
            }
            Action::NewItem => self.forms.overlay = Overlay::KindPicker,
            Action::Edit => selected.into_iter().for_each(|item| self.go(Go::Edit(item))),
            Action::Save => {
                if let Pane::Editor(form) = &mut self.forms.pane {
                    editor::save(&self.state, form, &mut self.out);
                }
            }
            Action::Cancel => self.cancel(ctx),
            Action::CopySecret => self.copy(main_secret),
            Action::CopyUserName => self.copy(user_name),
            Action::CopyTotp => self.copy(|item| by_type(item, FieldType::Totp)),
            Action::CopyUrl => self.copy(|item| by_type(item, FieldType::Url)),
            Action::OpenUrl => self.open_url(),
            Action::Reveal => {
                views::detail::act(Action::Reveal, &self.state, &mut self.forms.detail, &mut self.out);
            }
            Action::Duplicate => selected.into_iter().for_each(|item| {
                self.out.send(Command::DuplicateItem { item });
            }),
            Action::Trash => self.trash(),
            Action::Favourite => self.flip(|row| Mark::Favourite(!row.favourite)),
            Action::Archive => self.flip(|row| Mark::Archived(!row.archived)),
            Action::History => selected.into_iter().for_each(|item| self.go(Go::History(item))),
            Action::Generator => self.go(Go::Generator),
            Action::Lock => self.lock(),
            Action::Overview => self.go(Go::Overview),
            Action::Settings => self.go(Go::Settings(SettingsPage::Appearance)),
            Action::Backup => self.go(Go::Settings(SettingsPage::Backup)),
            Action::Shortcuts => self.forms.overlay = Overlay::Shortcuts,
            Action::FocusSidebar => self.forms.want_focus = Some(Focus::Sidebar),
            Action::FocusList => self.forms.want_focus = Some(Focus::List),
            Action::FocusDetail => self.forms.want_focus = Some(Focus::Detail),
            Action::NextPane => {
                self.forms.want_focus = Some(match self.forms.focus {
                    Focus::Sidebar => Focus::List,
                    Focus::List => Focus::Detail,
                    Focus::Detail => Focus::Sidebar,
                });
            }
            Action::ZoomIn => self.zoom(ctx, self.settings.zoom_percent.saturating_add(ZOOM_STEP)),
            Action::ZoomOut => self.zoom(ctx, self.settings.zoom_percent.saturating_sub(ZOOM_STEP)),
            Action::ZoomReset => self.zoom(ctx, 100),
            Action::Update => self.reload(),
            Action::SyncNow => {
                self.out.send(Command::SyncNow);
            }
            Action::Quit => {
                self.keep_draft();
                self.out.ask(Ask::Quit);
            }
        }
    }

    /// Esc: one step back, the nearest first.
    fn cancel(&mut self, ctx: &Context) {
        if let Some(focused) = ctx.memory(|memory| memory.focused())
            && focused == views::list::search_id()
        {
            if self.forms.list.words.is_empty() {
                self.forms.want_focus = Some(Focus::List);
            } else {
                self.forms.list.words.clear();
            }
            return;
        }
        match &mut self.forms.pane {
            Pane::Editor(form) if form.changed => form.asks_cancel = true,
            Pane::Editor(_) => self.go(Go::LeaveEditor),
            Pane::History(_) | Pane::Preview(_) | Pane::Generator | Pane::Settings(_) => self.go(Go::Back),
            Pane::Item if self.forms.detail_on_top && views::main::is_one_pane(ctx) => self.go(Go::Back),
            Pane::Item | Pane::Overview => {}
        }
    }

    /// Seals what is being typed into the vault, so that a lock loses nothing.
    pub(super) fn keep_draft(&mut self) {
        if let Pane::Editor(form) = &mut self.forms.pane
            && form.changed
        {
            let draft = form.draft_to_keep();
            self.out.send(Command::KeepDraft(Some(Box::new(draft))));
        }
    }

    fn zoom(&mut self, ctx: &Context, percent: u16) {
        let mut settings = self.settings.clone();
        settings.zoom_percent = percent;
        self.change_settings(ctx, settings);
    }

    fn copy(&mut self, find: impl FnOnce(&ItemView) -> Option<FieldId>) {
        let Some(item) = self.state.vault.as_ref().and_then(|vault| vault.item.as_ref()) else { return };
        match find(item) {
            Some(field) => {
                self.out.send(Command::CopyField { item: item.id, field });
            }
            None => self.toasts.push(Toast::failed(fl!("nothing-to-copy", title = item.title.clone()))),
        }
    }

    fn open_url(&mut self) {
        let Some(item) = self.state.vault.as_ref().and_then(|vault| vault.item.as_ref()) else { return };
        let url = item.fields.iter().filter(|field| field.field_type == FieldType::Url).find_map(|field| match &field.value {
            ShownValue::Shown(url) if !url.is_empty() => Some(url.clone()),
            ShownValue::Shown(_) | ShownValue::Hidden { .. } => None,
        });
        match url {
            Some(url) => self.out.ask(Ask::OpenUrl(url)),
            None => self.toasts.push(Toast::failed(fl!("nothing-to-open", title = item.title.clone()))),
        }
    }

    fn trash(&mut self) {
        let Some(vault) = &self.state.vault else { return };
        let items: Vec<ObjectId> = self.forms.list.chosen();
        let Some(first) = items.first().and_then(|id| vault.rows.get(id)) else { return };
        if self.forms.list.scope == Scope::Trash {
            self.forms.overlay = Overlay::Purge(items);
            return;
        }
        if first.trashed {
            return;
        }
        let text = if items.len() == 1 { fl!("trashed-one", title = first.title.clone()) } else { fl!("trashed-many", n = items.len()) };
        self.forms.list.move_off(&items, vault.found.as_deref().unwrap_or_default());
        self.out.send(Command::MarkItems { items: items.clone(), mark: Mark::Trashed(true) });
        let undo = ToastAction::Unmark(items, Mark::Trashed(false));
        self.toasts.push(Toast { life_ms: 10_000, ..Toast::done(text).of(ToastKind::Undo).with(fl!("undo"), undo) });
        match self.forms.list.selected {
            Some(next) => self.go_now(Go::Item(next)),
            None => self.go_now(Go::Unselect),
        }
    }

    fn flip(&mut self, mark: impl FnOnce(&vault_model::ItemRow) -> Mark) {
        let Some(vault) = &self.state.vault else { return };
        let items = self.forms.list.chosen();
        let Some(first) = items.first().and_then(|id| vault.rows.get(id)) else { return };
        let mark = mark(first);
        let text = match &mark {
            Mark::Archived(true) => Some(fl!("archived-one", title = first.title.clone())),
            Mark::Archived(false) => Some(fl!("unarchived-one", title = first.title.clone())),
            Mark::Trashed(_) | Mark::Favourite(_) | Mark::AddTag(_) | Mark::RemoveTag(_) | Mark::Folder(_) => None,
        };
        if let (Some(text), Mark::Archived(on)) = (text, &mark) {
            let undo = ToastAction::Unmark(items.clone(), Mark::Archived(!on));
            self.toasts.push(Toast::done(text).of(ToastKind::Undo).with(fl!("undo"), undo));
        }
        self.out.send(Command::MarkItems { items, mark });
    }

    /// A toast's button.
    pub(super) fn toast_action(&mut self, action: ToastAction) {
        match action {
            ToastAction::Act(action) => self.out.act(action),
            ToastAction::Unmark(items, mark) => {
                self.out.send(Command::MarkItems { items, mark });
            }
            ToastAction::TakePast(item, dot) => {
                self.out.send(Command::RestorePast { item, dot });
            }
            ToastAction::ClearClipboard => {
                self.out.send(Command::ClearClipboard);
            }
            ToastAction::Go(to) => self.out.go(to),
        }
    }

    /// Files that the shell has registered for an item go into the vault.
    pub(super) fn take_files(&mut self, purpose: FileUse) {
        let Some(chosen) = self.state.chosen(purpose) else { return };
        match purpose {
            FileUse::Attach(item) => {
                for file in chosen.files.clone() {
                    self.out.send(Command::Attach { item, source: file.source, name: file.name, media_type: file.media_type });
                }
            }
            FileUse::Extract(item, attachment) => {
                if let Some(sink) = chosen.sink {
                    let place = chosen.place.clone();
                    let open = self.state.vault.as_ref().and_then(|vault| vault.item.as_ref()).filter(|open| open.id == item);
                    let name =
                        open.and_then(|open| open.attachments.iter().find(|file| file.id == attachment)).map(|file| file.name.clone());
                    let request = self.out.send(Command::Extract { item, attachment, sink });
                    self.saving_files.push(SavingFile { request, name: name.unwrap_or_default(), place });
                }
            }
            // The views that asked take these from the state.
            FileUse::RestoreBackup
            | FileUse::TestBackup
            | FileUse::WriteBackup
            | FileUse::UnlockKit
            | FileUse::RestoreKit
            | FileUse::CheckKit
            | FileUse::WriteKit
            | FileUse::JoinKit
            | FileUse::DeleteKit
            | FileUse::SettleKit
            | FileUse::PlaceKit => {}
        }
    }

    /// What lies over the screen.
    pub(super) fn overlays(&mut self, ui: &mut egui::Ui) {
        let overlay = std::mem::take(&mut self.forms.overlay);
        let stays = match overlay {
            Overlay::None => Overlay::None,
            Overlay::Palette(mut form) => {
                let possible: Vec<Action> = crate::actions::TABLE.iter().map(|row| row.action).filter(|action| self.can(*action)).collect();
                let can = |action: Action| possible.contains(&action);
                if views::palette::palette_ui(ui, &self.state, &mut form, &can, &mut self.out) {
                    Overlay::None
                } else {
                    Overlay::Palette(form)
                }
            }
            Overlay::KindPicker => {
                if views::kind_picker::kind_picker_ui(ui, &mut self.out) {
                    Overlay::None
                } else {
                    Overlay::KindPicker
                }
            }
            Overlay::Shortcuts => {
                if views::shortcuts::shortcuts_ui(ui) {
                    Overlay::None
                } else {
                    Overlay::Shortcuts
                }
            }
            Overlay::Discard(to) => {
                let (title, text) = (fl!("discard-title"), fl!("discard-text"));
                match confirm(ui, "discard", &title, &text, &fl!("discard-keep"), &fl!("discard-go"), true) {
                    Choice::Open => Overlay::Discard(to),
                    Choice::Keep => Overlay::None,
                    Choice::Go => {
                        self.out.send(Command::KeepDraft(None));
                        self.go_now(to);
                        Overlay::None
                    }
                }
            }
            Overlay::Purge(items) => {
                let (title, text) = (fl!("purge-title", n = items.len()), fl!("purge-text"));
                match confirm(ui, "purge", &title, &text, &fl!("purge-keep"), &fl!("purge-go"), true) {
                    Choice::Open => Overlay::Purge(items),
                    Choice::Keep => Overlay::None,
                    Choice::Go => {
                        self.go_now(Go::Unselect);
                        self.out.send(Command::PurgeItems { items });
                        Overlay::None
                    }
                }
            }
        };
        // A view under the overlay may have asked for another one meanwhile; that one wins.
        if matches!(self.forms.overlay, Overlay::None) {
            self.forms.overlay = stays;
        }
    }
}

/// The field that "copy password" copies: the template's, else the first secret with a text.
fn main_secret(item: &ItemView) -> Option<FieldId> {
    from_template(item, |field| field.main_secret)
        .or_else(|| item.fields.iter().find(|field| field.field_type.is_secret() && has_text(&field.value)).map(|field| field.id.clone()))
        .or_else(|| from_template(item, |field| field.subtitle))
}

/// The field that "copy user name" copies: the template's, else the first address.
fn user_name(item: &ItemView) -> Option<FieldId> {
    from_template(item, |field| field.username)
        .or_else(|| by_type(item, FieldType::Email))
        .or_else(|| from_template(item, |field| field.subtitle))
}

fn from_template(item: &ItemView, wanted: impl Fn(&vault_model::TemplateField) -> bool) -> Option<FieldId> {
    let template = template(&item.kind)?;
    item.fields.iter().find(|field| has_text(&field.value) && template.field(&field.id).is_some_and(&wanted)).map(|field| field.id.clone())
}

fn by_type(item: &ItemView, field_type: FieldType) -> Option<FieldId> {
    item.fields.iter().find(|field| field.field_type == field_type && has_text(&field.value)).map(|field| field.id.clone())
}

fn has_text(value: &ShownValue) -> bool {
    match value {
        ShownValue::Shown(text) => !text.is_empty(),
        ShownValue::Hidden { is_empty, .. } => !is_empty,
    }
}
