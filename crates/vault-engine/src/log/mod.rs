//! The log: every change is an op in a signed, sealed entry; the objects are a view of all logs.
//!
//! A pure state machine. It has no SQLite, clock or randomness: rows are read through [`store::ObjectStore`], `now_ms` and an
//! `Entropy` are passed in, and what is to be stored is returned. `FORMAT.md` beside this crate's manifest tables the bytes.
//!
//! A local edit, whose cost depends on the objects it touches and not on the vault:
//!
//! ```text
//! let ops = { let mut c = Changes::new(object, Some(&state_the_person_saw)); c.set(key, value); c.finish() };
//! let edit: Edit = replica.edit(&WriteContext { seal, terms, members, store, now_ms }, ops, &new_blobs, entropy)?;   // nothing has changed yet
//! // one SQLite transaction:
//! //   append edit.wire as (edit.log, edit.head)
//! //   for change in &edit.step.objects: put row {change.row sealed, change.term}, append change.history pages
//! //   for object in &edit.step.retired: delete row, history, blobs; retire the id
//! //   put edit.step.state().encode(), sealed; and state::encode_purges(purges), if edit.step.purges(&replica) gives any
//! replica.commit(edit.step);                                                                                        // now it has
//! ```
//!
//! A pull is the same with [`replica::Replica::stage`](pull) and a [`pull::Plan`], after [`entry::open_entry`] for each entry.

pub mod acks;
pub mod apply;
pub mod body;
pub mod cbor;
pub mod changes;
pub mod edit;
pub mod entry;
pub mod hlc;
pub mod members;
pub mod object;
pub mod op;
pub mod pull;
mod purge;
pub mod reissue;
pub mod replica;
pub mod root;
pub mod row;
pub mod shown;
pub mod state;
pub mod store;
pub mod truncate;
