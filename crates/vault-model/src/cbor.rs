//! A reader of deterministic CBOR (RFC 8949 §4.2) that notices in passing whether every number and length is in its shortest form.
//!
//! It takes exactly what `minicbor`'s decoder takes. A reader that also checks the order of what it reads, and asks
//! [`Reader::is_canonical`] at the end, so needs not encode everything again to know that no other bytes mean the same.

/// Not the CBOR that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not the CBOR that belongs here")]
pub struct Malformed;

/// RFC 8949 §3.1.
const UNSIGNED: u8 = 0;
/// RFC 8949 §3.1.
const BYTES: u8 = 2;
/// RFC 8949 §3.1.
const TEXT: u8 = 3;
/// RFC 8949 §3.1.
const ARRAY: u8 = 4;
/// RFC 8949 §3.1.
const MAP: u8 = 5;
/// RFC 8949 §3.3.
const FALSE: u8 = 0xf4;
/// RFC 8949 §3.3.
const TRUE: u8 = 0xf5;
/// RFC 8949 §3.3.
const NULL: u8 = 0xf6;
/// RFC 8949 §3.2.1: the length follows as a break.
const INDEFINITE: u8 = 31;

/// What is still unread, and whether all before it was in its only form.
#[derive(Clone)]
pub struct Reader<'b> {
    rest: &'b [u8],
    canonical: bool,
}

impl<'b> Reader<'b> {
    /// Reads `bytes` from the start.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes, canonical: true }
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether every number and length so far was in its shortest form, and nothing was [marked](Self::not_canonical).
    pub fn is_canonical(&self) -> bool {
        self.canonical
    }

    /// Marks what was read as having another form: something is out of order, or there twice.
    pub fn not_canonical(&mut self) {
        self.canonical = false;
    }

