//! Passwords to keys: Argon2id (RFC 9106, version 0x13) over the NFKC form of what was typed.
//!
//! Floor and ceiling are checked before anything is allocated (MS01, MS02). Argon2id can't be interrupted: callers run it on a thread or
//! worker of its own.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use vault_protocol::control::{CostError, KdfCost};
use vault_protocol::{Salt, SigningPublicKey};
use zeroize::{Zeroize, Zeroizing};

use crate::secret::{LoginKey, PasswordKey};

/// Longest password taken, in bytes as typed; a longer one is an accident (a pasted file). Argon2 itself takes 4 GiB.
pub const MAX_PASSWORD_BYTES: usize = 4096;
/// What [`calibrated`] aims at, in milliseconds: the middle of DESIGN §3's 0.5–1.0 s.
pub const TARGET_MS: u32 = 700;
/// Memory above which calibration adds passes instead: more is unkind to phones and browser tabs that open the same vault. KiB.
const CALIBRATED_MEMORY_KIB: u32 = 256 * 1024;

/// Cost of the login key of "address + password": the floor of the format. A constant, because a cold device knows only the address.
pub const LOGIN_COST: KdfCost = KdfCost { memory_kib: 64 * 1024, passes: 3, lanes: 1 };

/// Why no key was derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KdfError {
    /// Under the floor (MS01) or over the ceiling (MS02).
    #[error("the derivation cost is refused")]
    Cost(#[from] CostError),
    /// Longer than [`MAX_PASSWORD_BYTES`].
    #[error("the password has more than {MAX_PASSWORD_BYTES} bytes")]
    PasswordTooLong,
    /// The memory that the cost asks for is not there.
    #[error("not enough memory for the derivation")]
    OutOfMemory,
}

/// P = Argon2id(NFKC(password), salt, cost), 32 bytes.
///
/// # Errors
///
/// [`KdfError`]; cost and length are checked before any memory is asked for.
pub fn derive_password_key(password: &str, salt: Salt, cost: KdfCost) -> Result<PasswordKey, KdfError> {
    let mut key = Zeroizing::new([0; 32]);
    argon2id(password, &salt.0, cost, &mut key)?;
    Ok(PasswordKey::from_slice(key.as_slice()).expect("32 bytes"))
}

/// The login key of "address + password": an Ed25519 seed by Argon2id(NFKC(password), SHA-256("nt2 login v1" ‖ DID public key), 64 MiB, 3, 1).
///
/// # Errors
///
/// [`KdfError::PasswordTooLong`], [`KdfError::OutOfMemory`].
pub fn derive_login_key(password: &str, did: SigningPublicKey) -> Result<LoginKey, KdfError> {
    derive_password_key(password, login_salt(did), LOGIN_COST).map(|derived| login_key(&derived))
}

/// Salt of a login key's derivation, for a platform that runs Argon2id itself: SHA-256("nt2 login v1" ‖ DID public key).
pub fn login_salt(did: SigningPublicKey) -> Salt {
    Salt(Sha256::new().chain_update(b"nt2 login v1").chain_update(did.0).finalize().into())
}

/// The login key, from what Argon2id made of the password with [`login_salt`] and [`LOGIN_COST`].
pub fn login_key(derived: &PasswordKey) -> LoginKey {
    LoginKey::from_slice(derived.expose()).expect("32 bytes")
}

/// The cost for a new or raised vault on a machine where one derivation at `measured` took `elapsed_ms`: as close under [`TARGET_MS`] as
/// whole steps allow, memory first (up to 256 MiB, by doubling), then passes. Never under `measured` as far as ceilings permit, so that a
/// cost only rises, and never under the floor.
pub fn calibrated(measured: KdfCost, elapsed_ms: u32) -> KdfCost {
    // Time grows in proportion to memory × passes.
    let affordable = u64::from(TARGET_MS) * u64::from(measured.memory_kib) * u64::from(measured.passes) / u64::from(elapsed_ms.max(1));
    let work = |cost: &KdfCost| u64::from(cost.memory_kib) * u64::from(cost.passes);
    let mut cost = measured;
    while cost.memory_kib <= CALIBRATED_MEMORY_KIB / 2 && work(&cost) * 2 <= affordable {
        cost.memory_kib *= 2;
    }
    while cost.passes < KdfCost::CEILING.passes && work(&cost) + u64::from(cost.memory_kib) <= affordable {
        cost.passes += 1;
    }
    KdfCost {
        memory_kib: cost.memory_kib.clamp(KdfCost::FLOOR.memory_kib, KdfCost::CEILING.memory_kib),
        passes: cost.passes.clamp(KdfCost::FLOOR.passes, KdfCost::CEILING.passes),
        lanes: cost.lanes.clamp(KdfCost::FLOOR.lanes, KdfCost::CEILING.lanes),
    }
}

fn argon2id(password: &str, salt: &[u8; 32], cost: KdfCost, out: &mut [u8; 32]) -> Result<(), KdfError> {
    cost.check()?;
    let password = normalised(password)?;
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(out.len())).expect("within floor and ceiling");
    let mut memory = Memory::new(params.block_count())?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, out, memory.0.as_mut_slice())
        .expect("lengths of password, salt, output and memory are within Argon2's own");
    Ok(())
}

/// NFKC, so that the same password typed on another keyboard or system is the same bytes. The buffer never grows, so no copy stays behind.
fn normalised(password: &str) -> Result<Zeroizing<String>, KdfError> {
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(KdfError::PasswordTooLong);
    }
    let len_bytes = password.nfkc().map(char::len_utf8).sum();
    let mut text = Zeroizing::new(String::with_capacity(len_bytes));
    text.extend(password.nfkc());
    Ok(text)
}

/// Argon2's working memory. It is wiped, because its last block yields the key.
struct Memory(Vec<Block>);

impl Memory {
    fn new(n_blocks: usize) -> Result<Self, KdfError> {
        let mut blocks = Vec::new();
        blocks.try_reserve_exact(n_blocks).map_err(|_| KdfError::OutOfMemory)?;
        blocks.resize(n_blocks, Block::default());
        Ok(Self(blocks))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(Zeroize::zeroize);
    }
}
