//! What keeps secrets from outliving their use: an allocator that wipes what is freed, no core dumps, memory that is not swapped out.
//!
//! The one crate with `unsafe`. It must not know what the secrets are, nor anything else of ours. Not covered: SQLite's own heap (it
//! holds ciphertext only), the stack, registers, the window system's buffers and hibernation images.
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: vault_hygiene::WipingAllocator = vault_hygiene::WipingAllocator;
//!
//! fn main() {
//!     // Best effort: a sandbox may forbid it, and the program is useful all the same.
//!     vault_hygiene::disable_core_dumps().ok();
//! }
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test that panics has failed"))]

mod allocator;
mod core_dumps;
mod limits;
mod locked;
mod private;

pub use allocator::WipingAllocator;
pub use core_dumps::disable_core_dumps;
pub use limits::{limit_cpu_secs, limit_memory};
pub use locked::{MemoryLock, lock_memory};
pub use private::make_files_private;
