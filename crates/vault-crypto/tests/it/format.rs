//! MS19: nothing of another format or suite is read, and no text from outside selects one.

use vault_crypto::backup::{BackupError, BackupFile, BackupWriter, NewBackup};
use vault_crypto::blob::{BlobOpener, BlobSealer};
use vault_crypto::kit::{KitError, KitFile, KitPin};
use vault_crypto::message;
use vault_protocol::control::KdfCost;
use vault_protocol::{Kind, Salt, SealedHeader};

use crate::support::{Seeded, error_of};
use crate::vault::{World, password};

/// Where format and suite stand in every container: behind four bytes of magic.
const FORMAT_AT: usize = 4;

#[test]
fn ms19_another_format_or_suite_is_refused_in_every_container() {
    let world = World::new("ms19", Some(password(1)));
    let (vault, epoch) = (world.log.vault(), world.opened.epoch());
    let key = world.opened.kind_key(Kind::Row, epoch).unwrap();
    let place = SealedHeader::new(Kind::Row, vault, epoch);
    let sealed = message::seal(&key, &place, b"body", &mut Seeded::new("m")).unwrap();
    let mut blob = Vec::new();
    let sealer = BlobSealer::start(vault, 0, &mut Seeded::new("b"), &mut blob).unwrap();
    let descriptor = sealer.finish(&mut blob).unwrap();
    let pin = KitPin::of(&world.log);
    let kit = KitFile::make(&world.kit, &pin, &password(2), Salt([1; 32]), KdfCost::FLOOR, &mut Seeded::new("k")).unwrap();
    let mut backup = Vec::new();
    let new = NewBackup { control: &world.log, opened: &world.opened, log: world.log_id, base: None, passphrase: None };
    BackupWriter::start(&new, &mut Seeded::new("a"), &mut backup).unwrap();
    for at in [FORMAT_AT, FORMAT_AT + 1] {
        for byte in [0, 2, 255] {
            let changed = |bytes: &[u8]| {
                let mut copy = bytes.to_vec();
                assert_eq!(copy[at], 1);
                copy[at] = byte;
                copy
            };
            assert!(message::open(&key, &place, &changed(&sealed)).is_err());
            assert!(BlobOpener::new(vault, &descriptor, changed(&blob).as_slice()).is_err());
            assert!(matches!(error_of(KitFile::parse(&changed(&kit))), KitError::Format { .. }));
            assert!(matches!(error_of(BackupFile::read(&mut changed(&backup).as_slice())), BackupError::Format { .. }));
        }
    }
}
