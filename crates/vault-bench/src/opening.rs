//! Opening a vault and listing it, against `keepassxc-cli ls` on the same entries.

use std::{fmt::Write, path::Path};

use vault_model::{FieldType, ItemDraft};

use crate::{
    Result,
    measure::{cpu_secs, median},
    peers::{self, Peer},
    table::{Row, time},
    vault::{MadeUp, drafts, text},
};

const PASSWORD: &str = "correct horse battery staple";
/// Openings of each side.
const ROUNDS: usize = 5;

/// Targets of `n_items`: seconds, and the part of KeePassXC's time.
fn targets(n_items: usize) -> (f64, f64) {
    if n_items > 10_000 { (1.0, 0.15) } else { (0.15, 0.35) }
}

/// One line for a vault of `n_items`.
///
/// Theirs is the CPU time of `keepassxc-cli ls` less that on the same file without the entries: same key derivation, same start of the
/// program. Ours is the thread's CPU time from `Unlock` to its end, all rows received.
pub(crate) fn row(made_up: &mut MadeUp, peer: &Peer, dir: &Path) -> Result<Row> {
    let n_items = made_up.items.len();
    let full = dir.join(format!("{n_items}.kdbx"));
    let empty = dir.join(format!("{n_items}-empty.kdbx"));
    make_kdbx(n_items, &full, &empty)?;
    let (mut ours, mut theirs, mut base) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut device = made_up.device();
        let (secs, n_rows) = cpu_secs(|| made_up.unlock(&mut device));
        if n_rows != n_items {
            return Err(format!("{n_rows} rows of {n_items} came").into());
        }
        ours.push(secs);
        theirs.push(list(peer, &full)?);
        base.push(list(peer, &empty)?);
    }
    let (ours, theirs) = (median(&ours), median(&theirs) - median(&base));
    let (most_secs, most_ratio) = targets(n_items);
    let ratio = ours / theirs;
    let what = format!("open and list {n_items} items, CPU without KDF; KeePassXC");
    let met = ours <= most_secs && ratio <= most_ratio;
    Ok(Row::new(what, time(ours), time(theirs), ratio).target(format!("≤ {most_secs} s, ≤ {most_ratio}"), met))
}

fn list(peer: &Peer, file: &Path) -> Result<f64> {
    let file = file.to_string_lossy();
    Ok(peer.run(&["keepassxc-cli", "ls", "-q", "-R", "-f", &file], &format!("{PASSWORD}\n"))?.cpu_secs)
}

/// A KDBX file with the entries in one group, and a copy without that group: whatever KeePassXC chose for the key derivation is the same.
fn make_kdbx(n_items: usize, full: &Path, empty: &Path) -> Result<()> {
    let xml = full.with_extension("xml");
    std::fs::write(&xml, keepass_xml(drafts(n_items))?)?;
    let keepassxc = |words: &[&std::ffi::OsStr], input: &str| peers::check(std::process::Command::new("keepassxc-cli").args(words), input);
    let twice = format!("{PASSWORD}\n{PASSWORD}\n");
    // 100 ms is the least that it takes.
    keepassxc(&["import".as_ref(), "-q".as_ref(), "-p".as_ref(), "-t".as_ref(), "100".as_ref(), xml.as_ref(), full.as_ref()], &twice)?;
    std::fs::remove_file(&xml)?;
    std::fs::copy(full, empty)?;
    keepassxc(&["rmdir".as_ref(), "-q".as_ref(), empty.as_ref(), "All".as_ref()], &twice)?;
    let once = format!("{PASSWORD}\n");
    let listed = keepassxc(&["ls".as_ref(), "-q".as_ref(), "-R".as_ref(), "-f".as_ref(), full.as_ref()], &once)?;
    if listed.lines().count() < n_items {
        return Err("KeePassXC lists fewer entries than it was given".into());
    }
    Ok(())
}

/// KeePass 2 XML: the standard strings, and the other fields as strings of their own.
fn keepass_xml(drafts: impl Iterator<Item = ItemDraft>) -> Result<String> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<KeePassFile><Meta><RecycleBinEnabled>False</RecycleBinEnabled></Meta><Root>\
         <Group><UUID>AAAAAAAAAAAAAAAAAAAAAQ==</UUID><Name>Root</Name><Group><UUID>AAAAAAAAAAAAAAAAAAAAAg==</UUID><Name>All</Name>\n",
    );
    for (n, draft) in drafts.enumerate() {
        // 21 digits, an A and two signs of padding are the Base64 of 16 bytes.
        write!(xml, "<Entry><UUID>{:021}A==</UUID><Tags>{}</Tags>", n + 1, draft.tags.iter().cloned().collect::<Vec<_>>().join(";"))?;
        string(&mut xml, "Title", &draft.title, false)?;
        for field in &draft.fields {
            let name = match field.id.0.as_str() {
                "username" => "UserName",
                "password" => "Password",
                "url" => "URL",
                "notes" => "Notes",
                other => other,
            };
            string(&mut xml, name, text(&field.value), is_protected(field.field_type))?;
        }
        xml.push_str("</Entry>\n");
    }
    xml.push_str("</Group></Group></Root></KeePassFile>\n");
    Ok(xml)
}

fn string(xml: &mut String, key: &str, value: &str, protected: bool) -> Result<()> {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mark = if protected { " ProtectInMemory=\"True\"" } else { "" };
    Ok(write!(xml, "<String><Key>{key}</Key><Value{mark}>{value}</Value></String>")?)
}

fn is_protected(field_type: FieldType) -> bool {
    field_type.is_secret()
}
