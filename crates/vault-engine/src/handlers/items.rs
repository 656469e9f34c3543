//! Items: save, mark, purge, search, past values, clipboard.

use vault_model::{FieldId, FieldType, ItemDraft, SecretText, draft, draft::Change, payload, totp::Totp};
use vault_protocol::{Dot, ObjectId};
use zeroize::Zeroizing;

use crate::{
    command::{Mark, RequestId, Scope, Sort},
    context::{Ctx, Step},
    effect::Effect,
    engine::Engine,
    event::{Event, Failure, InvalidWhat},
    session::{Edit, Session, local},
};

/// Days ahead that count as "soon" for things that expire.
const SOON_DAYS: u64 = 30;
const DAY_MS: u64 = 86_400_000;

impl Engine {
    pub(super) fn search(
        &mut self,
        request: RequestId,
        query: &str,
        scope: &Scope,
        sort: Sort,
        ctx: &mut Ctx<'_>,
    ) -> Result<Step, Failure> {
        let (today, soon) = (date(ctx.now_ms), date(ctx.now_ms + SOON_DAYS * DAY_MS));
        let found = self.session()?.index.search(query, scope, sort, &today, &soon);
        ctx.emit(Event::Found(request, found));
        Ok(Step::Done)
    }

    pub(super) fn save_item(&mut self, request: RequestId, draft: ItemDraft, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let new_id = ObjectId(ctx.make_bytes()?);
        let session = self.session()?;
        // What the person changed is told by what the person saw, not by what has come in since.
        let base = draft.id.map(|id| session.item_as_seen(id, &draft.seen)).transpose()?;
        let id = draft.id.unwrap_or(new_id);
        let changes = draft::changes(base.as_ref(), &draft, ctx.now_ms).map_err(|_| Failure::Invalid(InvalidWhat::ItemTooLarge))?;
        let mut edit = Edit::of(id, changes);
        if !edit.is_empty() {
            if base.is_some() {
                edit.seen(id, draft.seen);
            }
            session.edit(edit, ctx)?;
        }
        // The item is durable: what fails from here on must not make the person save it twice.
        session.keep_draft(None, ctx).ok();
        ctx.emit(Event::Saved(request, id));
        self.show_again(id, ctx);
        Ok(Step::Done)
    }

    pub(super) fn duplicate_item(&mut self, request: RequestId, item: ObjectId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let copy = ObjectId(ctx.make_bytes()?);
        let now_ms = ctx.now_ms;
        let session = self.session()?;
        let (mut read, _) = session.item(item)?;
        read.id = copy;
        read.created_ms = now_ms;
        read.trashed = false;
        let changes = payload::decompose(&read).into_iter().map(|(key, value)| Change { key, value: Some(value) });
        session.edit(Edit::of(copy, changes), ctx)?;
        ctx.emit(Event::Saved(request, copy));
        Ok(Step::Done)
    }

    pub(super) fn mark_items(&mut self, items: &[ObjectId], mark: &Mark, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        let mut edit = Edit::default();
        for item in items {
            session.index.row(*item).ok_or(Failure::NotFound)?;
            let change = match mark {
                Mark::Trashed(trashed) => Change::alive(!trashed),
                Mark::Archived(archived) => Change::archived(*archived),
                Mark::Favourite(favourite) => Change::favourite(*favourite),
                Mark::AddTag(tag) => Change::add_tag(tag).ok_or(Failure::Invalid(InvalidWhat::Kind))?,
                Mark::RemoveTag(tag) => Change::remove_tag(tag),
                Mark::Folder(path) => Change::folder(path),
            };
            edit.change(*item, change);
        }
        session.edit(edit, ctx)?;
        items.iter().for_each(|item| self.show_again(*item, ctx));
        Ok(Step::Done)
    }

