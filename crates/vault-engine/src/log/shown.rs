//! What a list shows of a row, read where it lies: opening a vault does this for every object, and an [`ObjectState`](super::object) of each
//! would cost more than its decryption.

use vault_model::payload::{FieldClass, KeyParts};
use vault_protocol::Dot;

use super::{
    cbor::BodyError,
    hlc::Hlc,
    object::{CBOR_FALSE, CBOR_TRUE, PurgeRequest},
    row::{VisitRow, WriteBytes, visit_row},
};

/// The values that [`ObjectState`](super::object::ObjectState) shows of a row, and whether they are all.
#[derive(Default)]
pub struct ShownRow<'b> {
    fields: Vec<ShownField<'b>>,
    newest: Newest<'b>,
    is_alive: bool,
    is_purge_overruled: bool,
    modified_ms: u64,
}

struct ShownField<'b> {
    key: KeyParts<'b>,
    value: Option<&'b [u8]>,
    is_conflicted: bool,
}

/// The writes so far of the field that began last.
#[derive(Default)]
struct Newest<'b> {
    /// The greatest one's stamp and name.
    greatest: Option<(Hlc, Dot)>,
    /// The first one's value; the outer `None` before there is one.
    first: Option<Option<&'b [u8]>>,
}

impl<'b> ShownRow<'b> {
    /// Reads a row body, as strictly as [`decode_row`](super::row::decode_row).
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(bytes: &'b [u8]) -> Result<Self, BodyError> {
        let mut row = Self::default();
        visit_row(bytes, &mut row)?;
        Ok(row)
    }

    /// As [`ObjectState::shown`](super::object::ObjectState::shown).
    pub fn shown(&self, key: KeyParts<'_>) -> Option<&'b [u8]> {
        self.fields.binary_search_by(|field| field.key.cmp(&key)).ok().and_then(|at| self.fields[at].value)
    }

    /// As [`ObjectState::values`](super::object::ObjectState::values).
    pub fn values(&self) -> impl Iterator<Item = (KeyParts<'b>, &'b [u8])> {
        let is_alive = self.is_alive && !self.is_purge_overruled;
        self.fields.iter().filter_map(move |field| match field.key.0 {
            FieldClass::Alive => Some((field.key, if is_alive { CBOR_TRUE } else { CBOR_FALSE })),
            _ => Some((field.key, field.value?)),
        })
    }

    /// As [`ObjectState::is_conflicted`](super::object::ObjectState::is_conflicted).
    pub fn is_conflicted(&self) -> bool {
        self.fields.iter().any(|field| field.is_conflicted && field.key.0 != FieldClass::Alive)
    }

    /// As [`ObjectState::modified_ms`](super::object::ObjectState::modified_ms).
    pub fn modified_ms(&self) -> u64 {
        self.modified_ms
    }
}

impl<'b> VisitRow<'b> for ShownRow<'b> {
    fn field(&mut self, class: FieldClass, element: &'b [u8]) {
        if self.fields.capacity() == 0 {
            // As many as nearly all items have.
            self.fields.reserve(24);
        }
        self.newest = Newest::default();
        self.fields.push(ShownField { key: (class, element), value: None, is_conflicted: false });
    }

    fn write(&mut self, dot: Dot, write: WriteBytes<'b>) {
        self.modified_ms = self.modified_ms.max(write.wall_ms);
        let Some(field) = self.fields.last_mut() else { return };
        if self.newest.greatest < Some((write.hlc, dot)) {
            (self.newest.greatest, field.value) = (Some((write.hlc, dot)), write.value);
        }
        field.is_conflicted |= *self.newest.first.get_or_insert(write.value) != write.value;
        self.is_alive |= field.key == (FieldClass::Alive, &[]) && write.value == Some(CBOR_TRUE);
    }

    fn purge(&mut self, _: Dot, purge: PurgeRequest) {
        self.is_purge_overruled |= !purge.answered && !purge.objections.is_empty();
    }
}
