//! The service from outside, without a socket: stories over every store.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod blobs;
mod client;
mod control;
mod entries;
mod http;
mod login;
mod openapi;
mod postgres;
mod premium;
mod program;
mod relay;
mod s3;
mod stores;
mod vaults;
#[allow(dead_code, reason = "shared with the tests of the control log, which use all of it")]
#[path = "../../../vault-protocol/tests/it/world.rs"]
mod world;
