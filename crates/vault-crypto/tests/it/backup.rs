//! The backup container: whole or nothing (MF01, MF02, MF04, MF06).

use vault_crypto::backup::{
    BackupError, BackupFacts, BackupFile, BackupPassphrase, BackupReader, BackupWriter, FIRST_RECORD_KIND, MAX_RECORD_BYTES, NewBackup,
    OuterCheck,
};
use vault_crypto::bytes::ReadAt;
use vault_crypto::padding::blob_padded;
use vault_crypto::slot::Factors;
use vault_crypto::vault::open_vault;
use vault_protocol::control::KdfCost;
use vault_protocol::{Hash, Head, LogId, Salt, VersionVector};
use zeroize::Zeroizing;

use crate::support::{Seeded, error_of};
use crate::vault::{World, password};

fn vector(seq: u64) -> VersionVector {
    VersionVector([(LogId([7; 16]), Head { seq, hash: Hash([seq as u8; 32]) })].into())
}

fn facts() -> BackupFacts {
    BackupFacts { vector: vector(9), root: [0x11; 32], rules: 1 }
}

fn written(world: &World, base: Option<&VersionVector>, records: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let passphrase = password(0x70);
    let passphrase = BackupPassphrase { key: &passphrase, salt: Salt([0x55; 32]), cost: KdfCost::FLOOR };
    let new = NewBackup { control: &world.log, opened: &world.opened, log: world.log_id, base, passphrase: Some(passphrase) };
    let mut out = Vec::new();
    let mut writer = BackupWriter::start(&new, &mut Seeded::new("backup"), &mut out).unwrap();
    for (kind, body) in records {
        writer.record(*kind, body, &mut out).unwrap();
    }
    writer.finish(facts(), &world.log_key, &mut out).unwrap();
    out
}

fn records() -> Vec<(u8, Vec<u8>)> {
    vec![(16, b"an item".to_vec()), (17, vec![0xbb; 100_000]), (16, Vec::new()), (255, vec![1; 3])]
}

type Records = Vec<(u8, Vec<u8>)>;

fn read_all<R: ReadAt>(mut reader: BackupReader<R>) -> Result<(Records, BackupFacts), BackupError> {
    let (mut out, mut body) = (Vec::new(), Zeroizing::new(Vec::new()));
    while let Some(kind) = reader.next_record(&mut body)? {
        out.push((kind, body.to_vec()));
    }
    Ok((out, reader.facts().unwrap().clone()))
}

/// Bytes of a short backup's stream: salt, commitment, one chunk of 4096, hash.
const STREAM_LEN: usize = 32 + 32 + 4096 + 16 + 32;

/// As [`restored`] for files that differ from `good` in the stream only: what stands before it is verified once, not thousands of times.
struct SameFront {
    backup: BackupFile,
    key: vault_crypto::secret::BackupKey,
    len: usize,
}

impl SameFront {
    fn new(world: &World, good: &[u8]) -> Self {
        let backup = BackupFile::read(&mut &*good).unwrap();
        Self { key: backup.unseal(&world.opened).unwrap(), backup, len: good.len() - STREAM_LEN }
    }

    fn restored(&self, world: &World, file: &[u8], first_altered: usize) -> Result<(Records, BackupFacts), BackupError> {
        if first_altered < self.len { restored(world, file) } else { read_all(self.backup.reader(&self.key, file)?) }
    }
}

/// All that a restore does with the container.
fn restored(world: &World, file: &[u8]) -> Result<(Records, BackupFacts), BackupError> {
    let mut source = file;
    let backup = BackupFile::read(&mut source)?;
    read_all(backup.reader(&backup.unseal(&world.opened)?, file)?)
}

#[test]
fn records_come_back_by_vault_by_passphrase_and_by_factors_and_the_file_alone() {
    let world = World::new("backup", Some(password(1)));
    let file = written(&world, None, &records());
    assert_eq!(restored(&world, &file).unwrap(), (records(), facts()));

    let backup = BackupFile::read(&mut file.as_slice()).unwrap();
    assert_eq!((backup.vault(), backup.epoch(), backup.log()), (world.log.vault(), world.opened.epoch(), world.log_id));
    assert_eq!(backup.passphrase(), Some((Salt([0x55; 32]), KdfCost::FLOOR)));
    let key = backup.unseal_with_passphrase(&password(0x70)).unwrap();
    assert_eq!(read_all(backup.reader(&key, file.as_slice()).unwrap()).unwrap().0, records());
    assert!(matches!(error_of(backup.unseal_with_passphrase(&password(0x71))), BackupError::NotAuthentic));

    let factors = Factors { password: world.p.as_ref(), device: None, kit: Some(&world.kit) };
    let opened = open_vault(backup.control().state(), factors).unwrap();
    let key = backup.unseal(&opened).unwrap();
    assert_eq!(read_all(backup.reader(&key, file.as_slice()).unwrap()).unwrap().0, records());
}

