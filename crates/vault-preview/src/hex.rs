//! Bytes as hex.

use std::fmt::Write as _;

use crate::Text;

/// `00000010  4e 54 32 …  NT2…`, sixteen bytes a line, of at most `max_bytes`.
pub(crate) fn dump(bytes: &[u8], max_bytes: usize) -> Text {
    let mut text = String::new();
    for (n, line) in bytes[..bytes.len().min(max_bytes)].chunks(16).enumerate() {
        // Writing to a String cannot fail.
        write!(text, "{:08x} ", n * 16).ok();
        for byte in line {
            write!(text, " {byte:02x}").ok();
        }
        text.push_str(&"   ".repeat(16 - line.len()));
        text.push_str("  ");
        text.extend(line.iter().map(|b| if (0x20..0x7f).contains(b) { *b as char } else { '.' }));
        text.push('\n');
    }
    Text { text, truncated: bytes.len() > max_bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_sixteen_bytes_and_the_rest_is_aligned() {
        let dumped = dump(b"0123456789abcdef\x00\xffZ", 100);
        assert_eq!(
            dumped.text,
            "00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef\n\
             00000010  00 ff 5a                                         ..Z\n"
        );
        assert!(!dumped.truncated);
        assert!(dump(&[0; 20], 16).truncated);
    }
}
