//! Names of devices: objects of the vault, so that a server never learns them.

use vault_protocol::{DeviceId, ObjectId};

use crate::{
    context::{Ctx, Step},
    engine::Engine,
    event::{Failure, InvalidWhat},
    session::settings::device_name_edit,
};

/// Longest name of a device, in characters.
const MAX_NAME_CHARS: usize = 60;

impl Engine {
    /// Gives a device another name, which every device shows once it has heard of it.
    pub(crate) fn rename_device(&mut self, device: DeviceId, name: &str, ctx: &mut Ctx<'_>) -> Result<Step, Failure> {
        let name = checked_name(name)?;
        let session = self.session()?;
        if !session.control.state().is_current(device) {
            return Err(Failure::NotFound);
        }
        if session.device_names.get(&ObjectId(device.0)) != Some(&name) {
            session.edit(device_name_edit(device, &name), ctx)?;
        }
        session.tell_sync(ctx);
        Ok(Step::Done)
    }
}

/// A name of one line without space around it.
fn checked_name(name: &str) -> Result<String, Failure> {
    let name = name.trim();
    let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(Failure::Invalid(InvalidWhat::DeviceName)) }
}
