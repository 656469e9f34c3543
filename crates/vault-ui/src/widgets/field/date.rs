//! Dates and months: typed in the usual ways, stored as `YYYY-MM-DD` and `YYYY-MM`, or picked from a calendar.

use egui::{Popup, PopupCloseBehavior, Response, Sense, Ui, Vec2, WidgetInfo};

use crate::{
    fl, icons, l10n,
    role::Role,
    theme::{R2, S1, icon_button_side, tokens},
    widgets::icon_button,
};

/// Years that a date may have.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day, from 1.
    pub day: u32,
}

impl Day {
    /// The day of a date `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        Self::of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The day, if the calendar has it.
    pub fn of(year: i32, month: u32, day: u32) -> Option<Self> {
        let valid = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        valid.then_some(Self { year, month, day })
    }

    /// The day (UTC) of a time in Unix milliseconds.
    pub fn of_ms(ms: u64) -> Self {
        // Civil from days, after Hinnant, "chrono-compatible low-level date algorithms".
        let days = (ms / 86_400_000) as i64 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * shifted + 2) / 5 + 1) as u32;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 } as u32;
        let year = (year_of_era + era * 400 + i64::from(month <= 2)) as i32;
        Self { year, month, day }
    }

    /// Days since 1 January 1970.
    pub fn number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = i64::from(self.month);
        let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + i64::from(self.day) - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        era * 146_097 + of_era - 719_468
    }

    /// 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u32 {
        (self.number() + 3).rem_euclid(7) as u32
    }

    /// `YYYY-MM-DD`.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Days of a month.
pub fn days_in(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What was typed as `YYYY-MM-DD`, if it is a date written `2026-11-21`, `2026/11/21`, `21.11.2026` or `21.11.26`.
pub fn tidied_date(text: &str) -> Option<String> {
    let numbers = numbers(text)?;
    let &[a, b, c] = numbers.as_slice() else { return None };
    if text.contains('.') {
        return Day::of(full_year(c), b as u32, a as u32).map(Day::iso);
    }
    (a > 31).then(|| Day::of(a, b as u32, c as u32).map(Day::iso)).flatten()
}

/// What was typed as `YYYY-MM`, if it is a month written `2026-11`, `11/26`, `11/2026` or `11.2026`.
pub fn tidied_month(text: &str) -> Option<String> {
    let numbers = numbers(text)?;
    let &[a, b] = numbers.as_slice() else { return None };
    let (year, month) = if a > 12 { (a, b) } else { (full_year(b), a) };
    (YEARS.contains(&year) && (1..=12).contains(&month)).then(|| format!("{year:04}-{month:02}"))
}

fn numbers(text: &str) -> Option<Vec<i32>> {
    text.trim().split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).map(|part| part.parse().ok().filter(|n| *n >= 0)).collect()
}

fn full_year(year: i32) -> i32 {
    if year < 100 { 2000 + year } else { year }
}

/// What a picker picks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// A day.
    Day,
    /// A month.
    Month,
}

/// A button with a calendar behind it; what was picked, in the stored form.
pub fn picker_ui(ui: &mut Ui, name: &str, grain: Grain, text: &str, today: Day) -> Option<String> {
    let button = icon_button(ui, icons::CALENDAR, fl!("field-act-calendar", field = name));
    let start = match grain {
        Grain::Day => Day::parse(text),
        Grain::Month => Day::parse(&format!("{text}-01")),
    };
    let page_id = button.id.with("page");
    let mut page = ui.data(|data| data.get_temp::<(i32, u32)>(page_id));
    let mut picked = None;
    let shown = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        let first = start.unwrap_or(today);
        let mut at = page.unwrap_or((first.year, first.month));
        picked = match grain {
            Grain::Day => month_grid(ui, &mut at, start, today),
            Grain::Month => year_grid(ui, &mut at, start),
        };
        page = Some(at);
        if picked.is_some() {
            ui.close();
        }
    });
    if shown.is_none() {
        page = None;
    }
    ui.data_mut(|data| match page {
        Some(page) => {
            data.insert_temp(page_id, page);
        }
        None => data.remove::<(i32, u32)>(page_id),
    });
    picked
}

fn head(ui: &mut Ui, title: String, at: &mut (i32, u32), step: i32) {
    ui.horizontal(|ui| {
        if icon_button(ui, icons::CARET_LEFT, fl!("calendar-back")).clicked() {
            *at = stepped(*at, -step);
        }
        let width = 7.0 * icon_button_side(ui) - 2.0 * (icon_button_side(ui) + ui.spacing().item_spacing.x) + 6.0 * S1;
        let t = tokens(ui);
        let galley = Role::BodyStrong.line(ui, &title, t.text, width);
        let (rect, _) = ui.allocate_exact_size(Vec2::new(width, icon_button_side(ui)), Sense::hover());
        ui.painter().galley(rect.center() - galley.size() / 2.0, galley, t.text);
        if icon_button(ui, icons::CARET_RIGHT, fl!("calendar-on")).clicked() {
            *at = stepped(*at, step);
        }
    });
}

