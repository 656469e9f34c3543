//! The list of items: any number of rows, of which only the visible ones are built.

mod keys;
mod row;

use std::collections::BTreeSet;

use egui::{Id, Key, Margin, Modifiers, ScrollArea, Sense, TextEdit, Ui, Vec2, WidgetInfo, vec2};
use vault_engine::command::{Scope, Sort};
use vault_model::ItemRow;
use vault_protocol::ObjectId;

use crate::{
    actions::Action,
    app::{Focus, Forms},
    fl, format, icons,
    l10n::text_of,
    outbox::{Go, Outbox},
    role::{self, Role},
    settings::DeviceSettings,
    state::{OpenVault, State},
    theme::{CONTROL, Density, PANE_HEAD, S2, is_touch, tokens, touchable},
    widgets::{self, Look, PushButton, button::paint_icon, hline},
};

/// What the list asks the engine for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Words and operators.
    pub words: String,
    /// Where.
    pub scope: Scope,
    /// In what order.
    pub sort: Sort,
}

/// What is typed and selected in the list.
pub struct ListForm {
    /// Where the list looks.
    pub scope: Scope,
    /// What is searched for.
    pub words: String,
    /// The order without words.
    pub sort: Sort,
    /// The item that the detail pane shows.
    pub selected: Option<ObjectId>,
    /// Further selected items.
    pub also: BTreeSet<ObjectId>,
    /// The search box takes the keyboard at the next frame.
    pub want_search_focus: bool,
    /// An item to edit as soon as its fields are here.
    pub edit_when_open: Option<ObjectId>,
    /// An item to show as soon as its row is here.
    pub show_when_known: Option<ObjectId>,
    scroll_to_selected: bool,
    offset: f32,
    view_height: f32,
}

impl Default for ListForm {
    fn default() -> Self {
        Self {
            scope: Scope::All,
            words: String::new(),
            sort: Sort::default(),
            selected: None,
            also: BTreeSet::new(),
            want_search_focus: false,
            edit_when_open: None,
            show_when_known: None,
            scroll_to_selected: false,
            offset: 0.0,
            view_height: 0.0,
        }
    }
}

impl ListForm {
    /// What the engine is to find.
    pub fn query(&self) -> Query {
        Query { words: self.words.trim().to_owned(), scope: self.scope.clone(), sort: self.sort }
    }

    /// Selects one item alone.
    pub fn select(&mut self, item: ObjectId) {
        if self.selected != Some(item) {
            self.scroll_to_selected = true;
        }
        self.selected = Some(item);
        self.also.clear();
    }

    /// All selected items, the shown one first.
    pub fn chosen(&self) -> Vec<ObjectId> {
        self.selected.into_iter().chain(self.also.iter().copied().filter(|item| Some(*item) != self.selected)).collect()
    }

    /// How many that are.
    pub fn n_chosen(&self) -> usize {
        let is_twice = self.selected.is_some_and(|item| self.also.contains(&item));
        usize::from(self.selected.is_some()) + self.also.len() - usize::from(is_twice)
    }

    /// Moves the selection to what will be next when these are gone.
    pub fn move_off(&mut self, gone: &[ObjectId], found: &[ObjectId]) {
        let at = self.selected.and_then(|item| found.iter().position(|id| *id == item));
        self.also.clear();
        self.selected = at.and_then(|at| {
            let stays = |id: &&ObjectId| !gone.contains(id);
            found[at..].iter().find(stays).or_else(|| found[..at].iter().rev().find(stays)).copied()
        });
        self.scroll_to_selected = true;
    }

    /// Looks elsewhere.
    pub fn look_in(&mut self, scope: Scope) {
        self.scope = scope;
        self.words.clear();
        self.also.clear();
        self.offset = 0.0;
        self.scroll_to_selected = true;
    }
}

/// The id of the search box.
pub fn search_id() -> Id {
    Id::unique("nt2 search")
}

/// The id of the list, which takes the keyboard as one.
pub fn list_id() -> Id {
    Id::unique("nt2 list")
}

/// Height of a row without the gap below, and that gap.
fn row_height(density: Density, touch: bool) -> (f32, f32) {
    match (density, touch) {
        (_, true) => (56.0, 0.0),
        (Density::Cosy, false) => (44.0, 2.0),
        (Density::Compact, false) => (32.0, 0.0),
    }
}