    /// An unsigned integer.
    ///
    /// # Errors
    ///
    /// [`Malformed`], as all that follow.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        let head = self.byte()?;
        if head >> 5 == UNSIGNED { self.argument(head) } else { Err(Malformed) }
    }

    /// An unsigned integer of 32 bit.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.u64()?.try_into().map_err(|_| Malformed)
    }

    /// An unsigned integer of 16 bit.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.u64()?.try_into().map_err(|_| Malformed)
    }

    /// An unsigned integer of 8 bit.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.u64()?.try_into().map_err(|_| Malformed)
    }

    /// A Boolean.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn bool(&mut self) -> Result<bool, Malformed> {
        match self.byte()? {
            FALSE => Ok(false),
            TRUE => Ok(true),
            _ => Err(Malformed),
        }
    }

    /// Takes a `null` if one is next; whether it was.
    pub fn null(&mut self) -> bool {
        let found = self.rest.first() == Some(&NULL);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// A byte string of definite length.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn bytes(&mut self) -> Result<&'b [u8], Malformed> {
        self.string(BYTES)
    }

    /// A text string of definite length.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn str(&mut self) -> Result<&'b str, Malformed> {
        std::str::from_utf8(self.string(TEXT)?).map_err(|_| Malformed)
    }

    /// The number of elements of an array; `None` if it is indefinite.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn array(&mut self) -> Result<Option<u64>, Malformed> {
        self.len(ARRAY)
    }

    /// The number of pairs of a map; `None` if it is indefinite.
    ///
    /// # Errors
    ///
    /// [`Malformed`].
    pub fn map(&mut self) -> Result<Option<u64>, Malformed> {
        self.len(MAP)
    }

    fn len(&mut self, major: u8) -> Result<Option<u64>, Malformed> {
        let head = self.byte()?;
        if head >> 5 != major {
            return Err(Malformed);
        }
        if head & 31 == INDEFINITE {
            self.canonical = false;
            return Ok(None);
        }
        self.argument(head).map(Some)
    }

    fn string(&mut self, major: u8) -> Result<&'b [u8], Malformed> {
        let head = self.byte()?;
        if head >> 5 != major {
            return Err(Malformed);
        }
        let len = usize::try_from(self.argument(head)?).map_err(|_| Malformed)?;
        let (string, rest) = self.rest.split_at_checked(len).ok_or(Malformed)?;
        self.rest = rest;
        Ok(string)
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        self.wide().map(u8::from_be_bytes)
    }

    fn wide<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Malformed)?;
        self.rest = rest;
        Ok(*bytes)
    }

    /// The number in or behind a head (RFC 8949 §3).
    fn argument(&mut self, head: u8) -> Result<u64, Malformed> {
        // Below `least`, a shorter form says the same.
        let (number, least) = match head & 31 {
            small @ 0..24 => return Ok(u64::from(small)),
            24 => (u64::from(self.byte()?), 24),
            25 => (u64::from(u16::from_be_bytes(self.wide()?)), 1 << 8),
            26 => (u64::from(u32::from_be_bytes(self.wide()?)), 1 << 16),
            27 => (u64::from_be_bytes(self.wide()?), 1 << 32),
            _ => return Err(Malformed),
        };
        self.canonical &= number >= least;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use minicbor::Decoder;
    use proptest::prelude::*;

    use super::*;

    /// What reading one thing gave: the outcome as text, how many bytes are left, whether it was in its only form.
    type Seen = (Option<String>, usize, bool);

    /// One thing read here, there, and encoded again from what was read there.
    fn both(bytes: &[u8], what: u8) -> (Seen, Seen) {
        let (mut ours, mut theirs) = (Reader::new(bytes), Decoder::new(bytes));
        let mut again = Vec::new();
        let mut encoder = minicbor::Encoder::new(&mut again);
        macro_rules! one {
            ($method:ident) => {{
                let found = theirs.$method().ok();
                if let Some(value) = &found {
                    encoder.$method(*value).unwrap();
                }
                (ours.$method().ok().map(|value| format!("{value:?}")), found.map(|value| format!("{value:?}")))
            }};
        }
        macro_rules! many {
            ($method:ident) => {{
                let found = theirs.$method().ok();
                if let Some(Some(len)) = found {
                    encoder.$method(len).unwrap();
                }
                (ours.$method().ok().map(|len| format!("{len:?}")), found.map(|len| format!("{len:?}")))
            }};
        }
        let (ours_found, theirs_found) = match what {
            0 => one!(u8),
            1 => one!(u16),
            2 => one!(u32),
            3 => one!(u64),
            4 => one!(bool),
            5 => one!(bytes),
            6 => one!(str),
            7 => many!(array),
            8 => many!(map),
            _ => {
                let found = theirs.null().is_ok();
                if found {
                    encoder.null().unwrap();
                }
                (ours.null().then(String::new), found.then(String::new))
            }
        };
        let read = bytes.len() - ours.rest.len();
        let rest = bytes.len() - theirs.position();
        let is_same = bytes[..theirs.position()] == again;
        let left = |found: &Option<String>, rest: usize| if found.is_some() { rest } else { 0 };
        let ours_seen = (ours_found.clone(), left(&ours_found, bytes.len() - read), ours_found.is_some() && ours.is_canonical());
        let theirs_seen = (theirs_found.clone(), left(&theirs_found, rest), theirs_found.is_some() && is_same);
        (ours_seen, theirs_seen)
    }

    #[test]
    fn every_head_is_read_as_minicbor_reads_it() {
        for head in 0..=u8::MAX {
            for fill in [0, 1, 23, 24, 255] {
                for len in 0..12 {
                    let mut bytes = vec![fill; len];
                    bytes.insert(0, head);
                    for what in 0..10 {
                        let (ours, theirs) = both(&bytes, what);
                        assert_eq!(ours, theirs, "{what} of {bytes:02x?}");
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_as_minicbor_reads_them(bytes in prop::collection::vec(any::<u8>(), 0..40), what in 0_u8..10) {
            let (ours, theirs) = both(&bytes, what);
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn any_number_is_canonical_in_its_shortest_form_only(number in any::<u64>(), shift in 0_u32..64) {
            let number = number >> shift;
            let shortest = minicbor::to_vec(number).unwrap();
            for (head, len) in [(0x18_u8, 1_usize), (0x19, 2), (0x1a, 4), (0x1b, 8)] {
                if len < 8 && number >> (8 * len) != 0 {
                    continue;
                }
                let mut bytes = vec![head];
                bytes.extend_from_slice(&number.to_be_bytes()[8 - len..]);
                let mut reader = Reader::new(&bytes);
                prop_assert_eq!(reader.u64(), Ok(number));
                prop_assert_eq!(reader.is_canonical(), bytes == shortest);
            }
        }
    }
}
