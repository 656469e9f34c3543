//! The settings: each control sends what it says.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use vault_engine::{
    Command, Event, Failure, SinkId, SourceId,
    command::{BackupKeyInput, KitInput},
    event::{BackupReport, CheckReport, DeviceKeyPlace, DrillReport, KitVerdict, Problem, ProblemKind},
};
use vault_ui::{
    Ask,
    outbox::{FileUse, Go, PickedFile, SettingsPage, ShellEvent},
    theme::{Contrast, ThemeChoice},
};

use crate::{
    stage::{Window, go, login, send, shell, show, show_with, take, take_asks, tree},
    support::{self, settle, world},
};

const SIZE: [f32; 2] = [1200.0, 1200.0];

fn page(page: SettingsPage) -> Window {
    let mut window = show(SIZE, login());
    go(&mut window, Go::Settings(page));
    window
}

fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).click();
    settle(window);
}

fn press(window: &mut Window, label: &str) {
    window.get_by_role_and_label(Role::Button, label).click();
    settle(window);
}

fn type_secret(window: &mut Window, label: &str, text: &str) {
    window.get_by_role_and_label(Role::PasswordInput, label).focus();
    settle(window);
    window.get_by_role_and_label(Role::PasswordInput, label).type_text(text);
    settle(window);
}

fn file(name: &str) -> PickedFile {
    PickedFile { source: SourceId(3), name: name.to_owned(), len_bytes: 9, media_type: String::new() }
}

#[test]
fn appearance_changes_this_device_only() {
    let mut window = page(SettingsPage::Appearance);
    window.get_by_role_and_label(Role::RadioButton, "Dark").click();
    settle(&mut window);
    window.get_by_role_and_label(Role::RadioButton, "High").click();
    settle(&mut window);
    let settings = world(&mut window).app.settings.clone();
    assert_eq!((settings.theme, settings.contrast), (ThemeChoice::Dark, Contrast::High));
    assert!(take_asks(&mut window).iter().all(|ask| matches!(ask, Ask::KeepSettings(_))));
}

#[test]
fn times_are_settings_of_the_vault() {
    let mut window = page(SettingsPage::Security);
    window.get_by_role_and_label(Role::ComboBox, "Lock when idle for").click();
    settle(&mut window);
    click(&mut window, "15 minutes");
    let sent = take(&mut window, |command| match command {
        Command::SetVaultSettings(settings) => Some(settings.lock_after_secs),
        _ => None,
    });
    assert_eq!(sent.map(|(_, secs)| secs), Some(900));
    press(&mut window, "Lock");
    assert!(take(&mut window, |command| matches!(command, Command::Lock).then_some(())).is_some());
}

#[test]
fn the_master_password_is_changed_only_when_both_are_equal() {
    let mut window = page(SettingsPage::Security);
    press(&mut window, "Change…");
    type_secret(&mut window, "Present master password", "the old one");
    type_secret(&mut window, "New master password", "vQ7#mZ2!kTp9&xWc4Lr?");
    let rated = tree(&window);
    assert!(rated.contains("Excellent") && rated.contains("longer than a century"), "{rated}");
    assert!(!rated.contains("vQ7#") && !rated.contains("the old one"));
    type_secret(&mut window, "New master password again", "something else");
    press(&mut window, "Change password");
    let sent = |window: &mut Window| {
        take(window, |command| match command {
            Command::ChangePassword { current, new } => Some((current.expose().to_owned(), new.expose().to_owned())),
            _ => None,
        })
    };
    assert!(sent(&mut window).is_none());
    window.get_by_label("The two are not equal");
}

#[test]
fn a_shown_password_of_a_dialog_is_not_in_the_tree() {
    let mut window = page(SettingsPage::Security);
    press(&mut window, "Change…");
    type_secret(&mut window, "New master password", "vQ7#mZ2!kTp9&xWc4Lr?");
    window.get_all_by_label("Show").nth(1).expect("of the second field").click();
    settle(&mut window);
    window.get_by_label("Hide");
    assert!(!tree(&window).contains("vQ7#"));
}

#[test]
fn a_refused_password_is_said_and_kept_and_an_accepted_one_closes_the_dialog() {
    let mut window = page(SettingsPage::Security);
    press(&mut window, "Change…");
    type_secret(&mut window, "Present master password", "the old one");
    for label in ["New master password", "New master password again"] {
        type_secret(&mut window, label, "vQ7#mZ2!kTp9&xWc4Lr?");
    }
    let try_it = |window: &mut Window| {
        press(window, "Change password");
        let sent = take(window, |command| match command {
            Command::ChangePassword { current, new } => Some((current.expose().to_owned(), new.expose().to_owned())),
            _ => None,
        });
        let (request, pair) = sent.expect("a change");
        assert_eq!(pair, ("the old one".to_owned(), "vQ7#mZ2!kTp9&xWc4Lr?".to_owned()));
        request
    };
    let request = try_it(&mut window);
    send(&mut window, Event::Failed(request, Failure::WrongPassword { wait_ms: 0 }));
    window.get_by_label("That password does not open this vault.");
    let request = try_it(&mut window);
    send(&mut window, Event::Done(request));
    assert!(window.query_by_role_and_label(Role::PasswordInput, "New master password").is_none());
}

