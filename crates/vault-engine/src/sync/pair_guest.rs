//! The new device: types the code, shows the comparison code, is enrolled, and opens its own slot with the master password.

use vault_crypto::{
    secret::{DeviceSecret, LogSigningKey},
    vault::Opened,
};
use vault_model::SecretText;
use vault_pairing::{Channel, Guest, PairCode};
use vault_protocol::{
    DeviceId, Hash, KemPublicKey, LogId, Signer, SigningPublicKey, VaultId,
    api::{Challenge, OpenSession, Origin, Purpose, RelaySide},
    control::ControlLog,
    limits::MAX_CONTROL_ENTRIES,
};

use super::{
    PairingStep, SyncAlarm,
    call::{ask, parse_server},
    join::{Arrival, Place, build, read_control},
    pair::{Mailbox, nonsense},
};
use crate::{
    command::RequestId,
    context::{Ctx, Step},
    engine::Engine,
    event::{DeviceKeyPlace, Event, Failure, LockReason},
    factors::{self, WantedKey},
    log::cbor,
    rekey::put_key,
    vaults::checked_name,
};

/// What the host said of the vault.
struct Hello {
    did: SigningPublicKey,
    heads: Vec<Hash>,
}

/// This device as it is enrolled.
struct Newcomer {
    device: DeviceId,
    log: LogId,
    log_key: LogSigningKey,
    device_key: KemPublicKey,
    key_place: DeviceKeyPlace,
}

/// Enrolled, and waiting for the master password.
pub(crate) struct GuestPairing {
    pub(crate) request: RequestId,
    place: Place,
    control: ControlLog,
    newcomer: Newcomer,
}

impl Engine {
    pub(crate) fn pair_join(
        &mut self,
        request: RequestId,
        server: &str,
        code: &SecretText,
        name: &str,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let origin = parse_server(server)?;
        let name = checked_name(name)?;
        let code = PairCode::parse(code.expose())?;
        if !ctx.host.is_writable() {
            return Err(Failure::ReadOnly);
        }
        self.lock(LockReason::Switched, ctx);
        let (guest, first) = Guest::begin(&code, &mut ctx.entropy())?;
        let mailbox = Mailbox::new(origin, &code, RelaySide::Guest, ctx.now_ms);
        mailbox.send(first, move |_, mailbox, _| {
            mailbox.receive(Box::new(move |_, mailbox, answer, ctx| {
                let (mut channel, opening) = guest.finish(&answer)?;
                let own_name = channel.seal(ctx.host.device_name().as_bytes())?;
                mailbox.send(opening, move |_, mailbox, _| {
                    mailbox.send(own_name, move |_, mailbox, ctx| {
                        let code = channel.code().0.clone();
                        ctx.emit(Event::Pairing(request, PairingStep::Compare { code, device: String::new() }));
                        mailbox.receive_sealed(
                            channel,
                            Box::new(move |_, mailbox, channel, hello, ctx| {
                                let hello = read_hello(&hello)?;
                                become_member(request, name, mailbox, channel, hello, ctx)
                            }),
                        )
                    })
                })
            }))
        })
    }

    /// The master password opens this device's slot, and everything is pulled.
    pub(crate) fn pair_finish(&mut self, request: RequestId, password: SecretText) -> Result<Step, Failure> {
        let paired = self.paired.as_ref().ok_or(Failure::NotFound)?;
        let members = paired.control.state().clone();
        let wanted = WantedKey { vault: paired.place.vault, public: paired.newcomer.device_key };
        factors::gather(
            members,
            Some(wanted),
            None,
            password,
            Box::new(move |engine, gathered, ctx| {
                let paired = engine.paired.as_ref().ok_or(Failure::NotFound)?;
                // A wrong password may be typed again: the device is a member already.
                let opened: Opened = gathered.open(paired.control.state()).map_err(|error| factors::unlock_failure(error, &gathered))?;
                let Some(GuestPairing { request: shown, place, control, newcomer }) = engine.paired.take() else {
                    return Err(Failure::NotFound);
                };
                ctx.emit(Event::Done(shown));
                let Newcomer { device, log, log_key, key_place, .. } = newcomer;
                let arrival = Arrival { opened, device, log, log_key, key_place, password: None };
                build(engine, request, place, control, arrival, ctx)
            }),
        )
    }

    /// The password is not typed any more: this device stays enrolled and has nothing; a member may set it aside.
    pub(crate) fn end_paired(&mut self, failure: Failure, ctx: &mut Ctx<'_>) {
        if let Some(paired) = self.paired.take() {
            ctx.emit(Event::Failed(paired.request, failure));
        }
    }
}

