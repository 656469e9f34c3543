//! Names of files and addresses as they may leave the program.

/// A name as a proposal: never a path, nothing invisible, nothing that a file system refuses (MF05).
pub(crate) fn plain_name(name: &str) -> String {
    let is_bidi = |c: char| matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain = |c: char| if c.is_control() || is_bidi(c) || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let name: String = name.chars().map(plain).take(200).collect();
    let name = name.trim().trim_end_matches('.').trim_start_matches('.');
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

/// Whether an address is handed to a browser or mailer. Other schemes could start anything, so they are refused.
pub(crate) fn is_openable(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let is_plain = !address.chars().any(|c| c.is_control() || c.is_whitespace());
    is_plain && matches!(scheme.as_deref(), Some("http" | "https" | "mailto"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mf05_a_proposed_name_is_never_a_path_and_hides_nothing() {
        let check = |name, expected| assert_eq!(plain_name(name), expected);
        check("passport.pdf", "passport.pdf");
        check("../../etc/passwd", "_.._etc_passwd");
        check("C:\\boot.ini", "C__boot.ini");
        check("gpj\u{202e}exe.", "gpj_exe");
        check(".bashrc", "bashrc");
        check(" .. ", "file");
    }

    #[test]
    fn only_web_and_mail_addresses_are_opened() {
        for address in ["https://nt2.example/a?b#c", "HTTP://x", "mailto:a@b.example"] {
            assert!(is_openable(address), "{address}");
        }
        for address in ["file:///etc/passwd", "javascript:alert(1)", "x", "", "ssh://host", "https://a b", "https://a\nb", "-https:x"] {
            assert!(!is_openable(address), "{address}");
        }
    }
}
