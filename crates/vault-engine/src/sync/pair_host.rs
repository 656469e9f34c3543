//! The device that has the vault: makes the code, shows the comparison code, and enrols the other one when the master password is typed.

use vault_crypto::{
    compose::{EnrolDraft, NewDevice, make_enrol_draft},
    secret::PasswordKey,
};
use vault_model::SecretText;
use vault_pairing::{Channel, Host, PairCode};
use vault_protocol::{
    DeviceId, KemPublicKey, LogId, Signature, SigningPublicKey,
    api::{Origin, RelaySide},
};

use super::{
    PairingFailure, PairingStep,
    pair::{CODE_LIFE_MS, Mailbox, nonsense},
};
use crate::{
    command::RequestId,
    context::{Ctx, Step},
    engine::Engine,
    event::{Event, Failure},
    factors::Gathered,
    log::cbor,
};

/// Messages that do not come from who knows the code, before the code is void (THREATS MS22).
const MAX_TRIES: u32 = 3;
/// Longest name of a device, in bytes.
const MAX_NAME_BYTES: usize = 200;

/// A channel whose people are comparing the code.
pub(crate) struct HostPairing {
    pub(crate) request: RequestId,
    mailbox: Mailbox,
    channel: Channel,
    name: String,
}

impl Engine {
    pub(crate) fn pair_host(&mut self, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        let record = session.sync.record.as_ref().filter(|_| session.sync.is_on()).ok_or(Failure::SyncOff)?;
        let origin = Origin::parse(&record.server).ok_or(Failure::BadServer)?;
        let code = PairCode::make(&mut ctx.entropy())?;
        let expires_ms = ctx.now_ms + CODE_LIFE_MS;
        let shown = SecretText::new(code.expose_text().to_string());
        ctx.emit(Event::Pairing(request, PairingStep::Code { code: shown, server: origin.as_str().to_owned(), expires_ms }));
        let mailbox = Mailbox::new(origin, &code, RelaySide::Host, ctx.now_ms);
        meet(request, mailbox, code, 1)
    }

    pub(crate) fn pair_confirm(&mut self, request: RequestId, password: SecretText, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let waiting = self.pairing.as_ref().ok_or(Failure::NotFound)?;
        if waiting.mailbox.expires_ms <= ctx.now_ms {
            return Err(Failure::Pairing(PairingFailure::TimedOut));
        }
        let let_in = move |engine: &mut Engine, gathered: Gathered, _: &mut Ctx<'_>| {
            let pairing = engine.pairing.take().ok_or(Failure::NotFound)?;
            engine.confirming = Some((request, pairing.request));
            introduce(engine, request, pairing, gathered.password)
        };
        self.prove_password(password, Box::new(let_in), ctx)
    }

    /// Nobody compares any more: the request that showed the code ends.
    pub(crate) fn end_pairing(&mut self, failure: Failure, ctx: &mut Ctx<'_>) {
        let shown = self.pairing.take().map(|pairing| pairing.request).or(self.confirming.take().map(|(_, shown)| shown));
        if let Some(shown) = shown {
            ctx.emit(Event::Failed(shown, failure));
        }
    }
}

/// Waits for the other device; a message of who does not know the code counts as a try.
fn meet(request: RequestId, mailbox: Mailbox, code: PairCode, n_tries: u32) -> Result<Step, Failure> {
    mailbox.receive(Box::new(move |_, mailbox, message, ctx| match Host::answer(&code, &message, &mut ctx.entropy()) {
        Ok((host, answer)) => mailbox.send(answer, move |_, mailbox, _| {
            mailbox.receive(Box::new(move |_, mailbox, opening, _| {
                let channel = host.finish(&opening)?;
                mailbox.receive_sealed(
                    channel,
                    Box::new(move |engine, mailbox, channel, name, ctx| {
                        let name = String::from_utf8(name).map_err(nonsense)?;
                        if name.len() > MAX_NAME_BYTES {
                            return Err(nonsense(()));
                        }
                        engine.session()?;
                        let code = channel.code().0.clone();
                        ctx.emit(Event::Pairing(request, PairingStep::Compare { code, device: name.clone() }));
                        engine.pairing = Some(HostPairing { request, mailbox, channel, name });
                        Ok(Step::Later)
                    }),
                )
            }))
        }),
        Err(_) if n_tries < MAX_TRIES => meet(request, mailbox, code, n_tries + 1),
        Err(error) => Err(error.into()),
    }))
}

/// The codes are equal and the password is right: says which vault it is, and enrols the other device.
fn introduce(engine: &mut Engine, request: RequestId, pairing: HostPairing, password: Option<PasswordKey>) -> Result<Step, Failure> {
    let HostPairing { request: shown, mailbox, channel, name } = pairing;
    let session = engine.session()?;
    let (did, heads) = (session.control.state().did(), session.control.heads().to_vec());
    let hello = cbor::encode(|writer| {
        writer.array(2)?.bytes(&did.0)?;
        cbor::write_hashes(writer, &heads)
    });
    mailbox.exchange(
        channel,
        &hello,
        Box::new(move |engine, mailbox, channel, halves, ctx| {
            let new = read_halves(&halves)?;
            let session = engine.session()?;
            let draft = make_enrol_draft(&session.control, session.keys.opened(), password.as_ref(), new, &mut ctx.entropy())?;
            let message = draft.message().to_vec();
            mailbox.exchange(
                channel,
                &message,
                Box::new(move |engine, mailbox, channel, proof, ctx| {
                    let proof = <[u8; Signature::LEN]>::try_from(proof.as_slice()).map_err(nonsense)?;
                    enrol(engine, request, shown, draft, Signature(proof), Ending { mailbox, channel, name }, ctx)
                }),
            )
        }),
    )
}

/// What is left to be said when the enrolment stands.
struct Ending {
    mailbox: Mailbox,
    channel: Channel,
    name: String,
}

fn enrol(
    engine: &mut Engine,
    request: RequestId,
    shown: RequestId,
    draft: EnrolDraft,
    proof: Signature,
    ending: Ending,
    ctx: &mut Ctx<'_>,
) -> Result<Step, Failure> {
    let session = engine.session()?;
    let entry = draft.finish(&session.control, proof, &session.log_key);
    let hash = entry.hash();
    // Verified like any other's entry: a proof that is none, or heads that have moved on since, are refused here.
    session.append_control(entry, None, ctx, |_| Ok(()))?;
    session.tell_status(ctx);
    let Ending { mailbox, mut channel, name } = ending;
    // The server has to know the new member before that can log in.
    engine.after_sync(
        request,
        Box::new(move |_, _| {
            let sealed = channel.seal(&hash.0)?;
            mailbox.send(sealed, move |engine, _, ctx| {
                engine.confirming = None;
                ctx.emit(Event::Pairing(shown, PairingStep::Done { device: name }));
                ctx.emit(Event::Done(shown));
                Ok(Step::Done)
            })
        }),
        ctx,
    )
}

fn read_halves(bytes: &[u8]) -> Result<NewDevice, Failure> {
    let mut reader = vault_model::cbor::Reader::new(bytes);
    let mut read = || {
        cbor::tuple(&mut reader, 4)?;
        Ok::<_, cbor::BodyError>(NewDevice {
            device: DeviceId(cbor::fixed(&mut reader)?),
            log: LogId(cbor::fixed(&mut reader)?),
            log_key: SigningPublicKey(cbor::fixed(&mut reader)?),
            device_key: KemPublicKey(cbor::fixed(&mut reader)?),
        })
    };
    read().map_err(nonsense)
}
