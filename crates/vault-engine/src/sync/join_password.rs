//! A device that has nothing yet but an address and the master password, where the vault allows that (DESIGN §3, "address + password").
//!
//! The password is derived twice: with a constant for the login, because nothing but the address is known then; and with the vault's own salt
//! and cost for the slot, only when the control log is verified and the record is the one that it allows. Nothing derived from the password is
//! sent but a signature.

use vault_crypto::{
    bootstrap::BootstrapRecord,
    secret::{DeviceSecret, PasswordKey},
    vault::UnlockError,
};
use vault_model::SecretText;
use vault_protocol::{
    api::{ApiError, Purpose, ReadBootstrap},
    control::ControlLog,
};

use super::{
    SyncAlarm,
    address::{derive_login, parse_address},
    call::{CallError, ask},
    join::{Cold, Place, enrol, read_control},
    login::session_of_key,
};
use crate::{
    command::RequestId,
    context::{Ctx, Step},
    engine::Engine,
    event::{Failure, LockReason},
    factors,
    rekey::put_key,
    vaults::checked_name,
};

impl Engine {
    pub(crate) fn join_with_password(
        &mut self,
        request: RequestId,
        address: &str,
        name: &str,
        password: SecretText,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let (origin, did) = parse_address(address)?;
        let name = checked_name(name)?;
        if !ctx.host.is_writable() {
            return Err(Failure::ReadOnly);
        }
        self.lock(LockReason::Switched, ctx);
        let vault = did.vault_id();
        let typed = password.duplicate();
        derive_login(password, did, move |_, login, _| {
            session_of_key(vault, origin.clone(), login, Purpose::Join, move |_, token| {
                let place = Place { vault, origin, name, token };
                read_control(
                    place,
                    Vec::new(),
                    Box::new(move |place, control| {
                        if control.state().did() != did {
                            return Err(Failure::ServerAlarm(SyncAlarm::OtherVault));
                        }
                        read_record(request, place, control, typed)
                    }),
                )
            })
        })
    }
}

/// The record must be the one that the verified control log allows: before that nothing more is derived from the password.
fn read_record(request: RequestId, place: Place, control: ControlLog, password: SecretText) -> Result<Step, Failure> {
    let call = ReadBootstrap { vault: place.vault };
    let (origin, token) = (place.origin.clone(), place.token.duplicate());
    ask(&origin, &call, Some(&token), move |_, result, _| {
        let wire = match result {
            Ok(wire) => wire,
            // Switched off meanwhile.
            Err(CallError::Refused(ApiError::NotFound)) => return Err(Failure::NotAccepted),
            Err(error) => return Err(error.failure()),
        };
        let members = control.state();
        let record = BootstrapRecord::parse(&wire).filter(|record| members.bootstrap() == Some(record.hash()));
        let record = record.ok_or(Failure::ServerAlarm(SyncAlarm::RecordAltered))?;
        let (salt, cost) = (members.salt(), members.cost());
        factors::derive(password, salt, cost, move |_, key, ctx| open_slot(request, place, control, &record, key, ctx))
    })
}

fn open_slot(
    request: RequestId,
    place: Place,
    control: ControlLog,
    record: &BootstrapRecord,
    password: PasswordKey,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let opened = record.open(control.state(), &password).map_err(|error| match error {
        UnlockError::RecordChanged => Failure::ServerAlarm(SyncAlarm::RecordAltered),
        // The login was by this password: whoever let it in did not ask for it.
        _ => Failure::WrongPassword { wait_ms: 0 },
    })?;
    if control.state().newest_epoch() != Some(opened.epoch()) {
        return Err(Failure::NotAccepted);
    }
    let device_key = DeviceSecret::make(&mut ctx.entropy())?;
    // Another device holds the kit, or R: this one needs no second copy of its key.
    put_key(place.vault, device_key, true, move |_, device_key, key_place, ctx| {
        let cold = Cold { opened, password, device_key, key_place, replaces_kit: false };
        enrol(request, place, control, cold, 0, ctx)
    })
}
