//! The token store of the commands that talk to Zoom: it decides which process mints and which ones wait. Begin with
//! [`TokenCache`].

use super::entry::Kept;
use super::seal::{Id, Key};
use super::shared::{Access, Held, Shared};
use crate::clock::{Budget, Clock};
use crate::protocol::failure::Failure;
use crate::protocol::resource::Resource;
use crate::protocol::secret::Secret;
use crate::zoom::token::{Token, TokenStore};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

/// The longest wait for a process that mints, and at most half of the time that the run has left. Minting takes a second;
/// when it takes longer, the other has trouble of its own.
const MINT_TIMEOUT: Duration = Duration::from_secs(10);

/// The first pause between two looks; each is twice the one before.
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);
/// No pause is longer where processes share nothing; where they do, the place says how long.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// [`TokenCache::keep`] waits so often for the lock before it writes without: what is kept is replaced whole in any case.
const KEEP_TRIES: u32 = 5;

/// [`TokenCache::keep`] has so much time; its run has a token already.
const KEEP_TIME: Duration = Duration::from_secs(4);

/// Resources whose tokens are in memory, before the idle ones go: a batch may have a resource of its own on each line.
const MOST_SLOTS: usize = 1024;

/// Tokens in memory for the threads of this process and, where there is a place for it, sealed for other processes.
pub struct TokenCache {
    shared: Option<Box<dyn Shared>>,
    clock: Arc<dyn Clock>,
    slots: Mutex<BTreeMap<Id, Arc<Slot>>>,
}

/// The state that the threads of this process share for one resource.
#[derive(Default)]
struct Slot {
    held: Mutex<Option<Kept>>,
    minting: Mutex<()>,
}

impl TokenCache {
    /// Keeps tokens in `shared`; without it, in memory only.
    #[must_use]
    pub fn new(shared: Option<Box<dyn Shared>>, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared,
            clock,
            slots: Mutex::default(),
        }
    }

    fn slot(&self, key: &Key<'_>) -> Arc<Slot> {
        let mut slots = lock(&self.slots);
        // Those that nobody uses go; what they held is minted again, or is kept outside this process.
        if slots.len() >= MOST_SLOTS && !slots.contains_key(key.id()) {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(*key.id()).or_default())
    }

    /// The store that processes share, when it can be used.
    fn access<'a>(&'a self, budget: &'a Budget) -> Option<Box<dyn Access + 'a>> {
        self.shared.as_ref()?.open(budget)
    }
}

impl TokenStore for TokenCache {
    fn obtain(
        &self,
        resource: &Resource,
        refused: Option<&Secret<String>>,
        budget: &Budget,
        mint: &mut dyn FnMut() -> Result<Token, Failure>,
    ) -> Result<(Token, bool), Failure> {
        let key = Key::of(resource);
        let slot = self.slot(&key);
        if let Some(token) = slot.usable(refused, budget.clock()) {
            return Ok((token, true));
        }

        let shelf = Shelf::new(&key, &slot, self.access(budget), budget.clock());
        if let Some(token) = shelf.look(refused) {
            return Ok((token, true));
        }

        let turn = match shelf.turn(refused, budget) {
            Ok(token) => return Ok((token, true)),
            Err(turn) => turn,
        };
        let token = mint()?;
        shelf.put(
            Kept::minted(&token, budget.clock().system_time()),
            turn.lock.is_some(),
        );

        Ok((token, false))
    }

    fn keep(&self, resource: &Resource, token: &Token) {
        let kept = Kept::minted(token, self.clock.system_time());
        let key = Key::of(resource);
        let slot = self.slot(&key);
        let budget = Budget::new(Arc::clone(&self.clock), KEEP_TIME);
        let shelf = Shelf::new(&key, &slot, self.access(&budget), &*self.clock);
        let mut lock = shelf.lock();
        for _ in 0..KEEP_TRIES {
            if !matches!(lock, Lock::Busy) {
                break;
            }
            self.clock.sleep(shelf.longest_pause());
            lock = shelf.lock();
        }

        // Somebody may have minted while this one waited.
        shelf.put(kept, false);

        drop(lock);
    }
}

impl Slot {
    /// The token in memory, when it may be used and is not the one that Zoom refused.
    fn usable(&self, refused: Option<&Secret<String>>, clock: &dyn Clock) -> Option<Token> {
        let held = lock(&self.held);
        let kept = held
            .as_ref()
            .filter(|kept| kept.usable(clock.system_time()))?;
        (refused != Some(&kept.token.secret)).then(|| kept.token.clone())
    }
}

/// The right to mint: both locks, or what could be had of them. That between processes goes first, so that a thread that
/// comes next finds it free.
struct Turn<'a> {
    lock: Option<Box<dyn Held>>,
    _thread: Option<MutexGuard<'a, ()>>,
}

