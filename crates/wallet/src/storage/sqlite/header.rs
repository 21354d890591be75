//! The header of an SQLite file (<https://www.sqlite.org/fileformat.html#the_database_header>).

/// The first bytes of every SQLite 3 file.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The length of the header, in bytes.
pub(super) const HEADER_LENGTH: usize = 100;

/// Whether a file that begins with these bytes can be an SQLite database.
pub(super) fn is_sqlite(header: &[u8]) -> bool {
    header.starts_with(MAGIC)
}

/// Returns the length of the file, if the header says that its number of pages is valid.
pub(super) fn expected_length(header: &[u8]) -> Option<u64> {
    let number = |at: usize| -> Option<u32> {
        let bytes = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let (change_counter, valid_for) = match (number(24), number(92)) {
        (Some(change_counter), Some(valid_for)) => (change_counter, valid_for),
        // the header itself is truncated
        _ => return Some(HEADER_LENGTH as u64),
    };
    let page_size = match number(16)? >> 16 {
        1 => 65536,
        size => u64::from(size),
    };
    let pages = u64::from(number(28)?);
    (change_counter == valid_for).then(|| page_size * pages)
}
