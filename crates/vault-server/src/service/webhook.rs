//! Messages of the shop (Lemon Squeezy): signed, possibly late, repeated or out of order.
//!
//! A message sets one grant, named after the order or subscription; the shop's own `updated_at` decides which of two is newer, so that a
//! message that comes again, or again after a newer one, changes nothing.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use vault_protocol::{
    SigningPublicKey,
    api::{ApiError, Call as _, Done, EndSession, HttpReply, bounds::MAX_WEBHOOK_BYTES},
};

use super::{DAY_MS, Service, hidden};
use crate::{
    settings::Premium,
    store::{Grant, Store},
};

/// Longest that one message may entitle anyone, in milliseconds: ten years.
const MAX_TERM_MS: u64 = 3653 * DAY_MS;
/// Characters of the shop's number of an order or subscription.
const MAX_ID_CHARS: usize = 64;

#[derive(Deserialize)]
struct Message {
    meta: Meta,
    data: Data,
}

#[derive(Deserialize)]
struct Meta {
    event_name: String,
    #[serde(default)]
    test_mode: bool,
    #[serde(default)]
    custom_data: Option<CustomData>,
}

#[derive(Deserialize)]
struct CustomData {
    #[serde(default)]
    did: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "type")]
    kind: String,
    id: String,
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(default)]
    status: String,
    #[serde(default)]
    test_mode: bool,
    #[serde(default)]
    created_at: Option<String>,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    renews_at: Option<String>,
    #[serde(default)]
    ends_at: Option<String>,
}

impl<S: Store> Service<S> {
    /// Takes a message of the shop: `signature` is the header `X-Signature`, the hexadecimal HMAC-SHA-256 of the raw body
    /// (docs.lemonsqueezy.com/help/webhooks/signing-requests). What means nothing to us is taken and changes nothing, so that the shop does
    /// not repeat it.
    pub async fn handle_webhook(&self, body: &[u8], signature: &str, now_ms: u64) -> HttpReply {
        match self.take_message(body, signature, now_ms).await {
            Ok(()) => EndSession::reply_to_http(&Done {}),
            Err(error) => error.to_http(),
        }
    }

    async fn take_message(&self, body: &[u8], signature: &str, now_ms: u64) -> Result<(), ApiError> {
        let premium = &self.settings.premium;
        let secret = premium.webhook_secret.as_ref().ok_or(ApiError::NotOffered)?;
        if body.len() > MAX_WEBHOOK_BYTES {
            return Err(ApiError::TooLarge);
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).expect("HMAC takes keys of any length");
        mac.update(body);
        let signature = unhex(signature.trim()).ok_or(ApiError::Unauthorized)?;
        mac.verify_slice(&signature).map_err(|_error| ApiError::Unauthorized)?;
        let message: Message = serde_json::from_slice(body).map_err(|_error| ApiError::BadRequest)?;
        let Some((name, grant)) = grant_of(&message, premium, now_ms)? else {
            tracing::info!("a message of the shop means nothing to us");
            return Ok(());
        };
        let applied = self.store.put_grant(name.vault_id(), grant).await.map_err(hidden)?;
        tracing::info!(applied, "a message of the shop");
        self.changed(name.vault_id());
        Ok(())
    }
}

/// The grant that a message sets, and for whom; `None` if it sets none.
fn grant_of(message: &Message, premium: &Premium, now_ms: u64) -> Result<Option<(SigningPublicKey, Grant)>, ApiError> {
    let Message { meta, data } = message;
    if (meta.test_mode || data.attributes.test_mode) && !premium.accept_test_mode {
        return Ok(None);
    }
    let did = meta.custom_data.as_ref().and_then(|custom| custom.did.as_deref());
    let Some(name) = did.and_then(|did| SigningPublicKey::parse_did(did).ok()) else { return Ok(None) };
    let id_fits = (1..=MAX_ID_CHARS).contains(&data.id.len()) && data.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let attributes = &data.attributes;
    let updated_ms = time(attributes.updated_at.as_deref()).filter(|_| id_fits).ok_or(ApiError::BadRequest)?;
    // A refund or a failed payment ends it without grace.
    let at_once_ms = updated_ms.saturating_sub(u64::from(premium.grace_days) * DAY_MS);
    let (source, until_ms) = match (data.kind.as_str(), meta.event_name.as_str()) {
        ("subscriptions", _) => {
            let (renews_ms, ends_ms) = (time(attributes.renews_at.as_deref()), time(attributes.ends_at.as_deref()));
            let until_ms = match attributes.status.as_str() {
                "on_trial" | "active" | "past_due" => renews_ms.or(ends_ms),
                "cancelled" | "expired" => Some(ends_ms.unwrap_or(updated_ms)),
                "paused" => Some(updated_ms),
                "unpaid" => Some(at_once_ms),
                _ => return Ok(None),
            };
            (format!("subscription:{}", data.id), until_ms.ok_or(ApiError::BadRequest)?)
        }
        ("orders", "order_created") if attributes.status == "paid" && premium.order_days > 0 => {
            let from_ms = time(attributes.created_at.as_deref()).unwrap_or(updated_ms);
            (format!("order:{}", data.id), from_ms + u64::from(premium.order_days) * DAY_MS)
        }
        ("orders", "order_refunded") if premium.order_days > 0 => (format!("order:{}", data.id), at_once_ms),
        _ => return Ok(None),
    };
    let until_ms = until_ms.min(now_ms.saturating_add(MAX_TERM_MS));
    Ok(Some((name, Grant { source, until_ms: Some(until_ms), updated_ms })))
}

/// `2026-11-21T16:05:00.000000Z` in Unix milliseconds; only UTC, as the shop writes it.
fn time(text: Option<&str>) -> Option<u64> {
    let text = text?.strip_suffix('Z')?;
    let (date, clock) = text.split_once('T')?;
    let mut date = date.splitn(3, '-').map(str::parse::<u16>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let mut clock = clock.split('.').next()?.splitn(3, ':').map(str::parse::<u8>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = time::Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
    let seconds = date.with_hms(hour, minute, second).ok()?.assume_utc().unix_timestamp();
    Some(u64::try_from(seconds).ok()? * 1000)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let nibble = |digit: u8| char::from(digit).to_digit(16).map(|nibble| nibble as u8);
    (digits.len() == 64).then_some(())?;
    digits.chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shops_times_are_read_and_others_refused() {
        assert_eq!(time(Some("1970-01-02T00:00:01.000000Z")), Some(86_401_000));
        assert_eq!(time(Some("2026-11-21T16:05:00Z")), Some(1_795_277_100_000));
        for text in ["", "2026-11-21", "2026-11-21T16:05:00+01:00", "2026-13-21T16:05:00Z", "2026-11-21T25:05:00Z", "1969-01-01T00:00:00Z"]
        {
            assert_eq!(time(Some(text)), None, "{text}");
        }
    }
}
