//! What an operator does beside serving.

use clap::Subcommand;
use vault_protocol::{SigningPublicKey, VaultId};
use vault_server::{
    Service,
    http::now_ms,
    store::{Grant, Store},
};

use crate::said;

const DAY_MS: u64 = 86_400_000;
/// Vaults read at once for a list.
const PAGE: u32 = 500;

/// An operator's command.
#[derive(Subcommand)]
pub(crate) enum Task {
    /// Makes a promo code and prints it, this once.
    PromoMake {
        /// Days that it gives.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3653))]
        days: u32,
        /// Vaults that may use it.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        uses: u32,
        /// Days in which it may be used.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3653))]
        valid_days: u32,
    },
    /// Lists promo codes by their hashes.
    PromoList,
    /// Entitles a vault by its name.
    Grant {
        /// `did:key:…`
        did: String,
        /// Days from now; 0 ends it.
        #[arg(long, value_parser = clap::value_parser!(u32).range(0..=36_530))]
        days: u32,
    },
    /// Lists vaults, or tells all that there is to know of one.
    Inspect {
        /// The vault's id, 32 hexadecimal digits.
        vault: Option<String>,
    },
    /// Deletes everything of a vault at once and prints the receipt.
    Purge {
        /// The vault's id, 32 hexadecimal digits.
        vault: String,
        /// Without it nothing is deleted.
        #[arg(long)]
        yes: bool,
    },
}

pub(crate) async fn run<S: Store>(service: &Service<S>, task: Task) -> Result<(), String> {
    let now_ms = now_ms();
    match task {
        Task::PromoMake { days, uses, valid_days } => {
            let code = service.make_promo(days, uses, now_ms + u64::from(valid_days) * DAY_MS).await.map_err(|error| error.to_string())?;
            println!("{code}");
            Ok(())
        }
        Task::PromoList => {
            for promo in service.store().promos().await.map_err(said)? {
                let left_days = promo.expires_ms.saturating_sub(now_ms) / DAY_MS;
                println!("{}  {} days, {} uses left, {left_days} days left", promo.code_hash, promo.days, promo.n_left);
            }
            Ok(())
        }
        Task::Grant { did, days } => {
            let name = SigningPublicKey::parse_did(&did).map_err(|_error| format!("{did} is not a vault's name"))?;
            let until_ms = Some(now_ms + u64::from(days) * DAY_MS);
            let grant = Grant { source: "operator".to_owned(), until_ms, updated_ms: now_ms };
            service.store().put_grant(name.vault_id(), grant).await.map_err(said)?;
            println!("{} is entitled for {days} days", name.vault_id());
            Ok(())
        }
        Task::Inspect { vault: None } => list(service).await,
        Task::Inspect { vault: Some(vault) } => inspect(service, id(&vault)?, now_ms).await,
        Task::Purge { vault, yes } => {
            let vault = id(&vault)?;
            if !yes {
                return Err(format!("nothing was deleted; to delete everything of {vault}, say --yes"));
            }
            match service.purge(vault, now_ms).await.map_err(|error| error.to_string())? {
                Some(receipt) => {
                    println!("deleted: receipt {}, {} entries, {} bytes", receipt.receipt, receipt.n_entries, receipt.stored_bytes);
                    println!("and {} attachments, {} bytes", receipt.n_blobs, receipt.blob_bytes);
                    Ok(())
                }
                None => Err(format!("{vault} is not registered here")),
            }
        }
    }
}

fn id(text: &str) -> Result<VaultId, String> {
    VaultId::parse_hex(text).ok_or(format!("{text} is not a vault's id: 32 hexadecimal digits"))
}

async fn list<S: Store>(service: &Service<S>) -> Result<(), String> {
    let mut after = VaultId::ZERO;
    loop {
        let page = service.store().vaults(after, PAGE).await.map_err(said)?;
        for row in &page {
            println!("{}  {} entries, {} control entries, {} bytes", row.vault, row.n_entries, row.n_control, row.stored_bytes);
        }
        match page.last() {
            Some(last) => after = last.vault,
            None => return Ok(()),
        }
    }
}

async fn inspect<S: Store>(service: &Service<S>, vault: VaultId, now_ms: u64) -> Result<(), String> {
    let store = service.store();
    let (receipts, grants) = (store.receipts(vault).await.map_err(said)?, store.grants(vault).await.map_err(said)?);
    match store.vault(vault).await.map_err(said)? {
        Some(row) => {
            println!("vault {}\nname {}", row.vault, row.did.did_text());
            println!("{} entries, {} control entries, {} bytes", row.n_entries, row.n_control, row.stored_bytes);
            let usage = store.blob_usage(vault).await.map_err(said)?;
            println!("{} attachments, {} bytes", usage.n_blobs, usage.stored_bytes);
            println!("registered {} days ago", now_ms.saturating_sub(row.registered_ms) / DAY_MS);
            if let Some(due_ms) = row.deletion_due_ms {
                println!("will be deleted in {} hours", due_ms.saturating_sub(now_ms) / 3_600_000);
            }
            for log in store.logs(vault).await.map_err(said)? {
                println!("log {}: {} entries, the last {} hours ago", log.log, log.seq, now_ms.saturating_sub(log.entry_ms) / 3_600_000);
            }
        }
        None if receipts.is_empty() && grants.is_empty() => return Err(format!("{vault} is not registered here")),
        None => println!("vault {vault} is not registered here"),
    }
    for grant in grants {
        let end = grant.until_ms.map_or("without end".to_owned(), |until_ms| match until_ms.checked_sub(now_ms) {
            Some(left_ms) => format!("for {} days", left_ms / DAY_MS),
            None => "over".to_owned(),
        });
        println!("entitled by {}: {end}", grant.source);
    }
    for receipt in receipts {
        println!("deleted {} days ago: receipt {}", now_ms.saturating_sub(receipt.deleted_ms) / DAY_MS, receipt.receipt);
    }
    Ok(())
}
