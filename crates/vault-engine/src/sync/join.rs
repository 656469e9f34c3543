//! A device that has nothing yet: with kit and master password through the server (DESIGN §3, "cold device").
//!
//! The kit's owner key reads the control log, which must be that of the kit's vault and descend from its pin. The {P,R} slot opens the vault,
//! the device enrols itself, pulls everything into a database that nothing lists yet, and only then is it this device's.

use vault_crypto::{
    compose::{self, SelfEnrolled},
    kit,
    secret::{DeviceSecret, LogSigningKey, PasswordKey},
    vault::Opened,
};
use vault_protocol::{
    DeviceId, LogId, SigningPublicKey, VaultId,
    api::{ApiError, AppendControl, Origin, Purpose, ReadControl, SessionToken},
    control::{ControlEntry, ControlLog},
};
use vault_store::VaultEntry;

use super::{
    SyncAlarm,
    call::{CallError, ask, parse_server},
    control::whole_log,
    login::session_of_key,
    record::{Record, SYNC},
};
use crate::{
    command::{KitInput, RequestId},
    context::{Ctx, Step},
    engine::Engine,
    event::{DeviceKeyPlace, Failure, LockReason},
    factors, kits,
    log::{body::ControlHead, replica::Replica},
    rekey::{KitChange, Strength, put_key, rekey},
    session::{Keys, Session, load::Unlocked, local},
    vaults::{NewFolder, checked_name, put_control},
};

/// Times that the enrolment is written anew because the control log moved on.
const MAX_TRIES: u8 = 4;

/// Where the vault comes from.
pub(super) struct Place {
    pub(super) vault: VaultId,
    pub(super) origin: Origin,
    pub(super) name: String,
    pub(super) token: SessionToken,
}

/// A device that is enrolled, and the vault's keys.
pub(super) struct Arrival {
    pub(super) opened: Opened,
    pub(super) device: DeviceId,
    pub(super) log: LogId,
    pub(super) log_key: LogSigningKey,
    pub(super) key_place: DeviceKeyPlace,
    /// P, where a kit was used: that ends in a new epoch with another kit.
    pub(super) password: Option<PasswordKey>,
}

/// The keys, and what this device's own slots are made of.
pub(super) struct Cold {
    pub(super) opened: Opened,
    pub(super) password: PasswordKey,
    pub(super) device_key: DeviceSecret,
    pub(super) key_place: DeviceKeyPlace,
    /// A kit was used, and is replaced.
    pub(super) replaces_kit: bool,
}

/// What is done when everything has been pulled.
pub(crate) struct Joining {
    request: RequestId,
    entry: VaultEntry,
    present: bool,
    password: Option<PasswordKey>,
    key_place: DeviceKeyPlace,
}

impl Engine {
    #[allow(clippy::too_many_arguments, reason = "the fields of one command")]
    pub(crate) fn join_with_kit(
        &mut self,
        request: RequestId,
        server: &str,
        did: Option<String>,
        name: &str,
        input: KitInput,
        password: vault_model::SecretText,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let origin = parse_server(server)?;
        let name = checked_name(name)?;
        if !ctx.host.is_writable() {
            return Err(Failure::ReadOnly);
        }
        let typed = did.map(|did| SigningPublicKey::parse_did(did.trim()).map_err(|_| Failure::KitOfOtherVault)).transpose()?;
        self.lock(LockReason::Switched, ctx);
        kits::read(
            input,
            ctx,
            Box::new(move |_, kit, pin, _| {
                let did = match (&pin, typed) {
                    (Some(pin), Some(typed)) if pin.did != typed => return Err(Failure::KitOfOtherVault),
                    (Some(pin), _) => pin.did,
                    (None, Some(typed)) => typed,
                    (None, None) => return Err(Failure::NotFound),
                };
                let vault = did.vault_id();
                session_of_key(vault, origin.clone(), kit.owner_key(), Purpose::Join, move |_, token| {
                    let place = Place { vault, origin, name, token };
                    read_control(
                        place,
                        Vec::new(),
                        Box::new(move |place, control| {
                            // Before anything is derived with that log's salt and cost.
                            if let Some(pin) = &pin {
                                kits::check_pin(pin, &control)?;
                            }
                            let members = control.state().clone();
                            kit::check_in_force(&kit, &members)?;
                            factors::gather(
                                members,
                                None,
                                Some(kit),
                                password,
                                Box::new(move |_, gathered, ctx| {
                                    let opened =
                                        gathered.open(control.state()).map_err(|error| factors::unlock_failure(error, &gathered))?;
                                    let password = gathered.password.ok_or(Failure::WrongPassword { wait_ms: 0 })?;
                                    let device_key = DeviceSecret::make(&mut ctx.entropy())?;
                                    // The kit is about to be replaced, so none is saved.
                                    put_key(place.vault, device_key, false, move |_, device_key, key_place, ctx| {
                                        let cold = Cold { opened, password, device_key, key_place, replaces_kit: true };
                                        enrol(request, place, control, cold, 0, ctx)
                                    })
                                }),
                            )
                        }),
                    )
                })
            }),
        )
    }
}

/// What goes on with a verified control log.
pub(super) type WithControl = Box<dyn FnOnce(Place, ControlLog) -> Result<Step, Failure>>;

