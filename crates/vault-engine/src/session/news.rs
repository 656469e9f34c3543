//! What the log notices, as the person hears it.

use crate::{
    event::Notice,
    log::{
        hlc::MAX_AHEAD_MS,
        replica::{Notice as LogNotice, ReplicaState},
    },
};

/// What is told of a step.
pub(crate) fn of_step(notices: &[LogNotice]) -> impl Iterator<Item = Notice> {
    notices.iter().filter_map(|notice| match notice {
        LogNotice::TrashOverruled(object) => Some(Notice::Resurrected(*object)),
        // Its item is in the trash again, where it is seen; clocks are compared at opening; snapshots are not part of rules version 1.
        LogNotice::PurgeOverruled(_) | LogNotice::ClockAhead(_) | LogNotice::TruncateAsked(_) | LogNotice::SnapshotOffered { .. } => None,
    })
}

/// Whether this computer's clock is so far behind the newest entry of any log, by its author's clock, that stamps are not followed.
pub(crate) fn of_clock(state: &ReplicaState, now_ms: u64) -> Option<Notice> {
    let newest_ms = state.logs.values().map(|log| log.wall_ms).max()?;
    let behind_ms = newest_ms.saturating_sub(now_ms);
    (behind_ms > MAX_AHEAD_MS).then_some(Notice::ClockBehind(behind_ms))
}

#[cfg(test)]
mod tests {
    use vault_protocol::{LogId, ObjectId};

    use super::*;
    use crate::log::replica::LogState;

    #[test]
    fn an_item_that_came_back_from_the_trash_is_told() {
        let (object, log) = (ObjectId([1; 16]), LogId([2; 16]));
        let notices = [LogNotice::TrashOverruled(object), LogNotice::PurgeOverruled(object), LogNotice::ClockAhead(log)];
        assert_eq!(of_step(&notices).collect::<Vec<_>>(), [Notice::Resurrected(object)]);
    }

    #[test]
    fn a_clock_more_than_ten_minutes_behind_the_newest_entry_is_told() {
        let log = |wall_ms| LogState { wall_ms, ..LogState::default() };
        let logs = [(LogId([1; 16]), log(5_000_000)), (LogId([2; 16]), log(7_000_000))].into();
        let state = ReplicaState { logs, ..ReplicaState::default() };
        assert_eq!(of_clock(&state, 7_000_000 - MAX_AHEAD_MS), None);
        assert_eq!(of_clock(&state, 6_999_999 - MAX_AHEAD_MS), Some(Notice::ClockBehind(MAX_AHEAD_MS + 1)));
        assert_eq!(of_clock(&state, 8_000_000), None);
        assert_eq!(of_clock(&ReplicaState::default(), 0), None);
    }
}
