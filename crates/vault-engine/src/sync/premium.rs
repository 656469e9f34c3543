//! What the vault is entitled to on its server, and how a person comes to it.
//!
//! Asked for beside the exchanges, so that none waits for it, and not at each: hours pass between two questions unless the server has just
//! refused a change, or somebody has just gone to pay.

use serde::{Deserialize, Serialize};
use vault_protocol::api::{Entitlement, EntitlementState, MakeCheckout, Origin, ReadEntitlement, RedeemPromo, bounds::MAX_PROMO_CHARS};

use super::{
    SyncState,
    call::{CallError, ask},
};
use crate::{
    command::RequestId,
    context::{Ctx, Step},
    engine::{ASIDE, Engine},
    event::{Event, Failure},
};

/// Between two questions while the server takes changes, in milliseconds.
const OPEN_AGAIN_MS: u64 = 6 * 3_600_000;
/// Between two questions while it does not, in milliseconds: another device may have paid.
const CLOSED_AGAIN_MS: u64 = 15 * 60_000;
/// Between two questions after somebody went to pay, in milliseconds.
const BUYING_AGAIN_MS: u64 = 15_000;
/// For how long after that, in milliseconds: a payment takes minutes, and the shop's message some more.
const BUYING_MS: u64 = 20 * 60_000;

/// What the server takes of this vault, and until when. Reading never depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plan {
    /// The server has not said yet.
    #[default]
    Unknown,
    /// The server asks nobody: "Free (dev: sync open to all)".
    Open,
    /// Sending needs Premium, which this vault never had.
    Required,
    /// Paid or given.
    Active {
        /// By the server's clock, Unix milliseconds; `None` = without end.
        until_ms: Option<u64>,
    },
    /// Over, but sending still works until then.
    Grace {
        /// By the server's clock, Unix milliseconds.
        until_ms: u64,
    },
    /// Over.
    Expired {
        /// Since when, by the server's clock, Unix milliseconds.
        since_ms: u64,
    },
}

impl Plan {
    fn of(entitlement: Entitlement) -> Self {
        match (entitlement.state, entitlement.until_ms) {
            (EntitlementState::Open, _) => Self::Open,
            (EntitlementState::Active, until_ms) => Self::Active { until_ms },
            (EntitlementState::Grace, Some(until_ms)) => Self::Grace { until_ms },
            (EntitlementState::Expired, Some(since_ms)) => Self::Expired { since_ms },
            // A state that goes on or ended at no time is none of those.
            (EntitlementState::None | EntitlementState::Grace | EntitlementState::Expired, _) => Self::Required,
        }
    }

    /// Whether changes are taken, as far as known.
    pub fn may_send(self) -> bool {
        match self {
            Self::Unknown | Self::Open | Self::Active { .. } | Self::Grace { .. } => true,
            Self::Required | Self::Expired { .. } => false,
        }
    }

    /// When what is known is over by itself.
    fn ends_ms(self) -> Option<u64> {
        match self {
            Self::Active { until_ms } => until_ms,
            Self::Grace { until_ms } => Some(until_ms),
            Self::Unknown | Self::Open | Self::Required | Self::Expired { .. } => None,
        }
    }
}

/// What is known of the plan, and when to ask again. Not kept beyond a lock.
#[derive(Default)]
pub(crate) struct PlanWatch {
    pub(crate) plan: Plan,
    /// When it was last asked for.
    asked_ms: Option<u64>,
    /// A question is under way.
    is_asking: bool,
    /// The server has refused a change since the last answer.
    is_doubted: bool,
    /// Somebody went to pay: until then it is asked for often.
    buying_until_ms: u64,
}

impl PlanWatch {
    /// The server has refused a change: what it said before no longer holds.
    pub(super) fn doubt(&mut self) {
        self.is_doubted = self.plan.may_send();
    }

    /// When it may be asked for again.
    fn due_ms(&self, now_ms: u64) -> u64 {
        let Some(asked_ms) = self.asked_ms else { return now_ms };
        let pause_ms = match self.plan {
            _ if asked_ms < self.buying_until_ms => BUYING_AGAIN_MS,
            _ if self.is_doubted => 0,
            Plan::Unknown | Plan::Required | Plan::Expired { .. } => CLOSED_AGAIN_MS,
            plan if plan.ends_ms().is_some_and(|ends_ms| ends_ms <= now_ms) => CLOSED_AGAIN_MS,
            Plan::Open | Plan::Active { .. } | Plan::Grace { .. } => OPEN_AGAIN_MS,
        };
        asked_ms.saturating_add(pause_ms)
    }

    /// When it is asked for by itself, without an exchange: only while somebody is paying.
    fn wakes_ms(&self, now_ms: u64) -> Option<u64> {
        let is_buying = now_ms < self.buying_until_ms && !self.is_asking;
        is_buying.then(|| self.due_ms(now_ms))
    }

    fn learn(&mut self, plan: Plan) {
        if plan != self.plan {
            self.buying_until_ms = 0;
        }
        (self.plan, self.is_doubted) = (plan, false);
    }
}

impl Engine {
    /// When it is time to ask what the vault is entitled to, whether or not anything is exchanged.
    pub(crate) fn plan_due_ms(&self, now_ms: u64) -> Option<u64> {
        self.session.as_ref().filter(|session| session.sync.is_on())?.sync.plan.wakes_ms(now_ms)
    }