/// Reads the whole control log and verifies it.
pub(super) fn read_control(place: Place, mut entries: Vec<ControlEntry>, then: WithControl) -> Result<Step, Failure> {
    let call = ReadControl { vault: place.vault, after: entries.len() as u64 };
    let (origin, token) = (place.origin.clone(), place.token.duplicate());
    ask(&origin, &call, Some(&token), move |_, result, _| {
        let page = result.map_err(|error| error.failure())?;
        let n_before = entries.len();
        for wire in &page.entries {
            entries.push(ControlEntry::parse(wire).map_err(|_| Failure::ServerAlarm(SyncAlarm::RecordAltered))?);
        }
        if (entries.len() as u64) < page.n_control && entries.len() > n_before {
            return read_control(place, entries, then);
        }
        let control = whole_log(place.vault, entries).map_err(Failure::ServerAlarm)?;
        if !control.is_covered(control.heads(), &page.heads) {
            return Err(Failure::ServerAlarm(SyncAlarm::RecordAltered));
        }
        then(place, control)
    })
}

/// Gives this device its place in the vault: written on top of all heads, and again if somebody was faster.
pub(super) fn enrol(
    request: RequestId,
    place: Place,
    mut control: ControlLog,
    cold: Cold,
    n_tries: u8,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let made = compose::make_self_enrol(&control, &cold.opened, Some(&cold.password), &cold.device_key, &mut ctx.entropy())?;
    let call = AppendControl { vault: place.vault, heads: control.heads().to_vec(), entries: vec![made.entry.encode()] };
    control.append(made.entry.clone()).map_err(|_| Failure::NotAuthentic)?;
    let (origin, token) = (place.origin.clone(), place.token.duplicate());
    ask(&origin, &call, Some(&token), move |engine, result, ctx| match result {
        Ok(_) => {
            let Cold { opened, password, key_place, replaces_kit, .. } = cold;
            let password = replaces_kit.then_some(password);
            let SelfEnrolled { device, log, log_key, .. } = made;
            let arrival = Arrival { opened, device, log, log_key, key_place, password };
            build(engine, request, place, control, arrival, ctx)
        }
        Err(CallError::Refused(ApiError::StaleControl { .. })) if n_tries < MAX_TRIES => read_control(
            place,
            Vec::new(),
            Box::new(move |place, control| Step::next(move |_, ctx| enrol(request, place, control, cold, n_tries + 1, ctx))),
        ),
        Err(error) => Err(error.failure()),
    })
}

/// Makes the database beside whatever is there, and pulls into it.
pub(super) fn build(
    engine: &mut Engine,
    request: RequestId,
    place: Place,
    control: ControlLog,
    arrival: Arrival,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let Place { vault, origin, name, .. } = place;
    let Arrival { opened, device, log, log_key, key_place, password } = arrival;
    let present = engine.devices.vault(vault)?.is_some();
    let NewFolder { name: folder_name, mut store, lock } = NewFolder::make(vault, ctx)?;
    let keys = Keys::new(opened);
    let replica = Replica::new(log, ControlHead::new(control.heads().iter().copied()));
    let seed = keys.seal_local(local::LOG_KEY, log_key.expose(), &mut ctx.entropy())?;
    let state = keys.seal_local(local::REPLICA, &replica.state().encode(), &mut ctx.entropy())?;
    let record = Record { registered: true, ..Record::new(origin.as_str().to_owned()) };
    let record = keys.seal_local(SYNC, &record.encode(), &mut ctx.entropy())?;
    store.write(|tx| {
        put_control(tx, &control)?;
        tx.put_local(local::LOG_KEY, &seed)?;
        tx.put_local(local::REPLICA, &state)?;
        tx.put_local(SYNC, &record)
    })?;
    let entry = VaultEntry::new(vault, folder_name, name, device, log, ctx.now_ms);
    let unlocked = Unlocked { entry: entry.clone(), store, control, opened: keys.into_opened(), key_place, lock };
    let (mut session, _) = Session::open(unlocked, ctx)?;
    session.joining = Some(Box::new(Joining { request, entry, present, password, key_place }));
    engine.session = Some(session);
    engine.begin_opening();
    engine.start_sync(ctx);
    Ok(Step::Later)
}

impl Engine {
    /// The pull of a joining device has ended: the vault becomes this device's, or nothing of it stays.
    pub(crate) fn joined(&mut self, result: Result<(), Failure>, ctx: &mut Ctx<'_>) {
        let Some(joining) = self.session.as_mut().and_then(|session| session.joining.take()) else { return };
        let request = joining.request;
        self.set_current(request);
        let step = match result {
            Ok(()) => self.take_possession(*joining, ctx),
            Err(failure) => {
                self.drop_joining(&joining.entry.folder, ctx);
                Err(failure)
            }
        };
        self.proceed(request, step, ctx);
    }

    fn take_possession(&mut self, joining: Joining, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let Joining { entry, present, password, key_place, .. } = joining;
        let Some(session) = self.session.take() else { return Err(Failure::Locked) };
        let Session { store, control, keys, _lock: lock, .. } = session;
        store.quick_check()?;
        match present {
            // The earlier folder stays on disk until the vault is deleted.
            true => self.devices.replace(&entry)?,
            false => self.devices.add(&entry)?,
        }
        let unlocked = Unlocked { entry, store, control, opened: keys.into_opened(), key_place, lock };
        self.move_in(unlocked, ctx)?;
        match password {
            Some(_) => rekey(self, password, Strength::Alone, KitChange::Replace, Box::new(|engine, ctx| engine.show_opened(ctx)), ctx),
            None => self.show_opened(ctx),
        }
    }

    /// Takes away what was built: ciphertext that nothing lists.
    pub(crate) fn drop_joining(&mut self, folder: &str, ctx: &mut Ctx<'_>) {
        self.session = None;
        self.opening = None;
        ctx.host.delete_folder(folder).ok();
    }
}

impl Joining {
    /// Who waits for it.
    pub(crate) fn request(&self) -> RequestId {
        self.request
    }

    /// The folder that is being filled.
    pub(crate) fn folder(&self) -> &str {
        &self.entry.folder
    }
}
