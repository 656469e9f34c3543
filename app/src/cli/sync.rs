//! `nt2 sync`: the exchange with a server, and the attachments that follow it.

use std::{path::Path, time::Duration};

use serde_json::json;
use vault_engine::{
    Command, Event, Failure,
    command::FilesCommand,
    files::{FilesStatus, TransferState},
    sync::{SyncState, SyncStatus},
};

use super::{
    client::Client,
    error::CliError,
    files::with_kit,
    print::{self, Form},
};

/// Attachments that have not moved for so long are left to the next exchange.
const PATIENCE: Duration = Duration::from_secs(60);

/// `nt2 sync on`.
pub(crate) fn on(client: &mut Client, server: &str) -> Result<(), CliError> {
    client.unlock()?;
    client.call(Command::SyncEnable { server: server.to_owned() })?;
    finish(client)
}

/// `nt2 sync now`.
pub(crate) fn now(client: &mut Client) -> Result<(), CliError> {
    client.unlock()?;
    client.call(Command::SyncNow)?;
    finish(client)
}

/// `nt2 sync off`.
pub(crate) fn off(client: &mut Client) -> Result<(), CliError> {
    client.unlock()?;
    client.call(Command::SyncDisable)?;
    report(client)
}

/// `nt2 sync` and `nt2 sync status`.
pub(crate) fn status(client: &mut Client) -> Result<(), CliError> {
    client.unlock()?;
    report(client)
}

/// `nt2 sync join`.
pub(crate) fn join(client: &mut Client, server: &str, did: Option<String>, kit: Option<&Path>, name: &str) -> Result<(), CliError> {
    let password = client.secrets.ask("Master password of the vault")?;
    with_kit(client, kit, true, |client, kit| {
        let kit = kit.ok_or(CliError::Engine(Failure::KitUnreadable))?;
        let (server, did, name) = (server.to_owned(), did.clone(), name.to_owned());
        client.call(Command::JoinWithKit { server, did, name, kit, password: password.duplicate() }).map(drop)
    })?;
    client.call(Command::SyncNow)?;
    finish(client)
}

/// Waits for the attachments, and says where all stands.
fn finish(client: &mut Client) -> Result<(), CliError> {
    let mut files = files_status(client)?;
    // The pass over them begins with the exchange's end.
    let mut n_looks = 0;
    while is_moving(&files) || n_looks < 2 {
        n_looks += 1;
        let patience = if is_moving(&files) { PATIENCE } else { Duration::from_millis(300) };
        let news = client.wait_for(patience, |event| if let Event::FilesChanged(status) = event { Some(*status) } else { None });
        match news {
            Some(news) => files = news,
            None if is_moving(&files) => break,
            None => files = files_status(client)?,
        }
    }
    report(client)
}

fn is_moving(files: &FilesStatus) -> bool {
    files.transfers.iter().any(|transfer| transfer.state == TransferState::Running)
}

fn files_status(client: &mut Client) -> Result<FilesStatus, CliError> {
    let answers = client.call(Command::Files(FilesCommand::Status))?;
    let status = answers.into_iter().rev().find_map(|event| if let Event::FilesChanged(status) = event { Some(*status) } else { None });
    status.ok_or(CliError::Engine(Failure::Io))
}

fn sync_status(client: &mut Client) -> Result<SyncStatus, CliError> {
    let answers = client.call(Command::SyncStatus)?;
    let status = answers.into_iter().rev().find_map(|event| if let Event::SyncChanged(status) = event { Some(*status) } else { None });
    status.ok_or(CliError::Engine(Failure::Io))
}

fn report(client: &mut Client) -> Result<(), CliError> {
    let (sync, files) = (sync_status(client)?, files_status(client)?);
    let n_failed = files.transfers.iter().filter(|transfer| matches!(transfer.state, TransferState::Failed(..))).count();
    match client.form {
        Form::Json => Ok(print::json(&json!({
            "on": sync.enabled, "server": sync.server, "state": state_word(&sync.state), "last_sync": print::time(sync.last_sync_ms),
            "unsent": sync.n_unpushed, "items": sync.n_items, "fingerprint": sync.fingerprint.join(" "),
            "devices": sync.devices.iter().map(|device| json!({
                "id": device.device.to_string(), "name": device.name, "this": device.is_this, "last_seen": print::time(device.last_seen_ms),
            })).collect::<Vec<_>>(),
            "attachments": {
                "here": files.n_here, "here_bytes": files.here_bytes, "not_here": files.n_missing, "unsent": files.n_to_send, "failed": n_failed,
            },
        }))?),
        Form::Text if !sync.enabled => Ok(print::line("Sync is off on this device. nt2 sync on SERVER turns it on.")?),
        Form::Text => {
            print::line(&format!("Sync with {}: {}", sync.server, state_word(&sync.state)))?;
            print::line(&format!("Last exchange: {}", print::time(sync.last_sync_ms)))?;
            print::line(&format!("{} items, {} unsent changes", sync.n_items, sync.n_unpushed))?;
            let (here, elsewhere, unsent) = (files.n_here, files.n_missing, files.n_to_send);
            print::line(&format!(
                "{here} attachments here, {elsewhere} only with the server, {unsent} unsent, {n_failed} waiting after a failure"
            ))?;
            for device in &sync.devices {
                let mark = if device.is_this { "*" } else { " " };
                print::line(&format!("{mark} {}  last heard {}", print::escaped(&device.name), print::time(device.last_seen_ms)))?;
            }
            Ok(print::line(&format!("Six words: {}", sync.fingerprint.join(" ")))?)
        }
    }
}

/// A state in one word, which scripts compare.
fn state_word(state: &SyncState) -> &'static str {
    match state {
        SyncState::Off => "off",
        SyncState::UpToDate => "up-to-date",
        SyncState::Waiting { .. } => "waiting",
        SyncState::Running { .. } => "running",
        SyncState::Offline { .. } => "offline",
        SyncState::Busy { .. } => "busy",
        SyncState::PaymentRequired => "payment-required",
        SyncState::VaultFull => "vault-full",
        SyncState::NotAccepted => "not-accepted",
        SyncState::NotRegistered => "not-registered",
        SyncState::Removed => "removed",
        SyncState::PlaceLost => "place-lost",
        SyncState::SettleNeeded => "settle-needed",
        SyncState::PasswordNeeded => "password-needed",
        SyncState::NeedsUpdate => "needs-update",
        SyncState::Alarm(_) => "alarm",
        SyncState::CannotFill => "cannot-fill",
        SyncState::Failed(_) => "failed",
    }
}
