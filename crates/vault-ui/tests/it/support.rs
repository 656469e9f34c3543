//! A window with a pretended engine: commands go into a list, events are applied by hand.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use egui::Vec2;
use egui_kittest::{Harness, SnapshotOptions};
use vault_engine::{
    Command, Event, RequestId,
    event::{DeviceKeyPlace, VaultEntry, VaultStatus},
};
use vault_model::{FieldId, FieldType, FieldView, ItemRow, ItemView, Seen, ShownValue};
use vault_protocol::{ObjectId, VaultId};
use vault_ui::{App, DeviceSettings, Wish, theme::ThemeChoice};

use crate::raster::Raster;

/// 21 November 2026, 09:14 UTC.
pub const NOW_MS: u64 = 1_795_252_440_000;
/// Milliseconds in a day.
pub const DAY_MS: u64 = 86_400_000;

/// The window and what it wanted.
pub struct World {
    pub app: App,
    pub now_ms: u64,
    pub sent: Vec<(RequestId, Command)>,
    pub asked: Vec<vault_ui::Ask>,
}

impl World {
    /// The request id of the last command of that name.
    #[track_caller]
    pub fn request(&self, name: &str) -> RequestId {
        self.sent.iter().rev().find(|(_, command)| command.name() == name).unwrap_or_else(|| panic!("no {name} was sent")).0
    }

    /// How many commands of that name were sent.
    pub fn count(&self, name: &str) -> usize {
        self.sent.iter().filter(|(_, command)| command.name() == name).count()
    }

    /// Answers the last search with all rows, by title.
    pub fn answer_search(&mut self) {
        let request = self.request("search");
        let vault = self.app.state.vault.as_ref().expect("a vault is open");
        let mut rows: Vec<_> = vault.rows.values().filter(|row| !row.trashed).collect();
        rows.sort_by_key(|row| row.title.to_lowercase());
        let ids = rows.into_iter().map(|row| row.id).collect();
        self.app.apply(Event::Found(request, ids));
        self.app.apply(Event::Done(request));
    }
}