    /// Asks what the vault is entitled to, if it is time to.
    pub(crate) fn ask_plan(&mut self, ctx: &mut Ctx<'_>) {
        let Some(session) = self.session.as_mut().filter(|session| session.sync.is_on() && session.joining.is_none()) else { return };
        let watch = &mut session.sync.plan;
        if watch.is_asking || watch.due_ms(ctx.now_ms) > ctx.now_ms {
            return;
        }
        watch.asked_ms = Some(ctx.now_ms);
        let Some(token) = &session.sync.token else { return };
        let Some(origin) = session.sync.record.as_ref().and_then(|record| Origin::parse(&record.server)) else { return };
        session.sync.plan.is_asking = true;
        let step = ask(&origin, &ReadEntitlement { vault: session.vault }, Some(token), |engine, result, ctx| {
            engine.session()?.sync.plan.is_asking = false;
            // What was not answered is asked for at another time: nothing depends on it but words.
            if let Ok(entitlement) = result {
                engine.learn_plan(entitlement, ctx)?;
            }
            Ok(Step::Done)
        });
        self.proceed(ASIDE, step, ctx);
    }

    /// What the server said. Where it takes changes again, those that wait are sent at once.
    fn learn_plan(&mut self, entitlement: Entitlement, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        let session = self.session()?;
        let sync = &mut session.sync;
        let plan = Plan::of(entitlement);
        sync.is_news |= plan != sync.plan.plan;
        sync.plan.learn(plan);
        if plan.may_send() && sync.held.take_if(|(why, _)| *why == SyncState::PaymentRequired).is_some() {
            sync.due_ms = Some(ctx.now_ms);
        }
        Ok(())
    }

    /// Asks for the address where Premium is bought.
    pub(crate) fn open_checkout(&mut self, request: RequestId) -> Result<Step, Failure> {
        let call = MakeCheckout { vault: self.session()?.vault };
        self.call_server(call, move |engine, result, ctx| {
            let url = result.map_err(|error| error.failure())?.url;
            // Nothing in the address may name another host than the one that is shown.
            let shop = Origin::of_address(&url).ok_or_else(|| CallError::Malformed.failure())?;
            let watch = &mut engine.session()?.sync.plan;
            watch.buying_until_ms = ctx.now_ms + BUYING_MS;
            watch.asked_ms = Some(ctx.now_ms);
            ctx.emit(Event::Checkout { request, shop: shop.as_str().to_owned(), url });
            Ok(Step::Done)
        })
    }

    /// Redeems a code.
    pub(crate) fn redeem_promo(&mut self, code: &str) -> Result<Step, Failure> {
        let code = code.trim().to_owned();
        if !(1..=MAX_PROMO_CHARS).contains(&code.chars().count()) {
            return Err(Failure::PromoRefused);
        }
        let call = RedeemPromo { vault: self.session()?.vault, code };
        self.call_server(call, |engine, result, ctx| {
            let entitlement = result.map_err(|error| error.failure())?;
            engine.session()?.sync.plan.asked_ms = Some(ctx.now_ms);
            engine.learn_plan(entitlement, ctx)?;
            engine.session()?.tell_sync(ctx);
            Ok(Step::Done)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_800_000_000_000;

    fn watch(plan: Plan) -> PlanWatch {
        PlanWatch { plan, asked_ms: Some(NOW_MS), ..PlanWatch::default() }
    }

    #[test]
    fn it_is_asked_for_at_once_then_seldom_and_often_only_while_somebody_pays() {
        assert_eq!(PlanWatch::default().due_ms(NOW_MS), NOW_MS);
        let later_ms = |watch: &PlanWatch| watch.due_ms(NOW_MS + 1_000) - NOW_MS;
        assert_eq!(later_ms(&watch(Plan::Open)), OPEN_AGAIN_MS);
        assert_eq!(later_ms(&watch(Plan::Required)), CLOSED_AGAIN_MS);
        assert_eq!(later_ms(&watch(Plan::Active { until_ms: Some(NOW_MS + 1) })), CLOSED_AGAIN_MS);
        let buying = PlanWatch { buying_until_ms: NOW_MS + BUYING_MS, ..watch(Plan::Required) };
        assert_eq!(buying.wakes_ms(NOW_MS), Some(NOW_MS + BUYING_AGAIN_MS));
        assert_eq!(buying.wakes_ms(NOW_MS + BUYING_MS), None);
        assert_eq!(watch(Plan::Required).wakes_ms(NOW_MS), None);
    }

    #[test]
    fn a_refusal_makes_what_was_known_doubtful_once() {
        let mut known = watch(Plan::Active { until_ms: None });
        known.doubt();
        assert_eq!(known.due_ms(NOW_MS), NOW_MS);
        known.learn(Plan::Required);
        known.doubt();
        assert_eq!(known.due_ms(NOW_MS), NOW_MS + CLOSED_AGAIN_MS);
    }

    #[test]
    fn a_state_without_its_time_entitles_to_nothing() {
        let of = |state, until_ms| Plan::of(Entitlement { may_push: true, state, until_ms });
        assert_eq!(of(EntitlementState::Grace, None), Plan::Required);
        assert_eq!(of(EntitlementState::Active, None), Plan::Active { until_ms: None });
        assert_eq!(of(EntitlementState::Expired, Some(5)), Plan::Expired { since_ms: 5 });
    }
}
