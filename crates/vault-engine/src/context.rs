//! What every handler is given, and what it may answer.

use vault_crypto::{Entropy, EntropyError};

use crate::{
    command::RequestId,
    effect::{Effect, EffectId, Host, Reply},
    engine::Engine,
    event::{Event, Failure, Progress},
    session::Session,
};

/// One thing the engine gives out.
pub enum Output {
    /// For the client.
    Event(Event),
    /// For the platform; answered under this id where it has an answer.
    Effect(EffectId, Effect),
}

/// The world as a handler sees it during one call.
pub(crate) struct Ctx<'a> {
    /// Unix milliseconds.
    pub(crate) now_ms: u64,
    /// The platform's synchronous half.
    pub(crate) host: &'a mut dyn Host,
    /// What is given out.
    pub(crate) out: &'a mut Vec<Output>,
}

impl Ctx<'_> {
    /// Tells the client.
    pub(crate) fn emit(&mut self, event: Event) {
        self.out.push(Output::Event(event));
    }

    /// The system's generator in the form that makers and sealers take.
    pub(crate) fn entropy(&mut self) -> HostEntropy<'_> {
        HostEntropy(self.host)
    }

    /// A random id.
    pub(crate) fn make_bytes<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let mut bytes = [0; N];
        self.host.entropy(&mut bytes).map_err(|_| Failure::NoEntropy)?;
        Ok(bytes)
    }
}

/// The host as a source of randomness.
pub(crate) struct HostEntropy<'a>(pub(crate) &'a mut dyn Host);

impl Entropy for HostEntropy<'_> {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), EntropyError> {
        self.0.entropy(out)
    }
}

/// What goes on without a reply.
pub(crate) type Then = Box<dyn FnOnce(&mut Engine, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// What goes on with a reply.
pub(crate) type Next = Box<dyn FnOnce(&mut Engine, Reply, &mut Ctx<'_>) -> Result<Step, Failure>>;

/// Where a request stands after a handler has run.
pub(crate) enum Step {
    /// Finished.
    Done,
    /// Goes on when the platform has answered.
    Ask(Effect, Next),
    /// Goes on in slices.
    Job(Box<dyn Job>),
    /// Goes on at this time (Unix milliseconds).
    At(u64, Then),
    /// Answered by something else: the exchange with a server that it waits for.
    Later,
}

impl Step {
    /// Goes on with `next` when the platform has answered `effect`.
    pub(crate) fn ask(
        effect: Effect,
        next: impl FnOnce(&mut Engine, Reply, &mut Ctx<'_>) -> Result<Step, Failure> + 'static,
    ) -> Result<Self, Failure> {
        Ok(Self::Ask(effect, Box::new(next)))
    }

    /// Goes on with `next` in the next slice: for what may or may not have to ask first.
    pub(crate) fn next(next: impl FnOnce(&mut Engine, &mut Ctx<'_>) -> Result<Step, Failure> + 'static) -> Result<Self, Failure> {
        Self::job(Once(Some(Box::new(next))))
    }

    /// Goes on in slices.
    pub(crate) fn job(job: impl Job + 'static) -> Result<Self, Failure> {
        Ok(Self::Job(Box::new(job)))
    }
}

/// Long work in slices of at most some 20 ms. Dropped when cancelled or at lock: what it holds must clean up by itself.
pub(crate) trait Job {
    /// Does one slice.
    fn slice(&mut self, engine: &mut Engine, request: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure>;

    /// Whether it may change the open vault: then it waits while a backup reads the rows.
    fn writes(&self) -> bool {
        false
    }

    /// Whether it has a use for a slice now: files are sealed one after the other, however many were dropped at once.
    fn is_ready(&self, _: Option<&Session>) -> bool {
        true
    }

    /// Called once when it is cancelled, has failed, or the vault locks: takes away what only the host can.
    fn abandon(&mut self, _: &mut Ctx<'_>) {}
}

/// Where a job stands after a slice.
pub(crate) enum Slice {
    /// There is more to do.
    More(Progress),
    /// The request goes on as told.
    End(Step),
}

/// See [`Step::next`].
struct Once(Option<Then>);

impl Job for Once {
    fn slice(&mut self, engine: &mut Engine, _: RequestId, ctx: &mut Ctx<'_>) -> Result<Slice, Failure> {
        self.0.take().map_or(Ok(Step::Done), |next| next(engine, ctx)).map(Slice::End)
    }
}