/// Makes this device's keys, has itself enrolled, and reads the control log as a member.
fn become_member(
    request: RequestId,
    name: String,
    mailbox: Mailbox,
    channel: Channel,
    hello: Hello,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let vault = hello.did.vault_id();
    let device_key = DeviceSecret::make(&mut ctx.entropy())?;
    // Another device holds the kit, or R: this one needs no second copy of its key.
    put_key(vault, device_key, true, move |_, device_key, key_place, ctx| {
        let newcomer = Newcomer {
            device: DeviceId(ctx.make_bytes()?),
            log: LogId(ctx.make_bytes()?),
            log_key: LogSigningKey::make(&mut ctx.entropy())?,
            device_key: device_key.public(),
            key_place,
        };
        let halves = cbor::encode(|writer| {
            writer.array(4)?.bytes(&newcomer.device.0)?.bytes(&newcomer.log.0)?;
            writer.bytes(&newcomer.log_key.public_key().0)?.bytes(&newcomer.device_key.0)?.ok()
        });
        mailbox.exchange(
            channel,
            &halves,
            Box::new(move |_, mailbox, channel, message, _| {
                check_proof_message(vault, &newcomer, &message)?;
                let proof = newcomer.log_key.sign(&message);
                mailbox.exchange(
                    channel,
                    &proof.0,
                    Box::new(move |_, mailbox, _, enrolment, _| {
                        let enrolment = Hash::from_slice(&enrolment).ok_or_else(|| nonsense(()))?;
                        log_in(request, mailbox.origin, name, newcomer, Hello { heads: [hello.heads, vec![enrolment]].concat(), ..hello })
                    }),
                )
            }),
        )
    })
}

/// A fresh key signs nothing but its own enrolment in this vault.
fn check_proof_message(vault: VaultId, newcomer: &Newcomer, message: &[u8]) -> Result<(), Failure> {
    let holds = |part: &[u8]| message.windows(part.len()).any(|window| window == part);
    let begins = message.starts_with(&[b"nt2 enrol v1".as_slice(), &vault.0].concat());
    let all =
        holds(&newcomer.device.0) && holds(&newcomer.log.0) && holds(&newcomer.log_key.public_key().0) && holds(&newcomer.device_key.0);
    if begins && all { Ok(()) } else { Err(nonsense(())) }
}

fn log_in(request: RequestId, origin: Origin, name: String, newcomer: Newcomer, hello: Hello) -> Result<Step, Failure> {
    let vault = hello.did.vault_id();
    let call = Challenge { vault, key: newcomer.log_key.public_key() };
    let server = origin.clone();
    ask(&server, &call, None, move |_, result, _| {
        let challenged = result.map_err(|error| error.failure())?;
        let call = OpenSession::sign(vault, Purpose::Sync, origin.clone(), &challenged, &newcomer.log_key);
        let server = origin.clone();
        ask(&server, &call, None, move |_, result, _| {
            let token = result.map_err(|error| error.failure())?.token;
            let place = Place { vault, origin, name, token };
            read_control(
                place,
                Vec::new(),
                Box::new(move |place, control| {
                    // The host's head is the pin: an older or another record is not taken.
                    if control.state().did() != hello.did || hello.heads.iter().any(|head| !control.contains(*head)) {
                        return Err(Failure::ServerAlarm(SyncAlarm::RecordRollback));
                    }
                    Step::next(move |engine, ctx| {
                        ctx.emit(Event::Pairing(request, PairingStep::PasswordNeeded));
                        engine.paired = Some(GuestPairing { request, place, control, newcomer });
                        Ok(Step::Later)
                    })
                }),
            )
        })
    })
}

fn read_hello(bytes: &[u8]) -> Result<Hello, Failure> {
    let mut reader = vault_model::cbor::Reader::new(bytes);
    let mut read = || {
        cbor::tuple(&mut reader, 2)?;
        let did = SigningPublicKey(cbor::fixed(&mut reader)?);
        let n_heads = cbor::array_len(&mut reader, MAX_CONTROL_ENTRIES)?;
        let heads = (0..n_heads).map(|_| Ok(Hash(cbor::fixed(&mut reader)?))).collect::<Result<_, cbor::BodyError>>()?;
        Ok::<_, cbor::BodyError>(Hello { did, heads })
    };
    read().map_err(nonsense)
}
