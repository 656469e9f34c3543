//! Recovery kits: read, written, checked.

use vault_crypto::{
    bytes::ReadAt,
    compose,
    kit::{self, KitError, KitFile, KitPin},
    secret::RecoverySecret,
};
use vault_model::SecretText;
use vault_protocol::control::ControlLog;

use crate::{
    bytes::SourceBytes,
    command::{KitInput, RequestId, SinkId},
    context::{Ctx, Step},
    effect::{Effect, Finish, KeyPlace, Sink},
    engine::Engine,
    event::{DeviceKeyPlace, Event, Failure, KitVerdict},
    factors::{self, MIN_CHARS_ALONE, WantedKey},
    session::local,
};

/// A kit file is far smaller; what is longer is not read.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// What goes on with a kit's secret, and with its pin if it came as a file.
pub(crate) type WithKit = Box<dyn FnOnce(&mut Engine, RecoverySecret, Option<KitPin>, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// Reads a kit as a person gives it.
pub(crate) fn read(input: KitInput, ctx: &mut Ctx<'_>, then: WithKit) -> Result<Step, Failure> {
    match input {
        KitInput::Words(words) => {
            let kit = RecoverySecret::parse_words(words.expose())?;
            Step::next(move |engine, ctx| then(engine, kit, None, ctx))
        }
        KitInput::File { source, passphrase } => {
            let mut source = SourceBytes(ctx.host.take_source(source).ok_or(Failure::NotFound)?);
            let len = source.len_bytes();
            if len > MAX_FILE_BYTES {
                return Err(Failure::KitUnreadable);
            }
            let mut wire = vec![0; len as usize];
            source.read_at(0, &mut wire)?;
            let file = KitFile::parse(&wire)?;
            let passphrase = passphrase.filter(|typed| !typed.is_empty()).ok_or(Failure::KitPassphrase)?;
            factors::derive(passphrase, file.salt(), file.cost(), move |engine, key, ctx| {
                let (kit, pin) = file.open(&key).map_err(|_| Failure::KitPassphrase)?;
                then(engine, kit, Some(pin), ctx)
            })
        }
    }
}

/// Compares a kit's pin with a verified control log, before anything is derived with that log's salt and cost.
pub(crate) fn check_pin(pin: &KitPin, log: &ControlLog) -> Result<(), Failure> {
    Ok(pin.check(log)?)
}

impl Engine {
    pub(crate) fn save_kit(&mut self, sink: SinkId, passphrase: Option<SecretText>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let mut sink = ctx.host.take_sink(sink).ok_or(Failure::NotFound)?;
        let session = self.session()?;
        // Only the device that made the kit in force has a copy, and only until the kit is checked: a kit can't be written twice later.
        let copy = session.store.read().local(local::KIT_COPY)?.ok_or(Failure::NotFound)?;
        let kit = kit::open_copy(session.keys.opened(), &copy).map_err(|_| Failure::NotAuthentic)?;
        let passphrase = passphrase.filter(|typed| !typed.is_empty()).ok_or(Failure::PassphraseRequired)?;
        factors::check_length(&passphrase, MIN_CHARS_ALONE)?;
        let pin = KitPin::of(&session.control);
        let cost = session.control.state().cost();
        let salt = compose::make_salt(&mut ctx.entropy())?;
        self.refuse_master_password(
            passphrase,
            Box::new(move |_, passphrase, _| {
                factors::derive(passphrase, salt, cost, move |_, key, ctx| {
                    let wire = KitFile::make(&kit, &pin, &key, salt, cost, &mut ctx.entropy()).map_err(|_| Failure::NoEntropy)?;
                    sink.write(&wire)?;
                    finish(sink)
                })
            }),
        )
    }

    pub(crate) fn check_kit(&mut self, request: RequestId, input: KitInput, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        self.session()?;
        read(
            input,
            ctx,
            Box::new(move |engine, kit, pin, ctx| {
                let session = engine.session()?;
                let pinned = pin.map_or(Ok(()), |pin| pin.check(&session.control));
                let verdict = match pinned.and_then(|()| kit::check_in_force(&kit, session.control.state())) {
                    Ok(()) => KitVerdict::Good,
                    Err(KitError::Replaced) => KitVerdict::Replaced,
                    Err(KitError::OtherVault) => KitVerdict::OtherVault,
                    Err(_) => return Err(Failure::NotAuthentic),
                };
                ctx.emit(Event::KitChecked(request, verdict));
                let unfinished = !session.kit_saved || session.key_place == DeviceKeyPlace::SameDisk;
                if verdict == KitVerdict::Good && unfinished { engine.kit_is_saved(ctx) } else { Ok(Step::Done) }
            }),
        )
    }

    /// The kit has been read back: this device's copy goes, and the device key's file where the key store gives the key back.
    fn kit_is_saved(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        session.check_writable()?;
        session.store.write(|tx| tx.delete_local(local::KIT_COPY))?;
        session.store.flush().ok();
        session.kit_saved = true;
        let Some(wanted) = WantedKey::of(session.control.state(), session.device) else {
            session.tell_status(ctx);
            return Ok(Step::Done);
        };
        Step::ask(Effect::KeyGet { place: KeyPlace::Os, name: wanted.name() }, move |engine, reply, ctx| {
            let held = wanted.accept(&reply).is_some();
            if held {
                engine.tell(Effect::KeyDelete { place: KeyPlace::Disk, name: wanted.name() }, ctx);
                engine.session()?.key_place = ctx.host.key_store_place();
            }
            engine.session()?.tell_status(ctx);
            Ok(Step::Done)
        })
    }

    /// Goes on with a passphrase that is not the master password.
    pub(crate) fn refuse_master_password(&mut self, passphrase: SecretText, then: WithPassphrase) -> Result<Step, Failure> {
        let session = self.session()?;
        let members = session.control.state().clone();
        if !crate::vaults::has_password(&members) {
            return Step::next(move |engine, ctx| then(engine, passphrase, ctx));
        }
        let wanted = WantedKey::of(&members, session.device);
        let check = members.clone();
        let typed = passphrase.duplicate();
        factors::gather(
            members,
            wanted,
            None,
            passphrase,
            Box::new(move |engine, gathered, ctx| match gathered.open(&check) {
                Ok(_) => Err(Failure::PassphraseIsPassword),
                Err(_) => then(engine, typed, ctx),
            }),
        )
    }
}

/// Goes on until the platform has made the file durable.
fn finish(mut sink: Box<dyn Sink>) -> Result<Step, Failure> {
    match sink.finish()? {
        Finish::Done => Ok(Step::Done),
        Finish::Pending => Step::next(move |_, _| finish(sink)),
    }
}

/// What goes on with a passphrase.
pub(crate) type WithPassphrase = Box<dyn FnOnce(&mut Engine, SecretText, &mut Ctx<'_>) -> Result<Step, Failure>>;

impl From<KitError> for Failure {
    fn from(error: KitError) -> Self {
        match error {
            KitError::NotAKit | KitError::WordCount { .. } | KitError::UnknownWord { .. } | KitError::Checksum => Self::KitUnreadable,
            KitError::Format { .. } => Self::TooNew,
            KitError::NotAuthentic => Self::KitPassphrase,
            KitError::OtherVault => Self::KitOfOtherVault,
            KitError::Replaced => Self::KitReplaced,
            _ => Self::NotAuthentic,
        }
    }
}