/// The list pane.
pub fn list_ui(ui: &mut Ui, state: &State, forms: &mut Forms, settings: &DeviceSettings, one_pane: bool, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    let left = ui.max_rect().left();
    let right = ui.max_rect().right();
    search_ui(ui, vault, forms, out);
    hline(ui, left, right, ui.max_rect().top() + PANE_HEAD + touchable(ui, CONTROL) - CONTROL, t.line);
    head_ui(ui, vault, forms, out);
    let foot = touchable(ui, CONTROL) + 2.0 * S2 + 1.0;
    let height = (ui.available_height() - foot).max(0.0);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        ui.set_min_size(vec2(ui.available_width(), height));
        match vault.found.as_deref() {
            Some([]) if vault.complete => empty_ui(ui, vault, forms, out),
            Some(found) => rows_ui(ui, vault, found, forms, settings, one_pane, out),
            // An answer is a few milliseconds away.
            None => {}
        }
    });
    hline(ui, left, right, ui.cursor().top(), t.line);
    ui.add_space(S2 + 1.0);
    ui.horizontal(|ui| {
        ui.add_space(S2);
        let keys = Action::NewItem.keys(ui.ctx());
        ui.set_max_width(ui.available_width() - S2);
        let button = PushButton::new(Look::Ghost, fl!("list-new")).icon(icons::PLUS).shortcut(keys).full_width();
        if button.enabled(vault.status.read_only.is_none()).show(ui).clicked() {
            out.act(Action::NewItem);
        }
    });
}

fn search_ui(ui: &mut Ui, vault: &OpenVault, forms: &mut Forms, out: &mut Outbox) {
    let t = tokens(ui);
    let form = &mut forms.list;
    ui.add_space(10.0);
    let name = fl!("search-name", scope = scope_name(&form.scope));
    let hint = search_hint(in_scope(vault, &form.scope));
    ui.horizontal(|ui| {
        ui.add_space(S2);
        let width = ui.available_width() - S2;
        let keys = Action::Search.keys(ui.ctx());
        let keys = if form.words.is_empty() { keys } else { String::new() };
        let keys_width = Role::Small.line(ui, &keys, t.text3, 100.0).size().x;
        let edit = TextEdit::singleline(&mut form.words)
            .id(search_id())
            .font(Role::Body.font_id())
            .margin(Margin { left: 32, right: if keys.is_empty() { 32 } else { keys_width as i8 + 16 }, top: 6, bottom: 6 })
            .min_size(Vec2::new(0.0, touchable(ui, CONTROL)))
            .align(egui::Align2::LEFT_CENTER)
            .hint_text(Role::Body.rich(hint, t.text3))
            .desired_width(width);
        let response = ui.add(edit).accessible_name(&name);
        let rect = response.rect;
        let icon = egui::Rect::from_center_size(egui::pos2(rect.left() + 18.0, rect.center().y), Vec2::splat(16.0));
        paint_icon(ui, icon, icons::MAGNIFYING_GLASS, t.text3);
        if !keys.is_empty() {
            let galley = Role::Small.line(ui, &keys, t.text3, 100.0);
            ui.painter().galley(
                egui::pos2(rect.right() - 10.0 - galley.size().x, rect.center().y - galley.size().y / 2.0),
                galley,
                t.text3,
            );
        }
        if form.want_search_focus {
            form.want_search_focus = false;
            response.request_focus();
        }
        if response.has_focus() {
            let down = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown));
            if down {
                forms.want_focus = Some(Focus::List);
                if form.selected.is_none()
                    && let Some(first) = vault.found.as_ref().and_then(|found| found.first())
                {
                    out.go(Go::Item(*first));
                }
            }
        }
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            if let Some(first) = vault.found.as_ref().and_then(|found| found.first()) {
                out.go(Go::Item(*first));
            }
            forms.want_focus = Some(Focus::List);
        }
        if response.changed() {
            form.offset = 0.0;
            form.scroll_to_selected = true;
        }
    });
    ui.add_space(PANE_HEAD - 10.0 - CONTROL);
}

