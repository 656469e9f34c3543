//! The loop that every platform runs: inputs first, so that a lock always wins, then one slice of long work.

use std::collections::VecDeque;

use crate::{
    command::{Command, RequestId},
    context::Output,
    effect::{Effect, EffectId, Host, Reply},
    engine::{Engine, Input, Progressed},
    event::{Event, Failure},
};

/// An engine with its host and its queue of inputs.
pub struct Driver<H: Host> {
    engine: Engine,
    host: H,
    inputs: VecDeque<Input>,
    wake_at_ms: Option<u64>,
    out: Vec<Output>,
}

/// When [`Driver::turn`] is due again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// When an input comes, or at this time (Unix milliseconds).
    Idle {
        /// `None` = only when an input comes.
        wake_at_ms: Option<u64>,
    },
    /// At once.
    More,
}

impl<H: Host> Driver<H> {
    /// Opens the data folder of the host. `now_ms` = Unix milliseconds.
    ///
    /// # Errors
    ///
    /// [`Failure`] if it can't be used.
    pub fn open(mut host: H, now_ms: u64) -> Result<Self, Failure> {
        Ok(Self { engine: Engine::open(&mut host, now_ms)?, host, inputs: VecDeque::new(), wake_at_ms: None, out: Vec::new() })
    }

    /// The platform's half.
    pub fn host(&mut self) -> &mut H {
        &mut self.host
    }

    /// Queues a command. What is queued goes before every slice of long work, in its order: what was saved before a lock is saved.
    pub fn send(&mut self, request: RequestId, command: Command) {
        if let Command::Cancel(other) = command {
            let n_before = self.inputs.len();
            self.inputs.retain(|input| !matches!(input, Input::Command(queued, _) if *queued == other));
            if self.inputs.len() < n_before {
                self.out.push(Output::Event(Event::Failed(other, Failure::Cancelled)));
            }
        }
        self.inputs.push_back(Input::Command(request, command));
    }

    /// Queues the answer to an effect.
    pub fn reply(&mut self, effect: EffectId, reply: Reply) {
        self.inputs.push_back(Input::Reply(effect, reply));
    }

    /// Whether the answer to an effect is still awaited: work for one that was cancelled can stop.
    pub fn awaits(&self, effect: EffectId) -> bool {
        self.engine.awaits(effect)
    }

    /// Handles what is queued, or else does one slice of long work; hands what comes of it to `sink`.
    pub fn turn(&mut self, now_ms: u64, sink: &mut dyn FnMut(Output)) -> Turn {
        let progressed = match self.inputs.pop_front() {
            Some(input) => {
                self.engine.handle(input, now_ms, &mut self.host, &mut self.out);
                Progressed::More
            }
            None => self.engine.step(now_ms, &mut self.host, &mut self.out),
        };
        for output in self.out.drain(..) {
            if let Output::Effect(_, Effect::WakeAt(at)) = output {
                self.wake_at_ms = Some(at);
            } else {
                sink(output);
            }
        }
        match progressed {
            Progressed::More => Turn::More,
            Progressed::Idle => {
                // The step above has just dealt with every alarm up to now.
                self.wake_at_ms = self.wake_at_ms.filter(|at| *at > now_ms);
                Turn::Idle { wake_at_ms: self.wake_at_ms }
            }
        }
    }
}
