//! From a parsed command line to what it does.

use super::{
    args::{Global, Job, KitJob, SortArg, SyncJob, VaultsJob},
    client::Client,
    error::CliError,
    files,
    items::{self, Reveal},
    made_up, sync, vaults,
};
use crate::platform::files::Existing;

/// Runs one command.
pub(crate) fn run(global: Global, job: Job) -> Result<(), CliError> {
    let client = &mut Client::start(global)?;
    match job {
        Job::Create { name, no_password } => vaults::create(client, name, !no_password),
        Job::Vaults { job: None | Some(VaultsJob::List) } => vaults::list(client),
        Job::Vaults { job: Some(VaultsJob::Rename { name }) } => vaults::rename(client, name),
        Job::Vaults { job: Some(VaultsJob::Delete { yes }) } => vaults::delete(client, yes),
        Job::Password => vaults::change_password(client),
        Job::Add { kind, title, change } => items::add(client, &kind, &title, &change),
        Job::Edit { item, title, change } => items::edit(client, &item, title, &change),
        Job::List { scope, sort } => items::list(client, String::new(), scope, sort),
        Job::Search { query, scope } => items::list(client, query.join(" "), scope, SortArg::Title),
        Job::Get { item, value: Some(field), .. } => items::get(client, &item, &Reveal::Only(field)),
        Job::Get { item, reveal_all: true, .. } => items::get(client, &item, &Reveal::All),
        Job::Get { item, reveal, .. } => items::get(client, &item, &Reveal::Fields(reveal)),
        Job::Totp { item, field } => items::totp(client, &item, field.as_deref()),
        Job::History { item, field } => items::history(client, &item, field.as_deref()),
        Job::Attach { item, files } => files::attach(client, &item, &files),
        Job::Extract { item, attachment, output, force } => files::extract(client, &item, attachment.as_deref(), output, existing(force)),
        Job::Detach { item, attachment } => files::detach(client, &item, &attachment),
        Job::Trash { items, restore } => items::trash(client, &items, restore),
        Job::Purge { items, all } => items::purge(client, &items, all),
        Job::Generate(wanted) => items::generate(client, &wanted),
        Job::Backup { file, force, no_passphrase } => files::backup(client, &file, existing(force), !no_passphrase),
        Job::Restore { file, with, kit, name, merge } => files::restore(client, &file, with, kit.as_deref(), name, merge),
        Job::Check { backup: Some(file), with, .. } => files::check_backup(client, &file, with),
        Job::Check { quick, .. } => files::check_vault(client, !quick),
        Job::Kit { job: KitJob::Save { file, force } } => files::save_kit(client, &file, existing(force)),
        Job::Kit { job: KitJob::Check { file } } => files::check_kit(client, file.as_deref()),
        Job::Kit { job: KitJob::Use { file, with } } => files::use_kit(client, file.as_deref(), with),
        Job::Sync { job: None | Some(SyncJob::Status) } => sync::status(client),
        Job::Sync { job: Some(SyncJob::On { server }) } => sync::on(client, &server),
        Job::Sync { job: Some(SyncJob::Now) } => sync::now(client),
        Job::Sync { job: Some(SyncJob::Off) } => sync::off(client),
        Job::Sync { job: Some(SyncJob::Join { server, kit, did, name }) } => sync::join(client, &server, did, kit.as_deref(), &name),
        Job::GenerateVault { items, seed } => made_up::fill(client, items, seed),
    }
}

fn existing(force: bool) -> Existing {
    if force { Existing::Replace } else { Existing::Keep }
}