#[test]
fn the_length_of_a_backup_falls_on_a_padme_step() {
    let world = World::new("steps", Some(password(1)));
    let lens: Vec<usize> = (0..20).map(|n| written(&world, None, &[(16, vec![0; 60_000 + n])]).len()).collect();
    assert_eq!(lens.iter().collect::<std::collections::BTreeSet<_>>().len(), 1, "{lens:?}");
}

#[test]
fn mf01_a_backup_cut_at_any_byte_is_refused() {
    let world = World::new("mf01", Some(password(1)));
    let file = written(&world, None, &[(16, b"an item".to_vec())]);
    let front = SameFront::new(&world, &file);
    for len in 0..file.len() {
        assert!(front.restored(&world, &file[..len], len).is_err(), "cut to {len} of {}", file.len());
    }
    // Also where the cut falls between chunks and the hash is made to fit.
    let long = written(&world, None, &[(16, vec![3; 200_000])]);
    let padded = blob_padded(200_200) as usize;
    let chunks_at = long.len() - 32 - padded - 16 * padded.div_ceil(65_536);
    for len in [chunks_at, chunks_at + 65_552, chunks_at + 2 * 65_552, chunks_at + 3 * 65_552, chunks_at + 70_000] {
        let mut cut = long[..len].to_vec();
        let outer = blake3::hash(&cut);
        cut.extend_from_slice(outer.as_bytes());
        assert!(restored(&world, &cut).is_err(), "cut to {len} with a new hash");
    }
    let mut longer = long.clone();
    longer.push(0);
    assert!(restored(&world, &longer).is_err(), "one byte more");
}

#[test]
fn mf02_any_altered_byte_is_refused_also_with_a_fitting_hash() {
    let world = World::new("mf02", Some(password(1)));
    let file = written(&world, None, &[(16, b"an item".to_vec())]);
    let end = file.len() - 32;
    let front = SameFront::new(&world, &file);
    for at in 0..file.len() {
        let mut altered = file.clone();
        altered[at] ^= 1 << (at % 8);
        if at < end {
            altered.truncate(end);
            let outer = blake3::hash(&altered);
            altered.extend_from_slice(outer.as_bytes());
        }
        assert!(front.restored(&world, &altered, at).is_err(), "byte {at}");
    }
}

#[test]
fn mf02_chunks_exchanged_or_of_another_backup_are_refused() {
    let world = World::new("splice", Some(password(1)));
    let file = written(&world, None, &[(16, vec![3; 300_000])]);
    let other = written(&World::new("splice 2", Some(password(1))), None, &[(16, vec![3; 300_000])]);
    let chunk = 65_536 + 16;
    let end = file.len() - 32;
    // Head, trailer and frames stay within the step of the one large record.
    let padded = blob_padded(300_200) as usize;
    let chunks_at = end - padded - 16 * padded.div_ceil(65_536);
    let mut swapped = file.clone();
    let (first, second) = swapped[chunks_at..].split_at_mut(chunk);
    first.swap_with_slice(&mut second[..chunk]);
    assert!(restored(&world, &swapped).is_err());
    let spliced = [&file[..end - chunk], &other[other.len() - 32 - chunk..]].concat();
    assert!(restored(&world, &spliced).is_err());
}

#[test]
fn mf04_claims_larger_than_the_file_are_refused_without_being_allocated() {
    let world = World::new("mf04", Some(password(1)));
    let file = written(&world, None, &records());
    // The number of control entries, and the length of the first.
    for (at, claim) in [(6, u32::MAX), (6, 70_000), (10, u32::MAX), (10, 1 << 20)] {
        let mut hostile = file.clone();
        hostile[at..at + 4].copy_from_slice(&claim.to_be_bytes());
        let error = error_of(BackupFile::read(&mut hostile.as_slice()));
        assert!(matches!(error, BackupError::TooLong | BackupError::Truncated), "{claim} at {at}: {error}");
    }
    let mut out = Vec::new();
    let new = NewBackup { control: &world.log, opened: &world.opened, log: world.log_id, base: None, passphrase: None };
    let mut writer = BackupWriter::start(&new, &mut Seeded::new(""), &mut out).unwrap();
    let too_long = writer.record(16, &vec![0; MAX_RECORD_BYTES + 1], &mut out);
    assert!(matches!(too_long, Err(BackupError::TooLong)));
    assert!(matches!(writer.record(FIRST_RECORD_KIND - 1, b"", &mut out), Err(BackupError::ReservedKind)));
}

