//! Reads every table of an SQLite file (sqlite.org/fileformat2.html) without SQLite: what is looked at is what is on the disk.

use std::collections::BTreeMap;

/// Texts and blobs as they are, numbers as eight bytes, nothing for NULL.
type Row = Vec<Vec<u8>>;

/// All rows by table; the file must have been closed in order, so that no journal is beside it.
pub(super) fn read(file: &[u8]) -> BTreeMap<String, Vec<Row>> {
    assert!(file.starts_with(b"SQLite format 3\0"));
    let page_len = match u16::from_be_bytes([file[16], file[17]]) {
        1 => 65_536,
        len => usize::from(len),
    };
    let database = Database { file, page_len, usable: page_len - usize::from(file[20]) };
    let schema = database.rows(1);
    let tables = schema.into_iter().filter(|row| row[0] == b"table");
    tables
        .map(|row| {
            let root = u64::from_be_bytes(row[3].as_slice().try_into().expect("a number"));
            (String::from_utf8(row[1].clone()).expect("a name"), database.rows(root as usize))
        })
        .collect()
}

struct Database<'a> {
    file: &'a [u8],
    page_len: usize,
    /// Bytes of a page that SQLite uses.
    usable: usize,
}

impl Database<'_> {
    fn page(&self, number: usize) -> &[u8] {
        &self.file[(number - 1) * self.page_len..number * self.page_len]
    }

    /// The rows of a tree: of a table by row number, or of one without.
    fn rows(&self, root: usize) -> Vec<Row> {
        let page = self.page(root);
        let head = if root == 1 { 100 } else { 0 };
        let kind = page[head];
        let is_leaf = kind & 8 != 0;
        let n_cells = u16::from_be_bytes([page[head + 3], page[head + 4]]);
        let cells = head + if is_leaf { 8 } else { 12 };
        let mut rows = Vec::new();
        for n in 0..usize::from(n_cells) {
            let at = usize::from(u16::from_be_bytes([page[cells + 2 * n], page[cells + 2 * n + 1]]));
            let mut cell = &page[at..];
            if !is_leaf {
                rows.extend(self.rows(number(&page[at..at + 4])));
                cell = &page[at + 4..];
            }
            // Of a table by row number only leaves hold rows.
            match kind {
                0x0d => {
                    let len = varint(&mut cell) as usize;
                    varint(&mut cell);
                    rows.push(record(&self.payload(cell, len, self.usable - 35)));
                }
                0x0a | 0x02 => {
                    let len = varint(&mut cell) as usize;
                    rows.push(record(&self.payload(cell, len, (self.usable - 12) * 64 / 255 - 23)));
                }
                0x05 => {}
                kind => panic!("a page of kind {kind}"),
            }
        }
        if !is_leaf {
            rows.extend(self.rows(number(&page[head + 8..head + 12])));
        }
        rows
    }

    /// A payload of `len` bytes of which at most `max` lie in the cell, the rest on pages of its own.
    fn payload(&self, cell: &[u8], len: usize, max: usize) -> Vec<u8> {
        if len <= max {
            return cell[..len].to_vec();
        }
        let min = (self.usable - 12) * 32 / 255 - 23;
        let fitting = min + (len - min) % (self.usable - 4);
        let local = if fitting <= max { fitting } else { min };
        let mut payload = cell[..local].to_vec();
        let mut next = number(&cell[local..local + 4]);
        while next != 0 {
            let page = self.page(next);
            let rest = (len - payload.len()).min(self.usable - 4);
            payload.extend_from_slice(&page[4..4 + rest]);
            next = number(&page[..4]);
        }
        assert_eq!(payload.len(), len);
        payload
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for n in 0..9 {
        let byte = bytes[n];
        if n == 8 {
            value = value << 8 | u64::from(byte);
        } else {
            value = value << 7 | u64::from(byte & 0x7f);
        }
        if byte < 0x80 || n == 8 {
            *bytes = &bytes[n + 1..];
            break;
        }
    }
    value
}

fn record(payload: &[u8]) -> Row {
    let mut head = payload;
    let head_len = varint(&mut head) as usize;
    let mut types = &payload[payload.len() - head.len()..head_len];
    let mut body = &payload[head_len..];
    let mut row = Vec::new();
    while !types.is_empty() {
        let kind = varint(&mut types);
        let len = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            kind => (kind as usize - 12) / 2,
        };
        let (value, rest) = body.split_at(len);
        body = rest;
        row.push(match kind {
            0 => Vec::new(),
            8 | 9 => (kind - 8).to_be_bytes().to_vec(),
            1..=6 => {
                let is_negative = value[0] & 0x80 != 0;
                let mut wide = vec![if is_negative { 0xff } else { 0 }; 8 - len];
                wide.extend_from_slice(value);
                wide
            }
            _ => value.to_vec(),
        });
    }
    row
}