#[test]
fn a_vault_without_password_gets_its_first() {
    let mut window = show_with(SIZE, support::settings(), login(), |status| {
        status.has_password = false;
        status.device_key = DeviceKeyPlace::SameDisk;
    });
    go(&mut window, Go::Settings(SettingsPage::Security));
    press(&mut window, "Set…");
    assert!(window.query_by_role_and_label(Role::PasswordInput, "Present master password").is_none());
    window.get_by_label("At least 15 characters, because the key of this device lies on the same disk");
    for label in ["New master password", "New master password again"] {
        type_secret(&mut window, label, "a sentence of my own making");
    }
    press(&mut window, "Set password");
    let sent = take(&mut window, |command| match command {
        Command::ChangePassword { current, new } => Some((current.is_empty(), new.expose().to_owned())),
        _ => None,
    });
    assert_eq!(sent.map(|(_, sent)| sent), Some((true, "a sentence of my own making".to_owned())));
}

#[test]
fn a_backup_needs_a_passphrase_until_a_kit_is_saved() {
    let mut window = show_with(SIZE, support::settings(), login(), |status| status.kit_saved = false);
    go(&mut window, Go::Settings(SettingsPage::Backup));
    press(&mut window, "Back up now…");
    press(&mut window, "Choose a place…");
    assert!(take_asks(&mut window).is_empty(), "not without a passphrase");
    for label in ["Passphrase of the backup", "Passphrase again"] {
        type_secret(&mut window, label, "gravel-otter-lamp-seven");
    }
    press(&mut window, "Choose a place…");
    assert!(matches!(&take_asks(&mut window)[..], [Ask::SaveAs { name, purpose: FileUse::WriteBackup }] if name == "Personal.nt2backup"));
    let chosen = ShellEvent::SinkChosen { purpose: FileUse::WriteBackup, sink: Some(SinkId(4)), place: "usb".to_owned() };
    shell(&mut window, chosen);
    let (request, sent) = take(&mut window, |command| match command {
        Command::Backup { sink, passphrase } => Some((*sink, passphrase.as_ref().map(|text| text.expose().to_owned()))),
        _ => None,
    })
    .expect("a backup");
    assert_eq!(sent, (SinkId(4), Some("gravel-otter-lamp-seven".to_owned())));
    let report = BackupReport { n_items: 12, n_attachments: 3, n_missing: 0, len_bytes: 1_200_000, checksum: "ab12".to_owned() };
    send(&mut window, Event::BackedUp(request, report));
    send(&mut window, Event::Done(request));
    assert!(tree(&window).contains("12 items, 3 attachments, 1.2"));
}

#[test]
fn a_backup_is_tested_and_the_result_says_what_and_when() {
    let mut window = page(SettingsPage::Backup);
    press(&mut window, "Test…");
    assert_eq!(take_asks(&mut window), [Ask::PickFiles { purpose: FileUse::TestBackup, several: false }]);
    shell(&mut window, ShellEvent::FilesPicked { purpose: FileUse::TestBackup, files: vec![file("a.nt2backup")] });
    let (request, source) = take(&mut window, |command| match command {
        Command::TestBackup { source, key: BackupKeyInput::OpenVault } => Some(*source),
        _ => None,
    })
    .expect("a test");
    assert_eq!(source, SourceId(3));
    let report = DrillReport { n_items: 214, n_attachments: 9, len_bytes: 5_000_000, n_behind: 0, damaged: Vec::new() };
    send(&mut window, Event::Tested(request, report));
    send(&mut window, Event::Done(request));
    assert!(tree(&window).contains("all 214 items and 9 attachments"));
}

