//! Addresses of the screens, as the part after `#` in a browser. They hold ids and kinds, never a name, tag, folder or search: browsers
//! keep their history in the clear.
//!
//! | address | screen |
//! |---|---|
//! | `#/overview` | the overview; also any address that is none of these |
//! | `#/items`, `#/items/favourites`, `#/items/archive`, `#/items/trash`, `#/items/conflicts`, `#/items/expiring` | the list |
//! | `#/items/kind/<slug>` | the list of one kind |
//! | `#/item/<id>` | an item; a list of one tag or folder is `#/items` |
//! | `#/item/<id>/edit`, `#/item/<id>/history` | its editor, its past |
//! | `#/item/<id>/attachment/<id>` | one of its attachments |
//! | `#/new/<slug>` | the editor of a new item |
//! | `#/generator` | the generator |
//! | `#/settings/preferences/appearance`, `…/preferences/shortcuts`, `…/security/lock`, `…/recovery/backup`, `…/vault/sync`, `…/vault`, `…/about` | the settings |
//! | `#/unlock`, `#/unlock/<vault>`, `#/recover/<vault>`, `#/vaults`, `#/create`, `#/restore`, `#/join` | before a vault is open |
//!
//! Read, but not written: `#/join/<code>` (what a QR code of [`crate::pair_link`] leads to), `/assets` (the list), `/settings` (appearance), `/settings/recovery/recoveryKit` (backup), `/settings/vault/trash`
//! (the trash), `/settings/advanced/deleteVault` (vault).
//!
//! What the shell does with them: after each frame, if [`crate::App::route`] is not the address, it pushes it, so that back and forward
//! go from screen to screen; it replaces instead when either of the two [is a gate](is_gate). When the person changes the address it sends
//! [`crate::ShellEvent::Route`]; should [`crate::App::route`] still differ afterwards (a dialog was closed instead, the editor asks first, the
//! item is gone), the ordinary rule puts the true address back.

use vault_engine::command::Scope;
use vault_model::AttachmentId;
use vault_protocol::{ObjectId, VaultId};

use crate::outbox::SettingsPage;

/// The longest address that is read, in bytes; the longest that is written has under 100.
const MAX_LEN_BYTES: usize = 256;

/// A screen that has an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The overview.
    Overview,
    /// The list, looking there. Never a tag or folder.
    Items(Listed),
    /// An item.
    Item(ObjectId),
    /// Its editor.
    Edit(ObjectId),
    /// Its past.
    History(ObjectId),
    /// One of its attachments.
    Attachment(ObjectId, AttachmentId),
    /// The editor of a new item of a kind (template slug).
    New(String),
    /// The generator.
    Generator,
    /// A page of the settings.
    Settings(SettingsPage),
    /// The lock screen of the vault opened last, or the first run.
    Unlock,
    /// The lock screen of a vault.
    UnlockVault(VaultId),
    /// Its recovery.
    Recover(VaultId),
    /// All vaults.
    Vaults,
    /// A new vault.
    Create,
    /// A vault from a backup.
    Restore,
    /// A vault from a server.
    Join,
    /// The same with this code filled in. Never written: the code does not stay in an address.
    JoinWith(String),
}

/// What of [`Scope`] may stand in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listed {
    /// All, and whatever has a name of the person's own.
    All,
    /// Favourites.
    Favourites,
    /// The archive.
    Archive,
    /// The trash.
    Trash,
    /// Items with concurrent values.
    Conflicts,
    /// Items that expire.
    Expiring,
    /// One kind (template slug).
    Kind(String),
}

impl Listed {
    /// The nearest that may stand in an address.
    pub fn of(scope: &Scope) -> Self {
        match scope {
            Scope::All | Scope::Tag(_) | Scope::Folder(_) => Self::All,
            Scope::Favourites => Self::Favourites,
            Scope::Archive => Self::Archive,
            Scope::Trash => Self::Trash,
            Scope::Conflicts => Self::Conflicts,
            Scope::Expiring => Self::Expiring,
            Scope::Kind(slug) => Self::Kind(slug.clone()),
        }
    }

    /// Where the list then looks.
    pub fn scope(&self) -> Scope {
        match self {
            Self::All => Scope::All,
            Self::Favourites => Scope::Favourites,
            Self::Archive => Scope::Archive,
            Self::Trash => Scope::Trash,
            Self::Conflicts => Scope::Conflicts,
            Self::Expiring => Scope::Expiring,
            Self::Kind(slug) => Scope::Kind(slug.clone()),
        }
    }
}

