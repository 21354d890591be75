//! The file as an earlier run has left it.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
};

use super::Entries;

/// The entries of a file. Anything else in it means that it is another file.
pub(super) fn entries(file: &File, entries: Entries) -> io::Result<HashSet<String>> {
    let Entries { one, many, longest, .. } = entries;
    let mut known = HashSet::new();
    let mut lines = BufReader::new(file);
    // A longer line cannot be an entry, and need not be read to its end.
    let limit = longest as u64 + 3;
    for number in 1_u64.. {
        let mut line = Vec::new();
        Read::take(&mut lines, limit).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            break;
        }
        match str::from_utf8(line.trim_ascii()) {
            Ok("") => {}
            Ok(entry) if entries.accepts(entry) => {
                known.insert(entry.to_owned());
            }
            _ => {
                return Err(io::Error::other(format!(
                    "line {number} is no {one}; name a file that holds {many} only, or one that does not exist yet"
                )));
            }
        }
    }
    Ok(known)
}

/// A last line without an end is one that was being written when a run was killed, or one that was
/// written by hand. It counts, and the next entry does not go on in it.
pub(super) fn end_last_line(mut file: &File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    match last {
        [b'\n'] => Ok(()),
        _ => file.write_all(b"\n"),
    }
}