#[test]
fn a_kit_counts_only_when_it_was_read_back() {
    let mut window = show_with(SIZE, support::settings(), login(), |status| status.kit_saved = false);
    go(&mut window, Go::Settings(SettingsPage::Backup));
    press(&mut window, "Save the kit…");
    for label in ["Passphrase of the new kit", "Passphrase again"] {
        type_secret(&mut window, label, "gravel-otter-lamp-seven");
    }
    press(&mut window, "Choose a place…");
    shell(&mut window, ShellEvent::SinkChosen { purpose: FileUse::WriteKit, sink: Some(SinkId(6)), place: "usb/kit".to_owned() });
    let (request, sink) = take(&mut window, |command| match command {
        Command::SaveKit { sink, passphrase: Some(passphrase) } if passphrase.expose() == "gravel-otter-lamp-seven" => Some(*sink),
        _ => None,
    })
    .expect("a kit");
    assert_eq!(sink, SinkId(6));
    send(&mut window, Event::Done(request));
    assert!(tree(&window).contains("Written to usb/kit"));
    shell(&mut window, ShellEvent::FilesPicked { purpose: FileUse::CheckKit, files: vec![file("a.nt2recovery")] });
    type_secret(&mut window, "Passphrase of the kit", "gravel-otter-lamp-seven");
    press(&mut window, "Check");
    let (request, ()) = take(&mut window, |command| match command {
        Command::CheckKit { kit: KitInput::File { source: SourceId(3), .. } } => Some(()),
        _ => None,
    })
    .expect("a check");
    send(&mut window, Event::KitChecked(request, KitVerdict::OtherVault));
    send(&mut window, Event::Done(request));
    window.get_by_label("This kit is of another vault.");
    type_secret(&mut window, "Passphrase of the kit", "gravel-otter-lamp-seven");
    press(&mut window, "Check");
    let (request, ()) = take(&mut window, |command| matches!(command, Command::CheckKit { .. }).then_some(())).expect("again");
    send(&mut window, Event::KitChecked(request, KitVerdict::Good));
    send(&mut window, Event::Done(request));
    assert!(window.query_by_label("This kit is of another vault.").is_none());
    assert!(tree(&window).contains("The kit is the right one and readable."));
}

#[test]
fn a_kit_is_not_saved_without_a_long_enough_passphrase() {
    let mut window = show_with(SIZE, support::settings(), login(), |status| status.kit_saved = false);
    go(&mut window, Go::Settings(SettingsPage::Backup));
    press(&mut window, "Save the kit…");
    press(&mut window, "Choose a place…");
    for label in ["Passphrase of the new kit", "Passphrase again"] {
        type_secret(&mut window, label, "fourteen chars");
    }
    press(&mut window, "Choose a place…");
    assert!(take_asks(&mut window).is_empty());
    window.get_by_label("At least 15 characters");
    for label in ["Passphrase of the new kit", "Passphrase again"] {
        type_secret(&mut window, label, "!");
    }
    press(&mut window, "Choose a place…");
    assert!(matches!(&take_asks(&mut window)[..], [Ask::SaveAs { purpose: FileUse::WriteKit, .. }]));
    shell(&mut window, ShellEvent::SinkChosen { purpose: FileUse::WriteKit, sink: Some(SinkId(6)), place: String::new() });
    let (request, ()) = take(&mut window, |command| matches!(command, Command::SaveKit { .. }).then_some(())).expect("a kit");
    send(&mut window, Event::Failed(request, Failure::PassphraseRequired));
    window.get_by_label("The kit needs a passphrase of its own. Nothing was written.");
}

/// A dialog with two fields, from the name of the first one.
fn second_field(window: &Window, label: &str) -> egui::Rect {
    window.get_by_role_and_label(Role::PasswordInput, label).rect()
}

#[test]
fn dialogs_keep_their_size_while_something_is_typed() {
    let kits = |size| {
        let mut window = show_with(size, support::settings(), login(), |status| status.kit_saved = false);
        go(&mut window, Go::Settings(SettingsPage::Backup));
        window
    };
    for size in [SIZE, [390.0, 844.0]] {
        for (open, first, again, go_on) in [
            ("Save the kit…", "Passphrase of the new kit", "Passphrase again", "Choose a place…"),
            ("Back up now…", "Passphrase of the backup", "Passphrase again", "Choose a place…"),
        ] {
            let mut window = kits(size);
            press(&mut window, open);
            let before = (second_field(&window, again), window.get_by_label(go_on).rect());
            type_secret(&mut window, first, "abc");
            assert_eq!((second_field(&window, again), window.get_by_label(go_on).rect()), before, "{open}: rated");
            type_secret(&mut window, again, "abd");
            window.get_by_role_and_label(Role::Button, "Cancel").focus();
            settle(&mut window);
            window.get_by_label("The two are not equal");
            assert_eq!((second_field(&window, again), window.get_by_label(go_on).rect()), before, "{open}: not equal");
        }
        let mut window = kits(size);
        go(&mut window, Go::SetPassword);
        let again = "New master password again";
        let before = (second_field(&window, again), window.get_by_role_and_label(Role::Button, "Cancel").rect());
        for typed in ["abc", "password1", "vQ7#mZ2!kTp9&xWc4Lr?"] {
            type_secret(&mut window, "New master password", typed);
            let now = (second_field(&window, again), window.get_by_role_and_label(Role::Button, "Cancel").rect());
            assert_eq!(now, before, "{typed} is rated");
        }
        type_secret(&mut window, again, "else");
        window.get_by_role_and_label(Role::Button, "Cancel").focus();
        settle(&mut window);
        window.get_by_label("The two are not equal");
        assert_eq!(window.get_by_role_and_label(Role::Button, "Cancel").rect(), before.1);
    }
}

