use vault_model::{Field, FieldId, FieldType, SecretText};

use super::*;

fn item(n: u8, title: &str, fields: &[(FieldType, &str)]) -> Item {
    let fields = fields
        .iter()
        .enumerate()
        .map(|(i, (field_type, value))| Field {
            id: FieldId(format!("f{i}")),
            label: String::new(),
            field_type: *field_type,
            section: None,
            position: i as u32,
            value: SecretText::from(*value),
        })
        .collect();
    Item { title: title.into(), fields, ..Item::new(ObjectId([n; 16]), "credential".into()) }
}

fn found(index: &mut Index, query: &str) -> Vec<u8> {
    index.search(query, &Scope::All, Sort::Title, "2026-01-01", "2026-01-31").iter().map(|id| id.0[0]).collect()
}

#[test]
fn titles_rank_before_words_before_text() {
    let mut index = Index::default();
    index.put(item(1, "My bank", &[]), false, 0);
    index.put(item(2, "Bank", &[]), false, 0);
    index.put(item(3, "Bankhaus", &[]), false, 0);
    index.put(item(4, "Other", &[(FieldType::Text, "the bank")]), false, 0);
    index.put(item(5, "Riverbanks", &[]), false, 0);
    assert_eq!(found(&mut index, "bank"), [2, 3, 1, 5, 4]);
}

#[test]
fn accents_case_and_punctuated_numbers_are_found() {
    let mut index = Index::default();
    index.put(item(1, "Ügyfélkapu", &[(FieldType::Phone, "(073)7371212")]), false, 0);
    for query in ["ugyfel", "ÜGYFÉL", "7371212", "073-737-1212"] {
        assert_eq!(found(&mut index, query), [1], "{query}");
    }
}

#[test]
fn secret_texts_are_not_searched() {
    let mut index = Index::default();
    index.put(item(1, "A", &[(FieldType::Secret, "hunter2hunter2")]), false, 0);
    assert!(found(&mut index, "hunter2").is_empty());
    assert!(!index.entries[0].text.contains("hunter2"));
}

#[test]
fn trash_and_archive_are_found_only_in_their_own_scope() {
    let mut index = Index::default();
    let mut gone = item(1, "Gone", &[]);
    gone.trashed = true;
    index.put(gone, false, 0);
    assert!(found(&mut index, "").is_empty());
    assert_eq!(index.search("gone", &Scope::Trash, Sort::Title, "", "").len(), 1);
}

#[test]
fn removing_keeps_the_others_findable() {
    let mut index = Index::default();
    for n in 1..=5 {
        index.put(item(n, &format!("Item {n}"), &[]), false, 0);
    }
    assert!(index.remove(ObjectId([2; 16])));
    assert!(!index.remove(ObjectId([2; 16])));
    assert_eq!(found(&mut index, "item"), [1, 3, 4, 5]);
    assert_eq!(index.row(ObjectId([5; 16])).map(|row| row.title.as_str()), Some("Item 5"));
}

/// An index that was searched now and then while it changed, and one that was not, are the same.
#[test]
fn the_order_is_kept_whatever_comes_goes_and_changes_between_searches() {
    let mut index = Index::default();
    let mut titles = std::collections::BTreeMap::new();
    let mut state = 1_u32;
    for step in 0..1_000 {
        // A linear congruential generator (Numerical Recipes): the same in every run.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let n = (state >> 24) as u8;
        if state >> 22 & 3 == 0 {
            assert_eq!(index.remove(ObjectId([n; 16])), titles.remove(&n).is_some());
        } else {
            let title = format!("A title, long enough: {}", state >> 16 & 63);
            index.put(item(n, &title, &[]), false, 0);
            titles.insert(n, title);
        }
        if step % 7 == 0 || step % 50 < 10 {
            let mut expected: Vec<u8> = titles.keys().copied().collect();
            expected.sort_by_key(|n| (fold::fold(&titles[n]), *n));
            assert_eq!(found(&mut index, ""), expected, "step {step}");
        }
    }
}

#[test]
fn orders_are_as_asked() {
    let mut index = Index::default();
    for (n, changed) in [(1, 30), (2, 10), (3, 20)] {
        index.put(item(n, &format!("Item {n}"), &[]), false, changed);
    }
    let ids = index.search("", &Scope::All, Sort::Changed, "", "");
    assert_eq!(ids.iter().map(|id| id.0[0]).collect::<Vec<_>>(), [1, 3, 2]);
}

#[test]
fn one_pass_over_all_texts_finds_what_a_look_into_each_finds() {
    let mut index = Index::default();
    for (n, draft) in vault_model::realistic::Realistic::new(5).take(300).enumerate() {
        let changes = vault_model::changes(None, &draft, 0).expect("a made-up draft is in order");
        let values = changes.iter().filter_map(|change| Some((&change.key, change.value.as_ref()?.as_slice())));
        let mut id = [0; 16];
        id[0] = n as u8;
        id[1] = (n >> 8) as u8;
        index.put(vault_model::compose(ObjectId(id), values).expect("a made-up item is in order"), false, 0);
    }
    for query in ["a", "mail", "aurora mail", "ada 12", "12-3", "example", "e o", "\n", "zzzz"] {
        let words = Query::parse(query).words;
        let each = |entry: &&Entry| {
            words.iter().all(|word| {
                let digits = word.digits.as_ref().is_some_and(|digits| entry.text.contains(digits.as_str()));
                digits || entry.title.contains(&word.text) || entry.text.contains(&word.text)
            })
        };
        let live = |entry: &&Entry| !entry.row.archived && !entry.row.trashed;
        let mut expected: Vec<ObjectId> = index.entries.iter().filter(live).filter(each).map(|entry| entry.row.id).collect();
        let mut found = index.search(query, &Scope::All, Sort::Title, "2026-01-01", "2026-01-31");
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{query:?}");
    }
}
