//! A vault to try out and measure with: made-up items that go through the engine like any others.

use serde_json::json;
use vault_engine::Command;
use vault_model::realistic::Realistic;

use super::{
    client::Client,
    error::CliError,
    print::{self, Form},
};

/// `nt2 generate-vault`.
pub(crate) fn fill(client: &mut Client, n_items: u32, seed: u64) -> Result<(), CliError> {
    client.unlock()?;
    for made in Realistic::new(seed).take(n_items as usize) {
        client.call(Command::SaveItem(Box::new(made)))?;
    }
    match client.form {
        Form::Json => print::json(&json!({ "added": n_items, "seed": seed }))?,
        Form::Text => print::line(&format!("{n_items} made-up items added"))?,
    }
    Ok(())
}
