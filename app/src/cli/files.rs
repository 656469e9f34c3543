//! Commands on files: attachments, backups, kits, checks.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vault_engine::{
    Command, Event, Failure,
    command::{BackupKeyInput, KitInput, KitPartner, RestoreInto},
    event::{BackupHeader, CheckReport, DrillReport, KitVerdict, ProblemKind},
};
use vault_model::{AttachmentView, ItemView};
use vault_protocol::VaultId;

use super::{
    args::{KitWith, RestoreWith},
    client::{Client, Where},
    error::CliError,
    items,
    print::{self, Form},
};
use crate::platform::{
    files::{self, Existing},
    names,
};

/// The id of an attachment as the command line writes it.
pub(crate) fn attachment_id(attachment: &AttachmentView) -> String {
    format!("{:032x}", u128::from_be_bytes(attachment.id.0))
}

/// `nt2 attach`.
pub(crate) fn attach(client: &mut Client, item: &str, paths: &[PathBuf]) -> Result<(), CliError> {
    client.unlock()?;
    let item = client.find_item(item, Where::Items)?;
    for path in paths {
        let (source, _) = client.source(path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let media_type = files::media_type(&name).to_owned();
        client.call(Command::Attach { item, source, name, media_type })?;
    }
    let view = client.open_item(item)?;
    match client.form {
        Form::Json => print::json(&view.attachments.iter().map(items::attachment_json).collect())?,
        Form::Text => print::line(&format!("{} now has {} attachments", view.title, view.attachments.len()))?,
    }
    Ok(())
}

/// `nt2 extract`.
pub(crate) fn extract(
    client: &mut Client,
    item: &str,
    attachment: Option<&str>,
    output: Option<PathBuf>,
    existing: Existing,
) -> Result<(), CliError> {
    client.unlock()?;
    let item = client.find_item(item, Where::Items)?;
    let view = client.open_item(item)?;
    let attachment = find_attachment(&view, attachment)?;
    let name = names::plain_name(&attachment.name);
    let path = match output {
        Some(path) if path.is_dir() => path.join(name),
        Some(path) => path,
        None => PathBuf::from(name),
    };
    let sink = client.sink(&path, existing)?;
    client.call(Command::Extract { item, attachment: attachment.id, sink }).map_err(|error| match error {
        // The sink refuses to replace what appeared meanwhile; the engine only knows that writing failed.
        CliError::Engine(Failure::Io) if existing == Existing::Keep && path.exists() => {
            CliError::File { what: format!("{} can't be written", path.display()), error: std::io::ErrorKind::AlreadyExists.into() }
        }
        CliError::Engine(Failure::AttachmentDamaged) => CliError::AttachmentDamaged(attachment.name.clone()),
        error => error,
    })?;
    match client.form {
        Form::Json => print::json(&json!({ "file": path, "size": attachment.len_bytes }))?,
        Form::Text => print::line(&format!("Wrote {} ({})", path.display(), print::size(attachment.len_bytes)))?,
    }
    Ok(())
}

/// `nt2 detach`.
pub(crate) fn detach(client: &mut Client, item: &str, attachment: &str) -> Result<(), CliError> {
    client.unlock()?;
    let item = client.find_item(item, Where::Items)?;
    let view = client.open_item(item)?;
    let attachment = find_attachment(&view, Some(attachment))?.id;
    client.call(Command::Detach { item, attachment })?;
    match client.form {
        Form::Json => print::json(&json!({ "detached": 1 }))?,
        Form::Text => print::line("1 detached; history keeps it until the item is purged")?,
    }
    Ok(())
}

fn find_attachment<'a>(view: &'a ItemView, wanted: Option<&str>) -> Result<&'a AttachmentView, CliError> {
    let found: Vec<&AttachmentView> = match wanted {
        Some(wanted) => view.attachments.iter().filter(|there| there.name == wanted || attachment_id(there) == wanted).collect(),
        None => view.attachments.iter().collect(),
    };
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(CliError::NotFound(format!("{} has no such attachment. nt2 get lists them.", view.title))),
        _ => Err(CliError::NotFound(format!("{} has several. Name one by id; nt2 get --json lists them.", view.title))),
    }
}

