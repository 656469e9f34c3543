//! The open vault: sidebar, list and detail side by side, two of them below 900 points, one below 600.

use egui::{CentralPanel, Context, Frame, Id, Margin, Panel, Sense, Ui, vec2};
use vault_engine::{command::Scope, sync::SyncState};

use super::{dashboard, durability::DurabilityAnswer, list, sidebar, status_bar};
use crate::{
    actions::Action,
    app::{Focus, Forms, Pane},
    fl, icons, notices,
    outbox::{Go, Outbox, SettingsPage},
    role::Role,
    settings::DeviceSettings,
    state::State,
    theme::{ONE_PANE, S2, STATUS_BAR, TWO_PANES, Tone, pane_padding, tokens, touchable},
    views,
    widgets::{Banner, BannerAnswer, banner, touch_button},
};

/// Width of the rail of icons.
pub(super) const RAIL: f32 = 48.0;
/// Height of the bar of a phone.
const PHONE_BAR: f32 = 56.0;

/// How many panes there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Panes {
    One,
    Two,
    Three,
}

fn panes(ctx: &Context) -> Panes {
    let width = ctx.content_rect().width();
    if width < ONE_PANE {
        Panes::One
    } else if width < TWO_PANES {
        Panes::Two
    } else {
        Panes::Three
    }
}

/// Whether one pane is shown at a time.
pub fn is_one_pane(ctx: &Context) -> bool {
    panes(ctx) == Panes::One
}

/// The window of an open vault.
pub fn main_ui(ui: &mut Ui, state: &State, forms: &mut Forms, settings: &DeviceSettings, out: &mut Outbox) {
    follow_up(state, forms, out);
    let t = tokens(ui);
    let line = egui::Stroke::new(1.0, t.line);
    match panes(ui.ctx()) {
        Panes::Three => {
            status_panel(ui, state, forms, out);
            let side = Panel::left("sidebar")
                .frame(Frame::new().fill(t.sidebar))
                .show_separator_line(t.high_contrast)
                .resizable(true)
                .default_size(settings.sidebar_width)
                .size_range(176.0..=280.0)
                .show(ui, |ui| sidebar::sidebar_ui(ui, state, forms, out));
            let list = Panel::left("list")
                .frame(Frame::new().fill(t.surface))
                .resizable(true)
                .default_size(settings.list_width)
                .size_range(280.0..=420.0)
                .show(ui, |ui| list::list_ui(ui, state, forms, settings, false, out));
            keep_widths(ui, settings, side.response.rect.width(), list.response.rect.width(), out);
            CentralPanel::default().frame(Frame::new().fill(t.surface)).show(ui, |ui| pane_ui(ui, state, forms, settings, out));
        }
        Panes::Two => {
            status_panel(ui, state, forms, out);
            Panel::left("rail").frame(Frame::new().fill(t.sidebar)).resizable(false).exact_size(RAIL).show(ui, |ui| {
                sidebar::rail_ui(ui, state, forms, out);
            });
            Panel::left("list-two").frame(Frame::new().fill(t.surface)).resizable(false).exact_size(300.0).show(ui, |ui| {
                list::list_ui(ui, state, forms, settings, false, out);
            });
            CentralPanel::default().frame(Frame::new().fill(t.surface)).show(ui, |ui| pane_ui(ui, state, forms, settings, out));
            sidebar::drawer_ui(ui, state, forms, out);
        }
        Panes::One => {
            let on_top = forms.detail_on_top;
            Panel::top("phone-bar")
                .frame(Frame::new().fill(t.surface).stroke(line))
                .show_separator_line(true)
                .exact_size(PHONE_BAR)
                .show(ui, |ui| phone_bar_ui(ui, state, forms, out));
            CentralPanel::default().frame(Frame::new().fill(t.surface)).show(ui, |ui| {
                if on_top {
                    pane_ui(ui, state, forms, settings, out);
                } else {
                    if state.update_ready {
                        banner_ui(ui, state, forms, out);
                    }
                    list::list_ui(ui, state, forms, settings, true, out);
                }
            });
            sidebar::drawer_ui(ui, state, forms, out);
        }
    }
}

/// What was waiting for the engine's answer.
fn follow_up(state: &State, forms: &mut Forms, out: &mut Outbox) {
    let open = state.vault.as_ref().and_then(|vault| vault.item.as_ref()).map(|item| item.id);
    if let Some(item) = forms.list.edit_when_open.take_if(|item| Some(*item) == open) {
        out.go(Go::Edit(item));
    }
}

