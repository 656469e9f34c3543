//! What a sealed message may hold.

/// What a sealed message holds. Numbers and names are for ever; 5 is reserved for settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// An entry of a log.
    Entry = 1,
    /// A merged object.
    Row = 2,
    /// A page of an object's history.
    History = 3,
    /// Older root keys, K_root and the private half of the DID key.
    Keyring = 4,
    /// State of this device only: drafts, pins.
    Local = 6,
    /// The kit's secret while no kit is saved.
    KitCopy = 7,
    /// The key of a backup.
    BackupKey = 8,
    /// The head of a backup file.
    BackupHead = 9,
    /// A record of a backup file.
    BackupRecord = 10,
    /// A snapshot.
    Snapshot = 11,
    /// Root key under password and device.
    SlotPD = 16,
    /// Root key under password and kit.
    SlotPR = 17,
    /// Root key under device and kit.
    SlotDR = 18,
    /// Root key under the device alone: a vault without a password yet.
    SlotD = 19,
    /// Root key under the password alone: "address + password"; never in the control log.
    SlotP = 20,
    /// A backup's key under a passphrase; never in the control log.
    SlotBackup = 21,
    /// The kit's secret under a passphrase; never in the control log.
    SlotKit = 22,
}

/// The factors that a slot asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factors {
    /// The master password, or a passphrase of its own.
    pub password: bool,
    /// The device's key.
    pub device: bool,
    /// The kit's key.
    pub kit: bool,
}

impl Kind {
    /// All, by number.
    pub const ALL: [Self; 17] = [
        Self::Entry,
        Self::Row,
        Self::History,
        Self::Keyring,
        Self::Local,
        Self::KitCopy,
        Self::BackupKey,
        Self::BackupHead,
        Self::BackupRecord,
        Self::Snapshot,
        Self::SlotPD,
        Self::SlotPR,
        Self::SlotDR,
        Self::SlotD,
        Self::SlotP,
        Self::SlotBackup,
        Self::SlotKit,
    ];

    /// The kind of this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The number in the header.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name from which its key is derived: `HKDF-Expand(VRK, "nt2 " ‖ name ‖ vault ‖ epoch)`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Row => "row",
            Self::History => "history",
            Self::Keyring => "keyring",
            Self::Local => "local",
            Self::KitCopy => "kit copy",
            Self::BackupKey => "backup",
            Self::BackupHead => "backup head",
            Self::BackupRecord => "backup record",
            Self::Snapshot => "snapshot",
            Self::SlotPD => "slot pd",
            Self::SlotPR => "slot pr",
            Self::SlotDR => "slot dr",
            Self::SlotD => "slot d",
            Self::SlotP => "slot p",
            Self::SlotBackup => "slot backup",
            Self::SlotKit => "slot kit",
        }
    }

    /// The factors of a slot; `None` for what is no slot.
    pub const fn factors(self) -> Option<Factors> {
        let (password, device, kit) = match self {
            Self::SlotPD => (true, true, false),
            Self::SlotPR => (true, false, true),
            Self::SlotDR => (false, true, true),
            Self::SlotD => (false, true, false),
            Self::SlotP | Self::SlotBackup | Self::SlotKit => (true, false, false),
            Self::Entry
            | Self::Row
            | Self::History
            | Self::Keyring
            | Self::Local
            | Self::KitCopy
            | Self::BackupKey
            | Self::BackupHead
            | Self::BackupRecord
            | Self::Snapshot => return None,
        };
        Some(Factors { password, device, kit })
    }

    /// Whether this is a slot of any sort.
    pub const fn is_slot(self) -> bool {
        self.factors().is_some()
    }

    /// Whether such a slot may stand in the control log.
    pub const fn is_control_slot(self) -> bool {
        matches!(self, Self::SlotPD | Self::SlotPR | Self::SlotDR | Self::SlotD)
    }

    /// Whether its body is padded to a step. Slots are not: they all have the same length.
    pub const fn is_padded(self) -> bool {
        !self.is_slot()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_distinct_and_numbers_read_back() {
        let mut names = Kind::ALL.map(Kind::name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert_eq!(Kind::from_number(kind.number()), Some(kind));
        }
        assert!(Kind::ALL.is_sorted_by(|a, b| a.number() < b.number()));
    }
}