/// `nt2 backup`.
pub(crate) fn backup(client: &mut Client, path: &Path, existing: Existing, with_passphrase: bool) -> Result<(), CliError> {
    client.unlock()?;
    let passphrase = if with_passphrase { Some(client.secrets.ask_new("Passphrase of the backup")?) } else { None };
    let sink = client.sink(path, existing)?;
    let answers = client.call(Command::Backup { sink, passphrase })?;
    let report = answers.into_iter().find_map(|event| match event {
        Event::BackedUp(_, report) => Some(report),
        _ => None,
    });
    let report = report.ok_or(CliError::Engine(Failure::Io))?;
    match client.form {
        Form::Json => print::json(&json!({
            "file": path, "items": report.n_items, "attachments": report.n_attachments, "missing": report.n_missing, "size": report.len_bytes,
            "blake3": report.checksum,
        }))?,
        Form::Text => print::line(&format!(
            "Wrote {}: {} items, {} attachments, {}",
            path.display(),
            report.n_items,
            report.n_attachments,
            print::size(report.len_bytes)
        ))?,
    }
    hint_missing(report.n_missing, "Their files are missing here: run nt2 check, and look for them in an older backup.");
    Ok(())
}

/// Says how many attachments a backup does not have.
fn hint_missing(n_missing: u64, advice: &str) {
    if n_missing > 0 {
        print::hint(&format!("{n_missing} attachments are not in the backup. {advice}"));
    }
}

/// `nt2 restore`.
pub(crate) fn restore(
    client: &mut Client,
    path: &Path,
    with: RestoreWith,
    kit: Option<&Path>,
    name: Option<String>,
    merge: bool,
) -> Result<(), CliError> {
    if merge {
        client.unlock()?;
    } else if with == RestoreWith::Vault {
        return Err(CliError::Usage("--with vault opens a backup with an open vault: add --merge.".to_owned()));
    }
    let name = name.unwrap_or_else(|| "Restored vault".to_owned());
    let key = backup_key(client, with)?;
    let new_password = match (merge, with) {
        (false, RestoreWith::Passphrase) => Some(client.secrets.ask_new("Master password of the restored vault")?),
        _ => None,
    };
    let answers = with_kit(client, kit, with == RestoreWith::Kit, |client, kit| {
        let (source, _) = client.source(path)?;
        let key = key.with_kit(kit)?;
        let new_password = new_password.as_ref().map(vault_model::SecretText::duplicate);
        let into = if merge { RestoreInto::OpenVault } else { RestoreInto::Vault { name: name.clone(), new_password } };
        client.call(Command::Restore { source, key, into })
    })?;
    let report = answers.into_iter().find_map(|event| match event {
        Event::Restored(_, report) => Some(report),
        _ => None,
    });
    let report = report.ok_or(CliError::Engine(Failure::BackupDamaged))?;
    match client.form {
        Form::Json => print::json(&json!({
            "vault": report.vault.to_string(), "added": report.n_added, "changed": report.n_changed, "equal": report.n_equal,
            "purged": report.purged, "attachments": report.n_attachments, "missing": report.n_missing,
        }))?,
        Form::Text => {
            print::line(&format!(
                "Restored into vault {}: {} items added, {} changed, {} equal, {} attachments",
                report.vault, report.n_added, report.n_changed, report.n_equal, report.n_attachments
            ))?;
            if !report.purged.is_empty() {
                print::line(&format!("Left out, because purged here since: {}", report.purged.join(", ")))?;
            }
        }
    }
    hint_missing(report.n_missing, "Look for them in another backup, and merge it with nt2 restore --merge.");
    Ok(())
}

/// What opens a backup, asked for once and used for each attempt.
enum BackupKey {
    OpenVault,
    Passphrase(vault_model::SecretText),
    Device(vault_model::SecretText),
    Kit(vault_model::SecretText),
}

impl BackupKey {
    fn with_kit(&self, kit: Option<KitInput>) -> Result<BackupKeyInput, CliError> {
        Ok(match self {
            Self::OpenVault => BackupKeyInput::OpenVault,
            Self::Passphrase(text) => BackupKeyInput::Passphrase(text.duplicate()),
            Self::Device(text) => BackupKeyInput::PasswordAndDevice(text.duplicate()),
            Self::Kit(text) => {
                BackupKeyInput::PasswordAndKit { password: text.duplicate(), kit: kit.ok_or(CliError::Engine(Failure::KitUnreadable))? }
            }
        })
    }
}

fn backup_key(client: &mut Client, with: RestoreWith) -> Result<BackupKey, CliError> {
    Ok(match with {
        RestoreWith::Passphrase => BackupKey::Passphrase(client.secrets.ask("Passphrase of the backup")?),
        RestoreWith::Device => BackupKey::Device(client.secrets.ask("Master password of the backup's vault")?),
        RestoreWith::Kit => BackupKey::Kit(client.secrets.ask("Master password of the backup's vault")?),
        RestoreWith::Vault => BackupKey::OpenVault,
    })
}