/// Scope, number and order: 28 high.
fn head_ui(ui: &mut Ui, vault: &OpenVault, forms: &mut Forms, out: &mut Outbox) {
    let t = tokens(ui);
    let form = &mut forms.list;
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let height = touchable(ui, 28.0);
        ui.set_height(height);
        ui.add_space(S2 * 2.0);
        let found = vault.found.as_ref().map_or(0, Vec::len);
        let scope = scope_name(&form.scope);
        let text = if form.words.trim().is_empty() { scope } else { fl!("list-found", n = found, scope = scope) };
        let room = ui.available_width() - 132.0;
        let galley = Role::Section.line(ui, &text, t.text2, room);
        let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, height), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &text));
        ui.painter().galley(egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, t.text2);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(S2);
            if form.n_chosen() > 1 {
                ui.label(role::small(ui, fl!("list-selected", n = (form.n_chosen()))));
                return;
            }
            sort_ui(ui, form);
        });
    });
    ui.add_space(4.0);
    let _ = out;
}

fn sort_ui(ui: &mut Ui, form: &mut ListForm) {
    let button = PushButton::new(Look::Ghost, sort_name(form.sort)).icon(icons::SORT_ASCENDING).height(28.0).min_width(0.0);
    let response = button.tooltip(fl!("sort-by")).show(ui);
    egui::Popup::menu(&response).show(|ui| {
        ui.set_min_width(160.0);
        for sort in [Sort::Title, Sort::Changed, Sort::Created, Sort::Kind] {
            let text = Role::Body.rich(sort_name(sort), tokens(ui).text);
            if ui.radio(form.sort == sort, text).clicked() {
                form.sort = sort;
                ui.close();
            }
        }
    });
}

fn rows_ui(
    ui: &mut Ui,
    vault: &OpenVault,
    found: &[ObjectId],
    forms: &mut Forms,
    settings: &DeviceSettings,
    one_pane: bool,
    out: &mut Outbox,
) {
    let (height, gap) = row_height(settings.density, one_pane || is_touch(ui));
    let list = ui.interact(ui.max_rect(), list_id(), Sense::FOCUSABLE);
    list.widget_info(|| WidgetInfo::labeled(egui::Role::ListBox, true, fl!("list-name", n = found.len())));
    if forms.want_focus == Some(Focus::List) {
        forms.want_focus = None;
        list.request_focus();
    }
    if list.has_focus() {
        forms.focus = Focus::List;
        let filter = egui::EventFilter { vertical_arrows: true, horizontal_arrows: false, tab: false, escape: false };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(list.id, filter));
        keys::keyboard(ui, found, forms, height + gap, out);
    }
    let form = &mut forms.list;
    let mut area = ScrollArea::vertical().id_salt("rows").auto_shrink(false);
    if std::mem::take(&mut form.scroll_to_selected)
        && let Some(offset) = keys::offset_to_show(form, found, height + gap)
    {
        area = area.vertical_scroll_offset(offset);
    }
    ui.spacing_mut().item_spacing.y = gap;
    let mut clicked = None;
    let focused = list.has_focus();
    // In the tree the rows belong to the list: an option without a list is none.
    let inside = egui::UiBuilder::new().accessibility_parent(list.id);
    let rows = |ui: &mut Ui, range: std::ops::Range<usize>| {
        for at in range {
            let Some(item) = vault.rows.get(&found[at]) else {
                // The row was purged; the next answer leaves it out.
                ui.add_space(height);
                continue;
            };
            let place = row::Place { at, n: found.len(), height, focused, selected: is_selected(form, item.id) };
            let response = row::row_ui(ui, item, settings.density, one_pane, &place);
            if response.clicked() {
                clicked = Some((item.id, ui.input(|input| input.modifiers)));
            }
            if response.secondary_clicked() && !is_selected(form, item.id) {
                clicked = Some((item.id, Modifiers::NONE));
            }
            response.context_menu(|ui| row::menu_ui(ui, item, out));
        }
    };
    let output = ui.scope_builder(inside, |ui| area.show_rows(ui, height, found.len(), rows)).inner;
    form.offset = output.state.clamped_offset().y;
    form.view_height = output.inner_rect.height();
    if let Some((item, modifiers)) = clicked {
        list.request_focus();
        keys::click(form, found, item, modifiers, out);
    }
}

fn is_selected(form: &ListForm, item: ObjectId) -> bool {
    form.selected == Some(item) || form.also.contains(&item)
}

