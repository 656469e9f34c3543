//! Files and messages that are opened with keys: whatever is altered does not open.

use std::sync::OnceLock;

use vault_crypto::{
    Entropy, EntropyError,
    backup::{BackupFacts, BackupFile, BackupWriter, NewBackup},
    blob::{BlobDescriptor, BlobOpener, BlobSealer, open_whole},
    bootstrap::BootstrapRecord,
    compose::{NewVault, make_genesis},
    kit::{KitFile, parse_qr_text},
    message,
    secret::{BackupKey, BlobKey, KindKey, RecoverySecret},
};
use vault_protocol::{
    KdfCost, Kind, Salt, SealedHeader, VaultId, VersionVector,
    control::{ControlEntry, ControlLog},
};
use zeroize::Zeroizing;

use super::text;

/// Counts: distinct, reproducible, and no secret.
struct Counting(u64);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(8) {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&self.0.to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// Overlays the input on what is authentic, from the place that its first two bytes name; the rest decides whether it is cut there.
fn altered(authentic: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let ([high, low, how], change) = data.split_first_chunk::<3>()?;
    let at = usize::from(u16::from_be_bytes([*high, *low])) * authentic.len() / (1 << 16);
    let mut bytes = authentic.to_vec();
    for (byte, change) in bytes[at..].iter_mut().zip(change) {
        *byte ^= change;
    }
    match how % 4 {
        0 => bytes.truncate(at),
        1 => bytes.extend_from_slice(change),
        _ => {}
    }
    Some(bytes)
}

/// A sealed message under one key, and the same message altered.
pub(super) fn message(data: &[u8]) {
    static SEALED: OnceLock<(KindKey, SealedHeader, Vec<u8>)> = OnceLock::new();
    let (key, header, sealed) = SEALED.get_or_init(|| {
        let mut entropy = Counting(1);
        let made = make_genesis(&NewVault { password: None, salt: Salt([1; 32]), cost: KdfCost::FLOOR, rules: 1 }, &mut entropy)
            .expect("a genesis");
        let (vault, epoch) = (made.opened.vault(), made.opened.epoch());
        let key = made.opened.kind_key(Kind::Row, epoch).expect("its own epoch");
        let header = SealedHeader { object: vault_protocol::ObjectId([3; 16]), ..SealedHeader::new(Kind::Row, vault, epoch) };
        let sealed = message::seal(&key, &header, b"what the row says", &mut entropy).expect("a message");
        (key, header, sealed)
    });
    assert!(message::open(key, header, data).is_err() || data == sealed);
    if let Some(other) = altered(sealed, data) {
        assert!(message::open(key, header, &other).is_err() || other == *sealed);
    }
}

/// A blob of three chunks under one key, altered.
pub(super) fn blob(data: &[u8]) {
    const VAULT: VaultId = VaultId([9; 16]);
    static SEALED: OnceLock<(BlobDescriptor, Vec<u8>)> = OnceLock::new();
    let (descriptor, sealed) = SEALED.get_or_init(|| {
        let plain = vec![7; 150_000];
        let mut out = Vec::new();
        let mut sealer = BlobSealer::start(VAULT, plain.len() as u64, &mut Counting(2), &mut out).expect("a blob");
        sealer.push(&plain, &mut out).expect("as announced");
        (sealer.finish(&mut out).expect("as announced"), out)
    });
    let open = |stored: &[u8]| BlobOpener::new(VAULT, descriptor, stored).and_then(|opener| open_whole(opener, 1 << 20)).is_ok();
    assert!(!open(data) || data == sealed);
    if let Some(other) = altered(sealed, data) {
        assert!(!open(&other) || other == *sealed);
    }
    // Not even with a descriptor that says what the file does.
    let len_bytes = data.len() as u64;
    let key = BlobKey::from_slice(&[5; 32]).expect("32 bytes");
    let claimed = BlobDescriptor { blob: descriptor.blob, key, len_bytes, n_chunks: 1, blake3: [0; 32] };
    assert!(BlobOpener::new(VAULT, &claimed, data).and_then(|opener| open_whole(opener, 1 << 20)).is_err());
}

/// A backup with three records, altered; and any file as a backup.
pub(super) fn backup(data: &[u8]) {
    static MADE: OnceLock<(BackupKey, Vec<u8>)> = OnceLock::new();
    let (key, file) = MADE.get_or_init(make_backup);
    let read = |bytes: &[u8]| -> bool {
        let Ok(head) = BackupFile::read(&mut &*bytes) else { return false };
        let Ok(mut reader) = head.reader(key, bytes) else { return false };
        let mut body = Zeroizing::default();
        loop {
            match reader.next_record(&mut body) {
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    };
    assert!(!read(data) || data == file);
    if let Some(other) = altered(file, data) {
        assert!(!read(&other) || other == *file);
    }
}

fn make_backup() -> (BackupKey, Vec<u8>) {
    let mut entropy = Counting(3);
    let made =
        make_genesis(&NewVault { password: None, salt: Salt([1; 32]), cost: KdfCost::FLOOR, rules: 1 }, &mut entropy).expect("a genesis");
    let control =
        ControlLog::new(made.opened.vault(), ControlEntry::parse(&made.entry.encode()).expect("what was made")).expect("a control log");
    let new = NewBackup { control: &control, opened: &made.opened, log: made.log, base: None, passphrase: None };
    let mut out = Vec::new();
    let mut writer = BackupWriter::start(&new, &mut entropy, &mut out).expect("a backup");
    for n in 1..=3 {
        writer.record(16, &vec![n; 100 * usize::from(n)], &mut out).expect("a record");
    }
    writer.finish(BackupFacts { vector: VersionVector::default(), root: [0; 32], rules: 1 }, &made.log_key, &mut out).expect("a trailer");
    let key = BackupFile::read(&mut out.as_slice()).expect("what was written").unseal(&made.opened).expect("its own vault");
    (key, out)
}

/// A kit as a file, as words and as the text of a code.
pub(super) fn kit(data: &[u8]) {
    KitFile::parse(data).ok();
    RecoverySecret::parse_words(text(data)).ok();
    parse_qr_text(text(data)).ok();
}

/// What a server holds while "address + password" is on.
pub(super) fn bootstrap(data: &[u8]) {
    if let Some(record) = BootstrapRecord::parse(data) {
        assert_eq!(record.encode(), data);
    }
}
