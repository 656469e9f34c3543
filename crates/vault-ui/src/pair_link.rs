//! What the QR code of a new device's code holds: `<server>/#/join/<code>`.
//!
//! A phone's camera opens it where the server serves the page too; elsewhere it is pasted where the code is typed. The code is in the
//! fragment, which a browser sends to nobody; it fills a form and does nothing more (MF10). It is void after five minutes or one use.

use vault_model::SecretText;

/// What stands between the two parts.
const BETWEEN: &str = "/#/join/";

/// The link.
pub fn write(server: &str, code: &SecretText) -> SecretText {
    SecretText::new(format!("{}{BETWEEN}{}", server.trim_end_matches('/'), code.expose()))
}

/// Server and code, if it is a link.
pub fn parse(text: &str) -> Option<(&str, &str)> {
    let (server, code) = text.trim().split_once(BETWEEN)?;
    (server.contains("://") && !code.is_empty()).then_some((server, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_gives_back_what_it_was_made_of() {
        let link = write("https://vault.example.org/", &SecretText::new("K7QF-2M9X-ADT4-WPRE".to_owned()));
        assert_eq!(parse(link.expose()), Some(("https://vault.example.org", "K7QF-2M9X-ADT4-WPRE")));
    }

    #[test]
    fn a_bare_code_and_a_strange_address_are_no_links() {
        for text in ["K7QF-2M9X-ADT4-WPRE", "https://vault.example.org/#/items", "/#/join/K7QF", "https://vault.example.org/#/join/"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
