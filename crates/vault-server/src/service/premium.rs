//! Who may send, and how one comes to it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use vault_protocol::{
    Hash, VaultId,
    api::{ApiError, Checkout, Entitlement, EntitlementState, HttpRequest, MakeCheckout, Purpose, ReadEntitlement, RedeemPromo},
};

use super::{DAY_MS, Service, hidden};
use crate::{
    Peer,
    entropy::random,
    limiter::Bucket,
    store::{Grant, PromoRow, Store},
};

/// Crockford's alphabet (base 32, without I, L, O and U).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 80 random bits: nobody guesses a code, whatever the limits.
const CODE_CHARS: usize = 16;

impl<S: Store> Service<S> {
    pub(super) async fn read_entitlement(
        &self,
        call: ReadEntitlement,
        request: &HttpRequest,
        now_ms: u64,
    ) -> Result<Entitlement, ApiError> {
        self.session(call.vault, request, now_ms).await?.beyond_password()?;
        self.entitlement(call.vault, now_ms).await
    }

    pub(super) async fn make_checkout(&self, call: MakeCheckout, request: &HttpRequest, now_ms: u64) -> Result<Checkout, ApiError> {
        let session = self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        let product = self.settings.premium.checkout_url.as_ref().ok_or(ApiError::NotOffered)?;
        Ok(Checkout { url: checkout_url(product, &session.vault.did.did_text()) })
    }

    pub(super) async fn redeem_promo(
        &self,
        call: RedeemPromo,
        request: &HttpRequest,
        peer: Peer,
        now_ms: u64,
    ) -> Result<Entitlement, ApiError> {
        self.session(call.vault, request, now_ms).await?.only(&[Purpose::Sync])?;
        self.limiter.take(&[Bucket::Promos(peer), Bucket::VaultPromos(call.vault)], now_ms)?;
        if !self.store.redeem(call.vault, promo_hash(&call.code), now_ms).await.map_err(hidden)? {
            return Err(ApiError::PromoRefused);
        }
        self.entitlement(call.vault, now_ms).await
    }

    /// What a vault is entitled to now.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`], [`ApiError::Internal`].
    pub async fn entitlement(&self, vault: VaultId, now_ms: u64) -> Result<Entitlement, ApiError> {
        if !self.settings.premium.required {
            return Ok(Entitlement { may_push: true, state: EntitlementState::Open, until_ms: None });
        }
        let grants = self.store.grants(vault).await.map_err(hidden)?;
        Ok(entitlement_of(&grants, u64::from(self.settings.premium.grace_days) * DAY_MS, now_ms))
    }

    /// Makes a promo code for `n_uses` vaults, `days` each, to be redeemed before `expires_ms`. It is shown this once: only its hash is kept.
    ///
    /// # Errors
    ///
    /// [`ApiError::Busy`], [`ApiError::Internal`].
    pub async fn make_promo(&self, days: u32, n_uses: u32, expires_ms: u64) -> Result<String, ApiError> {
        let bytes: [u8; CODE_CHARS] = random(&*self.entropy).map_err(|error| hidden(error.into()))?;
        let mut code = String::new();
        for (at, byte) in bytes.iter().enumerate() {
            if at > 0 && at % 4 == 0 {
                code.push('-');
            }
            // 32 divides 256: every character is as likely as any other.
            code.push(char::from(ALPHABET[usize::from(byte % 32)]));
        }
        let promo = PromoRow { code_hash: promo_hash(&code), days, n_left: n_uses, expires_ms };
        self.store.make_promo(promo).await.map_err(hidden)?;
        Ok(code)
    }
}

/// What grants amount to.
fn entitlement_of(grants: &[Grant], grace_ms: u64, now_ms: u64) -> Entitlement {
    let state = |may_push, state, until_ms| Entitlement { may_push, state, until_ms };
    if grants.iter().any(|grant| grant.until_ms.is_none()) {
        return state(true, EntitlementState::Active, None);
    }
    match grants.iter().filter_map(|grant| grant.until_ms).max() {
        None => state(false, EntitlementState::None, None),
        Some(until_ms) if now_ms < until_ms => state(true, EntitlementState::Active, Some(until_ms)),
        Some(until_ms) if now_ms < until_ms + grace_ms => state(true, EntitlementState::Grace, Some(until_ms + grace_ms)),
        Some(until_ms) => state(false, EntitlementState::Expired, Some(until_ms)),
    }
}

/// The product's address with the vault's name as custom data, which comes back in the shop's messages
/// (docs.lemonsqueezy.com/help/checkout/passing-custom-data).
fn checkout_url(product: &str, did: &str) -> String {
    let join = if product.contains('?') { '&' } else { '?' };
    let mut url = format!("{product}{join}checkout%5Bcustom%5D%5Bdid%5D=");
    for byte in did.bytes() {
        if byte.is_ascii_alphanumeric() {
            url.push(char::from(byte));
        } else {
            write!(url, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    url
}

/// The hash by which a code is kept: of its characters alone, with those that look alike read as one.
pub(crate) fn promo_hash(code: &str) -> Hash {
    let plain = code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    Hash(Sha256::new().chain_update(b"nt2 promo v1").chain_update(plain.collect::<String>()).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(until_ms: Option<u64>) -> Grant {
        Grant { source: "test".to_owned(), until_ms, updated_ms: 0 }
    }

    #[test]
    fn the_longest_grant_decides_then_grace_then_nothing() {
        let check = |grants: &[Grant], now_ms, may_push, state, until_ms| {
            assert_eq!(entitlement_of(grants, 100, now_ms), Entitlement { may_push, state, until_ms });
        };
        check(&[], 0, false, EntitlementState::None, None);
        let two = [grant(Some(1000)), grant(Some(2000))];
        check(&two, 1999, true, EntitlementState::Active, Some(2000));
        check(&two, 2000, true, EntitlementState::Grace, Some(2100));
        check(&two, 2100, false, EntitlementState::Expired, Some(2000));
        check(&[grant(Some(1)), grant(None)], 9999, true, EntitlementState::Active, None);
    }

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = promo_hash("A0B1-CDEF-GHJK-MNPQ");
        assert_eq!(promo_hash(" aobl cdef-ghjkmnpq "), code);
        assert_eq!(promo_hash("AOBI-CDEF-GHJK-MNPQ"), code);
        assert_ne!(promo_hash("A0B1-CDEF-GHJK-MNPR"), code);
    }

    #[test]
    fn the_name_travels_whole_in_the_shops_address() {
        let url = checkout_url("https://shop.example.org/buy/1", "did:key:z6Mk");
        assert_eq!(url, "https://shop.example.org/buy/1?checkout%5Bcustom%5D%5Bdid%5D=did%3Akey%3Az6Mk");
        assert!(checkout_url("https://shop.example.org/buy/1?media=0", "x").contains("?media=0&checkout"));
    }
}
