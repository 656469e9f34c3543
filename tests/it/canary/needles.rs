//! What must never leave a device, in every form in which it might.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

/// Bytes of a form below which it may stand anywhere by chance.
const MIN_LEN: usize = 7;

/// Planted secrets, each in many forms.
pub(crate) struct Canaries {
    /// Name and form, by the first two bytes of the form.
    by_start: BTreeMap<[u8; 2], Vec<(String, Vec<u8>)>>,
    /// The same, as a table: most bytes begin nothing.
    begins: Box<[bool; 65_536]>,
}

impl Canaries {
    /// These, by a name for the report.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let mut canaries = Self { by_start: BTreeMap::new(), begins: Box::new([false; 65_536]) };
        for (name, secret) in secrets {
            canaries.add(name, "itself", secret);
            canaries.add(name, "SHA-256 of it", &Sha256::digest(secret));
            canaries.add(name, "BLAKE3 of it", &vault_testkit::derived::blake3(secret));
        }
        canaries
    }

    /// One secret more; a text in the forms that texts have.
    fn add(&mut self, name: &str, what: &str, secret: &[u8]) {
        let mut forms = vec![("raw", secret.to_vec()), ("hexadecimal", hex(secret)), ("HEXADECIMAL", hex(secret).to_ascii_uppercase())];
        for alphabet in [b"+/", b"-_"] {
            (0..3).for_each(|shift| forms.push(("base64", base64(secret, shift, *alphabet))));
        }
        if let Ok(text) = std::str::from_utf8(secret) {
            forms.push(("lower case", text.to_lowercase().into_bytes()));
            forms.push(("UTF-16, little endian", text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
            forms.push(("UTF-16, big endian", text.encode_utf16().flat_map(u16::to_be_bytes).collect()));
            forms.push(("percent-encoded", percent(text)));
        }
        for (form, bytes) in forms.into_iter().filter(|(_, bytes)| bytes.len() >= MIN_LEN) {
            let start = [bytes[0], bytes[1]];
            self.begins[usize::from(u16::from_be_bytes(start))] = true;
            self.by_start.entry(start).or_default().push((format!("{name}: {what}, {form}"), bytes));
        }
    }

    /// The first of them that `bytes` hold.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<&str> {
        let starts = bytes.windows(2).enumerate().filter(|(_, start)| self.begins[usize::from(u16::from_be_bytes([start[0], start[1]]))]);
        starts
            .flat_map(|(at, start)| self.by_start[&[start[0], start[1]]].iter().map(move |needle| (at, needle)))
            .find(|(at, (_, form))| bytes[*at..].starts_with(form))
            .map(|(_, (name, _))| name.as_str())
    }
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

/// What stands in base64 wherever the secret begins at `shift` modulo 3: without the characters that its neighbours have a part in.
fn base64(secret: &[u8], shift: usize, last: [u8; 2]) -> Vec<u8> {
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(last).collect();
    let bits: Vec<u8> = vec![0; shift].iter().chain(secret).flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let whole = bits.chunks_exact(6).map(|chunk| alphabet[chunk.iter().fold(0, |value, bit| value << 1 | usize::from(*bit))]);
    whole.skip((shift * 8).div_ceil(6)).collect()
}

fn percent(text: &str) -> Vec<u8> {
    let encode = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => vec![byte],
        byte => format!("%{byte:02X}").into_bytes(),
    };
    text.bytes().flat_map(encode).collect()
}

#[test]
fn a_canary_is_found_in_every_form() {
    let secret = "Zwölf Boxkämpfer".as_bytes();
    let canaries = Canaries::new([("it", secret)]);
    assert_eq!(canaries.find(b"nothing of that kind is in here"), None);
    // From `base64`, `xxd -p`, `iconv` of other authors.
    for found in [
        "abcZwölf Boxkämpferdef".as_bytes(),
        b"{\"a\":\"5a77c3b66c6620426f786bc3a46d70666572\"}",
        b"xxWnfDtmxmIEJveGvDpG1wZmVyyy",
        b"fVlad8O2bGYgQm94a8OkbXBmZXJ9",
        b"?name=Zw%C3%B6lf%20Boxk%C3%A4mpfer",
        b"\0Z\0w\0\xf6\0l\0f\0 \0B\0o\0x\0k\0\xe4\0m\0p\0f\0e\0r",
    ] {
        assert!(canaries.find(found).is_some(), "{}", String::from_utf8_lossy(found));
    }
}
