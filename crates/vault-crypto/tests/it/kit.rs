//! Recovery kits: file, words and QR text, and the pin that no other vault or older log gets past (LD12, MS01, MS03).

use vault_crypto::kit::{KitError, KitFile, KitPin, check_in_force, open_copy, parse_qr_text, qr_text, seal_copy};
use vault_crypto::secret::RecoverySecret;
use vault_protocol::control::{ControlLog, KdfCost};
use vault_protocol::{Salt, Signer};

use crate::support::{Seeded, error_of, flipped};
use crate::vault::{World, password};

fn file_of(world: &World) -> Vec<u8> {
    let pin = KitPin::of(&world.log);
    KitFile::make(&world.kit, &pin, &password(0x6b), Salt([0x66; 32]), KdfCost::FLOOR, &mut Seeded::new("kit")).unwrap()
}

#[test]
fn a_kit_file_opens_with_its_passphrase_only() {
    let world = World::new("kit", Some(password(1)));
    let kit = KitFile::parse(&file_of(&world)).unwrap();
    assert_eq!(kit.pin(), &KitPin::of(&world.log));
    assert_eq!((kit.salt(), kit.cost()), (Salt([0x66; 32]), KdfCost::FLOOR));
    let (secret, pin) = kit.open(&password(0x6b)).unwrap();
    assert_eq!(secret.expose(), world.kit.expose());
    pin.check(&world.log).unwrap();
    check_in_force(&secret, world.state()).unwrap();
    assert_eq!(error_of(kit.open(&password(1))), KitError::NotAuthentic);
}

#[test]
fn ms07_each_one_bit_change_and_each_cut_of_a_kit_file_is_refused() {
    let world = World::new("kit bits", Some(password(1)));
    let file = file_of(&world);
    for bit_idx in 0..file.len() * 8 {
        let opened = KitFile::parse(&flipped(&file, bit_idx)).and_then(|kit| kit.open(&password(0x6b)));
        assert!(opened.is_err(), "bit {bit_idx}");
    }
    for len in 0..file.len() {
        assert!(KitFile::parse(&file[..len]).is_err(), "cut to {len}");
    }
    assert_eq!(error_of(KitFile::parse(&[file.as_slice(), &[0]].concat())), KitError::NotAKit);
    assert_eq!(error_of(KitFile::parse(&vec![0; 1 << 20])), KitError::NotAKit);
}

#[test]
fn ms03_a_pin_accepts_only_a_log_that_descends_from_its_head() {
    let mut world = World::new("pin", Some(password(1)));
    let genesis = world.log.entries().next().unwrap().1.clone();
    let p = password(2);
    world.epoch_with(&p);
    let pin = KitPin::of(&world.log);
    world.epoch_with(&p);
    pin.check(&world.log).unwrap();

    let older = ControlLog::new(genesis.vault, genesis).unwrap();
    assert_eq!(error_of(pin.check(&older)), KitError::HeadMissing, "an older, valid log");
    assert_eq!(error_of(pin.check(&World::new("pin 2", Some(password(1))).log)), KitError::OtherVault);
    let salt = KitPin { salt: Salt([1; 32]), ..pin.clone() };
    assert_eq!(error_of(salt.check(&world.log)), KitError::SaltChanged);
    let cost = KitPin { cost: KdfCost { passes: 4, ..KdfCost::FLOOR }, ..pin };
    assert_eq!(error_of(cost.check(&world.log)), KitError::CostFell);
}

#[test]
fn a_printed_kit_reads_back_from_its_qr_text() {
    let world = World::new("qr", Some(password(1)));
    let pin = KitPin::of(&world.log);
    let text = qr_text(&world.kit, &pin);
    assert!(text.len() < 300, "{} characters still fit a small code", text.len());
    let (secret, read) = parse_qr_text(&format!(" {}\n", *text)).unwrap();
    assert_eq!((secret.expose(), read), (world.kit.expose(), pin));
    for at in 8..text.len() {
        let other = if text.as_bytes()[at] == b'2' { "3" } else { "2" };
        let mut wrong = text.to_string();
        wrong.replace_range(at..=at, other);
        assert!(parse_qr_text(&wrong).is_err(), "character {at}");
    }
    for text in ["", "nt2kit1:", "nt2kit2:abc", "https://example.org"] {
        assert!(parse_qr_text(text).is_err(), "{text}");
    }
}

#[test]
fn the_copy_on_the_device_outlives_epochs_and_opens_in_this_vault_only() {
    let mut world = World::new("copy", Some(password(1)));
    let copy = seal_copy(&world.opened, &world.kit, &mut world.entropy).unwrap();
    let p = password(2);
    world.epoch_with(&p);
    assert_eq!(open_copy(&world.opened, &copy).unwrap().expose(), world.kit.expose());
    assert!(open_copy(&World::new("copy 2", None).opened, &copy).is_err());
}

#[test]
fn ld12_a_replaced_kit_is_named_as_such() {
    let world = World::new("in force", Some(password(1)));
    let other = RecoverySecret::make(&mut Seeded::new("other kit")).unwrap();
    assert_eq!(error_of(check_in_force(&other, world.state())), KitError::Replaced);
    assert_eq!(world.state().owner_key(), world.kit.owner_key().public_key());
}