impl Route {
    /// Reads an address, with or without `#`. Whatever is unknown is the overview.
    pub fn parse(hash: &str) -> Self {
        if hash.len() > MAX_LEN_BYTES {
            return Self::Overview;
        }
        let path = hash.trim().trim_start_matches('#').split(['?', '&']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Self::of_parts(&parts).unwrap_or(Self::Overview)
    }

    fn of_parts(parts: &[&str]) -> Option<Self> {
        Some(match parts {
            ["overview"] => Self::Overview,
            ["items" | "assets"] => Self::Items(Listed::All),
            ["items", "favourites"] => Self::Items(Listed::Favourites),
            ["items", "archive"] => Self::Items(Listed::Archive),
            ["items", "trash"] | ["settings", "vault", "trash"] => Self::Items(Listed::Trash),
            ["items", "conflicts"] => Self::Items(Listed::Conflicts),
            ["items", "expiring"] => Self::Items(Listed::Expiring),
            ["items", "kind", slug] => Self::Items(Listed::Kind(known_kind(slug)?)),
            ["item", id] => Self::Item(ObjectId::parse_hex(id)?),
            ["item", id, "edit"] => Self::Edit(ObjectId::parse_hex(id)?),
            ["item", id, "history"] => Self::History(ObjectId::parse_hex(id)?),
            ["item", id, "attachment", attachment] => {
                // Both ids are 16 random bytes, written alike.
                Self::Attachment(ObjectId::parse_hex(id)?, AttachmentId(ObjectId::parse_hex(attachment)?.0))
            }
            ["new", slug] => Self::New(known_kind(slug)?),
            ["generator"] => Self::Generator,
            ["settings"] | ["settings", "preferences", "appearance"] => Self::Settings(SettingsPage::Appearance),
            ["settings", "preferences", "shortcuts"] => Self::Settings(SettingsPage::Shortcuts),
            ["settings", "security", "lock"] => Self::Settings(SettingsPage::Security),
            ["settings", "recovery", "backup" | "recoveryKit"] => Self::Settings(SettingsPage::Backup),
            ["settings", "vault"] | ["settings", "advanced", "deleteVault"] => Self::Settings(SettingsPage::Vault),
            ["settings", "vault", "sync"] => Self::Settings(SettingsPage::Sync),
            ["settings", "about"] => Self::Settings(SettingsPage::About),
            ["unlock"] => Self::Unlock,
            ["unlock", id] => Self::UnlockVault(VaultId::parse_hex(id)?),
            ["recover", id] => Self::Recover(VaultId::parse_hex(id)?),
            ["vaults"] => Self::Vaults,
            ["create"] => Self::Create,
            ["restore"] => Self::Restore,
            ["join"] => Self::Join,
            ["join", code] => Self::JoinWith((*code).to_owned()),
            _ => return None,
        })
    }

    /// Its address, beginning with `#/`.
    pub fn write(&self) -> String {
        match self {
            Self::Overview => "#/overview".to_owned(),
            Self::Items(Listed::All) => "#/items".to_owned(),
            Self::Items(Listed::Favourites) => "#/items/favourites".to_owned(),
            Self::Items(Listed::Archive) => "#/items/archive".to_owned(),
            Self::Items(Listed::Trash) => "#/items/trash".to_owned(),
            Self::Items(Listed::Conflicts) => "#/items/conflicts".to_owned(),
            Self::Items(Listed::Expiring) => "#/items/expiring".to_owned(),
            Self::Items(Listed::Kind(slug)) => format!("#/items/kind/{slug}"),
            Self::Item(id) => format!("#/item/{id}"),
            Self::Edit(id) => format!("#/item/{id}/edit"),
            Self::History(id) => format!("#/item/{id}/history"),
            Self::Attachment(id, attachment) => format!("#/item/{id}/attachment/{}", ObjectId(attachment.0)),
            Self::New(slug) => format!("#/new/{slug}"),
            Self::Generator => "#/generator".to_owned(),
            Self::Settings(page) => format!("#/settings/{}", page_path(*page)),
            Self::Unlock => "#/unlock".to_owned(),
            Self::UnlockVault(id) => format!("#/unlock/{id}"),
            Self::Recover(id) => format!("#/recover/{id}"),
            Self::Vaults => "#/vaults".to_owned(),
            Self::Create => "#/create".to_owned(),
            Self::Restore => "#/restore".to_owned(),
            Self::Join | Self::JoinWith(_) => "#/join".to_owned(),
        }
    }

    /// Whether it is a screen before a vault is open.
    pub fn is_gate(&self) -> bool {
        match self {
            Self::Unlock
            | Self::UnlockVault(_)
            | Self::Recover(_)
            | Self::Vaults
            | Self::Create
            | Self::Restore
            | Self::Join
            | Self::JoinWith(_) => true,
            Self::Overview
            | Self::Items(_)
            | Self::Item(_)
            | Self::Edit(_)
            | Self::History(_)
            | Self::Attachment(..)
            | Self::New(_)
            | Self::Generator
            | Self::Settings(_) => false,
        }
    }

    /// The item that it needs, if any.
    pub fn item(&self) -> Option<ObjectId> {
        match self {
            Self::Item(id) | Self::Edit(id) | Self::History(id) | Self::Attachment(id, _) => Some(*id),
            Self::Overview
            | Self::Items(_)
            | Self::New(_)
            | Self::Generator
            | Self::Settings(_)
            | Self::Unlock
            | Self::UnlockVault(_)
            | Self::Recover(_)
            | Self::Vaults
            | Self::Create
            | Self::Restore
            | Self::Join
            | Self::JoinWith(_) => None,
        }
    }
}

/// Whether an address is a screen before a vault is open, or empty: nothing that a history should lead back to.
pub fn is_gate(hash: &str) -> bool {
    hash.trim_start_matches(['#', '/']).is_empty() || Route::parse(hash).is_gate()
}

fn page_path(page: SettingsPage) -> &'static str {
    match page {
        SettingsPage::Appearance => "preferences/appearance",
        SettingsPage::Shortcuts => "preferences/shortcuts",
        SettingsPage::Security => "security/lock",
        SettingsPage::Backup => "recovery/backup",
        SettingsPage::Sync => "vault/sync",
        SettingsPage::Vault => "vault",
        SettingsPage::About => "about",
    }
}