    pub(super) fn purge_items(&mut self, items: &[ObjectId], ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        let mut edit = Edit::default();
        for item in items {
            match session.index.row(*item) {
                Some(row) if row.trashed => edit.purge(*item),
                Some(_) => return Err(Failure::NotInTrash),
                None => return Err(Failure::NotFound),
            }
        }
        session.edit(edit, ctx)?;
        if session.live.as_ref().is_some_and(|live| items.contains(&live.item)) {
            session.live = None;
        }
        Ok(Step::Done)
    }

    pub(super) fn empty_trash(&mut self, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let trashed: Vec<ObjectId> = self.session()?.index.rows().filter(|row| row.trashed).map(|row| row.id).collect();
        self.purge_items(&trashed, ctx)
    }

    pub(super) fn copy_field(&mut self, item: ObjectId, field: FieldId, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let (read, _) = self.session()?.item(item)?;
        let found = read.field(&field).ok_or(Failure::NotFound)?;
        let text = match found.field_type {
            FieldType::Totp => Totp::parse(found.value.expose()).map_err(|_| Failure::NotFound)?.code_at(ctx.now_ms / 1000).code,
            FieldType::Iban | FieldType::CardNumber => {
                SecretText::new(found.value.expose().chars().filter(|c| !c.is_whitespace()).collect())
            }
            _ => found.value.duplicate(),
        };
        self.copy_text(text, Some((item, field)), ctx)
    }

    pub(super) fn copy_text(&mut self, text: SecretText, of: Option<(ObjectId, FieldId)>, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let secs = self.session.as_ref().map_or_else(Default::default, |session| session.settings.clone()).clipboard_secs;
        let clears_ms = self.clipboard.put(ctx.now_ms, secs);
        self.tell(Effect::ClipboardPut { text }, ctx);
        let (item, field) = of.unzip();
        ctx.emit(Event::Copied { item, field, clears_ms });
        Ok(Step::Done)
    }

    pub(super) fn reveal_past(&mut self, request: RequestId, item: ObjectId, dot: Dot, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let (key, written) = self.session()?.past_write(item, dot)?;
        let value = written.value.ok_or(Failure::NotFound)?;
        let field = payload::decode_field(&key, value.expose()).map_err(|_| Failure::NotFound)?;
        ctx.emit(Event::Revealed { request, item, field: field.id, text: field.value });
        Ok(Step::Done)
    }

    pub(super) fn restore_past(&mut self, request: RequestId, item: ObjectId, dot: Dot, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let session = self.session()?;
        let (key, written) = session.past_write(item, dot)?;
        let value = written.value.map(|value| Zeroizing::new(value.expose().to_vec()));
        session.edit(Edit::of(item, [Change { key, value }]), ctx)?;
        ctx.emit(Event::Saved(request, item));
        self.session()?.show(item, ctx)?;
        Ok(Step::Done)
    }
}

impl Session {
    /// Seals what is being typed, or forgets it.
    pub(crate) fn keep_draft(&mut self, draft: Option<&ItemDraft>, ctx: &mut Ctx<'_>) -> Result<(), Failure> {
        if self.read_only.is_some() {
            return Ok(());
        }
        let sealed = match draft {
            Some(draft) => {
                let body = Zeroizing::new(serde_json::to_vec(draft).map_err(|_| Failure::Invalid(InvalidWhat::ItemTooLarge))?);
                Some(self.keys.seal_local(local::DRAFT, &body, &mut ctx.entropy())?)
            }
            None if self.store.read().local(local::DRAFT)?.is_none() => return Ok(()),
            None => None,
        };
        Ok(self.store.write(|tx| match &sealed {
            Some(sealed) => tx.put_local(local::DRAFT, sealed),
            None => tx.delete_local(local::DRAFT),
        })?)
    }
}

/// The date in UTC, `YYYY-MM-DD`.
fn date(unix_ms: u64) -> String {
    let secs = i64::try_from(unix_ms / 1000).unwrap_or(i64::MAX);
    time::OffsetDateTime::from_unix_timestamp(secs).map(|time| time.date().to_string()).unwrap_or_default()
}