fn stepped((year, month): (i32, u32), step: i32) -> (i32, u32) {
    let months = year * 12 + month as i32 - 1 + step;
    let year = months.div_euclid(12).clamp(*YEARS.start(), *YEARS.end());
    (year, months.rem_euclid(12) as u32 + 1)
}

fn month_grid(ui: &mut Ui, at: &mut (i32, u32), chosen: Option<Day>, today: Day) -> Option<String> {
    let title = format!("{} {}", month_name(at.1), at.0);
    head(ui, title, at, 1);
    let mut picked = None;
    ui.spacing_mut().item_spacing = Vec2::splat(S1);
    let first = Day { year: at.0, month: at.1, day: 1 };
    let lead = first.weekday();
    let n_days = days_in(at.0, at.1);
    for week in 0..(lead + n_days).div_ceil(7) {
        ui.horizontal(|ui| {
            for column in 0..7 {
                let day = (week * 7 + column + 1).checked_sub(lead).filter(|day| (1..=n_days).contains(day));
                let Some(day) = day else {
                    ui.allocate_exact_size(Vec2::splat(icon_button_side(ui)), Sense::hover());
                    continue;
                };
                let date = Day { day, ..first };
                if cell(ui, &day.to_string(), &date.iso(), icon_button_side(ui), chosen == Some(date), date == today).clicked() {
                    picked = Some(date.iso());
                }
            }
        });
    }
    picked
}

fn year_grid(ui: &mut Ui, at: &mut (i32, u32), chosen: Option<Day>) -> Option<String> {
    let title = at.0.to_string();
    head(ui, title, at, 12);
    let mut picked = None;
    ui.spacing_mut().item_spacing = Vec2::splat(S1);
    for row in 0..3 {
        ui.horizontal(|ui| {
            for month in row * 4 + 1..=row * 4 + 4 {
                let stored = format!("{:04}-{month:02}", at.0);
                let is_chosen = chosen.is_some_and(|day| (day.year, day.month) == (at.0, month));
                let short: String = month_name(month).chars().take(3).collect();
                if cell(ui, &short, &stored, 2.0 * icon_button_side(ui) - S1, is_chosen, false).clicked() {
                    picked = Some(stored);
                }
            }
        });
    }
    picked
}

fn cell(ui: &mut Ui, text: &str, name: &str, width: f32, chosen: bool, today: bool) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, icon_button_side(ui)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, chosen, name));
    let (fill, color) = match (chosen, response.hovered()) {
        (true, _) => (t.accent, t.on_accent),
        (false, true) => (t.hover, t.text),
        (false, false) => (egui::Color32::TRANSPARENT, t.text),
    };
    ui.painter().rect_filled(rect, R2, fill);
    if today {
        ui.painter().rect_stroke(rect, R2, egui::Stroke::new(1.0, t.control), egui::StrokeKind::Inside);
    }
    let galley = Role::Body.line(ui, text, color, width);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
    crate::widgets::focus_ring_inside(ui, &response, rect, R2);
    response
}

fn month_name(month: u32) -> String {
    l10n::text_of(&format!("month-{month}")).unwrap_or_else(|| month.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_their_numbers_agree() {
        for (iso, number, weekday) in [("1970-01-01", 0, 3), ("2000-02-29", 11_016, 1), ("2026-11-21", 20_778, 5)] {
            let day = Day::parse(iso).expect("a date");
            assert_eq!((day.number(), day.weekday()), (number, weekday), "{iso}");
            assert_eq!(Day::of_ms(number as u64 * 86_400_000), day);
        }
    }

    #[test]
    fn dates_are_understood_as_written_in_several_countries() {
        for written in ["2026-11-21", "2026/11/21", "21.11.2026", "21.11.26", " 2026-11-21 "] {
            assert_eq!(tidied_date(written).as_deref(), Some("2026-11-21"), "{written}");
        }
        // Which number is the day can't be known, or there is no such day.
        for written in ["11/12/2026", "2026-13-01", "2026-02-30", "tomorrow", ""] {
            assert_eq!(tidied_date(written), None, "{written}");
        }
    }

    #[test]
    fn months_are_understood_as_printed_on_cards() {
        for written in ["2026-11", "11/26", "11/2026", "11.2026"] {
            assert_eq!(tidied_month(written).as_deref(), Some("2026-11"), "{written}");
        }
        assert_eq!(tidied_month("13/26"), None);
    }

    #[test]
    fn paging_crosses_the_year() {
        assert_eq!(stepped((2026, 12), 1), (2027, 1));
        assert_eq!(stepped((2026, 1), -1), (2025, 12));
        assert_eq!(stepped((2026, 5), 12), (2027, 5));
    }
}
