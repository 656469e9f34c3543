//! Floors and ceilings for every number read from outside.

/// Ops in one entry.
pub const MAX_OPS: usize = 4096;
/// Bytes of one entry's wire form.
pub const MAX_ENTRY_BYTES: usize = 1 << 20;
/// Blob ids in one entry.
pub const MAX_ENTRY_BLOBS: usize = MAX_OPS;
/// Bytes of one control entry.
pub const MAX_CONTROL_BYTES: usize = 1 << 20;
/// Devices in one vault.
pub const MAX_DEVICES: usize = 64;
/// Slots in one control entry.
pub const MAX_SLOTS: usize = 256;
/// Entries in one control log.
pub const MAX_CONTROL_ENTRIES: usize = 65_536;
/// Parents of one control entry, and heads of a control log.
pub const MAX_PARENTS: usize = 8;
/// Chains into which a control log may fall apart: far above what honest devices make, and a bound on memory.
pub const MAX_CHAINS: usize = 256;
