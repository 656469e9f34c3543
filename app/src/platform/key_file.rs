//! A device key as a file, the same on every platform: `nt2 device key 1`, a line break, 64 hexadecimal digits, a line break.

use vault_engine::effect::KeyName;
use vault_protocol::VaultId;
use zeroize::{Zeroize as _, Zeroizing};

/// First line.
const MAGIC: &str = "nt2 device key 1";

/// A private half.
pub(crate) type Key = Zeroizing<[u8; 32]>;

/// The key's name as text, also without its ending. A name that is no plain hexadecimal number is refused: it must not lead elsewhere.
pub(crate) fn plain_name(name: &KeyName) -> Result<String, ()> {
    let is_plain = !name.generation.is_empty() && name.generation.chars().all(|c| c.is_ascii_hexdigit());
    if is_plain { Ok(format!("{}-{}", name.vault, name.generation)) } else { Err(()) }
}

/// The inverse of [`plain_name`] and [`file_name`]; `None` for any other file.
pub(crate) fn parse_file_name(file_name: &str) -> Option<KeyName> {
    let (vault, generation) = file_name.strip_suffix(".key")?.split_once('-')?;
    let name = KeyName { vault: VaultId::parse_hex(vault)?, generation: generation.to_owned() };
    plain_name(&name).is_ok().then_some(name)
}

/// The name of a key's file.
pub(crate) fn file_name(plain_name: &str) -> String {
    format!("{plain_name}.key")
}

/// The text of a key's file.
pub(crate) fn write(key: &Key) -> Zeroizing<String> {
    // In one piece: growing would leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(MAGIC.len() + 2 + 64));
    text.push_str(MAGIC);
    text.push('\n');
    for byte in key.iter() {
        let mut digits = format!("{byte:02x}");
        text.push_str(&digits);
        digits.zeroize();
    }
    text.push('\n');
    text
}

/// Reads such a text; `None` if it is no key's.
pub(crate) fn parse(text: &str) -> Option<Key> {
    let digits = text.strip_prefix(MAGIC).map(str::trim).filter(|digits| digits.len() == 64)?;
    let mut key = Zeroizing::new([0; 32]);
    for (byte, pair) in key.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        let nibble = |digit: u8| char::from(digit).to_digit(16);
        *byte = (nibble(pair[0])? << 4 | nibble(pair[1])?) as u8;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_anything_else_is_refused() {
        let key = Zeroizing::new(std::array::from_fn(|at| at as u8 * 7));
        let text = write(&key);
        assert_eq!(parse(&text).as_deref(), Some(&*key));
        for other in ["", "nt2 device key 1\n", &text[..text.len() - 2], &text.replace('0', "g"), &text.replace("key 1", "key 2")] {
            assert!(parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let vault = vault_protocol::VaultId([1; 16]);
        let name = |generation: &str| plain_name(&KeyName { vault, generation: generation.to_owned() });
        assert!(name("00ff").is_ok_and(|name| name.ends_with("-00ff")));
        assert!(name("../x").is_err() && name("").is_err());
        let file = file_name(&name("00ff").unwrap());
        assert_eq!(parse_file_name(&file).map(|name| name.generation).as_deref(), Some("00ff"));
        assert_eq!(parse_file_name("notes.txt"), None);
    }
}