fn status_panel(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    let t = tokens(ui);
    let frame = Frame::new().fill(t.sidebar).inner_margin(Margin::symmetric(12, 0));
    Panel::bottom("status").frame(frame).resizable(false).exact_size(touchable(ui, STATUS_BAR)).show(ui, |ui| {
        status_bar::status_bar_ui(ui, state, forms, out);
    });
}

/// Remembers the widths when an edge was let go.
fn keep_widths(ui: &Ui, settings: &DeviceSettings, side: f32, list: f32, out: &mut Outbox) {
    let moved = (side - settings.sidebar_width).abs() > 1.0 || (list - settings.list_width).abs() > 1.0;
    if moved && ui.input(|input| input.pointer.any_released()) {
        out.change_settings(DeviceSettings { sidebar_width: side, list_width: list, ..settings.clone() });
    }
}

/// The detail pane: banner, then what is open.
fn pane_ui(ui: &mut Ui, state: &State, forms: &mut Forms, settings: &DeviceSettings, out: &mut Outbox) {
    forms.detail_centre = Some(ui.max_rect().center().x);
    focus_pane(ui, forms);
    banner_ui(ui, state, forms, out);
    match &mut forms.pane {
        Pane::Overview if forms.list.scope == Scope::Trash => views::trash::trash_ui(ui, state, &mut forms.trash, out),
        Pane::Overview => {
            if dashboard::dashboard_ui(ui, state, &mut forms.list, out) == DurabilityAnswer::BackUp {
                out.go(Go::BackUp);
            }
        }
        Pane::Item => views::detail::detail_ui(ui, state, &mut forms.detail, out),
        Pane::Editor(form) => views::editor::editor_ui(ui, state, form, out),
        Pane::History(form) => views::history::history_ui(ui, state, form, out),
        Pane::Preview(form) => views::preview::preview_ui(ui, state, form, out),
        Pane::Generator => views::generator::generator_ui(ui, state, &mut forms.generator, out),
        Pane::Settings(page) => views::settings::settings_ui(ui, state, settings, *page, &mut forms.settings, out),
    }
}

/// The pane takes the keyboard: its first control is one Tab away.
fn focus_pane(ui: &mut Ui, forms: &mut Forms) {
    let rect = ui.max_rect();
    let id = Id::unique("nt2 detail pane");
    let response = ui.interact(egui::Rect::from_min_size(rect.min, vec2(rect.width(), 1.0)), id, Sense::FOCUSABLE);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Group, true, fl!("pane-detail")));
    if forms.want_focus == Some(Focus::Detail) {
        forms.want_focus = None;
        // An editor puts the focus into its first field by itself.
        if !matches!(forms.pane, Pane::Editor(_)) {
            response.request_focus();
        }
        forms.focus = Focus::Detail;
    }
    if response.has_focus() {
        forms.focus = Focus::Detail;
        if super::super::widgets::keyboard_in_use(ui) {
            let t = tokens(ui);
            ui.painter().hline(rect.x_range(), rect.top() + 1.5, egui::Stroke::new(t.focus_width() + 1.0, t.focus));
        }
    }
}

/// The most serious thing only, and of those put away none. On the overview the to-do list says the rest.
fn banner_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    let Some((key, tone, text, button, to)) = banners(state, forms).into_iter().find(|(key, ..)| !forms.dismissed.contains(key)) else {
        return;
    };
    let side = pane_padding(ui) as i8;
    Frame::new().inner_margin(Margin { left: side, right: side, top: 12, bottom: 0 }).show(ui, |ui| {
        let dismissible = matches!(key, "password" | SYNC | views::UPDATE);
        match banner(ui, &Banner { tone, text: &text, button: button.as_deref(), dismissible }) {
            BannerAnswer::None => {}
            BannerAnswer::Button => match to {
                BannerLeads::To(to) => out.go(to),
                BannerLeads::Reload => out.act(Action::Update),
            },
            BannerAnswer::Dismissed => forms.dismissed.push(key),
        }
    });
}

/// Names the banner of what stopped sync among those that were put away.
const SYNC: &str = "sync";

/// Where the button of a banner leads.
enum BannerLeads {
    To(Go),
    Reload,
}

