//! Collecting the factors of a vault: the device key from its store, the password through Argon2id.

use vault_crypto::{
    secret::{DeviceSecret, PasswordKey, RecoverySecret},
    slot::Factors,
    vault::{Opened, UnlockError, open_vault, password_cost},
};
use vault_model::SecretText;
use vault_protocol::{DeviceId, KdfCost, KemPublicKey, Salt, VaultId, control::Membership};

use crate::{
    context::{Ctx, Step},
    effect::{Effect, KeyName, KeyPlace, Reply},
    engine::Engine,
    event::{DeviceKeyPlace, Failure, InvalidWhat},
};

/// Least characters of a password whose device factor lies on the same disk, or of a backup or kit passphrase: it then stands alone
/// (NIST SP 800-63B-4 §3.1.1.2 for single-factor passwords).
pub(crate) const MIN_CHARS_ALONE: u32 = 15;
/// Least characters of a password beside a device factor of its own (same source, with a second factor).
pub(crate) const MIN_CHARS_BESIDE: u32 = 8;

/// The factors at hand.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) password: Option<PasswordKey>,
    pub(crate) device: Option<(DeviceSecret, KeyPlace)>,
    pub(crate) kit: Option<RecoverySecret>,
}

impl Gathered {
    /// As slots take them.
    pub(crate) fn factors(&self) -> Factors<'_> {
        Factors { password: self.password.as_ref(), device: self.device.as_ref().map(|(key, _)| key), kit: self.kit.as_ref() }
    }

    /// Where the device key was found.
    pub(crate) fn key_place(&self, ctx: &Ctx<'_>) -> DeviceKeyPlace {
        match &self.device {
            Some((_, KeyPlace::Os)) => ctx.host.key_store_place(),
            Some((_, KeyPlace::Disk)) => DeviceKeyPlace::SameDisk,
            None => DeviceKeyPlace::None,
        }
    }

    /// Opens the vault with them.
    pub(crate) fn open(&self, members: &Membership) -> Result<Opened, UnlockError> {
        open_vault(members, self.factors())
    }
}

/// What goes on with the factors.
pub(crate) type WithFactors = Box<dyn FnOnce(&mut Engine, Gathered, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// Fetches the device key, from its file first, then from the key store; then derives the password. No key is not an error here, a key
/// store that does not answer is.
pub(crate) fn gather(
    members: Membership,
    wanted: Option<WantedKey>,
    kit: Option<RecoverySecret>,
    password: SecretText,
    then: WithFactors,
) -> Result<Step, Failure> {
    let gathered = Gathered { kit, ..Gathered::default() };
    let Some(wanted) = wanted else { return with_password(members, gathered, password, then) };
    fetch(wanted, move |_, found, _| {
        let gathered = Gathered { device: found?, ..gathered };
        with_password(members, gathered, password, then)
    })
}

/// The device key and where it was found.
pub(crate) type Found = Result<Option<(DeviceSecret, KeyPlace)>, Failure>;

/// The device key that the control log names.
#[derive(Clone, Copy)]
pub(crate) struct WantedKey {
    pub(crate) vault: VaultId,
    pub(crate) public: KemPublicKey,
}

impl WantedKey {
    /// That of a device, if it ever was a member.
    pub(crate) fn of(members: &Membership, device: DeviceId) -> Option<Self> {
        Some(Self { vault: members.vault(), public: members.devices().get(&device)?.key })
    }

    /// The name under which it is kept: its vault and the beginning of its public half.
    pub(crate) fn name(self) -> KeyName {
        KeyName { vault: self.vault, generation: self.public.0[..8].iter().map(|byte| format!("{byte:02x}")).collect() }
    }

    /// The key, if a store gave back the very one: a file with other bytes must not hide a good key store.
    pub(crate) fn accept(self, reply: &Reply) -> Option<DeviceSecret> {
        match reply {
            Reply::Key(Ok(Some(key))) => DeviceSecret::from_slice(key.as_slice()).filter(|key| key.public() == self.public),
            _ => None,
        }
    }
}

/// Fetches a device key.
pub(crate) fn fetch(
    wanted: WantedKey,
    then: impl FnOnce(&mut Engine, Found, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    Step::ask(Effect::KeyGet { place: KeyPlace::Disk, name: wanted.name() }, move |engine, reply, ctx| {
        if let Some(key) = wanted.accept(&reply) {
            return then(engine, Ok(Some((key, KeyPlace::Disk))), ctx);
        }
        let file_unreadable = matches!(reply, Reply::Key(Err(())));
        Step::ask(Effect::KeyGet { place: KeyPlace::Os, name: wanted.name() }, move |engine, reply, ctx| {
            let found = match (&reply, wanted.accept(&reply)) {
                (_, Some(key)) => Ok(Some((key, KeyPlace::Os))),
                (Reply::Key(Ok(_)), None) if !file_unreadable => Ok(None),
                _ => Err(Failure::KeyStoreGone),
            };
            then(engine, found, ctx)
        })
    })
}

fn with_password(members: Membership, gathered: Gathered, password: SecretText, then: WithFactors) -> Result<Step, Failure> {
    if password.is_empty() {
        return Step::next(move |engine, ctx| then(engine, gathered, ctx));
    }
    let cost = password_cost(&members, gathered.factors()).unwrap_or_else(|| members.cost());
    derive(password, members.salt(), cost, move |engine, key, ctx| then(engine, Gathered { password: Some(key), ..gathered }, ctx))
}

/// Runs Argon2id on the platform.
pub(crate) fn derive(
    password: SecretText,
    salt: Salt,
    cost: KdfCost,
    then: impl FnOnce(&mut Engine, PasswordKey, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
) -> Result<Step, Failure> {
    // Before any derivation (MS01, MS02).
    cost.check().map_err(|_| Failure::NotAuthentic)?;
    Step::ask(Effect::Derive { password, salt: salt.0, cost }, move |engine, reply, ctx| match reply {
        Reply::Derived(Ok(key)) => then(engine, key, ctx),
        _ => Err(Failure::Io),
    })
}

/// Refuses what is too short for what it protects.
pub(crate) fn check_length(password: &SecretText, min_chars: u32) -> Result<(), Failure> {
    match password.expose().chars().count() >= min_chars as usize {
        true => Ok(()),
        false => Err(Failure::PasswordTooWeak { min_chars }),
    }
}

/// What a failed opening is called, but for a wrong password, which is counted by the caller.
pub(crate) fn unlock_failure(error: UnlockError, gathered: &Gathered) -> Failure {
    match error {
        UnlockError::NoSlot if gathered.device.is_none() && gathered.kit.is_none() => Failure::NoDeviceKey,
        UnlockError::NoSlot if gathered.kit.is_some() => Failure::KitReplaced,
        UnlockError::NoSlot | UnlockError::WrongFactor => Failure::WrongPassword { wait_ms: 0 },
        UnlockError::RecordChanged => Failure::NotAuthentic,
        _ => Failure::Invalid(InvalidWhat::Kind),
    }
}
