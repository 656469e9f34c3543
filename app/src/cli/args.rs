//! The command line's grammar. No option takes a secret: an argument is visible to every process of the computer.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::platform::keys::KeyStoreChoice;

/// NT² Vault. Without a command, the window opens.
#[derive(Parser)]
#[command(name = "nt2", version)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do; the window without it.
    #[command(subcommand)]
    pub(crate) command: Option<Job>,
}

/// Options of every command.
#[derive(Args)]
pub(crate) struct Global {
    /// Data folder instead of the account's (or of the one beside a portable copy)
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Vault to use, by name or id; needed only if there are several
    #[arg(long, global = true, value_name = "NAME|ID")]
    pub(crate) vault: Option<String>,
    /// Print JSON (CLI.md tells its form)
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read passwords from standard input, one a line, in the order in which they would be asked for
    #[arg(long, global = true, conflicts_with = "password_fd")]
    pub(crate) password_stdin: bool,
    /// Read passwords from this open file descriptor, as with --password-stdin
    #[arg(long, global = true, value_name = "N")]
    pub(crate) password_fd: Option<u32>,
    /// Where the key of this device is kept: in the system's key store, or in the data folder
    #[arg(long, global = true, value_enum, default_value_t, env = "NT2_KEY_STORE", value_name = "WHERE")]
    pub(crate) key_store: KeyStoreChoice,
}

