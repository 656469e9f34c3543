//! Whatever an item holds comes back from its values, and bytes that are no value never become one.

use std::collections::BTreeSet;

use proptest::prelude::*;
use vault_model::{
    Attachment, AttachmentId, Field, FieldClass, FieldId, FieldKey, FieldType, Item, SecretText, Section, SectionId, compose, decompose,
    payload::check_value,
};
use vault_protocol::{BlobId, Hash, ObjectId};
use zeroize::Zeroizing;

/// Lets proptest carry what is never printed.
struct Sample<T>(T);

impl<T> std::fmt::Debug for Sample<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a sample; its seed is in the failure's record")
    }
}

fn id() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9-]{0,20}"
}

fn field() -> impl Strategy<Value = Sample<Field>> {
    (id(), ".{0,20}", 0..FieldType::ALL.len(), proptest::option::of(id()), any::<u32>(), "\\PC{0,300}").prop_map(
        |(id, label, number, section, position, text)| {
            Sample(Field {
                id: FieldId(id),
                label,
                field_type: FieldType::ALL[number],
                section: section.map(SectionId),
                position,
                value: SecretText::new(text),
            })
        },
    )
}

fn attachment() -> impl Strategy<Value = Sample<Attachment>> {
    (any::<[u8; 16]>(), any::<[u8; 32]>(), ".{0,30}", any::<u64>(), any::<u64>()).prop_map(|(id, key, name, len_bytes, added_ms)| {
        Sample(Attachment {
            id: AttachmentId(id),
            blob: BlobId(id),
            blob_key: Zeroizing::new(key),
            name,
            media_type: "text/plain".to_owned(),
            len_bytes,
            n_chunks: len_bytes / 65_536,
            content_hash: Hash(key),
            added_ms,
        })
    })
}

fn item() -> impl Strategy<Value = Sample<Item>> {
    let texts = (id(), ".{0,30}", ".{0,30}", "([0-9-]{10})?");
    let marks = (any::<bool>(), any::<bool>(), any::<bool>(), any::<u64>());
    let lists = (
        proptest::collection::btree_set("[a-zäöü]{1,8}", 0..4),
        proptest::collection::vec((id(), ".{0,20}", any::<u32>()), 0..4),
        proptest::collection::vec(field(), 0..8),
        proptest::collection::vec(attachment(), 0..3),
        proptest::collection::btree_set(any::<[u8; 16]>(), 0..3),
    );
    (any::<[u8; 16]>(), texts, marks, lists).prop_map(|(object, texts, marks, (tags, sections, fields, attachments, links))| {
        let mut item = Item::new(ObjectId(object), texts.0);
        (item.title, item.folder, item.expires) = (texts.1, texts.2, texts.3);
        (item.favourite, item.archived, item.trashed, item.created_ms) = marks;
        item.tags = tags;
        let mut known = BTreeSet::new();
        item.sections = sections
            .into_iter()
            .filter(|(id, ..)| known.insert(id.clone()))
            .map(|(id, title, position)| Section { id: SectionId(id), title, position })
            .collect();
        item.fields = fields.into_iter().map(|field| field.0).filter(|field| known.insert(format!("f{}", field.id.0))).collect();
        item.attachments = attachments.into_iter().map(|attachment| attachment.0).collect();
        item.links = links.into_iter().map(ObjectId).collect();
        Sample(item)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_item_comes_back_from_its_values_in_any_order(Sample(item) in item(), turn in any::<usize>()) {
        let values = decompose(&item);
        let mut turned = values.clone();
        turned.rotate_left(turn % values.len());
        let again = compose(item.id, turned.iter().map(|(key, bytes)| (key, bytes.as_slice()))).unwrap();
        prop_assert_eq!(decompose(&again), values);
        prop_assert_eq!((&again.title, &again.tags, again.trashed), (&item.title, &item.tags, item.trashed));
        prop_assert_eq!(again.fields.len(), item.fields.len());
        for field in &again.fields {
            let before = item.field(&field.id).unwrap();
            prop_assert_eq!(before.value.expose(), field.value.expose());
            prop_assert_eq!((&before.label, before.field_type, before.position), (&field.label, field.field_type, field.position));
        }
        prop_assert!(again.fields.is_sorted_by_key(|field| (field.position, field.id.clone())));
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_a_value_has_one_form(class in 0_u8..15, bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let class: FieldClass = minicbor::decode(&[class]).unwrap();
        let element = match class {
            FieldClass::Tag | FieldClass::Section | FieldClass::Field | FieldClass::Setting => b"a".to_vec(),
            FieldClass::Attachment | FieldClass::Link => vec![7; 16],
            _ => Vec::new(),
        };
        let key = FieldKey { class, element };
        if check_value(&key, &bytes).is_ok() && class != FieldClass::Setting {
            let mut longer = bytes.clone();
            longer.push(0);
            prop_assert!(check_value(&key, &longer).is_err());
            prop_assert!(check_value(&key, &bytes[..bytes.len() - 1]).is_err());
        }
    }

    #[test]
    fn one_flipped_bit_gives_another_value_or_none(Sample(item) in item(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        for (key, bytes) in decompose(&item) {
            let mut flipped = bytes.to_vec();
            let at = at.index(flipped.len());
            flipped[at] ^= 1 << bit;
            if let Ok(again) = compose(item.id, decompose(&item).iter().map(|(there, bytes)| {
                (there, if *there == key { flipped.as_slice() } else { bytes.as_slice() })
            })) {
                let written = decompose(&again).into_iter().find(|(there, _)| *there == key).map(|(_, bytes)| bytes.to_vec());
                // A mark that became false is absent: that is its default.
                prop_assert!(written.as_deref().is_none_or(|written| written == flipped), "{:?}", key.class);
            }
        }
    }
}