type BannerWords = (&'static str, Tone, String, Option<String>, BannerLeads);

/// What there is to say, the most serious first.
fn banners(state: &State, forms: &Forms) -> Vec<BannerWords> {
    use vault_engine::event::ReadOnlyReason;
    let Some(vault) = &state.vault else { return Vec::new() };
    let status = &vault.status;
    let to_vault = BannerLeads::To(Go::Settings(SettingsPage::Vault));
    let mut found = Vec::new();
    match status.read_only {
        Some(ReadOnlyReason::Damaged) => {
            found.push(("damaged", Tone::Danger, fl!("banner-damaged"), Some(fl!("banner-damaged-go")), to_vault));
        }
        Some(ReadOnlyReason::Medium) => found.push(("read-only", Tone::Warn, fl!("banner-medium"), None, to_vault)),
        Some(ReadOnlyReason::NewerFormat) => found.push(("newer", Tone::Warn, fl!("banner-newer"), None, to_vault)),
        None => {}
    }
    let on_sync_page = matches!(forms.pane, Pane::Settings(SettingsPage::Sync) | Pane::Overview);
    if let Some(sync) = vault.sync.as_deref().filter(|_| !on_sync_page) {
        let words = notices::sync::Standing::of(sync, state.now_ms);
        // What goes on by itself, or can wait, is said in the status bar alone.
        if words.tone == Some(Tone::Danger)
            || matches!(sync.state, SyncState::PasswordNeeded | SyncState::SettleNeeded | SyncState::PlaceLost | SyncState::Removed)
        {
            let (verb, to) = notices::sync::leads_to(&sync.state);
            found.push((SYNC, words.tone.unwrap_or(Tone::Warn), words.title, Some(verb), BannerLeads::To(to)));
        }
    }
    if state.update_ready {
        let edited = matches!(&forms.pane, Pane::Editor(form) if form.changed);
        let text = if edited { fl!("update-ready-draft") } else { fl!("update-ready") };
        found.push((views::UPDATE, Tone::Info, text, Some(fl!("update-go")), BannerLeads::Reload));
    }
    let said_there = matches!(forms.pane, Pane::Overview | Pane::Settings(_));
    if !said_there && !status.has_password && vault.counts.all > 0 && status.read_only.is_none() {
        let to = BannerLeads::To(Go::SetPassword);
        found.push(("password", Tone::Warn, fl!("banner-password", here = crate::l10n::here()), Some(fl!("banner-password-go")), to));
    }
    found
}

/// One pane: ‹ title … ⌕ + ⋯
fn phone_bar_ui(ui: &mut Ui, state: &State, forms: &mut Forms, out: &mut Outbox) {
    let t = tokens(ui);
    let Some(vault) = &state.vault else { return };
    ui.horizontal(|ui| {
        ui.set_height(PHONE_BAR);
        ui.add_space(S2);
        let title = if forms.detail_on_top {
            if touch_button(ui, icons::ARROW_LEFT, fl!("back")).clicked() {
                out.go(Go::Back);
            }
            pane_title(state, forms)
        } else {
            if touch_button(ui, icons::LIST, fl!("menu-open")).clicked() {
                forms.sidebar.drawer = !forms.sidebar.drawer;
            }
            vault.status.name.clone()
        };
        let galley = Role::Title.line(ui, &title, t.text, ui.available_width() - 112.0);
        let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, PHONE_BAR), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, &title));
        ui.painter().galley(egui::pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, t.text);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(S2);
            if touch_button(ui, icons::LOCK_SIMPLE, Action::Lock.label()).clicked() {
                out.act(Action::Lock);
            }
            if !forms.detail_on_top && touch_button(ui, icons::HOUSE, fl!("action-overview")).clicked() {
                out.go(Go::Overview);
            }
        });
    });
}

fn pane_title(state: &State, forms: &Forms) -> String {
    let item = || {
        let vault = state.vault.as_ref()?;
        Some(vault.rows.get(&forms.list.selected?)?.title.clone())
    };
    match &forms.pane {
        Pane::Overview => fl!("action-overview"),
        Pane::Item | Pane::History(_) | Pane::Preview(_) => item().unwrap_or_default(),
        Pane::Editor(_) => fl!("action-edit"),
        Pane::Generator => fl!("action-generator"),
        Pane::Settings(_) => fl!("action-settings"),
    }
}