#[test]
fn enter_submits_the_backup_whose_first_field_has_the_focus() {
    let mut window = page(SettingsPage::Backup);
    press(&mut window, "Back up now…");
    assert!(window.get_by_role_and_label(Role::PasswordInput, "Passphrase of the backup").is_focused());
    window.key_press(egui::Key::Enter);
    settle(&mut window);
    assert!(matches!(&take_asks(&mut window)[..], [Ask::SaveAs { purpose: FileUse::WriteBackup, .. }]));
}

#[test]
fn the_checksum_of_a_backup_stays_on_a_phone() {
    let mut window = show([390.0, 1600.0], login());
    go(&mut window, Go::Settings(SettingsPage::Backup));
    press(&mut window, "Back up now…");
    press(&mut window, "Choose a place…");
    let place = "/media/mara/BACKUP/Personal.nt2backup".to_owned();
    shell(&mut window, ShellEvent::SinkChosen { purpose: FileUse::WriteBackup, sink: Some(SinkId(4)), place });
    let (request, ()) =
        take(&mut window, |command| matches!(command, Command::Backup { passphrase: None, .. }).then_some(())).expect("one");
    let report = BackupReport { n_items: 1, n_attachments: 0, n_missing: 0, len_bytes: 1_200, checksum: "0123456789abcdef".repeat(4) };
    send(&mut window, Event::BackedUp(request, report));
    send(&mut window, Event::Done(request));
    let line = window.get_by_label(&format!("BLAKE3 {}", "0123456789abcdef".repeat(4))).rect();
    assert!(line.right() <= 390.0 && line.height() > 20.0, "{line:?}");
    assert!(tree(&window).contains("Backup written to /media/mara/BACKUP/Personal.nt2backup: one item, 0 attachments"));
}

#[test]
fn a_check_names_what_ran_and_what_is_wrong() {
    let mut window = page(SettingsPage::Vault);
    window.get_by_role_and_label(Role::Switch, "Read every attachment too").click();
    settle(&mut window);
    press(&mut window, "Check now");
    let (request, read) = take(&mut window, |command| match command {
        Command::CheckVault { read_attachments } => Some(*read_attachments),
        _ => None,
    })
    .expect("a check");
    assert!(read);
    let problem = Problem { kind: ProblemKind::AttachmentMissing, subject: "scan.pdf".to_owned() };
    let report = CheckReport { n_items: 12, n_entries: 40, n_control: 2, n_attachments: 1, len_bytes: 9, problems: vec![problem] };
    send(&mut window, Event::Checked(request, report));
    send(&mut window, Event::Done(request));
    window.get_by_label("One problem was found.");
    window.get_by_label("The file of scan.pdf is missing. A backup brings it back.");
    window.get_by_label("Log entries verified: 40");
}

#[test]
fn a_vault_is_deleted_only_with_its_name_and_password() {
    let mut window = page(SettingsPage::Vault);
    press(&mut window, "Delete vault");
    let deleted = |window: &mut Window| {
        window.get_all_by_role_and_label(Role::Button, "Delete vault").last().expect("the dialog's").click();
        settle(window);
        take(window, |command| match command {
            Command::DeleteVault { password, .. } => Some(password.expose().to_owned()),
            _ => None,
        })
    };
    assert!(deleted(&mut window).is_none());
    window.get_by_role_and_label(Role::TextInput, "Name of the vault to delete").focus();
    settle(&mut window);
    window.get_by_role_and_label(Role::TextInput, "Name of the vault to delete").type_text("Personal");
    settle(&mut window);
    assert!(deleted(&mut window).is_none());
    type_secret(&mut window, "Present master password", "my password");
    assert_eq!(deleted(&mut window).map(|(_, password)| password).as_deref(), Some("my password"));
}

#[test]
fn the_public_name_is_copied_openly() {
    let mut window = page(SettingsPage::Vault);
    click(&mut window, "Copy the public name");
    assert_eq!(take_asks(&mut window), [Ask::CopyPublic("did:key:z6Mk".to_owned())]);
}

#[test]
fn one_pane_has_every_page() {
    for page in SettingsPage::ALL {
        let mut window = show([420.0, 1400.0], login());
        go(&mut window, Go::Settings(page));
        window.get_by_label("Page of the settings");
    }
}

#[test]
fn what_is_drawn_below_the_title_of_a_row_is_said_too() {
    let window = page(SettingsPage::Security);
    assert!(tree(&window).contains("Time asleep counts"), "{}", tree(&window));
}
