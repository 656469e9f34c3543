//! From keystroke to results, against a plain substring scan.

use memchr::memmem::Finder;
use vault_engine::{
    Command, Event,
    command::{Scope, Sort},
};
use vault_model::fold::fold;
use vault_testkit::TestDevice;

use crate::{
    Result,
    measure::{cpu_secs, quantile},
    table::{Row, time},
    vault::{MadeUp, drafts, text},
};

/// What is typed, letter by letter: common and rare, one word and two, and one that is nowhere.
const TYPED: [&str; 12] = [
    "aurora mail",
    "harbour bank",
    "ada.abel",
    "zephyr-zoo.example",
    "keiko novak",
    "family",
    "2fa",
    "willow 99",
    "12345",
    "de44",
    "customer",
    "nowhere at all",
];
const MOST_SECS: f64 = 0.016;
const MOST_RATIO: f64 = 2.0;

/// The line; both sides by CPU time, one after the other for each keystroke.
pub(crate) fn row(made_up: &mut MadeUp) -> Result<Row> {
    let n_items = made_up.items.len();
    let strings = strings(n_items);
    let mut device = made_up.device();
    made_up.unlock(&mut device);
    ours(&mut device, "")?;
    let (mut search, mut scan) = (Vec::new(), Vec::new());
    for typed in TYPED {
        for (end, letter) in typed.char_indices() {
            let query = &typed[..end + letter.len_utf8()];
            let (secs, found) = cpu_secs(|| ours(&mut device, query));
            search.push(secs);
            let (secs, plain) = cpu_secs(|| plain(&strings, query));
            scan.push(secs);
            let found = found?;
            // The archive is not searched, and our strings hold a little more: kinds of the same size are enough.
            if found > plain + n_items / 10 || plain > found + n_items / 10 {
                return Err(format!("{query:?} finds {found} here and {plain} there").into());
            }
        }
    }
    let (ours, theirs) = (quantile(&search, 0.95), quantile(&scan, 0.95));
    let ratio = ours / theirs;
    let what = format!("keystroke to results in {n_items} items, p95 of {}, CPU; memmem scan", search.len());
    let met = ours <= MOST_SECS && ratio <= MOST_RATIO;
    Ok(Row::new(what, time(ours), time(theirs), ratio).target(format!("≤ 16 ms, ≤ {MOST_RATIO}"), met))
}

fn ours(device: &mut TestDevice, query: &str) -> Result<usize> {
    let events = device.ok(Command::Search { query: query.to_owned(), scope: Scope::All, sort: Sort::Title });
    let found = events.iter().find_map(|event| if let Event::Found(_, ids) = event { Some(ids.len()) } else { None });
    found.ok_or_else(|| "a search found no answer".into())
}

/// Positions of all strings that hold every word.
fn plain(strings: &[String], query: &str) -> usize {
    let query = fold(query);
    let finders: Vec<Finder<'_>> = query.split_whitespace().map(|word| Finder::new(word.as_bytes())).collect();
    let hits = strings.iter().enumerate().filter(|(_, string)| finders.iter().all(|finder| finder.find(string.as_bytes()).is_some()));
    std::hint::black_box(hits.map(|(n, _)| n).collect::<Vec<usize>>()).len()
}

/// What the index holds of each item: title, folder, tags and the texts that are not secret, folded.
fn strings(n_items: usize) -> Vec<String> {
    drafts(n_items)
        .map(|draft| {
            let mut parts = vec![draft.title.as_str(), draft.folder.as_str()];
            parts.extend(draft.tags.iter().map(String::as_str));
            parts.extend(draft.fields.iter().filter(|field| !field.field_type.is_secret()).map(|field| text(&field.value)));
            fold(&parts.join("\n"))
        })
        .collect()
}
