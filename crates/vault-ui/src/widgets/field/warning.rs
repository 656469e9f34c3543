//! What a check found, in words under the field.

use egui::Ui;
use vault_model::check::Warning;

use crate::{
    fl, icons,
    role::{self, Role},
    theme::{S1, tokens},
};

/// The sentence for a warning: what is odd, so that the person can see whether it matters.
pub fn words(warning: &Warning) -> String {
    match warning {
        Warning::IbanCountry => fl!("warning-iban-country"),
        Warning::IbanLength { expected, found } => fl!("warning-iban-length", expected = expected.to_string(), found = found.to_string()),
        Warning::IbanStructure => fl!("warning-iban-structure"),
        Warning::IbanChecksum => fl!("warning-iban-checksum"),
        Warning::BicLength { found } => fl!("warning-bic-length", found = found.to_string()),
        Warning::BicStructure => fl!("warning-bic-structure"),
        Warning::RoutingLength { found } => fl!("warning-routing-length", found = found.to_string()),
        Warning::RoutingChecksum => fl!("warning-routing-checksum"),
        Warning::CardDigits => fl!("warning-card-digits"),
        Warning::CardLength { found } => fl!("warning-card-length", found = found.to_string()),
        Warning::CardChecksum => fl!("warning-card-checksum"),
        Warning::Expired => fl!("warning-expired"),
        Warning::Date => fl!("warning-date"),
        Warning::MonthYear => fl!("warning-month-year"),
        Warning::MnemonicLength { found } => fl!("warning-mnemonic-length", found = found.to_string()),
        Warning::MnemonicWord { position } => fl!("warning-mnemonic-word", position = position.to_string()),
        Warning::MnemonicChecksum => fl!("warning-mnemonic-checksum"),
        Warning::AddressChecksum => fl!("warning-address-checksum"),
        Warning::AddressForm => fl!("warning-address-form"),
        Warning::Email => fl!("warning-email"),
        Warning::Url => fl!("warning-url"),
        Warning::UrlPlainHttp => fl!("warning-url-plain-http"),
        Warning::Phone => fl!("warning-phone"),
        Warning::TotpSecret => fl!("warning-totp-secret"),
        Warning::TotpShort => fl!("warning-totp-short"),
        // A warning of a newer model: something is odd, and no more is known.
        _ => fl!("warning-other"),
    }
}

/// One line each: icon and words.
pub fn warnings_ui(ui: &mut Ui, warnings: &[Warning]) {
    let t = tokens(ui);
    for warning in warnings {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = S1;
            ui.label(Role::Small.rich(icons::WARNING, t.warn).family(Role::Icon.font_id().family));
            ui.label(role::small(ui, words(warning)).color(t.warn));
        });
    }
}
