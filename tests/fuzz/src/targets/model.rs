//! What people and other programs write into items.

use vault_model::{
    FieldKey, check,
    payload::{FieldClass, decode_attachment, decode_field},
    template::parse_pack,
    totp::Totp,
};

use super::text;

/// One value of an item; its first byte says how long the element's name before it is.
pub(super) fn field(data: &[u8]) {
    let Some((len, rest)) = data.split_first() else { return };
    let (element, value) = rest.split_at(rest.len().min(usize::from(*len)));
    decode_field(&FieldKey::element(FieldClass::Field, element), value).ok();
    decode_attachment(&FieldKey::element(FieldClass::Attachment, element), value).ok();
}

/// A file of templates.
pub(super) fn template_pack(data: &[u8]) {
    parse_pack(data).ok();
}

/// An `otpauth:` address or a bare secret.
pub(super) fn otpauth(data: &[u8]) {
    Totp::parse(text(data)).ok();
}

/// What is typed into a field is looked at by all that warn.
pub(super) fn checks(data: &[u8]) {
    let text = text(data);
    check::chain_address(text);
    check::iban(text);
    check::bic(text);
    check::routing_number(text);
    check::card_number(text);
    check::Day::parse(text);
    check::Day::last_of_month(text);
    check::parse_month(text);
    check::mnemonic(text);
    check::email(text);
    check::url(text);
    check::host(text);
    check::phone(text);
}
