//! Commands on vaults as a whole.

use serde_json::json;
use vault_engine::{Command, Failure, event::DeviceKeyPlace};
use vault_model::SecretText;

use super::{
    client::Client,
    error::CliError,
    print::{self, Form},
};

/// `nt2 create`.
pub(crate) fn create(client: &mut Client, name: String, with_password: bool) -> Result<(), CliError> {
    let password = if with_password { Some(client.secrets.ask_new("New master password")?) } else { None };
    client.call(Command::CreateVault { name, password })?;
    let status = client.status.as_ref().ok_or(CliError::Engine(Failure::Io))?;
    let (place, sentence) = match status.device_key {
        DeviceKeyPlace::OsAccount => ("os-account", "This device's key lies in the system's key store."),
        DeviceKeyPlace::SameDisk => {
            ("same-disk", "This device's key lies on the same disk: the master password is all that protects the vault.")
        }
        DeviceKeyPlace::None => ("none", "This device has no key."),
    };
    match client.form {
        Form::Json => print::json(&json!({ "id": status.vault.to_string(), "name": status.name, "did": status.did, "device_key": place }))?,
        Form::Text => {
            print::line(&format!("Made vault {} ({})", status.name, status.vault))?;
            print::hint(sentence);
            print::hint("Save a recovery kit now: nt2 kit save FILE, then nt2 kit check FILE.");
        }
    }
    Ok(())
}

/// `nt2 vaults`.
pub(crate) fn list(client: &mut Client) -> Result<(), CliError> {
    client.call(Command::ListVaults)?;
    match client.form {
        Form::Json => print::json(
            &client
                .vaults
                .iter()
                .map(|vault| {
                    json!({
                        "id": vault.vault.to_string(), "name": vault.name, "has_password": vault.has_password,
                        "has_device_key": vault.has_device_key, "last_opened": print::time(vault.last_opened_ms),
                        "failed_attempts": vault.failed_attempts,
                    })
                })
                .collect(),
        )?,
        Form::Text if client.vaults.is_empty() => print::hint("There is no vault yet. Make one with nt2 create NAME."),
        Form::Text => {
            let mut table = vec![["ID", "NAME", "LAST OPENED"].map(str::to_owned).to_vec()];
            table.extend(
                client.vaults.iter().map(|vault| vec![vault.vault.to_string(), vault.name.clone(), print::time(vault.last_opened_ms)]),
            );
            print::table(&table)?;
        }
    }
    Ok(())
}

/// `nt2 vaults rename`.
pub(crate) fn rename(client: &mut Client, name: String) -> Result<(), CliError> {
    let vault = client.find_vault()?;
    client.call(Command::RenameVault { vault: vault.vault, name })?;
    list(client)
}

/// `nt2 vaults delete`.
pub(crate) fn delete(client: &mut Client, is_sure: bool) -> Result<(), CliError> {
    let vault = client.find_vault()?;
    if !is_sure {
        return Err(CliError::Usage(format!(
            "This deletes {} with all its items and attachments from this device, for ever. Add --yes if that is meant.",
            vault.name
        )));
    }
    let password =
        if vault.has_password { client.secrets.ask(&format!("Master password of {}", vault.name))? } else { SecretText::default() };
    client.call(Command::DeleteVault { vault: vault.vault, password })?;
    list(client)
}

/// `nt2 password`.
pub(crate) fn change_password(client: &mut Client) -> Result<(), CliError> {
    let vault = client.find_vault()?;
    let current = if vault.has_password { client.secrets.ask("Present master password")? } else { SecretText::default() };
    client.call(Command::Unlock { vault: vault.vault, password: current.duplicate() })?;
    let new = client.secrets.ask_new("New master password")?;
    client.call(Command::ChangePassword { current, new })?;
    match client.form {
        Form::Json => print::json(&json!({ "changed": vault.vault.to_string() }))?,
        Form::Text => print::line("The master password is changed. Older backups still open with their own passphrase.")?,
    }
    Ok(())
}
