//! How often anyone may ask: buckets that fill with time, by network address and by vault. They live in memory and end with the program.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::{Mutex, PoisonError},
};

use vault_protocol::{VaultId, api::ApiError};

/// Buckets kept at once: a bound on memory, some 100 bytes each.
const MAX_BUCKETS: usize = 100_000;

/// Who asks, as far as the network knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer(IpAddr);

impl Peer {
    /// This machine.
    pub const LOCAL: Self = Self(IpAddr::V4(Ipv4Addr::LOCALHOST));

    /// The peer at an address. Of IPv6 the first 64 bits count: one household has them all.
    pub fn new(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
        })
    }
}

/// Calls a minute. A bucket holds one minute's worth, so a burst of that size passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// All calls of one address.
    pub calls_per_address: u32,
    /// All calls of one vault.
    pub calls_per_vault: u32,
    /// Logins of one address (each is two calls).
    pub logins_per_address: u32,
    /// Logins of one vault.
    pub logins_per_vault: u32,
    /// Logins of one vault by a key that a password alone may have made: what somebody who guesses gets.
    pub password_logins_per_vault: u32,
    /// New vaults of one address.
    pub registrations_per_address: u32,
    /// Relay messages put by one address.
    pub relays_per_address: u32,
    /// Relay messages put by everyone: a bound on what a mailbox that asks nobody's name may take.
    pub relays_in_all: u32,
    /// Promo codes tried by one address or one vault.
    pub promos: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            calls_per_address: 3_000,
            calls_per_vault: 6_000,
            logins_per_address: 60,
            logins_per_vault: 60,
            password_logins_per_vault: 6,
            registrations_per_address: 10,
            relays_per_address: 60,
            relays_in_all: 1_200,
            promos: 6,
        }
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Bucket {
    Calls(Peer),
    VaultCalls(VaultId),
    Logins(Peer),
    VaultLogins(VaultId),
    PasswordLogins(VaultId),
    Registrations(Peer),
    Relays(Peer),
    AllRelays,
    Promos(Peer),
    VaultPromos(VaultId),
}

#[derive(Clone, Copy)]
struct Level {
    /// Calls left, in thousandths.
    milli: u64,
    at_ms: u64,
}

/// All buckets.
pub(crate) struct Limiter {
    rates: Rates,
    levels: Mutex<HashMap<Bucket, Level>>,
}

impl Limiter {
    pub(crate) fn new(rates: Rates) -> Self {
        Self { rates, levels: Mutex::default() }
    }

    fn per_minute(&self, bucket: Bucket) -> u64 {
        u64::from(match bucket {
            Bucket::Calls(_) => self.rates.calls_per_address,
            Bucket::VaultCalls(_) => self.rates.calls_per_vault,
            Bucket::Logins(_) => self.rates.logins_per_address,
            Bucket::VaultLogins(_) => self.rates.logins_per_vault,
            Bucket::PasswordLogins(_) => self.rates.password_logins_per_vault,
            Bucket::Registrations(_) => self.rates.registrations_per_address,
            Bucket::Relays(_) => self.rates.relays_per_address,
            Bucket::AllRelays => self.rates.relays_in_all,
            Bucket::Promos(_) | Bucket::VaultPromos(_) => self.rates.promos,
        })
        .max(1)
    }

    /// Takes one from each of the buckets, or says when there will be one.
    pub(crate) fn take(&self, buckets: &[Bucket], now_ms: u64) -> Result<(), ApiError> {
        let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
        for bucket in buckets {
            if levels.len() >= MAX_BUCKETS {
                self.make_room(&mut levels, now_ms);
            }
            let rate = self.per_minute(*bucket);
            let level = levels.entry(*bucket).or_insert(Level { milli: rate * 1000, at_ms: now_ms });
            *level = refilled(*level, rate, now_ms);
            if level.milli < 1000 {
                // A thousandth comes every 60 / rate milliseconds.
                let wait_ms = (1000 - level.milli) * 60 / rate;
                return Err(ApiError::RateLimited { retry_after_secs: (wait_ms / 1000) as u32 + 1 });
            }
            level.milli -= 1000;
        }
        Ok(())
    }

    /// Forgets full buckets, which say nothing; if all are in use, half of them, rather than stop answering.
    fn make_room(&self, levels: &mut HashMap<Bucket, Level>, now_ms: u64) {
        levels.retain(|bucket, level| {
            let rate = self.per_minute(*bucket);
            refilled(*level, rate, now_ms).milli < rate * 1000
        });
        if levels.len() >= MAX_BUCKETS {
            let mut keep = false;
            levels.retain(|_, _| {
                keep = !keep;
                keep
            });
        }
    }
}

fn refilled(level: Level, rate: u64, now_ms: u64) -> Level {
    // A clock that was set back gives nothing and takes nothing.
    let passed_ms = now_ms.saturating_sub(level.at_ms).min(60_000);
    Level { milli: (level.milli + passed_ms * rate / 60).min(rate * 1000), at_ms: now_ms }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(rate: u32) -> Limiter {
        Limiter::new(Rates { calls_per_address: rate, ..Rates::default() })
    }

    #[test]
    fn a_minutes_worth_passes_at_once_and_then_one_at_a_time() {
        let limiter = limiter(6);
        let mine = [Bucket::Calls(Peer::LOCAL)];
        for _ in 0..6 {
            assert_eq!(limiter.take(&mine, 1_000_000), Ok(()));
        }
        assert_eq!(limiter.take(&mine, 1_000_000), Err(ApiError::RateLimited { retry_after_secs: 11 }));
        assert_eq!(limiter.take(&mine, 1_010_000), Ok(()));
        assert!(limiter.take(&mine, 1_010_001).is_err());
        let other = [Bucket::Calls(Peer::new([192, 0, 2, 1].into()))];
        assert_eq!(limiter.take(&other, 1_010_001), Ok(()));
    }

    #[test]
    fn a_clock_set_back_neither_locks_out_nor_fills() {
        let limiter = limiter(1);
        let mine = [Bucket::Calls(Peer::LOCAL)];
        assert_eq!(limiter.take(&mine, 9_000_000), Ok(()));
        assert!(limiter.take(&mine, 1_000).is_err());
        assert_eq!(limiter.take(&mine, 61_000), Ok(()));
    }

    #[test]
    fn addresses_of_one_household_share_a_bucket() {
        let peer = |text: &str| Peer::new(text.parse().expect("an address of this test"));
        assert_eq!(peer("2001:db8:1:2::3"), peer("2001:db8:1:2:ffff::9"));
        assert_ne!(peer("2001:db8:1:2::3"), peer("2001:db8:1:3::3"));
        assert_eq!(peer("::ffff:192.0.2.1"), peer("192.0.2.1"));
    }

    #[test]
    fn memory_stays_bounded_however_many_addresses_ask() {
        let limiter = limiter(1);
        for number in 0..(MAX_BUCKETS as u32 + 10) {
            limiter.take(&[Bucket::Calls(Peer::new(IpAddr::V4(number.into())))], 1_000).expect("a first call passes");
        }
        assert!(limiter.levels.lock().expect("no test panicked").len() <= MAX_BUCKETS);
    }
}
