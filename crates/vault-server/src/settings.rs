//! What an operator decides.

use vault_protocol::api::Origin;

use crate::limiter::Rates;

/// What an operator decides about the service itself; addresses and files are the program's business.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Origins under which clients reach this server. A login signed for any other is refused (MS25).
    pub origins: Vec<Origin>,
    /// Bytes that one vault may keep.
    pub max_vault_bytes: u64,
    /// Bytes that one vault may keep in blobs, beside that.
    pub max_blob_bytes: u64,
    /// Bytes of its control log.
    pub max_control_bytes: u64,
    /// Sessions that one vault may have at once.
    pub max_sessions: u32,
    /// Days between a member's request to delete the vault and its deletion.
    pub deletion_notice_days: u32,
    /// How often anyone may ask.
    pub rates: Rates,
    /// Who may send.
    pub premium: Premium,
}

/// Who may send, and how one pays.
#[derive(Clone, Debug, Default)]
pub struct Premium {
    /// `PREMIUM_SYNC_REQUIRED`: off = everyone may send, and is told so.
    pub required: bool,
    /// Days after the end of an entitlement in which sending still works.
    pub grace_days: u32,
    /// Where one buys: the shop's address of the product, without custom data.
    pub checkout_url: Option<String>,
    /// Key of the signatures of the shop's messages. `None` = they are refused.
    pub webhook_secret: Option<WebhookSecret>,
    /// Days that a paid order without a subscription gives; 0 = orders give nothing, subscriptions do.
    pub order_days: u32,
    /// Whether messages of the shop's test mode count.
    pub accept_test_mode: bool,
}

/// A secret shared with the shop. Not printed.
#[derive(Clone)]
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// Takes what the operator configured.
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    pub(crate) fn expose(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret")
    }
}

impl Settings {
    /// Bytes that one vault may keep unless the operator says otherwise: some hundred thousand items with their history.
    pub const DEFAULT_VAULT_BYTES: u64 = 1 << 30;
    /// Bytes of one vault's blobs unless the operator says otherwise.
    pub const DEFAULT_BLOB_BYTES: u64 = 10 << 30;
    /// Bytes of one control log unless the operator says otherwise: 64 devices with new slots each month for decades.
    pub const DEFAULT_CONTROL_BYTES: u64 = 32 << 20;
    /// Twice what 64 devices with a session each for syncing and deleting need.
    pub const DEFAULT_SESSIONS: u32 = 256;
    /// A week: long enough for every device of an owner to show the notice.
    pub const DEFAULT_NOTICE_DAYS: u32 = 7;

    /// The defaults for a server that is reached at `address`; `None` if that has no origin.
    pub fn for_origin(address: &str) -> Option<Self> {
        Some(Self {
            origins: vec![Origin::of_address(address)?],
            max_vault_bytes: Self::DEFAULT_VAULT_BYTES,
            max_blob_bytes: Self::DEFAULT_BLOB_BYTES,
            max_control_bytes: Self::DEFAULT_CONTROL_BYTES,
            max_sessions: Self::DEFAULT_SESSIONS,
            deletion_notice_days: Self::DEFAULT_NOTICE_DAYS,
            rates: Rates::default(),
            premium: Premium::default(),
        })
    }
}