/// A try at the lock between processes.
enum Lock {
    Held(Box<dyn Held>),
    Busy,
    /// Nothing is shared, or there are no locks.
    Unknown,
}

/// The place of one resource's token, during one call.
struct Shelf<'a> {
    key: &'a Key<'a>,
    name: String,
    slot: &'a Slot,
    access: Option<Box<dyn Access + 'a>>,
    clock: &'a dyn Clock,
    /// True when the fault of the stored entry has been logged.
    said: Cell<bool>,
}

impl<'a> Shelf<'a> {
    fn new(
        key: &'a Key<'a>,
        slot: &'a Slot,
        access: Option<Box<dyn Access + 'a>>,
        clock: &'a dyn Clock,
    ) -> Self {
        Self {
            key,
            name: key.name(),
            slot,
            access,
            clock,
            said: Cell::new(false),
        }
    }

    fn longest_pause(&self) -> Duration {
        self.access
            .as_ref()
            .map_or(LONGEST_PAUSE, |access| access.longest_pause())
    }

    /// A usable token other than `refused`, from memory or from what processes share.
    fn look(&self, refused: Option<&Secret<String>>) -> Option<Token> {
        if let Some(token) = self.slot.usable(refused, self.clock) {
            return Some(token);
        }

        let now = self.clock.system_time();
        let kept = self.read().filter(|kept| kept.usable(now))?;
        let mut held = lock(&self.slot.held);

        // Memory is ahead of what is shared when that could not be written. An older token would be refused all the more.
        if held
            .as_ref()
            .is_some_and(|held| held.usable(now) && held.minted_at > kept.minted_at)
        {
            return None;
        }

        let token = kept.token.clone();
        *held = Some(kept);

        (refused != Some(&token.secret)).then_some(token)
    }

    fn read(&self) -> Option<Kept> {
        let unusable = |what: &str| {
            if !self.said.replace(true) {
                log::debug!("a kept token is not used: {what}");
            }
        };

        let mut bytes = match self.access.as_ref()?.read(&self.name) {
            Ok(bytes) => bytes?,
            Err(error) => {
                unusable(&error.to_string());
                return None;
            }
        };

        let kept = self.key.open(&mut bytes);
        if kept.is_none() {
            unusable("it is damaged");
        }

        kept
    }

    /// Waits for the right to mint, or for the token that somebody else minted. Patience used up gives the right too.
    fn turn(&self, refused: Option<&Secret<String>>, budget: &Budget) -> Result<Token, Turn<'a>> {
        let left = budget.left();
        let enough = left.saturating_sub(MINT_TIMEOUT.min(left / 2));
        let mut pause = SHORTEST_PAUSE;
        let mut thread = None;

        loop {
            thread = thread.or_else(|| match self.slot.minting.try_lock() {
                Ok(guard) => Some(guard),
                Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => None,
            });
            // While another thread of this process mints, that thread watches what is shared.
            let lock = if thread.is_some() {
                self.lock()
            } else {
                Lock::Busy
            };
            let found = if thread.is_some() {
                self.look(refused)
            } else {
                self.slot.usable(refused, self.clock)
            };
            if let Some(token) = found {
                return Ok(token);
            }
            match lock {
                Lock::Held(lock) => {
                    return Err(Turn {
                        lock: Some(lock),
                        _thread: thread,
                    });
                }
                Lock::Unknown => {
                    return Err(Turn {
                        lock: None,
                        _thread: thread,
                    });
                }
                Lock::Busy => {}
            }
            if budget.left() <= enough || !budget.wait(pause) {
                log::debug!(
                    "another run has been minting a token for too long; minting without waiting"
                );
                return Err(Turn {
                    lock: None,
                    _thread: thread,
                });
            }
            pause = self.longest_pause().min(pause * 2);
        }
    }

    fn lock(&self) -> Lock {
        let Some(access) = &self.access else {
            return Lock::Unknown;
        };
        match access.lock(&self.name) {
            Ok(Some(held)) => Lock::Held(held),
            Ok(None) => Lock::Busy,
            Err(error) => {
                log::debug!("the token cache cannot be locked: {error}");
                Lock::Unknown
            }
        }
    }

    /// Leaves a new token for others. Without the lock, a newer one of somebody else's stays.
    fn put(&self, kept: Kept, locked: bool) {
        *lock(&self.slot.held) = Some(kept.clone());
        let now = self.clock.system_time();
        let Some(access) = self.access.as_ref().filter(|_| kept.usable(now)) else {
            return;
        };
        if !locked
            && self
                .read()
                .is_some_and(|other| other.usable(now) && other.minted_at > kept.minted_at)
        {
            return;
        }

        let life = kept
            .token
            .expires_at
            .duration_since(now)
            .unwrap_or_default();

        let written = self
            .key
            .seal(&kept)
            .map_or(Ok(()), |sealed| access.write(&self.name, &sealed, life));

        if let Err(error) = written {
            log::debug!("the token is not kept for other processes: {error}");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
