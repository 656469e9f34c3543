//! When all is quiet again.

use std::collections::BTreeSet;

use vault_engine::{
    Command, Event,
    command::{Scope, Sort},
    sync::SyncState,
};
use vault_model::FieldKey;
use vault_protocol::{Dot, ObjectId};

use super::Simulation;
use crate::sync::{assert_sound, past_values, status};

/// Rounds in which all exchange and sign what they have seen: what a purge waits for.
const N_ROUNDS: usize = 3;

impl Simulation {
    pub(super) fn settle(&mut self) {
        self.line.borrow_mut().cut_off(BTreeSet::new());
        self.line.borrow_mut().be_good();
        for _ in 0..N_ROUNDS {
            for n in self.living() {
                self.pass(10);
                self.be_open(n);
                self.send(n, Command::SyncNow);
            }
            for n in self.living() {
                self.pass(10);
                self.be_open(n);
                self.send(n, Command::Lock);
                self.be_open(n);
            }
        }
        for _ in 0..N_ROUNDS {
            for n in self.living() {
                self.pass(10);
                self.be_open(n);
                let failure = self.send(n, Command::SyncNow).1;
                assert_eq!(failure, None, "device {n} is quiet");
            }
        }
    }

    /// A moment in the middle at which all is quiet: what is gone then is gone for ever, if all members that a purge waits for are here.
    pub(super) fn quiet_moment(&mut self) {
        self.settle();
        let living = self.living();
        let n_machines = living.iter().filter(|n| self.replicas[**n].copy_of.is_none()).count();
        let n_members = status(self.device(living[0])).devices.len();
        if n_machines == n_members {
            for item in self.model.items.clone() {
                if self.history_of(living[0], item).is_none() {
                    self.model.is_gone(item);
                }
            }
        }
        self.line.borrow_mut().be_bad();
    }

    pub(super) fn assert_all_is_well(&mut self) {
        let living = self.living();
        let first = living[0];
        let stand = self.stand_of(first);
        for n in &living[1..] {
            assert_eq!(self.stand_of(*n), stand, "devices {first} and {n} hold the same");
        }
        // The past is not in the root: it is compared with that of one other, in turn.
        let other = living[self.rng.below(living.len())];
        for item in self.model.items.clone() {
            let history = self.history_of(first, item);
            if other != first {
                assert_eq!(self.history_of(other, item), history, "devices {first} and {other} have the same past of {item}");
            }
            match history {
                Some(_) => {
                    let past: BTreeSet<String> = past_values(self.device(first), item, "password").into_iter().collect();
                    self.model.check_there(first, item, &past);
                }
                None => self.model.check_gone(item),
            }
        }
        assert_sound(self.device(other));
    }

    /// Six words, and what each list shows.
    fn stand_of(&mut self, n: usize) -> (Vec<String>, Vec<Vec<ObjectId>>) {
        let status = status(self.device(n));
        assert_eq!((&status.state, status.n_unpushed), (&SyncState::UpToDate, 0), "device {n}");
        let scopes = [Scope::All, Scope::Trash, Scope::Conflicts];
        (status.fingerprint, scopes.into_iter().map(|scope| self.list(n, scope)).collect())
    }

    fn list(&mut self, n: usize, scope: Scope) -> Vec<ObjectId> {
        let events = self.device(n).ok(Command::Search { query: String::new(), scope, sort: Sort::Title });
        let found = events.into_iter().find_map(|event| if let Event::Found(_, ids) = event { Some(ids) } else { None });
        found.expect("a search answers")
    }

    /// Every write of an item, current or past; `None` if the item is not there.
    fn history_of(&mut self, n: usize, item: ObjectId) -> Option<BTreeSet<(FieldKey, Dot, bool)>> {
        let (events, failure) = self.send(n, Command::History { item, field: None });
        if failure.is_some() {
            return None;
        }
        let past = events.into_iter().find_map(|event| if let Event::History(_, past) = event { Some(past) } else { None });
        Some(past.expect("a history").into_iter().map(|past| (past.key, past.dot, past.current)).collect())
    }
}
