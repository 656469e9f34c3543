//! What people and fate do.

use std::collections::BTreeSet;

use vault_engine::{Command, Event, Failure, command::Mark};
use vault_model::{DraftValue, ItemDraft};
use vault_protocol::ObjectId;

use super::Simulation;
use crate::{
    story::{credential, redraft},
    sync::past_values,
};

/// Most turns that a device lives on after a command that it dies of.
const MAX_TURNS: usize = 40;
/// How far a clock may be off, in milliseconds: seconds, hours, days, a year.
const SKEWS_MS: [i64; 8] = [0, 0, 40_000, -7_200_000, 10_800_000, -3 * 86_400_000, 40 * 86_400_000, -365 * 86_400_000];

impl Simulation {
    /// One operation.
    pub(super) fn act(&mut self) {
        let n = self.any_device();
        self.be_open(n);
        self.tell(|| format!("device {n} acts"));
        match self.rng.below(100) {
            0..15 => self.enter(n),
            15..42 => self.edit(n),
            42..47 => self.open_editor(n),
            47..51 => self.save_from_editor(),
            51..58 => self.mark(n, true),
            58..61 => self.mark(n, false),
            61..65 => self.purge(n),
            65..69 => drop(self.send(n, Command::Lock)),
            69..73 => self.die_of(n, Command::SyncNow),
            73..75 => self.die_of(n, Command::Lock),
            75..77 => self.die_while_opening(n),
            77..80 => self.die_while_saving(n),
            80..82 => self.move_clock(n),
            82..86 => self.part(),
            _ => drop(self.send(n, Command::SyncNow)),
        }
    }

    fn any_item(&mut self) -> Option<ObjectId> {
        let n_items = self.model.items.len();
        (n_items > 0).then(|| self.model.items[self.rng.below(n_items)])
    }

    fn value(&self, n: usize) -> String {
        format!("{n}-{}", self.step)
    }

    fn enter(&mut self, n: usize) {
        let value = self.value(n);
        let draft = credential(&format!("Item {}", self.step), "me", &value);
        let (events, failure) = self.send(n, Command::SaveItem(Box::new(draft)));
        if failure == Some(Failure::NotAuthentic) && self.model.has_copy(n) {
            return;
        }
        let item = saved(&events).unwrap_or_else(|| panic!("a new item is saved: {failure:?}"));
        self.model.entered(n, item, value);
    }

    /// An open editor, if the device has the item.
    fn draft_of(&mut self, n: usize, item: ObjectId, value: &str) -> Option<ItemDraft> {
        let (events, failure) = self.send(n, Command::OpenItem { item });
        if failure == Some(Failure::Locked) {
            return None;
        }
        let view = events.into_iter().find_map(|event| if let Event::Item(view) = event { Some(view) } else { None });
        self.model.looked(n, item, view.is_some());
        let mut draft = redraft(&*view?);
        for field in draft.fields.iter_mut().filter(|field| field.id.0 == "password") {
            field.value = DraftValue::Set(value.into());
        }
        Some(draft)
    }

    fn edit(&mut self, n: usize) {
        let Some(item) = self.any_item() else { return };
        let value = self.value(n);
        let Some(draft) = self.draft_of(n, item, &value) else { return };
        self.tell(|| format!("  edit of {item}: {value}"));
        let (events, failure) = self.send(n, Command::SaveItem(Box::new(draft)));
        match failure {
            // An exchange that ended in between has taken it away.
            Some(Failure::NotFound) => self.model.looked(n, item, false),
            Some(Failure::Locked) => {}
            Some(Failure::NotAuthentic) if self.model.has_copy(n) => {}
            failure => {
                assert!(saved(&events).is_some(), "an edit is saved: {failure:?}");
                self.model.entered(n, item, value);
            }
        }
    }

    /// An editor stays open while others write.
    fn open_editor(&mut self, n: usize) {
        let Some(item) = self.any_item() else { return };
        let value = self.value(n);
        if let Some(draft) = self.draft_of(n, item, &value) {
            self.editors.push((n, item, value, draft));
        }
    }

    /// It may be too late: what is refused is refused to whoever typed it, and nothing is acknowledged.
    fn save_from_editor(&mut self) {
        if self.editors.is_empty() {
            return;
        }
        let at = self.rng.below(self.editors.len());
        let (n, item, value, draft) = self.editors.swap_remove(at);
        if self.replicas[n].is_out {
            return;
        }
        self.be_open(n);
        self.tell(|| format!("device {n} saves an old draft of {item}: {value}"));
        // Not watched: where its log has moved, the device may have forgotten what the draft was made from.
        let (_, events) = self.device(n).send(Command::SaveItem(Box::new(draft)));
        if saved(&events).is_some() {
            self.model.entered(n, item, value);
        }
    }

    fn mark(&mut self, n: usize, trashed: bool) {
        let Some(item) = self.any_item() else { return };
        self.send(n, Command::MarkItems { items: vec![item], mark: Mark::Trashed(trashed) });
    }

    fn purge(&mut self, n: usize) {
        let Some(item) = self.any_item() else { return };
        self.send(n, Command::MarkItems { items: vec![item], mark: Mark::Trashed(true) });
        if self.send(n, Command::History { item, field: None }).1.is_some() {
            return;
        }
        let known: BTreeSet<String> = past_values(self.device(n), item, "password").into_iter().collect();
        self.tell(|| format!("  purge of {item}, which had {known:?}"));
        if self.send(n, Command::PurgeItems { items: vec![item] }).1.is_none() {
            self.model.purge_asked(n, item, known);
        }
    }

    /// The device dies some turns after it was given a command; gives what it had said by then.
    pub(super) fn die_of(&mut self, n: usize, command: Command) {
        let name = command.name();
        self.device(n).start(command);
        let events = self.die(n);
        self.watch(n, name, &events);
    }

    fn die(&mut self, n: usize) -> Vec<Event> {
        let n_turns = self.rng.below(MAX_TURNS);
        let events = self.device(n).turns(n_turns);
        self.world.crash(n);
        self.editors.retain(|(of, ..)| *of != n);
        events
    }

    fn die_while_opening(&mut self, n: usize) {
        self.send(n, Command::Lock);
        let (vault, number) = (self.vault(), self.replicas[n].password);
        let password = self.passwords[number].as_str().into();
        self.die_of(n, Command::Unlock { vault, password });
    }

    fn die_while_saving(&mut self, n: usize) {
        let Some(item) = self.any_item() else { return };
        let value = self.value(n);
        let Some(draft) = self.draft_of(n, item, &value) else { return };
        self.device(n).start(Command::SaveItem(Box::new(draft)));
        let events = self.die(n);
        if saved(&events).is_some() {
            self.model.entered(n, item, value);
        }
    }

    fn move_clock(&mut self, n: usize) {
        self.replicas[n].skew_ms = SKEWS_MS[self.rng.below(SKEWS_MS.len())];
        self.set_clocks();
    }

    /// Another group of devices reaches nobody from now on; often none.
    fn part(&mut self) {
        let mut cut_off = BTreeSet::new();
        if self.rng.one_in(2) {
            for n in self.living() {
                if self.rng.one_in(2) {
                    cut_off.insert(self.device(n).number);
                }
            }
        }
        self.line.borrow_mut().cut_off(cut_off);
    }
}

fn saved(events: &[Event]) -> Option<ObjectId> {
    events.iter().find_map(|event| if let Event::Saved(_, item) = event { Some(*item) } else { None })
}