fn empty_ui(ui: &mut Ui, vault: &OpenVault, forms: &mut Forms, out: &mut Outbox) {
    let form = &mut forms.list;
    ui.horizontal(|ui| {
        ui.add_space(S2 * 2.0);
        ui.vertical(|ui| {
            ui.set_width(ui.available_width() - S2 * 2.0);
            let all = vault.counts.all;
            if !form.words.trim().is_empty() {
                let title = fl!("empty-search", scope = scope_name(&form.scope));
                widgets::empty_state(ui, icons::MAGNIFYING_GLASS, title, fl!("empty-search-note"), |ui| {
                    if form.scope != Scope::All && PushButton::new(Look::Secondary, fl!("empty-search-all", n = all)).show(ui).clicked() {
                        form.scope = Scope::All;
                    }
                    if PushButton::new(Look::Ghost, fl!("empty-search-clear")).show(ui).clicked() {
                        form.words.clear();
                    }
                });
                return;
            }
            let (icon, title, note) = match &form.scope {
                Scope::All => (icons::TRAY, fl!("empty-all"), fl!("empty-all-note")),
                Scope::Favourites => (icons::STAR, fl!("empty-favourites"), fl!("empty-favourites-note")),
                Scope::Kind(_) => (icons::TRAY, fl!("empty-kind"), fl!("empty-kind-note")),
                Scope::Tag(_) | Scope::Folder(_) => (icons::FOLDER_OPEN, fl!("empty-folder"), fl!("empty-folder-note")),
                Scope::Archive => (icons::ARCHIVE, fl!("empty-archive"), fl!("empty-archive-note")),
                Scope::Trash => (icons::TRASH, fl!("empty-trash"), fl!("empty-trash-note")),
                Scope::Conflicts => (icons::CHECK_CIRCLE, fl!("empty-conflicts"), fl!("empty-conflicts-note")),
                Scope::Expiring => (icons::CALENDAR, fl!("empty-expiring"), fl!("empty-expiring-note")),
            };
            widgets::empty_state(ui, icon, title, note, |ui| match &form.scope {
                Scope::All => {
                    if PushButton::new(Look::Secondary, fl!("action-new-item")).show(ui).clicked() {
                        out.act(Action::NewItem);
                    }
                }
                Scope::Kind(kind) => {
                    let kind = kind.clone();
                    if PushButton::new(Look::Secondary, fl!("palette-new", kind = crate::l10n::kind_name(&kind))).show(ui).clicked() {
                        out.go(Go::New(kind));
                    }
                }
                Scope::Favourites
                | Scope::Tag(_)
                | Scope::Folder(_)
                | Scope::Archive
                | Scope::Trash
                | Scope::Conflicts
                | Scope::Expiring => {}
            });
        });
    });
}

fn search_hint(n: usize) -> String {
    fl!("search-hint", count = n, n = format::count(n))
}

/// Rows that a scope has, as far as it is counted.
fn in_scope(vault: &OpenVault, scope: &Scope) -> usize {
    let counts = &vault.counts;
    match scope {
        Scope::All | Scope::Expiring => counts.all,
        Scope::Favourites => counts.favourites,
        Scope::Kind(kind) => counts.kinds.get(kind).copied().unwrap_or(0),
        Scope::Tag(tag) => counts.tags.get(tag).copied().unwrap_or(0),
        Scope::Folder(folder) => counts.folders.get(folder).copied().unwrap_or(0),
        Scope::Archive => counts.archived,
        Scope::Trash => counts.trashed,
        Scope::Conflicts => counts.conflicts,
    }
}

/// What a scope is called.
pub fn scope_name(scope: &Scope) -> String {
    match scope {
        Scope::All => fl!("scope-all"),
        Scope::Favourites => fl!("scope-favourites"),
        Scope::Kind(kind) => text_of(&format!("kinds-{kind}")).unwrap_or_else(|| kind.clone()),
        Scope::Tag(tag) => tag.clone(),
        Scope::Folder(folder) => folder.clone(),
        Scope::Archive => fl!("scope-archive"),
        Scope::Trash => fl!("scope-trash"),
        Scope::Conflicts => fl!("scope-conflicts"),
        Scope::Expiring => fl!("scope-expiring"),
    }
}

fn sort_name(sort: Sort) -> String {
    match sort {
        Sort::Title => fl!("sort-title"),
        Sort::Changed => fl!("sort-changed"),
        Sort::Created => fl!("sort-created"),
        Sort::Kind => fl!("sort-kind"),
    }
}

/// The second line of a row: its most useful value, else what kind it is.
fn second_line(row: &ItemRow) -> &str {
    if row.subtitle.is_empty() { &row.host } else { &row.subtitle }
}