/// A command.
#[derive(Subcommand)]
pub(crate) enum Job {
    /// Make a new vault
    Create {
        /// Its name
        name: String,
        /// Make it without a master password: this device's key alone opens it until one is set
        #[arg(long)]
        no_password: bool,
    },
    /// List, rename or delete the vaults of this device
    Vaults {
        #[command(subcommand)]
        job: Option<VaultsJob>,
    },
    /// Change the master password, or set the first
    Password,
    /// Add an item
    Add {
        /// What it is: credential, note, bank, card, crypto, identity, document, insurance, key, wifi, licence, totp, custom
        kind: String,
        /// Its title
        title: String,
        #[command(flatten)]
        change: Change,
    },
    /// Change an item
    Edit {
        /// Its id, the beginning of its id, or its title
        item: String,
        /// New title
        #[arg(long)]
        title: Option<String>,
        #[command(flatten)]
        change: Change,
    },
    /// List items
    List {
        #[command(flatten)]
        scope: ScopeArgs,
        /// In what order
        #[arg(long, value_enum, default_value_t)]
        sort: SortArg,
    },
    /// Find items: words, and tag: kind: is: has: field: folder: -not
    Search {
        /// What to find
        #[arg(required = true)]
        query: Vec<String>,
        #[command(flatten)]
        scope: ScopeArgs,
    },
    /// Show an item; secrets only where asked for
    Get {
        /// Its id, the beginning of its id, or its title
        item: String,
        /// Show this secret field
        #[arg(long, value_name = "FIELD")]
        reveal: Vec<String>,
        /// Show all secret fields
        #[arg(long)]
        reveal_all: bool,
        /// Print only the value of this field, secret or not
        #[arg(long, value_name = "FIELD", conflicts_with_all = ["reveal", "reveal_all"])]
        value: Option<String>,
    },
    /// Print the current one-time code of an item
    Totp {
        /// Its id, the beginning of its id, or its title
        item: String,
        /// Which field, if it has several codes
        field: Option<String>,
    },
    /// List the past values of an item; secrets stay hidden
    History {
        /// Its id, the beginning of its id, or its title
        item: String,
        /// Only this field
        field: Option<String>,
    },
    /// Add files to an item
    Attach {
        /// Its id, the beginning of its id, or its title
        item: String,
        /// The files
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write an attachment to a file
    Extract {
        /// Its id, the beginning of its id, or its title
        item: String,
        /// Which attachment, by name or id; needed only if there are several
        attachment: Option<String>,
        /// Where to: a file, or a folder that exists [default: its own name, here]
        #[arg(long, short, value_name = "PATH")]
        output: Option<PathBuf>,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Remove an attachment from its item
    Detach {
        /// Its id, the beginning of its id, or its title
        item: String,
        /// Which attachment, by name or id
        attachment: String,
    },
    /// Move items to the trash, or back
    Trash {
        /// Their ids, the beginnings of their ids, or their titles
        #[arg(required = true)]
        items: Vec<String>,
        /// Take them out of the trash
        #[arg(long)]
        restore: bool,
    },
    /// Remove items in the trash for ever
    Purge {
        /// Their ids, the beginnings of their ids, or their titles
        #[arg(required_unless_present = "all")]
        items: Vec<String>,
        /// All that is in the trash
        #[arg(long, conflicts_with = "items")]
        all: bool,
    },
    /// Make a random password or passphrase
    Generate(GenerateArgs),
    /// Write a backup of the whole vault
    Backup {
        /// Where to, usually *.nt2backup
        file: PathBuf,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
        /// Without a passphrase of its own: master password and kit open it (possible once a kit is saved)
        #[arg(long)]
        no_passphrase: bool,
    },
    /// Restore a backup as a vault of this device, or merge it into an open one
    Restore {
        /// The backup
        file: PathBuf,
        /// How it is opened
        #[arg(long, value_enum, default_value_t)]
        with: RestoreWith,
        /// The recovery kit for --with kit; without it its words are asked for
        #[arg(long, value_name = "FILE")]
        kit: Option<PathBuf>,
        /// Name of the restored vault
        #[arg(long, conflicts_with = "merge")]
        name: Option<String>,
        /// Merge into the vault named by --vault; nothing there is overwritten
        #[arg(long)]
        merge: bool,
    },
    /// Verify a vault, or test that a backup can be restored
    Check {
        /// Test this backup against the vault instead
        #[arg(long, value_name = "FILE")]
        backup: Option<PathBuf>,
        /// How the backup is opened
        #[arg(long, value_enum, requires = "backup")]
        with: Option<RestoreWith>,
        /// Do not read the attachments
        #[arg(long, conflicts_with = "backup")]
        quick: bool,
    },
    /// Save, check or use the recovery kit
    Kit {
        #[command(subcommand)]
        job: KitJob,
    },
    /// Keep the vault equal on several devices through a server that sees nothing
    Sync {
        #[command(subcommand)]
        job: Option<SyncJob>,
    },
    /// For developers: fill the vault with made-up items, the same for the same seed
    #[command(hide = true)]
    GenerateVault {
        /// How many items
        #[arg(long, default_value_t = 1000)]
        items: u32,
        /// Which made-up items
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

/// A command on the vaults of this device.
#[derive(Subcommand)]
pub(crate) enum VaultsJob {
    /// List them (the default)
    List,
    /// Give the vault of --vault another name on this device
    Rename {
        /// The new name
        name: String,
    },
    /// Delete the vault of --vault from this device, with all that is in it
    Delete {
        /// Really
        #[arg(long)]
        yes: bool,
    },
}

/// A command on the recovery kit.
#[derive(Subcommand)]
pub(crate) enum KitJob {
    /// Write the kit; it counts as saved once `kit check` has read it back
    Save {
        /// Where to, usually *.nt2recovery
        file: PathBuf,
        /// Replace a file that is there
        #[arg(long)]
        force: bool,
    },
    /// Read a kit back and compare it with the vault
    Check {
        /// The kit; without it its words are asked for
        file: Option<PathBuf>,
    },
    /// Open a vault with the kit where the password is forgotten or this device has no key; a new kit is then needed
    Use {
        /// The kit; without it its words are asked for
        file: Option<PathBuf>,
        /// What joins it: this device (then a new password is set), or the master password
        #[arg(long, value_enum)]
        with: KitWith,
    },
}

/// A command on sync.
#[derive(Subcommand)]
pub(crate) enum SyncJob {
    /// Where it stands (the default)
    Status,
    /// Turn it on, and exchange everything
    On {
        /// The server: https://host or https://host:port
        server: String,
    },
    /// Exchange changes now, and attachments after them
    Now,
    /// Turn it off on this device; what the server has stays there
    Off,
    /// Bring a vault from a server to this device, with its recovery kit and master password
    Join {
        /// The server: https://host or https://host:port
        server: String,
        /// The kit; without it its words are asked for, and --did is needed
        #[arg(long)]
        kit: Option<PathBuf>,
        /// The vault's public name, did:key:…
        #[arg(long)]
        did: Option<String>,
        /// What to call it on this device
        #[arg(long, default_value = "Personal")]
        name: String,
    },
}

/// What joins a kit.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KitWith {
    /// This device's key; a new master password is asked for
    Device,
    /// The master password
    Password,
}

/// How a backup is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum RestoreWith {
    /// With its passphrase: the items in a new vault
    #[default]
    Passphrase,
    /// With the master password on a device that was a member
    Device,
    /// With the master password and the recovery kit
    Kit,
    /// With the vault that is open (for check and --merge)
    Vault,
}

/// What changes of an item.
#[derive(Args, Default)]
pub(crate) struct Change {
    /// Set a field that is not secret
    #[arg(long = "field", short = 'f', value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<String>,
    /// Set a secret field; its value is asked for
    #[arg(long = "secret", short = 's', value_name = "FIELD")]
    pub(crate) secrets: Vec<String>,
    /// Set a secret field to a random password
    #[arg(long = "generate", value_name = "FIELD")]
    pub(crate) generated: Vec<String>,
    /// Empty a field, or remove one of your own
    #[arg(long = "clear", value_name = "FIELD")]
    pub(crate) cleared: Vec<String>,
    /// Read a JSON object with title, folder, tags, favourite, expires, fields, custom from a file, or from standard input with - (after
    /// the lines of --password-stdin)
    #[arg(long, value_name = "FILE|-")]
    pub(crate) input: Option<PathBuf>,
    /// Put into a folder; parts are separated by /, empty for none
    #[arg(long)]
    pub(crate) folder: Option<String>,
    /// Add a tag
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// Remove a tag
    #[arg(long = "untag", value_name = "TAG")]
    pub(crate) untags: Vec<String>,
    /// Mark as favourite, or not
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub(crate) favourite: Option<bool>,
    /// Put into the archive, or take out
    #[arg(long, num_args = 0..=1, default_missing_value = "true", value_name = "true|false")]
    pub(crate) archived: Option<bool>,
    /// When it expires; empty for never
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) expires: Option<String>,
}

/// Where to look: one of them.
#[derive(Args)]
#[group(multiple = false)]
pub(crate) struct ScopeArgs {
    /// Only favourites
    #[arg(long)]
    pub(crate) favourites: bool,
    /// Only one kind
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Only one tag
    #[arg(long)]
    pub(crate) tag: Option<String>,
    /// Only one folder and those below it
    #[arg(long)]
    pub(crate) folder: Option<String>,
    /// The archive
    #[arg(long)]
    pub(crate) archive: bool,
    /// The trash
    #[arg(long)]
    pub(crate) trash: bool,
    /// Items that two devices changed at the same time
    #[arg(long)]
    pub(crate) conflicts: bool,
    /// Items that expire within 30 days, or have expired
    #[arg(long)]
    pub(crate) expiring: bool,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortArg {
    /// By title
    #[default]
    Title,
    /// Last changed first
    Changed,
    /// Newest first
    Created,
    /// By kind, then title
    Kind,
}

/// What to generate.
#[derive(Args)]
pub(crate) struct GenerateArgs {
    /// Characters of a password
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(crate) length: u32,
    /// Without symbols
    #[arg(long)]
    pub(crate) no_symbols: bool,
    /// Without characters that are easily confused
    #[arg(long)]
    pub(crate) no_lookalikes: bool,
    /// A passphrase of so many words instead
    #[arg(long, value_name = "N", conflicts_with_all = ["length", "no_symbols", "no_lookalikes"])]
    pub(crate) words: Option<u32>,
    /// What stands between the words
    #[arg(long, default_value = "-")]
    pub(crate) separator: String,
}