/// Runs `attempt` with the kit, if one is wanted: from its file, without and then with its passphrase, or from its words.
pub(super) fn with_kit<T>(
    client: &mut Client,
    path: Option<&Path>,
    wanted: bool,
    mut attempt: impl FnMut(&mut Client, Option<KitInput>) -> Result<T, CliError>,
) -> Result<T, CliError> {
    if !wanted {
        return attempt(client, None);
    }
    let Some(path) = path else {
        let words = client.secrets.ask("The 24 words of the recovery kit")?;
        return attempt(client, Some(KitInput::Words(words)));
    };
    let (source, _) = client.source(path)?;
    match attempt(client, Some(KitInput::File { source, passphrase: None })) {
        Err(CliError::Engine(Failure::KitPassphrase)) => {
            let passphrase = client.secrets.ask("Passphrase of the recovery kit")?;
            let (source, _) = client.source(path)?;
            attempt(client, Some(KitInput::File { source, passphrase: Some(passphrase) }))
        }
        result => result,
    }
}

/// `nt2 check`.
pub(crate) fn check_vault(client: &mut Client, read_attachments: bool) -> Result<(), CliError> {
    client.unlock()?;
    let answers = client.call(Command::CheckVault { read_attachments })?;
    let report = answers.into_iter().find_map(|event| match event {
        Event::Checked(_, report) => Some(report),
        _ => None,
    });
    let report = report.ok_or(CliError::Engine(Failure::Damaged))?;
    match client.form {
        Form::Json => print::json(&check_json(&report))?,
        Form::Text => {
            print::line(&format!(
                "{} items, {} entries, {} control entries, {} attachments ({} read)",
                report.n_items,
                report.n_entries,
                report.n_control,
                report.n_attachments,
                print::size(report.len_bytes)
            ))?;
            for problem in &report.problems {
                print::line(&format!("PROBLEM: {} {}", advice(problem.kind), problem.subject))?;
            }
            if report.problems.is_empty() {
                print::line("Everything is in order.")?;
            }
        }
    }
    if report.problems.is_empty() { Ok(()) } else { Err(CliError::Problems) }
}

fn check_json(report: &CheckReport) -> Value {
    json!({
        "items": report.n_items, "entries": report.n_entries, "control_entries": report.n_control, "attachments": report.n_attachments,
        "size": report.len_bytes,
        "problems": report.problems.iter().map(|problem| json!({
            "problem": name_of(problem.kind), "subject": problem.subject, "advice": advice(problem.kind),
        })).collect::<Vec<_>>(),
    })
}

fn name_of(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Database => "database",
        ProblemKind::RowDamaged => "row-damaged",
        ProblemKind::RowDiffers => "row-differs",
        ProblemKind::LogDamaged => "log-damaged",
        ProblemKind::RootDiffers => "root-differs",
        ProblemKind::AttachmentMissing => "attachment-missing",
        ProblemKind::AttachmentDamaged => "attachment-damaged",
        ProblemKind::Orphan => "orphan",
    }
}

fn advice(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Database => "the database is damaged; restore the newest backup that nt2 check --backup accepts.",
        ProblemKind::RowDamaged => "an item can't be opened; restore it from a backup with nt2 restore --merge:",
        ProblemKind::RowDiffers => "an item differs from its history; restore it from a backup with nt2 restore --merge:",
        ProblemKind::LogDamaged => "the history is altered or incomplete; restore a backup:",
        ProblemKind::RootDiffers => "the items as a whole are not what the history gives; restore a backup.",
        ProblemKind::AttachmentMissing => "an attachment's file is missing; restore it from a backup with nt2 restore --merge:",
        ProblemKind::AttachmentDamaged => "an attachment's file is damaged; restore it from a backup with nt2 restore --merge:",
        ProblemKind::Orphan => "a file that belongs to nothing; it is removed when the vault is next opened:",
    }
}

