//! Files of older versions, which had an entry in each line and nothing else.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write},
};

use super::{
    entries::Entries,
    format::{Chain, header},
};

/// Writes the entries of a file of an older version in the current form. Anything else in it means
/// that it is another file, and is an error. A last line without an end counts: it may be whole,
/// and half of one refuses nothing but itself.
pub(super) fn rewrite(mut from: &File, entries: Entries, to: &File) -> io::Result<()> {
    let Entries { one, many, longest, .. } = entries;
    let header = header(many);
    let mut chain = Chain::new(&header);
    let mut to = BufWriter::new(to);
    to.write_all(header.as_bytes())?;
    from.rewind()?;
    let mut lines = BufReader::new(from);
    // a longer line cannot be an entry, and need not be read to its end
    let limit = longest as u64 + 3;
    let (mut line, mut written) = (Vec::new(), Vec::new());
    for number in 1_u64.. {
        line.clear();
        Read::take(&mut lines, limit).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        match str::from_utf8(line.trim_ascii()) {
            Ok("") => {}
            Ok(entry) if entries.accepts(entry) => {
                written.clear();
                chain.write(entry, &mut written);
                to.write_all(&written)?;
            }
            _ => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!(
                        "line {number} is no {one}; name a file that holds {many} only, or one that does not exist yet"
                    ),
                ));
            }
        }
    }
    to.flush()
}
