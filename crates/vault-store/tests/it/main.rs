//! Stories over the whole store.

mod device_index;
mod dump;
mod random_batches;
mod salvage;
mod tables;
mod vectors;