/// `nt2 check --backup`.
pub(crate) fn check_backup(client: &mut Client, path: &Path, with: Option<RestoreWith>) -> Result<(), CliError> {
    client.unlock()?;
    let with = match with {
        Some(with) => with,
        None if inspect(client, path)?.has_passphrase => RestoreWith::Passphrase,
        None => RestoreWith::Vault,
    };
    let key = backup_key(client, with)?;
    let answers = with_kit(client, None, with == RestoreWith::Kit, |client, kit| {
        let (source, _) = client.source(path)?;
        let key = key.with_kit(kit)?;
        client.call(Command::TestBackup { source, key })
    })?;
    let report = answers.into_iter().find_map(|event| match event {
        Event::Tested(_, report) => Some(report),
        _ => None,
    });
    let report = report.ok_or(CliError::Engine(Failure::BackupDamaged))?;
    match client.form {
        Form::Json => print::json(&drill_json(&report))?,
        Form::Text => {
            print::line(&format!(
                "{} items and {} attachments ({}) can be restored; {} items of the vault are newer",
                report.n_items,
                report.n_attachments,
                print::size(report.len_bytes),
                report.n_behind
            ))?;
            for subject in &report.damaged {
                print::line(&format!("PROBLEM: this can't be restored; write a new backup: {subject}"))?;
            }
        }
    }
    if report.damaged.is_empty() { Ok(()) } else { Err(CliError::Problems) }
}

fn drill_json(report: &DrillReport) -> Value {
    json!({
        "items": report.n_items, "attachments": report.n_attachments, "size": report.len_bytes, "behind": report.n_behind,
        "damaged": report.damaged,
    })
}

fn inspect(client: &mut Client, path: &Path) -> Result<BackupHeader, CliError> {
    let (source, _) = client.source(path)?;
    let answers = client.call(Command::InspectBackup { source })?;
    let header = answers.into_iter().find_map(|event| match event {
        Event::BackupFound(_, header) => Some(header),
        _ => None,
    });
    header.ok_or(CliError::Engine(Failure::BackupDamaged))
}

/// `nt2 kit save`.
pub(crate) fn save_kit(client: &mut Client, path: &Path, existing: Existing) -> Result<(), CliError> {
    client.unlock()?;
    let passphrase = Some(client.secrets.ask_new("Passphrase of the recovery kit")?);
    let sink = client.sink(path, existing)?;
    client.call(Command::SaveKit { sink, passphrase }).map_err(|error| match error {
        CliError::Engine(Failure::NotFound) => CliError::NotFound(
            "This vault's kit has been saved and checked, and no copy of its secret is left here. Copy the file that you have.".to_owned(),
        ),
        error => error,
    })?;
    match client.form {
        Form::Json => print::json(&json!({ "file": path }))?,
        Form::Text => print::line(&format!("Wrote {}. Now read it back: nt2 kit check {}", path.display(), path.display()))?,
    }
    Ok(())
}

/// `nt2 kit check`.
pub(crate) fn check_kit(client: &mut Client, path: Option<&Path>) -> Result<(), CliError> {
    client.unlock()?;
    let answers = with_kit(client, path, true, |client, kit| {
        let kit = kit.ok_or(CliError::Engine(Failure::KitUnreadable))?;
        client.call(Command::CheckKit { kit })
    })?;
    let verdict = answers.into_iter().find_map(|event| match event {
        Event::KitChecked(_, verdict) => Some(verdict),
        _ => None,
    });
    let (name, sentence) = match verdict.ok_or(CliError::Engine(Failure::KitUnreadable))? {
        KitVerdict::Good => ("good", "The kit is this vault's, and it counts as saved."),
        KitVerdict::Replaced => ("replaced", "The kit was this vault's, but has been replaced since. Save a new one."),
        KitVerdict::OtherVault => ("other-vault", "The kit belongs to another vault. Take the one with this vault's name."),
    };
    match client.form {
        Form::Json => print::json(&json!({ "verdict": name }))?,
        Form::Text => print::line(sentence)?,
    }
    if verdict == Some(KitVerdict::Good) { Ok(()) } else { Err(CliError::Problems) }
}

/// `nt2 kit use`.
pub(crate) fn use_kit(client: &mut Client, path: Option<&Path>, with: KitWith) -> Result<(), CliError> {
    let vault: VaultId = client.find_vault()?.vault;
    let password = match with {
        KitWith::Device => client.secrets.ask_new("New master password")?,
        KitWith::Password => client.secrets.ask("Master password")?,
    };
    with_kit(client, path, true, |client, kit| {
        let kit = kit.ok_or(CliError::Engine(Failure::KitUnreadable))?;
        let with = match with {
            KitWith::Device => KitPartner::Device { new_password: password.duplicate() },
            KitWith::Password => KitPartner::Password(password.duplicate()),
        };
        client.call(Command::UnlockWithKit { vault, kit, with })
    })?;
    match client.form {
        Form::Json => print::json(&json!({ "opened": vault.to_string() }))?,
        Form::Text => print::line("The vault opens again. The old kit is void: save a new one with nt2 kit save.")?,
    }
    Ok(())
}
