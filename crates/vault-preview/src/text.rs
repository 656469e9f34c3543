//! Text out of bytes: UTF-8, UTF-16 with a mark, and what claims to be text.

/// Text to show, in which nothing is invisible or turns the line around.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text. Control characters but tab and line feed, and marks that change direction, are written `\u{202e}`.
    pub text: String,
    /// Whether there was more.
    pub truncated: bool,
}

/// Decodes `bytes` if they are text; `is_claimed` forgives single bytes that are no UTF-8 (older encodings).
pub(crate) fn decode(bytes: &[u8], is_claimed: bool, max_bytes: usize) -> Option<Text> {
    let truncated = bytes.len() > max_bytes;
    let head = &bytes[..bytes.len().min(max_bytes)];
    let text = match head {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, is_claimed)?,
        _ => utf8(head, is_claimed)?,
    };
    Some(Text { text: escape(&text), truncated })
}

/// Whether a name ends like a text file.
pub(crate) fn has_text_extension(name: &str) -> bool {
    /// Common kinds of text that a vault is given; lower case.
    const EXTENSIONS: [&str; 22] = [
        "asc", "cfg", "conf", "crt", "csv", "env", "htm", "html", "ini", "json", "key", "log", "md", "ovpn", "pem", "pub", "toml", "tsv",
        "txt", "xml", "yaml", "yml",
    ];
    name.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()))
}

fn utf8(bytes: &[u8], is_claimed: bool) -> Option<String> {
    if bytes.contains(&0) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        // The last character is cut because the file goes on.
        Err(error) if error.error_len().is_none() => Some(String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned()),
        Err(_) if is_claimed => Some(String::from_utf8_lossy(bytes).into_owned()),
        Err(_) => None,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    let text = String::from_utf16_lossy(&units);
    (!text.contains('\0')).then_some(text)
}

/// Writes out what a reader could not see. Line ends become `\n`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = match line.strip_suffix('\n') {
            Some(line) => (line.strip_suffix('\r').unwrap_or(line), "\n"),
            None => (line, ""),
        };
        for c in line.chars() {
            let is_bidi = matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if c != '\t' && (c.is_control() || is_bidi) { out.extend(c.escape_unicode()) } else { out.push(c) }
        }
        out.push_str(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], is_claimed: bool, expected: Option<&str>) {
        assert_eq!(decode(bytes, is_claimed, 1000).map(|t| t.text).as_deref(), expected);
    }

    #[test]
    fn utf8_is_text_with_and_without_a_mark() {
        check("grün\n".as_bytes(), false, Some("grün\n"));
        check("\u{feff}grün".as_bytes(), false, Some("grün"));
    }

    #[test]
    fn utf16_is_text_in_both_orders() {
        check(b"\xff\xfeh\0i\0", false, Some("hi"));
        check(b"\xfe\xff\0h\0i", false, Some("hi"));
    }

    #[test]
    fn a_character_cut_at_the_end_is_left_out() {
        check(&"grün ü".as_bytes()[..7], false, Some("grün "));
    }

    #[test]
    fn an_older_encoding_is_text_only_if_the_file_says_so() {
        check(b"gr\xfcn und gut", false, None);
        check(b"gr\xfcn und gut", true, Some("gr\u{fffd}n und gut"));
    }

    #[test]
    fn mf05_direction_marks_and_control_characters_are_written_out() {
        check("exe\u{202e}txt\u{1b}[2J\r\nb".as_bytes(), false, Some("exe\\u{202e}txt\\u{1b}[2J\nb"));
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        let text = decode(&[b'a'; 50], false, 10).unwrap();
        assert_eq!((text.text.len(), text.truncated), (10, true));
    }
}
