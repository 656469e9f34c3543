//! What a device could read before it was removed (LD03).
//!
//! Everything that was ever handed to a carrier: whether the device has fetched it, only it knows. What is left are items that exist in
//! changes which no carrier has; these are sealed anew before they are sent.

use std::collections::BTreeSet;

use vault_protocol::{Dot, LogId, ObjectId};
use vault_store::StoreError;

use crate::{event::Failure, session::Session};

impl Session {
    /// Items that no carrier has anything of.
    pub(crate) fn items_never_sent(&self) -> Result<Vec<ObjectId>, Failure> {
        let own = self.replica.state().own;
        let Some(first) = self.first_unpushed(own)? else { return Ok(Vec::new()) };
        let mut frames = Vec::new();
        self.store.read().unpushed(own, u32::MAX, |record| {
            frames.push(record.bytes.to_vec());
            Ok::<(), StoreError>(())
        })?;
        let mut touched = BTreeSet::new();
        for frame in frames {
            let opened = self.open_frame(frame).map_err(|_| Failure::NotAuthentic)?;
            touched.extend(opened.body.iter().flat_map(|body| &body.ops).filter_map(|op| op.object()));
        }
        let mut unseen = Vec::new();
        for object in touched {
            if self.index.row(object).is_some() && self.is_all_after(object, own, first)? {
                unseen.push(object);
            }
        }
        Ok(unseen)
    }

    /// Whether every write of an object, present and past, is one of `log` from entry `first` on.
    fn is_all_after(&self, object: ObjectId, log: LogId, first: u64) -> Result<bool, Failure> {
        let is_after = |dot: &Dot| dot.log == log && dot.seq >= first;
        let Some(state) = self.state(object)? else { return Ok(false) };
        if !state.fields().flat_map(|(_, field)| field.dots()).all(|dot| is_after(&dot)) {
            return Ok(false);
        }
        let mut all = true;
        self.each_past(object, |record| all &= is_after(&record.dot))?;
        Ok(all)
    }
}
