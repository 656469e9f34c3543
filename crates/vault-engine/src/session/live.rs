//! The open item: shown again when it changes, with one-time codes that move.

use vault_model::{FieldId, FieldType, Item, totp::Totp};
use vault_protocol::ObjectId;

use super::Session;
use crate::{context::Ctx, event::Event};

/// What the window looks at.
pub(crate) struct LiveItem {
    pub(crate) item: ObjectId,
    codes: Vec<LiveCode>,
}

struct LiveCode {
    field: FieldId,
    totp: Totp,
    until_ms: u64,
}

impl LiveItem {
    /// Starts on an open item.
    pub(crate) fn new(item: &Item) -> Self {
        let codes = item
            .fields
            .iter()
            .filter(|field| field.field_type == FieldType::Totp)
            .filter_map(|field| Some(LiveCode { field: field.id.clone(), totp: Totp::parse(field.value.expose()).ok()?, until_ms: 0 }))
            .collect();
        Self { item: item.id, codes }
    }
}

impl Session {
    /// Sends the codes that have changed since.
    pub(crate) fn tick(&mut self, ctx: &mut Ctx<'_>) {
        let Some(live) = &mut self.live else { return };
        for LiveCode { field, totp, until_ms } in &mut live.codes {
            if ctx.now_ms < *until_ms {
                continue;
            }
            let secs = ctx.now_ms / 1000;
            let code = totp.code_at(secs);
            *until_ms = (secs + u64::from(code.remaining_secs)) * 1000;
            ctx.emit(Event::Totp {
                item: live.item,
                field: field.clone(),
                code: code.code,
                next: code.next,
                until_ms: *until_ms,
                period_secs: code.period_secs,
            });
        }
    }

    /// When the next code is due.
    pub(crate) fn next_tick_ms(&self) -> Option<u64> {
        self.live.as_ref()?.codes.iter().map(|code| code.until_ms).min()
    }
}
