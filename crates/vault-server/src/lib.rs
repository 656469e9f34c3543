//! The blind sync service.
pub mod store;
