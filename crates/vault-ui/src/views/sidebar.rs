//! The sidebar: vault menu, what the list can look at, with numbers. Narrow windows have a rail of icons and the same as a drawer.

use egui::{
    Area, Color32, CornerRadius, Frame, Id, Order, Popup, Rect, Response, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use vault_engine::command::Scope;

use super::list::scope_name;
use crate::{
    actions::Action,
    app::{Focus, Forms, Pane},
    fl, format, icons,
    outbox::{Go, Outbox},
    platform::Platform,
    role::{self, Role},
    state::{OpenVault, State},
    theme::{R2, S1, S2, S4, SIDEBAR_ROW, icon_button_side, tokens, touchable},
    views::main::RAIL,
    widgets::{button::paint_icon, focus_ring_inside, heading, icon_button, kind_icon, menu_item, tip},
};

/// What is expanded in the sidebar.
#[derive(Default)]
pub struct SidebarForm {
    /// Whether the drawer of a narrow window is open.
    pub drawer: bool,
    /// Whether all tags show rather than the first few.
    pub all_tags: bool,
}

/// Tags and folders that show at first.
const FEW: usize = 8;

/// The sidebar.
pub fn sidebar_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_space(6.0);
    vault_menu_ui(ui, vault, state.platform, out);
    ui.add_space(6.0);
    ScrollArea::vertical().id_salt("sidebar").auto_shrink(false).show(ui, |ui| {
        let tabs = UiBuilder::new().accessibility_role(egui::accesskit::Role::TabList).accessibility_label(fl!("sidebar-name"));
        ui.scope_builder(tabs, |ui| places_ui(ui, vault, forms, out));
        ui.add_space(S4);
    });
}

/// Everything that the list can look at.
fn places_ui(ui: &mut Ui, vault: &OpenVault, forms: &mut Forms, out: &mut Outbox) {
    let counts = &vault.counts;
    let overview = matches!(forms.pane, Pane::Overview);
    let first = row_ui(ui, icons::HOUSE, &fl!("action-overview"), None, standing(forms, overview && forms.list.selected.is_none()), 0);
    if forms.want_focus == Some(Focus::Sidebar) {
        forms.want_focus = None;
        first.request_focus();
    }
    if first.has_focus() {
        forms.focus = Focus::Sidebar;
    }
    if first.clicked() {
        forms.focus = Focus::Sidebar;
        out.go(Go::Overview);
        forms.sidebar.drawer = false;
    }
    place(ui, icons::TRAY, Scope::All, Some(counts.all), forms);
    place(ui, icons::STAR, Scope::Favourites, Some(counts.favourites), forms);
    if counts.conflicts > 0 {
        place(ui, icons::GIT_DIFF, Scope::Conflicts, Some(counts.conflicts), forms);
    }
    place(ui, icons::CALENDAR, Scope::Expiring, None, forms);

    if !counts.kinds.is_empty() {
        head_ui(ui, fl!("sidebar-kinds"));
        for template in vault_model::templates() {
            if let Some(n) = counts.kinds.get(&template.slug) {
                place(ui, kind_icon(&template.slug), Scope::Kind(template.slug.clone()), Some(*n), forms);
            }
        }
        for (kind, n) in counts.kinds.iter().filter(|(kind, _)| vault_model::template(kind).is_none()) {
            place(ui, kind_icon(kind), Scope::Kind(kind.clone()), Some(*n), forms);
        }
    }
    if !counts.folders.is_empty() {
        head_ui(ui, fl!("sidebar-folders"));
        for (folder, n) in &counts.folders {
            let depth = folder.matches('/').count();
            let name = folder.rsplit('/').next().unwrap_or(folder);
            let scope = Scope::Folder(folder.clone());
            let on = standing(forms, is_on(forms, &scope));
            if row_ui(ui, icons::FOLDER_SIMPLE, name, Some(*n), on, depth).clicked() {
                look(forms, scope);
            }
        }
    }
    if !counts.tags.is_empty() {
        head_ui(ui, fl!("sidebar-tags"));
        let shown = if forms.sidebar.all_tags { counts.tags.len() } else { FEW };
        for (tag, n) in counts.tags.iter().take(shown) {
            place(ui, icons::TAG, Scope::Tag(tag.clone()), Some(*n), forms);
        }
        if counts.tags.len() > shown {
            let text = fl!("sidebar-more", n = (counts.tags.len() - shown));
            if row_ui(ui, icons::DOTS_THREE, &text, None, Standing::Off, 0).clicked() {
                forms.sidebar.all_tags = true;
            }
        }
    }
    ui.add_space(S4);
    place(ui, icons::ARCHIVE, Scope::Archive, (counts.archived > 0).then_some(counts.archived), forms);
    place(ui, icons::TRASH, Scope::Trash, (counts.trashed > 0).then_some(counts.trashed), forms);
}

