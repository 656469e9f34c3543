//! Builds the ops of an edit from the state that the person saw.

use vault_model::payload::{FieldClass, FieldKey};
use vault_protocol::ObjectId;

use super::{
    object::{ObjectState, alive_key},
    op::{Op, Value, Write},
};

/// The ops that take an object from the state the person saw to what they made of it.
///
/// Every edit also says that the object lives, over the `alive` writes seen: an edit wins over a concurrent trash.
pub struct Changes<'a> {
    object: ObjectId,
    seen: Option<&'a ObjectState>,
    ops: Vec<Op>,
}

impl<'a> Changes<'a> {
    /// Starts from `seen`, the state when the editor was opened (not the newest one); `None` for a new object.
    pub fn new(object: ObjectId, seen: Option<&'a ObjectState>) -> Self {
        Self { object, seen, ops: Vec::new() }
    }

    /// Gives a field a value, whatever it shows now. To leave an untouched field alone is the caller's decision.
    pub fn set(&mut self, key: FieldKey, value: Value) {
        self.write(key, Some(value));
    }

    /// Takes a field away, if there is anything to take.
    pub fn remove(&mut self, key: FieldKey) {
        if self.seen.and_then(|seen| seen.field(&key)).is_some_and(|field| field.live().any(|(_, write)| write.value.is_some())) {
            self.write(key, None);
        }
    }

    /// The ops of an edit; none if nothing was changed.
    pub fn finish(mut self) -> Vec<Op> {
        if !self.ops.is_empty() && !self.ops.iter().any(|op| matches!(op, Op::Write(write) if write.key.class == FieldClass::Alive)) {
            self.write(alive_key(), Some(Value::boolean(true)));
        }
        self.ops
    }

    /// Into the trash, or out of it.
    pub fn set_alive(object: ObjectId, seen: &'a ObjectState, alive: bool) -> Vec<Op> {
        let mut changes = Self::new(object, Some(seen));
        changes.set(alive_key(), Value::boolean(alive));
        changes.ops
    }

    /// Asks for final removal.
    pub fn purge(object: ObjectId) -> Vec<Op> {
        vec![Op::Purge { object }]
    }

    fn write(&mut self, key: FieldKey, value: Option<Value>) {
        let over = self.seen.and_then(|seen| seen.field(&key)).map(|field| field.dots()).unwrap_or_default();
        self.ops.push(Op::Write(Write { object: self.object, key, over, value }));
    }
}