#[test]
fn mf06_a_backup_of_another_vault_epoch_or_format_is_named_as_such() {
    let mut world = World::new("mf06", Some(password(1)));
    let file = written(&world, None, &records());
    let other = World::new("mf06 other", Some(password(1)));
    assert!(matches!(restored(&other, &file), Err(BackupError::OtherVault)));
    assert!(matches!(error_of(BackupFile::read(&mut &b"SQLite format 3"[..])), BackupError::NotABackup));
    let mut newer = file.clone();
    newer[4] = 2;
    assert!(matches!(error_of(BackupFile::read(&mut newer.as_slice())), BackupError::Format { format: 2, suite: 1 }));

    // A device that has not learnt of the newer epoch.
    let old = open_vault(world.state(), Factors { password: world.p.as_ref(), device: Some(&world.d), kit: None }).unwrap();
    let p = password(2);
    world.epoch_with(&p);
    let file = written(&world, None, &records());
    let backup = BackupFile::read(&mut file.as_slice()).unwrap();
    assert!(matches!(error_of(backup.unseal(&old)), BackupError::OtherEpoch));
}

#[test]
fn mf06_a_delta_without_its_exact_base_is_refused() {
    let world = World::new("delta", Some(password(1)));
    let file = written(&world, Some(&vector(4)), &records());
    let backup = BackupFile::read(&mut file.as_slice()).unwrap();
    let reader = backup.reader(&backup.unseal(&world.opened).unwrap(), file.as_slice()).unwrap();
    assert_eq!(reader.base(), Some(&vector(4)));
    assert!(reader.check_base(Some(&vector(4))).is_ok());
    for at_hand in [None, Some(vector(3)), Some(vector(5)), Some(VersionVector::default())] {
        assert!(matches!(reader.check_base(at_hand.as_ref()), Err(BackupError::WrongBase)));
    }
}

#[test]
fn a_trailer_signed_by_another_key_is_not_written() {
    let world = World::new("signer", Some(password(1)));
    let other = World::new("signer 2", Some(password(1)));
    let new = NewBackup { control: &world.log, opened: &world.opened, log: world.log_id, base: None, passphrase: None };
    let mut out = Vec::new();
    let writer = BackupWriter::start(&new, &mut Seeded::new(""), &mut out).unwrap();
    assert!(matches!(writer.finish(facts(), &other.log_key, &mut out), Err(BackupError::NotMember)));
    let foreign = NewBackup { log: other.log_id, ..new };
    assert!(matches!(error_of(BackupWriter::start(&foreign, &mut Seeded::new(""), &mut out)), BackupError::NotMember));
}

#[test]
fn a_backup_without_its_finish_is_no_backup() {
    let world = World::new("unfinished", Some(password(1)));
    let new = NewBackup { control: &world.log, opened: &world.opened, log: world.log_id, base: None, passphrase: None };
    let mut out = Vec::new();
    let mut writer = BackupWriter::start(&new, &mut Seeded::new(""), &mut out).unwrap();
    writer.record(16, &vec![0; 200_000], &mut out).unwrap();
    drop(writer);
    assert!(restored(&world, &out).is_err());
}

#[test]
fn the_outer_hash_is_checked_in_steps_without_keys() {
    let world = World::new("outer", Some(password(1)));
    let mut file = written(&world, None, &records());
    let mut check = OuterCheck::new();
    let mut n_steps = 1;
    while !check.step(&mut file.as_slice(), 1).unwrap() {
        n_steps += 1;
    }
    assert!(n_steps > 1);
    file[1000] ^= 1;
    assert!(matches!(OuterCheck::new().step(&mut file.as_slice(), u64::MAX), Err(BackupError::NotAuthentic)));
    assert!(matches!(OuterCheck::new().step(&mut &[0; 31][..], 1), Err(BackupError::Truncated)));
}
