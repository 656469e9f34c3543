//! The control log from outside: frames, rights, folds, vectors; and the wire contract.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod api;
mod api_vectors;
mod fold;
mod frames;
mod order;
mod refusals;
mod settle;
mod vectors;
mod world;
