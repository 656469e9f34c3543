//! Passwords to keys: one bytes per password, floor and ceiling before any work (MS01, MS02).

use vault_crypto::kdf::{KdfError, MAX_PASSWORD_BYTES, TARGET_MS, calibrated, derive_login_key, derive_password_key};
use vault_protocol::control::{CostError, KdfCost};
use vault_protocol::{Salt, Signer, SigningPublicKey};

use crate::support::{error_of, hex};

const SALT: Salt = Salt([0x0f; 32]);

#[test]
fn ms01_a_cost_under_the_floor_derives_nothing() {
    for cost in [
        KdfCost { memory_kib: 64 * 1024 - 1, ..KdfCost::FLOOR },
        KdfCost { passes: 2, ..KdfCost::FLOOR },
        KdfCost { lanes: 0, ..KdfCost::FLOOR },
        KdfCost { memory_kib: 0, passes: 0, lanes: 0 },
    ] {
        assert_eq!(error_of(derive_password_key("password", SALT, cost)), KdfError::Cost(CostError::BelowFloor), "{cost:?}");
    }
}

#[test]
fn ms02_a_cost_over_the_ceiling_is_refused_without_allocating() {
    for cost in [
        KdfCost { memory_kib: 1024 * 1024 + 1, ..KdfCost::FLOOR },
        KdfCost { memory_kib: u32::MAX, ..KdfCost::FLOOR },
        KdfCost { passes: 21, ..KdfCost::FLOOR },
        KdfCost { lanes: 17, ..KdfCost::FLOOR },
        KdfCost { memory_kib: u32::MAX, passes: u32::MAX, lanes: u32::MAX },
    ] {
        assert_eq!(error_of(derive_password_key("password", SALT, cost)), KdfError::Cost(CostError::AboveCeiling), "{cost:?}");
    }
    let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
    assert_eq!(error_of(derive_password_key(&long, SALT, KdfCost::FLOOR)), KdfError::PasswordTooLong);
}

#[test]
fn the_same_password_typed_on_another_keyboard_is_the_same_key() {
    // Å as one character, as A and ring, and as the Ångström sign; ﬁ as a ligature and as two letters.
    let keys: Vec<_> = ["Å ﬁn", "A\u{30a} fin", "\u{212b} fin"]
        .map(|password| *derive_password_key(password, SALT, KdfCost::FLOOR).unwrap().expose())
        .into();
    assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
    // argon2-cffi over the reference C code: hash_secret_raw(NFKC, b"\x0f" * 32, 3, 65536, 1, 32, Type.ID).
    assert_eq!(hex(&keys[0]), "8ce0c8b5a24bd72b050d5ec5ec4fceb44953795f3687c91f87a746d23c7f309e");
}

#[test]
fn a_login_key_depends_on_password_and_name_and_not_on_the_vaults_salt() {
    let did = SigningPublicKey([3; 32]);
    let key = derive_login_key("correct horse", did).unwrap().public_key();
    assert_ne!(key, derive_login_key("correct horse", SigningPublicKey([4; 32])).unwrap().public_key());
    assert_ne!(key, derive_login_key("correct house", did).unwrap().public_key());
}

#[test]
fn calibration_raises_memory_before_passes_and_stays_within_floor_and_ceiling() {
    let floor = KdfCost::FLOOR;
    for (elapsed_ms, memory_kib, passes) in [(5_000, 65_536, 3), (700, 65_536, 3), (350, 131_072, 3), (175, 262_144, 3), (100, 262_144, 5)]
    {
        assert_eq!(calibrated(floor, elapsed_ms), KdfCost { memory_kib, passes, lanes: 1 }, "{elapsed_ms} ms");
    }
    for elapsed_ms in [0, 1, 10, u32::MAX] {
        let cost = calibrated(floor, elapsed_ms);
        assert!(cost.is_within() && cost.is_at_least(floor), "{elapsed_ms} ms");
    }
    let raised = KdfCost { memory_kib: 1024 * 1024, passes: 4, lanes: 4 };
    assert_eq!(calibrated(raised, TARGET_MS * 10), raised, "a cost never falls");
}