fn place(ui: &mut Ui, icon: &str, scope: Scope, n: Option<usize>, forms: &mut Forms) {
    let on = standing(forms, is_on(forms, &scope));
    if row_ui(ui, icon, &scope_name(&scope), n, on, 0).clicked() {
        look(forms, scope);
    }
}

/// How a row stands: there is one strong selection, in the pane that has the keyboard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Off,
    OnHere,
    OnElsewhere,
}

fn standing(forms: &Forms, on: bool) -> Standing {
    match (on, forms.focus) {
        (false, _) => Standing::Off,
        (true, Focus::Sidebar) => Standing::OnHere,
        (true, Focus::List | Focus::Detail) => Standing::OnElsewhere,
    }
}

/// One selection only: while the overview shows, it is the selected row.
fn is_on(forms: &Forms, scope: &Scope) -> bool {
    let overview = matches!(forms.pane, Pane::Overview) && forms.list.selected.is_none() && forms.list.scope == Scope::All;
    forms.list.scope == *scope && !overview
}

fn look(forms: &mut Forms, scope: Scope) {
    forms.focus = Focus::Sidebar;
    forms.list.look_in(scope);
    forms.sidebar.drawer = false;
    forms.detail_on_top = false;
}

fn head_ui(ui: &mut Ui, text: String) {
    ui.add_space(S4);
    ui.horizontal(|ui| {
        ui.add_space(S4);
        ui.set_height(24.0);
        heading(ui.label(role::section(ui, text)), 2);
    });
}

/// A row of 32, inset 8; the whole of it is the target.
fn row_ui(ui: &mut Ui, icon: &str, text: &str, n: Option<usize>, standing: Standing, depth: usize) -> Response {
    let t = tokens(ui);
    let on = standing != Standing::Off;
    let here = standing == Standing::OnHere;
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), touchable(ui, SIDEBAR_ROW)), Sense::click());
    response.widget_info(|| {
        let name = n.map_or_else(|| text.to_owned(), |n| format!("{text}, {n}"));
        WidgetInfo::selected(egui::Role::Tab, true, on, name)
    });
    if !ui.is_rect_visible(outer) {
        return response;
    }
    let rect = outer.shrink2(vec2(S2, 0.0));
    let fill = match (standing, response.is_pointer_button_down_on(), response.hovered()) {
        (_, true, _) => t.pressed,
        (Standing::OnHere, ..) => t.selection,
        (Standing::OnElsewhere, ..) => t.selection_off,
        (Standing::Off, _, true) => t.hover,
        (Standing::Off, ..) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(R2), fill);
    if on {
        let bar = Rect::from_center_size(pos2(rect.left() + 1.5, rect.center().y), vec2(3.0, 20.0));
        ui.painter().rect_filled(bar, CornerRadius::same(2), if here { t.accent } else { t.text3 });
    }
    let left = rect.left() + S2 + depth.min(6) as f32 * 12.0;
    let color = if here { t.accent_text } else { t.text2 };
    paint_icon(ui, Rect::from_min_size(pos2(left, rect.center().y - 8.0), vec2(16.0, 16.0)), icon, color);
    let count = n.map(|n| Role::Small.line(ui, &format::count(n), t.text3, 80.0));
    let count_width = count.as_ref().map_or(0.0, |count| count.size().x + S2);
    let room = rect.right() - S2 - count_width - (left + 24.0);
    let role = if on { Role::BodyStrong } else { Role::Body };
    let galley = role.line(ui, text, t.text, room);
    let cut = galley.elided;
    ui.painter().galley(pos2(left + 24.0, rect.center().y - galley.size().y / 2.0), galley, t.text);
    if let Some(count) = count {
        ui.painter().galley(pos2(rect.right() - S2 - count.size().x, rect.center().y - count.size().y / 2.0), count, t.text3);
    }
    focus_ring_inside(ui, &response, rect, R2);
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    if cut { tip(response, text) } else { response }
}

