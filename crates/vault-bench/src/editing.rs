//! One durable edit in a large vault, against a bare SQLite commit of as many bytes.

use std::{path::Path, time::Instant};

use rusqlite::Connection;
use vault_engine::{Command, Event};
use vault_model::{DraftValue, FieldId, ItemDraft, ItemView, template};
use vault_protocol::ObjectId;
use vault_testkit::TestDevice;

use crate::{
    Result,
    measure::quantile,
    table::{Row, time},
    vault::{MadeUp, save},
};

/// Edits of each side.
const ROUNDS: usize = 300;
/// Edits before, from which the number of bytes is taken.
const WARM_UP: usize = 20;
const MOST_RATIO: f64 = 2.5;

/// The line. Both sides are timed from call to return, one after the other, on the same disk.
pub(crate) fn row(made_up: &mut MadeUp, dir: &Path) -> Result<Row> {
    let n_items = made_up.items.len();
    // Spread over the vault: 7919 is prime.
    let items: Vec<ObjectId> = (0..WARM_UP + ROUNDS).map(|n| made_up.items[n * 7919 % n_items]).collect();
    let mut device = made_up.device();
    made_up.unlock(&mut device);
    for (n, item) in items.iter().take(WARM_UP).enumerate() {
        edit(&mut device, *item, n)?;
    }
    let n_bytes = edit_bytes(&made_up.database())?;
    let mut bare = bare_database(&dir.join("bare.sqlite"), n_items, n_bytes)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (n, item) in items.iter().skip(WARM_UP).enumerate() {
        ours.push(edit(&mut device, *item, n)?);
        theirs.push(commit(&mut bare, n_bytes)?);
    }
    let (ours, theirs) = (quantile(&ours, 0.95), quantile(&theirs, 0.95));
    let what = format!("one durable edit in {n_items} items, p95, elapsed; bare SQLite commit of {n_bytes} B");
    let ratio = ours / theirs;
    Ok(Row::new(what, time(ours), time(theirs), ratio).target(format!("≤ {MOST_RATIO}"), ratio <= MOST_RATIO))
}

/// Changes the title, a text and a secret of an item; seconds from the command to its end.
fn edit(device: &mut TestDevice, item: ObjectId, n: usize) -> Result<f64> {
    let events = device.ok(Command::OpenItem { item });
    let view = events.into_iter().find_map(|event| if let Event::Item(view) = event { Some(view) } else { None });
    let draft = changed(&*view.ok_or("an item did not open")?, n);
    let start = Instant::now();
    save(device, draft)?;
    Ok(start.elapsed().as_secs_f64())
}

fn changed(view: &ItemView, n: usize) -> ItemDraft {
    let mut draft = ItemDraft::of(view, template(&view.kind));
    draft.title = format!("{} edited {n}", view.title);
    for id in ["username", "password"] {
        if let Some(field) = draft.fields.iter_mut().find(|field| field.id == FieldId(id.into())) {
            field.value = DraftValue::Set(format!("changed in round {n}").as_str().into());
        }
    }
    draft
}

/// Bytes that an edit stores: entry, row, a page of history, the replica's state. Means of the last edits.
fn edit_bytes(database: &Path) -> Result<usize> {
    let connection = Connection::open(database)?;
    let mean = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, f64>(0));
    let entry = mean(&format!("SELECT avg(length(bytes)) FROM (SELECT bytes FROM entries ORDER BY id DESC LIMIT {WARM_UP})"))?;
    let page = mean("SELECT coalesce(avg(length(sealed)), 0.0) FROM history")?;
    let row = mean("SELECT avg(length(sealed)) FROM (SELECT sealed FROM rows LIMIT 1000)")?;
    let replica = mean("SELECT coalesce(avg(length(sealed)), 0.0) FROM local WHERE key = 'replica'")?;
    Ok((entry + page + row + replica) as usize)
}

/// A table of `n_rows` blobs, under the pragmas of our store.
fn bare_database(path: &Path, n_rows: usize, n_bytes: usize) -> Result<Connection> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304; PRAGMA secure_delete = ON;
         PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;
         CREATE TABLE messages (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    )?;
    let filling = connection.transaction()?;
    let bytes = vec![7_u8; n_bytes];
    for _ in 0..n_rows {
        filling.prepare_cached("INSERT INTO messages (bytes) VALUES (?1)")?.execute([&bytes])?;
    }
    filling.commit()?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(connection)
}

fn commit(connection: &mut Connection, n_bytes: usize) -> Result<f64> {
    let bytes = vec![9_u8; n_bytes];
    let start = Instant::now();
    let transaction = connection.transaction()?;
    transaction.prepare_cached("INSERT INTO messages (bytes) VALUES (?1)")?.execute([&bytes])?;
    transaction.commit()?;
    Ok(start.elapsed().as_secs_f64())
}