/// A window of that size, already fed by `prepare`.
pub fn window(size: [f32; 2], theme: ThemeChoice, prepare: impl FnOnce(&mut App) + 'static) -> Harness<'static, Option<World>> {
    window_with(size, DeviceSettings { theme, reduced_motion: true, ..DeviceSettings::default() }, prepare)
}

/// The same with other settings.
pub fn window_with(size: [f32; 2], settings: DeviceSettings, prepare: impl FnOnce(&mut App) + 'static) -> Harness<'static, Option<World>> {
    let made: Rc<RefCell<Option<World>>> = Rc::default();
    let setup = Rc::clone(&made);
    let mut harness = Harness::builder()
        .with_size(Vec2::from(size))
        .with_theme(if settings.theme == ThemeChoice::Dark { egui::Theme::Dark } else { egui::Theme::Light })
        .with_os(egui::os::OperatingSystem::Nix)
        .with_max_steps(12)
        .renderer(Raster::default())
        .with_context_setup(move |ctx| {
            let mut app = App::new(ctx, settings);
            app.state.tick(NOW_MS);
            prepare(&mut app);
            *setup.borrow_mut() = Some(World { app, now_ms: NOW_MS, sent: Vec::new(), asked: Vec::new() });
        })
        .build_ui_state(
            move |ui, world: &mut Option<World>| {
                let world = world.get_or_insert_with(|| made.borrow_mut().take().expect("set up once"));
                world.app.logic(ui.ctx(), world.now_ms);
                // The harness leaves a margin that a window does not have.
                let whole = ui.ctx().content_rect();
                let mut root = ui.new_child(egui::UiBuilder::new().max_rect(whole));
                root.set_clip_rect(whole);
                world.app.ui(&mut root);
                for wish in world.app.take_outbox() {
                    match wish {
                        Wish::Send(request, command) => world.sent.push((request, command)),
                        Wish::Ask(ask) => world.asked.push(ask),
                        Wish::Rate(request, what) => {
                            world.app.apply_shell(vault_ui::ShellEvent::Rated { request, strength: Some(what.answer()) });
                        }
                    }
                }
            },
            None,
        );
    settle(&mut harness);
    harness
}

/// Runs a few frames. The lock timer asks for a repaint every second, so the window never settles by itself.
pub fn settle(harness: &mut Harness<'static, Option<World>>) {
    harness.run_steps(4);
}

/// The world behind a window.
pub fn world<'a>(harness: &'a mut Harness<'static, Option<World>>) -> &'a mut World {
    harness.state_mut().as_mut().expect("drawn once")
}

/// Tight: the rasteriser is the same everywhere.
pub fn options() -> SnapshotOptions {
    SnapshotOptions::new().threshold(0.6).output_path("tests/pictures")
}

/// A vault of this device.
pub fn entry(name: &str, has_password: bool) -> VaultEntry {
    VaultEntry {
        vault: VaultId([name.len() as u8; 16]),
        name: name.to_owned(),
        last_opened_ms: NOW_MS - 3 * 3_600_000,
        has_password,
        has_device_key: true,
        not_before_ms: 0,
        failed_attempts: 0,
    }
}

/// What is true of an open vault.
pub fn status(has_password: bool) -> VaultStatus {
    VaultStatus {
        vault: VaultId([8; 16]),
        name: "Personal".to_owned(),
        did: "did:key:z6Mk".to_owned(),
        has_password,
        kit_saved: has_password,
        device_key: DeviceKeyPlace::OsAccount,
        n_devices: 1,
        last_backup_ms: if has_password { NOW_MS - 3 * DAY_MS } else { 0 },
        n_changes_since_backup: 12,
        read_only: None,
        settings: Default::default(),
        kdf: (65_536, 3, 1),
    }
}

/// A row.
pub fn row(n: u32, kind: &str, title: &str, subtitle: &str) -> ItemRow {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    ItemRow {
        id: ObjectId(id),
        kind: kind.to_owned(),
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        folder: String::new(),
        tags: BTreeSet::new(),
        favourite: false,
        archived: false,
        trashed: false,
        conflict: false,
        has_totp: false,
        n_attachments: 0,
        host: String::new(),
        expires: String::new(),
        created_ms: NOW_MS - 100 * DAY_MS,
        changed_ms: NOW_MS.saturating_sub(u64::from(n) * 7 * 3_600_000),
        field_names: Vec::new(),
    }
}

/// Some thirty rows as a person would have them.
pub fn rows() -> Vec<ItemRow> {
    let plain: [(&str, &str, &str); 28] = [
        ("credential", "GitHub", "mara.lind"),
        ("credential", "Proton Mail", "mara.lind@proton.example"),
        ("bank", "Savings account", "DE89 … 3000"),
        ("card", "Visa Gold", "•••• 4821"),
        ("credential", "Electricity supplier", "K-2209-118"),
        ("identity", "Passport", "C01X0006H"),
        ("wifi", "Home network", "Lindenhof-5G"),
        ("note", "Alarm code of the workshop", ""),
        ("insurance", "Car insurance", "HV-88 201 334"),
        ("crypto", "Hardware wallet", "bc1q…x0qz"),
        ("key", "Deploy key, blog", "ed25519"),
        ("licence", "Affinity Photo", "mara@lind.example"),
        ("totp", "Tax portal", "Elster"),
        ("credential", "Library", "004 118 203"),
        ("credential", "Handelsregister and company portal of the district court", "lind-werkstatt"),
        ("bank", "Household account", "DE02 … 8712"),
        ("card", "Debit card", "•••• 0047"),
        ("credential", "Railway", "mara.lind@proton.example"),
        ("document", "Rental contract", "3 files"),
        ("credential", "Doctor's practice", "m.lind"),
        ("credential", "Streaming", "familie-lind"),
        ("credential", "Town hall appointments", "mara.lind"),
        ("custom", "Bicycle", "Frame WTU 208"),
        ("credential", "Photo prints", "mara.lind"),
        ("credential", "Hardware store", "mara.lind"),
        ("key", "Backup server", "RSA 4096"),
        ("note", "Measurements of the kitchen", ""),
        ("credential", "Youth hostel", "mara.lind"),
    ];
    let mut rows: Vec<ItemRow> =
        plain.iter().enumerate().map(|(at, (kind, title, subtitle))| row(at as u32 + 1, kind, title, subtitle)).collect();
    rows[0].favourite = true;
    rows[0].has_totp = true;
    rows[0].host = "github.com".to_owned();
    rows[0].tags = ["work".to_owned(), "code".to_owned()].into();
    rows[1].tags = ["mail".to_owned()].into();
    rows[2].folder = "Bank".to_owned();
    rows[3].folder = "Bank".to_owned();
    rows[3].expires = "2026-12-02".to_owned();
    rows[5].n_attachments = 2;
    rows[5].expires = "2026-11-19".to_owned();
    rows[15].folder = "Bank".to_owned();
    rows[18].n_attachments = 3;
    rows[18].favourite = true;
    rows
}

/// The open item of a row.
pub fn item(row: &ItemRow) -> Box<ItemView> {
    let field = |id: &str, field_type, position, value| FieldView {
        id: FieldId(id.to_owned()),
        label: String::new(),
        field_type,
        section: None,
        position,
        value,
        n_conflicting: 0,
        warnings: Vec::new(),
    };
    let hidden = || ShownValue::Hidden { is_empty: false, hint: String::new() };
    let fields = vec![
        field("username", FieldType::Text, 100, ShownValue::Shown("mara.lind".to_owned())),
        field("password", FieldType::Secret, 200, hidden()),
        field("totp", FieldType::Totp, 300, hidden()),
        field("url", FieldType::Url, 400, ShownValue::Shown("https://github.com/login".to_owned())),
    ];
    Box::new(ItemView {
        id: row.id,
        kind: row.kind.clone(),
        title: row.title.clone(),
        folder: row.folder.clone(),
        tags: row.tags.clone(),
        favourite: row.favourite,
        archived: row.archived,
        trashed: row.trashed,
        expires: row.expires.clone(),
        created_ms: row.created_ms,
        changed_ms: row.changed_ms,
        changed_by: "Laptop".to_owned(),
        sections: Vec::new(),
        fields,
        attachments: Vec::new(),
        links: Vec::new(),
        seen: Seen::default(),
        conflicts: Vec::new(),
        n_opaque: 0,
    })
}

/// Opens a vault with these rows in `app`.
pub fn open(app: &mut App, status: VaultStatus, rows: Vec<ItemRow>) {
    app.apply(Event::Vaults(vec![entry("Personal", status.has_password)]));
    app.apply(Event::Opened { status, draft: None });
    app.apply(Event::Rows { rows, last: true });
}

/// A window with an open vault and the list filled.
pub fn open_window(size: [f32; 2], settings: DeviceSettings, rows: Vec<ItemRow>) -> Harness<'static, Option<World>> {
    let mut harness = window_with(size, settings, move |app| open(app, status(true), rows));
    world(&mut harness).answer_search();
    settle(&mut harness);
    harness
}

/// The settings of most tests.
pub fn settings() -> DeviceSettings {
    DeviceSettings { theme: ThemeChoice::Light, reduced_motion: true, ..DeviceSettings::default() }
}