/// Only kinds that this program has: an address from outside makes no new ones.
fn known_kind(slug: &str) -> Option<String> {
    vault_model::template(slug).map(|template| template.slug.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: ObjectId = ObjectId([0x5a; ObjectId::LEN]);

    fn all() -> Vec<Route> {
        let kinds = vault_model::templates().iter().map(|template| template.slug.clone());
        let vault = VaultId([7; VaultId::LEN]);
        let listed = [Listed::All, Listed::Favourites, Listed::Archive, Listed::Trash, Listed::Conflicts, Listed::Expiring];
        let mut routes = vec![
            Route::Overview,
            Route::Item(ITEM),
            Route::Edit(ITEM),
            Route::History(ITEM),
            Route::Attachment(ITEM, AttachmentId([9; 16])),
            Route::Generator,
            Route::Unlock,
            Route::UnlockVault(vault),
            Route::Recover(vault),
            Route::Vaults,
            Route::Create,
            Route::Restore,
            Route::Join,
        ];
        routes.extend(listed.map(Route::Items));
        routes.extend(SettingsPage::ALL.map(Route::Settings));
        routes.extend(kinds.flat_map(|slug| [Route::Items(Listed::Kind(slug.clone())), Route::New(slug)]));
        routes
    }

    #[test]
    fn what_is_written_is_read_back() {
        for route in all() {
            let hash = route.write();
            assert!(hash.starts_with("#/") && hash.len() < 100, "{hash}");
            assert_eq!(Route::parse(&hash), route, "{hash}");
            assert_eq!(Route::parse(hash.trim_start_matches('#')), route, "{hash}");
        }
    }

    #[test]
    fn whatever_is_unknown_is_the_overview() {
        let long = format!("#/item/{}", "a".repeat(10_000));
        for hash in ["", "#", "#/", "#/nothing", "#/item/zz", "#/item", "#/new/unheard-of", "#/settings/none", "#/items/kind/ü", &long] {
            assert_eq!(Route::parse(hash), Route::Overview, "{hash}");
        }
    }

    #[test]
    fn older_addresses_still_lead_somewhere() {
        assert_eq!(Route::parse("#/assets"), Route::Items(Listed::All));
        assert_eq!(Route::parse("#/settings/vault/trash"), Route::Items(Listed::Trash));
        assert_eq!(Route::parse("#/settings/recovery/recoveryKit?x=1"), Route::Settings(SettingsPage::Backup));
    }

    #[test]
    fn names_of_ones_own_never_stand_in_an_address() {
        for scope in [Scope::Tag("divorce".to_owned()), Scope::Folder("Clinic".to_owned())] {
            assert_eq!(Route::Items(Listed::of(&scope)).write(), "#/items");
        }
    }
}