/// The vault's name, 40 high: opens the menu of the vault.
fn vault_menu_ui(ui: &mut Ui, vault: &OpenVault, platform: Platform, out: &mut Outbox) {
    let t = tokens(ui);
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), touchable(ui, 40.0)), Sense::click());
    let name = &vault.status.name;
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, fl!("vault-menu", name = name.clone())));
    let rect = outer.shrink2(vec2(S2, 0.0));
    let fill = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => t.pressed,
        (false, true) => t.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(R2), fill);
    let mark = Rect::from_center_size(pos2(rect.left() + S2 + 10.0, rect.center().y), vec2(20.0, 20.0));
    crate::widgets::mark::paint(ui, mark);
    let galley = Role::Button.line(ui, name, t.text, rect.width() - 36.0 - 32.0);
    ui.painter().galley(pos2(rect.left() + 36.0, rect.center().y - galley.size().y / 2.0), galley, t.text);
    let caret = Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(16.0, 16.0));
    paint_icon(ui, caret, icons::CARET_UP_DOWN, t.text3);
    focus_ring_inside(ui, &response, rect, R2);
    let response = response.on_hover_cursor(egui::CursorIcon::PointingHand);
    Popup::menu(&response).show(|ui| vault_choices_ui(ui, platform, out));
}

fn vault_choices_ui(ui: &mut Ui, platform: Platform, out: &mut Outbox) {
    ui.set_min_width(240.0);
    let groups: [&[Action]; 4] =
        [&[Action::Lock], &[Action::Generator, Action::Backup], &[Action::Settings, Action::Shortcuts, Action::Palette], &[Action::Quit]];
    for (at, group) in groups.into_iter().enumerate() {
        if at > 0 {
            ui.add_space(S1);
        }
        for &action in group {
            // A browser tab is closed by the browser.
            if action == Action::Quit && platform.is_browser() {
                continue;
            }
            let keys = action.keys(ui.ctx());
            if menu_item(ui, action.row().icon, &action.label(), &keys, true) {
                out.act(action);
            }
        }
    }
}

/// The rail of a window with two panes.
pub fn rail_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    let Some(vault) = &state.vault else { return };
    ui.spacing_mut().item_spacing.y = S1;
    ui.add_space(12.0);
    let spots = [
        (icons::HOUSE, fl!("action-overview"), None),
        (icons::TRAY, fl!("scope-all"), Some(Scope::All)),
        (icons::STAR, fl!("scope-favourites"), Some(Scope::Favourites)),
        (icons::ARCHIVE, fl!("scope-archive"), Some(Scope::Archive)),
        (icons::TRASH, fl!("scope-trash"), Some(Scope::Trash)),
    ];
    let centred = |ui: &mut Ui, add: &mut dyn FnMut(&mut Ui)| {
        ui.horizontal(|ui| {
            ui.add_space((RAIL - icon_button_side(ui)) / 2.0);
            add(ui);
        });
    };
    centred(ui, &mut |ui| {
        if icon_button(ui, icons::LIST, fl!("vault-menu", name = vault.status.name.clone())).clicked() {
            forms.sidebar.drawer = !forms.sidebar.drawer;
        }
    });
    ui.add_space(S2);
    for (icon, name, scope) in spots {
        centred(ui, &mut |ui| {
            let on = match &scope {
                Some(scope) => is_on(forms, scope),
                None => matches!(forms.pane, Pane::Overview) && forms.list.scope == Scope::All,
            };
            if crate::widgets::icon_toggle(ui, [icon, icon], on, name.clone()).clicked() {
                match &scope {
                    Some(scope) => look(forms, scope.clone()),
                    None => out.go(Go::Overview),
                }
            }
        });
    }
    ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
        ui.add_space(S2);
        for action in [Action::Lock, Action::Settings] {
            centred(ui, &mut |ui| {
                if icon_button(ui, action.row().icon, action.label()).clicked() {
                    out.act(action);
                }
            });
        }
    });
}

/// The sidebar as a drawer over a narrow window.
pub fn drawer_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    if !forms.sidebar.drawer {
        return;
    }
    let t = tokens(ui);
    let room = ui.content_rect();
    let frame = Frame::new()
        .fill(t.sidebar)
        .stroke(egui::Stroke::new(1.0, t.line_strong))
        .shadow(crate::theme::shadow(t, crate::theme::Elevation::Menu));
    let drawer = Area::new(Id::unique("nt2 drawer")).order(Order::Foreground).fixed_pos(room.min).show(ui.ctx(), |ui| {
        frame.show(ui, |ui| {
            ui.set_width(264.0);
            ui.set_height(room.height());
            sidebar_ui(ui, state, forms, out);
        });
    });
    let outside = ui.input(|input| {
        input.pointer.any_click() && input.pointer.interact_pos().is_some_and(|at| !drawer.response.rect.contains(at) && at.x > 48.0)
    });
    if outside || ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        forms.sidebar.drawer = false;
    }
}
