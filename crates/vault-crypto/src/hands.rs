//! Two pieces of work at once, where there is a thread to spare.

/// Who does the work.
pub trait Hands: Sync {
    /// Does both and returns when both are done.
    fn both(&self, one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send));
}

/// One after the other, on the caller's thread: a browser's worker has no second one.
pub struct OneHand;

impl Hands for OneHand {
    fn both(&self, one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send)) {
        one();
        other();
    }
}

/// The caller's thread and one that lives as long as the work, or the caller's alone where the system gives no other.
#[cfg(not(target_family = "wasm"))]
pub struct TwoHands;

#[cfg(not(target_family = "wasm"))]
impl Hands for TwoHands {
    fn both(&self, one: &mut (dyn FnMut() + Send), other: &mut (dyn FnMut() + Send)) {
        let other = std::sync::Mutex::new(other);
        let do_other = || {
            if let Ok(mut work) = other.lock() {
                work();
            }
        };
        std::thread::scope(|scope| {
            let spawned = std::thread::Builder::new().spawn_scoped(scope, do_other);
            one();
            if spawned.is_err() {
                do_other();
            }
        });
    }
}
