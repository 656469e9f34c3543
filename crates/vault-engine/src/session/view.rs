//! What the window gets of an open item and of its past.

use std::collections::HashMap;

use vault_model::{FieldClass, FieldId, FieldKey, Item, ItemView, SecretText, Seen, check::Day, payload, view::Surroundings};
use vault_protocol::{Dot, LogId, ObjectId};
use vault_store::BlobState;

use super::{Session, live::LiveItem};
use crate::{
    context::Ctx,
    engine::Engine,
    event::{Event, Failure, PastValue},
    log::{
        object::{HistoryRecord, ObjectState, Written},
        row,
    },
};

impl Session {
    /// The view of an item; it becomes the live one.
    pub(crate) fn show(&mut self, item: ObjectId, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let (read, state) = self.item(item)?;
        let seen = Seen(state.fields().map(|(key, field)| (key.clone(), field.dots())).collect());
        let is_local = |blob| self.store.read().blob(blob).ok().flatten().is_some_and(|record| record.state == BlobState::Present);
        let is_remote = |blob| self.store.read().blob_copy(blob).is_ok_and(|copy| copy.remote);
        let around = Surroundings {
            changed_ms: state.modified_ms(),
            changed_by: self.author_of_last_write(&state),
            seen,
            is_local: &is_local,
            is_remote: &is_remote,
            today: Day::of_unix_ms(ctx.now_ms),
        };
        let mut view = ItemView::new(&read, around);
        // Two devices that wrote the same, or both kept the item alive, do not contradict each other.
        view.conflicts = state.conflicts().cloned().collect();
        for field in &mut view.fields {
            if !view.conflicts.contains(&payload::field_key(&field.id)) {
                field.n_conflicting = 0;
            }
        }
        self.live = Some(LiveItem::new(&read));
        ctx.emit(Event::Item(Box::new(view)));
        self.tick(ctx);
        Ok(())
    }

    /// The item as it was when its editor was opened: the values of the writes in `seen`.
    pub(crate) fn item_as_seen(&self, item: ObjectId, seen: &Seen) -> Result<Item, Failure> {
        let state = self.state(item)?.ok_or(Failure::NotFound)?;
        let mut writes: HashMap<Dot, Written> =
            state.fields().flat_map(|(_, field)| field.live()).map(|(dot, written)| (*dot, written.clone())).collect();
        if !seen.0.iter().flat_map(|(_, dots)| dots).all(|dot| writes.contains_key(dot)) {
            self.each_past(item, |record| drop(writes.insert(record.dot, record.write.clone())))?;
        }
        let shown =
            |dots: &[Dot]| dots.iter().filter_map(|dot| Some((writes.get(dot)?, *dot))).max_by_key(|(written, dot)| (written.hlc, *dot));
        let values = seen.0.iter().filter_map(|(key, dots)| Some((key, shown(dots)?.0.value.as_ref()?.expose())));
        payload::compose(item, values).map_err(|_| Failure::NotFound)
    }

    /// One field's text.
    pub(crate) fn reveal(&self, item: ObjectId, field: &FieldId) -> Result<SecretText, Failure> {
        let (item, _) = self.item(item)?;
        Ok(item.field(field).ok_or(Failure::NotFound)?.value.duplicate())
    }

    /// Current and past values of an item's fields, newest first.
    pub(crate) fn past(&self, item: ObjectId, field: Option<&FieldId>) -> Result<Vec<PastValue>, Failure> {
        let state = self.state(item)?.ok_or(Failure::NotFound)?;
        let wanted = field.map(payload::field_key);
        let is_wanted = |key: &FieldKey| match &wanted {
            Some(wanted) => key == wanted,
            None => !matches!(key.class, FieldClass::Alive | FieldClass::Object | FieldClass::Created),
        };
        let mut out = Vec::new();
        for (key, field) in state.fields().filter(|(key, _)| is_wanted(key)) {
            out.extend(field.live().map(|(dot, written)| self.past_value(key, *dot, written, true)));
        }
        self.each_past(item, |record| {
            if is_wanted(&record.key) {
                out.push(self.past_value(&record.key, record.dot, &record.write, false));
            }
        })?;
        out.sort_by_key(|value| std::cmp::Reverse((value.wall_ms, value.dot)));
        Ok(out)
    }

    /// The write named `dot`, current or past.
    pub(crate) fn past_write(&self, item: ObjectId, dot: Dot) -> Result<(FieldKey, Written), Failure> {
        let state = self.state(item)?.ok_or(Failure::NotFound)?;
        if let Some((key, written)) = state.live_write(dot) {
            return Ok((key.clone(), written.clone()));
        }
        let mut found = None;
        self.each_past(item, |record| {
            if record.dot == dot {
                found = Some((record.key.clone(), record.write.clone()));
            }
        })?;
        found.ok_or(Failure::NotFound)
    }

    /// Visits every past write of an object, in the order in which they left its row.
    pub(crate) fn each_past(&self, object: ObjectId, mut visit: impl FnMut(&HistoryRecord)) -> Result<(), Failure> {
        for page in 0..self.store.read().n_history(object)? {
            let sealed = self.store.read().history_page(object, page)?.ok_or(Failure::Damaged)?;
            let body = self.keys.open_page(object, page, &sealed).map_err(|_| Failure::NotAuthentic)?;
            row::decode_history(&body).map_err(|_| Failure::Damaged)?.iter().for_each(&mut visit);
        }
        Ok(())
    }

    fn past_value(&self, key: &FieldKey, dot: Dot, written: &Written, current: bool) -> PastValue {
        PastValue {
            dot,
            key: key.clone(),
            wall_ms: written.wall_ms,
            device: self.device_of(dot.log),
            shown: written.value.as_ref().and_then(|value| payload::shown(key, value.expose())),
            current,
            absent: written.value.is_none(),
        }
    }

    fn author_of_last_write(&self, state: &ObjectState) -> String {
        let last = state.fields().flat_map(|(_, field)| field.live()).max_by_key(|(dot, written)| (written.hlc, **dot));
        last.map(|(dot, _)| self.device_of(dot.log)).unwrap_or_default()
    }

    /// The name of the device that writes a log; empty if it has none.
    pub(crate) fn device_of(&self, log: LogId) -> String {
        let device = self.control.state().logs().get(&log).map(|state| ObjectId(state.device.0));
        device.and_then(|device| self.device_names.get(&device)).cloned().unwrap_or_default()
    }
}

impl Engine {
    /// Shows an item again if it is the one that the window looks at.
    pub(crate) fn show_again(&mut self, item: ObjectId, ctx: &mut Ctx<'_>) {
        if let Some(session) = self.session.as_mut().filter(|session| session.live.as_ref().is_some_and(|live| live.item == item)) {
            // The change before it stands whether or not it can be shown.
            session.show(item, ctx).ok();
        }
    }
}
