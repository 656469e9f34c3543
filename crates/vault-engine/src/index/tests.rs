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
    index.put(&item(1, "My bank", &[]), false, 0);
    index.put(&item(2, "Bank", &[]), false, 0);
    index.put(&item(3, "Bankhaus", &[]), false, 0);
    index.put(&item(4, "Other", &[(FieldType::Text, "the bank")]), false, 0);
    index.put(&item(5, "Riverbanks", &[]), false, 0);
    assert_eq!(found(&mut index, "bank"), [2, 3, 1, 5, 4]);
}

#[test]
fn accents_case_and_punctuated_numbers_are_found() {
    let mut index = Index::default();
    index.put(&item(1, "Ügyfélkapu", &[(FieldType::Phone, "(073)7371212")]), false, 0);
    for query in ["ugyfel", "ÜGYFÉL", "7371212", "073-737-1212"] {
        assert_eq!(found(&mut index, query), [1], "{query}");
    }
}

#[test]
fn secret_texts_are_not_searched() {
    let mut index = Index::default();
    index.put(&item(1, "A", &[(FieldType::Secret, "hunter2hunter2")]), false, 0);
    assert!(found(&mut index, "hunter2").is_empty());
    assert!(!index.entries[0].text.contains("hunter2"));
}

#[test]
fn trash_and_archive_are_found_only_in_their_own_scope() {
    let mut index = Index::default();
    let mut gone = item(1, "Gone", &[]);
    gone.trashed = true;
    index.put(&gone, false, 0);
    assert!(found(&mut index, "").is_empty());
    assert_eq!(index.search("gone", &Scope::Trash, Sort::Title, "", "").len(), 1);
}

#[test]
fn removing_keeps_the_others_findable() {
    let mut index = Index::default();
    for n in 1..=5 {
        index.put(&item(n, &format!("Item {n}"), &[]), false, 0);
    }
    assert!(index.remove(ObjectId([2; 16])));
    assert!(!index.remove(ObjectId([2; 16])));
    assert_eq!(found(&mut index, "item"), [1, 3, 4, 5]);
    assert_eq!(index.row(ObjectId([5; 16])).map(|row| row.title.as_str()), Some("Item 5"));
}

#[test]
fn orders_are_as_asked() {
    let mut index = Index::default();
    for (n, changed) in [(1, 30), (2, 10), (3, 20)] {
        index.put(&item(n, &format!("Item {n}"), &[]), false, changed);
    }
    let ids = index.search("", &Scope::All, Sort::Changed, "", "");
    assert_eq!(ids.iter().map(|id| id.0[0]).collect::<Vec<_>>(), [1, 3, 2]);
}
