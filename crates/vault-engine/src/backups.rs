//! Backups.

use vault_model::SecretText;

use crate::{
    command::{BackupKeyInput, RequestId, RestoreInto, SinkId, SourceId},
    context::{Ctx, Step},
    engine::Engine,
    event::Failure,
};

impl Engine {
    pub(crate) fn backup(&mut self, _: SinkId, _: Option<SecretText>, _: &mut Ctx<'_>) -> Result<Step, Failure> {
        Err(Failure::Io)
    }
    pub(crate) fn inspect_backup(&mut self, _: RequestId, _: SourceId, _: &mut Ctx<'_>) -> Result<Step, Failure> {
        Err(Failure::Io)
    }
    pub(crate) fn restore(&mut self, _: SourceId, _: BackupKeyInput, _: RestoreInto, _: &mut Ctx<'_>) -> Result<Step, Failure> {
        Err(Failure::Io)
    }
    pub(crate) fn test_backup(&mut self, _: SourceId, _: BackupKeyInput, _: &mut Ctx<'_>) -> Result<Step, Failure> {
        Err(Failure::Io)
    }
}
