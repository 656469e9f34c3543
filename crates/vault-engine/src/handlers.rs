//! What each command does.

pub(crate) mod files;
mod items;
mod unlock;

use crate::{
    command::{Command, RequestId},
    context::{Ctx, Step},
    engine::Engine,
    event::{Event, Failure, InvalidWhat, LockReason},
    session::settings::settings_edit,
};

impl Engine {
    /// Carries a command out, or begins to.
    pub(crate) fn run(&mut self, request: RequestId, command: Command, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        match command {
            Command::ListVaults => self.list_vaults(ctx),
            Command::CreateVault { name, password } => self.create_vault(&name, password, ctx),
            Command::Unlock { vault, password } => self.unlock(vault, password, ctx),
            Command::UnlockWithKit { vault, kit, with } => self.unlock_with_kit(vault, kit, with, ctx),
            Command::Lock => {
                self.lock(LockReason::Asked, ctx);
                Ok(Step::Done)
            }
            Command::RenameVault { vault, name } => self.rename_vault(vault, &name, ctx),
            Command::DeleteVault { vault, password } => self.delete_vault(vault, password, ctx),
            Command::ChangePassword { current, new } => self.change_password(current, new, ctx),
            Command::Search { query, scope, sort } => self.search(request, &query, &scope, sort, ctx),
            Command::OpenItem { item } => self.session()?.show(item, ctx).map(|()| Step::Done),
            Command::CloseItem => {
                self.session()?.live = None;
                Ok(Step::Done)
            }
            Command::SaveItem(draft) => self.save_item(request, *draft, ctx),
            Command::DuplicateItem { item } => self.duplicate_item(request, item, ctx),
            Command::MarkItems { items, mark } => self.mark_items(&items, &mark, ctx),
            Command::PurgeItems { items } => self.purge_items(&items, ctx),
            Command::EmptyTrash => self.empty_trash(ctx),
            Command::Reveal { item, field } => {
                let text = self.session()?.reveal(item, &field)?;
                ctx.emit(Event::Revealed { request, item, field, text });
                Ok(Step::Done)
            }
            Command::CopyField { item, field } => self.copy_field(item, field, ctx),
            Command::CopyText { text } => self.copy_text(text, None, ctx),
            Command::ClearClipboard => {
                self.clear_clipboard(ctx);
                Ok(Step::Done)
            }
            Command::History { item, field } => {
                let past = self.session()?.past(item, field.as_ref())?;
                ctx.emit(Event::History(request, past));
                Ok(Step::Done)
            }
            Command::RevealPast { item, dot } => self.reveal_past(request, item, dot, ctx),
            Command::RestorePast { item, dot } => self.restore_past(request, item, dot, ctx),
            Command::Generate(recipe) => {
                let mut fill = |out: &mut [u8]| ctx.host.entropy(out).map_err(|_| vault_model::generate::NoEntropy);
                let made = vault_model::generate::generate(&recipe, &mut fill).map_err(|error| match error {
                    vault_model::generate::GenerateError::NoEntropy(_) => Failure::NoEntropy,
                    _ => Failure::Invalid(InvalidWhat::Recipe),
                })?;
                ctx.emit(Event::Generated { request, text: made.text, bits: made.bits });
                Ok(Step::Done)
            }
            Command::KeepDraft(draft) => self.session()?.keep_draft(draft.as_deref(), ctx).map(|()| Step::Done),
            Command::Attach { item, source, name, media_type } => self.attach(item, source, name, media_type, ctx),
            Command::Extract { item, attachment, sink } => self.extract(item, attachment, sink, request, ctx),
            Command::Detach { item, attachment } => self.detach(item, attachment, ctx),
            Command::ReadAttachment { item, attachment, offset, limit } => {
                self.read_attachment(item, attachment, (offset, limit), request, ctx)
            }
            Command::Cancel(_) => Ok(Step::Done),
            Command::Backup { sink, passphrase } => self.backup(sink, passphrase, ctx),
            Command::InspectBackup { source } => self.inspect_backup(request, source, ctx),
            Command::Restore { source, key, into } => self.restore(source, key, into, ctx),
            Command::TestBackup { source, key } => self.test_backup(source, key, ctx),
            Command::SaveKit { sink, passphrase } => self.save_kit(sink, passphrase, ctx),
            Command::CheckKit { kit } => self.check_kit(request, kit, ctx),
            Command::CheckVault { read_attachments } => self.check_vault(read_attachments, ctx),
            Command::SetVaultSettings(settings) => {
                let session = self.session()?;
                session.edit(settings_edit(&session.settings, &settings), ctx)?;
                session.tell_status(ctx);
                Ok(Step::Done)
            }
            Command::SyncEnable { server } => self.sync_enable(request, &server, ctx),
            Command::SyncNow => self.sync_now(request, ctx),
            Command::SyncDisable => self.sync_disable(ctx),
            Command::SyncStatus => self.tell_sync_status(ctx),
            Command::Files(command) => self.run_files(request, command, ctx),
            Command::DeleteReplica { kit } => self.delete_replica(kit, ctx),
            Command::AllowPasswordLogin { password } => self.allow_password_login(password, ctx),
            Command::ForbidPasswordLogin { password } => self.forbid_password_login(password, ctx),
            Command::JoinWithPassword { address, name, password } => self.join_with_password(request, &address, &name, password, ctx),
            Command::OpenCheckout => self.open_checkout(request),
            Command::RedeemPromo { code } => self.redeem_promo(&code),
            Command::JoinWithKit { server, did, name, kit, password } => {
                self.join_with_kit(request, &server, did, &name, kit, password, ctx)
            }
            Command::PairHost => self.pair_host(request, ctx),
            Command::PairConfirm { password } => self.pair_confirm(request, password, ctx),
            Command::PairJoin { server, code, name } => self.pair_join(request, &server, &code, &name, ctx),
            Command::PairFinish { password } => self.pair_finish(request, password),
            Command::RenameDevice { device, name } => self.rename_device(device, &name, ctx),
            Command::PlanRemoval { device } => self.plan_removal(request, device, ctx),
            Command::RemoveDevice { device, password, new_password } => self.remove_device(device, password, new_password, ctx),
            Command::JoinEpochs { password, other } => self.join_epochs(password, other, ctx),
            Command::Settle { stands, kit } => self.settle(stands, kit, ctx),
            Command::EnrolAgain { kit, password } => self.enrol_again(kit, password, ctx),
            Command::Touch => Ok(Step::Done),
        }
    }
}
