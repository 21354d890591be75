// clippy does not see that these are tests, because of the feature beside `test`
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Barrier,
    thread,
};

use super::*;

const WORDS: Entries = Entries {
    one: "word",
    many: "spoken words",
    longest: 12,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
};

const HEADER: &str = "#accepted-once 2 spoken words\n";

fn scene() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("words.txt");
    (directory, path)
}

fn open(path: &Path) -> AcceptedFile {
    AcceptedFile::open(path, WORDS).unwrap()
}

/// Returns the entries in the file, which has the current form.
fn entries(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.strip_prefix(HEADER).expect("the first line");
    assert!(lines.is_empty() || lines.ends_with('\n'), "{text}");
    lines.lines().map(|line| line.split_once(' ').unwrap().0.to_owned()).collect()
}

fn head(path: &Path) -> PathBuf {
    path.with_file_name("words.txt.head")
}

/// A file with these entries.
fn written(path: &Path, entries: &[&str]) -> Vec<u8> {
    let memory = open(path);
    for entry in entries {
        assert_eq!(memory.accept(entry), Ok(true));
    }
    fs::read(path).unwrap()
}

#[test]
fn an_entry_is_accepted_once_and_still_known_after_a_restart() {
    let (_directory, path) = scene();
    for memory in [&AcceptedInMemory::new() as &dyn AcceptedOnce, &open(&path)] {
        assert_eq!(memory.contains("yes"), Ok(false));
        assert_eq!(memory.accept("yes"), Ok(true));
        assert_eq!(memory.accept("yes"), Ok(false));
        assert_eq!(memory.contains("yes"), Ok(true));
    }
    let memory = open(&path);
    assert_eq!(memory.contains("yes"), Ok(true));
    assert_eq!(memory.accept("yes"), Ok(false));
    assert_eq!(entries(&path), ["yes"]);
}

#[test]
fn of_many_threads_that_accept_the_same_one_gets_it_and_all_that_was_told_is_in_the_file() {
    const THREADS: usize = 16;
    const EACH: usize = 40;
    let (_directory, path) = scene();
    let memory = open(&path);
    let barrier = Barrier::new(THREADS);
    let accepted: usize = thread::scope(|scope| {
        let run = |thread: usize| {
            let (memory, barrier) = (&memory, &barrier);
            scope.spawn(move || {
                barrier.wait();
                let own = (0..EACH).filter(|n| memory.accept(&format!("t{thread}n{n}")).unwrap());
                let shared = (0..EACH).filter(|n| memory.accept(&format!("all{n}")).unwrap());
                (own.count(), shared.count())
            })
        };
        let threads: Vec<_> = (0..THREADS).map(run).collect();
        let counts = threads.into_iter().map(|thread| thread.join().unwrap());
        counts.fold(0, |sum, (own, shared)| {
            assert_eq!(own, EACH, "no other thread accepts these");
            sum + shared
        })
    });
    assert_eq!(accepted, EACH, "each shared entry is accepted by one thread");
    let lines = entries(&path);
    let different: BTreeSet<&String> = lines.iter().collect();
    assert_eq!(different.len(), THREADS * EACH + EACH);
    assert_eq!(lines.len(), different.len(), "no line twice");
    drop(memory);
    assert_eq!(open(&path).contains("all0"), Ok(true));
}

#[test]
fn a_file_cut_off_anywhere_has_all_whole_lines_and_no_half_one() {
    let (_directory, path) = scene();
    let whole = written(&path, &["hello", "wonderful", "world"]);
    for length in 0..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        // as a process leaves it that was killed before it wrote the head
        fs::remove_file(head(&path)).unwrap();
        let memory = open(&path);
        let text = std::str::from_utf8(&whole[..length]).unwrap();
        // the last line counts if only its line end is missing
        let checked =
            |line: &&str| line.split_once(' ').is_some_and(|(_, check)| check.len() == 16);
        let count = text.lines().skip(1).filter(checked).count();
        for (index, entry) in ["hello", "wonderful", "world"].into_iter().enumerate() {
            assert_eq!(memory.contains(entry), Ok(index < count), "{entry} in {text}");
        }
        assert_eq!(memory.contains("wonder"), Ok(false));
        assert_eq!(memory.accept("next"), Ok(true));
        drop(memory);
        assert_eq!(entries(&path).len(), count + 1, "{text}");
        assert_eq!(open(&path).contains("next"), Ok(true));
    }
}

#[test]
fn a_file_that_was_shortened_or_emptied_is_refused_and_left_alone() {
    let (_directory, path) = scene();
    let whole = written(&path, &["hello", "wonderful", "world"]);
    let text = std::str::from_utf8(&whole).unwrap();
    let ends: Vec<usize> = text.match_indices('\n').map(|(end, _)| end + 1).collect();
    let cuts = [(0, 0), (4, 0), (ends[0], 0), (ends[1], 1), (ends[2], 2), (ends[3] - 3, 2)];
    for (length, count) in cuts {
        fs::write(&path, &whole[..length]).unwrap();
        let refused = AcceptedFile::open(&path, WORDS).unwrap_err();
        assert!(
            matches!(refused, MemoryError::Shortened { expected: 3, found, .. } if found == count),
            "{length}: {refused}"
        );
        let text = refused.to_string();
        assert!(text.contains(&format!("has {count} spoken words, and 3 were accepted")), "{text}");
        assert!(text.contains("words.txt.head says"), "{text}");
        assert_eq!(fs::read(&path).unwrap(), &whole[..length], "it is left as it was");
    }
    // a file that is gone has no entries
    fs::remove_file(&path).unwrap();
    let refused = AcceptedFile::open(&path, WORDS).unwrap_err();
    assert!(matches!(refused, MemoryError::Shortened { found: 0, .. }), "{refused}");

    // the advice: a copy with all of them, or the loss is accepted
    fs::write(&path, &whole).unwrap();
    assert_eq!(open(&path).accept("world"), Ok(false));
    fs::write(&path, &whole[..ends[1]]).unwrap();
    fs::remove_file(head(&path)).unwrap();
    assert_eq!(open(&path).accept("world"), Ok(true));
}

#[test]
fn a_head_that_is_behind_or_missing_is_written_again() {
    let (_directory, path) = scene();
    written(&path, &["hello"]);
    let behind = fs::read(head(&path)).unwrap();
    let whole = written(&path, &["wonderful", "world"]);
    for older in [Some(&behind), None] {
        match older {
            Some(older) => fs::write(head(&path), older).unwrap(),
            None => fs::remove_file(head(&path)).unwrap(),
        }
        assert_eq!(open(&path).accept("world"), Ok(false));
        assert_eq!(fs::read(&path).unwrap(), whole);
        // what was behind counts all entries again
        fs::write(&path, "").unwrap();
        let refused = AcceptedFile::open(&path, WORDS).unwrap_err();
        assert!(matches!(refused, MemoryError::Shortened { expected: 3, .. }), "{refused}");
        fs::write(&path, &whole).unwrap();
    }
}

#[test]
fn a_head_that_is_damaged_or_another_files_is_named_and_can_be_deleted() {
    let (_directory, path) = scene();
    let (_elsewhere, other) = scene();
    written(&path, &["a", "b"]);
    written(&other, &["c"]);
    for wrong in [Vec::new(), b"{}".to_vec(), fs::read(head(&other)).unwrap()] {
        fs::write(head(&path), wrong).unwrap();
        let refused = AcceptedFile::open(&path, WORDS).unwrap_err();
        assert!(matches!(refused, MemoryError::HeadDamaged { .. }), "{refused}");
        let text = refused.to_string();
        assert!(text.contains("words.txt.head is damaged") && text.contains("delete"), "{text}");
    }
    fs::remove_file(head(&path)).unwrap();
    assert_eq!(open(&path).accept("b"), Ok(false));
}

#[test]
fn a_copy_of_an_older_version_that_lacks_entries_is_refused_and_not_rewritten() {
    let (_directory, path) = scene();
    written(&path, &["hello", "world"]);
    for (older, is_whole) in [("hello\n", false), ("hello\nworld\n", true)] {
        fs::write(&path, older).unwrap();
        match AcceptedFile::open(&path, WORDS) {
            Ok(memory) => assert!(is_whole, "{memory:?}"),
            Err(refused) => {
                assert!(matches!(refused, MemoryError::Shortened { .. }), "{refused}");
                assert!(!is_whole);
                assert_eq!(fs::read_to_string(&path).unwrap(), older);
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn all_names_of_a_file_have_one_head() {
    let (directory, path) = scene();
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    written(&path, &["hello"]);
    written(&link, &["world"]);
    assert_eq!(entries(&path), ["hello", "world"]);
    fs::write(&path, HEADER).unwrap();
    for name in [&path, &link] {
        let refused = AcceptedFile::open(name, WORDS).unwrap_err();
        assert!(matches!(refused, MemoryError::Shortened { expected: 2, .. }), "{refused}");
    }
}

#[test]
fn one_changed_bit_anywhere_is_detected_and_nothing_is_accepted() {
    let (_directory, path) = scene();
    let whole = written(&path, &["hello", "world"]);
    for position in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[position / 8] ^= 1 << (position % 8);
        fs::write(&path, &changed).unwrap();
        let refused = AcceptedFile::open(&path, WORDS).unwrap_err();
        let line = 1 + whole[..position / 8].iter().filter(|byte| **byte == b'\n').count() as u64;
        match &refused {
            MemoryError::Damaged { line: damaged, .. } => assert_eq!(*damaged, line, "{refused}"),
            MemoryError::Use { .. } => assert_eq!(line, 1, "{refused}"),
            _ => panic!("{refused}"),
        }
        assert!(refused.to_string().contains("words.txt"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), changed, "it is left as it was");
    }
}

#[test]
fn a_line_that_is_lost_moved_or_repeated_is_detected() {
    let (_directory, path) = scene();
    let whole = String::from_utf8(written(&path, &["a", "b", "c"])).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    for (order, damaged) in
        [(&[0, 2, 3][..], 2), (&[0, 1, 3], 3), (&[0, 2, 1, 3], 2), (&[0, 1, 1], 3)]
    {
        let text: String = order.iter().map(|index| lines[*index]).collect();
        fs::write(&path, text).unwrap();
        let refused = AcceptedFile::open(&path, WORDS).unwrap_err();
        assert!(
            matches!(refused, MemoryError::Damaged { line, .. } if line == damaged),
            "{order:?}: {refused}"
        );
    }
}

#[test]
fn a_file_of_an_older_version_is_read_and_rewritten() {
    let (_directory, path) = scene();
    fs::write(&path, "hello\r\n\n wor").unwrap();
    let memory = open(&path);
    assert_eq!(memory.contains("hello"), Ok(true));
    assert_eq!(memory.accept("wor"), Ok(false));
    assert_eq!(memory.accept("world"), Ok(true));
    // the new file is locked like the old one
    assert!(matches!(AcceptedFile::open(&path, WORDS), Err(MemoryError::InUse { .. })));
    drop(memory);
    assert_eq!(entries(&path), ["hello", "wor", "world"]);
    assert_eq!(open(&path).contains("hello"), Ok(true));
    // it and its head, and nothing unfinished
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 2);
}

#[test]
fn a_file_that_holds_something_else_is_refused_and_left_alone() {
    let (_directory, path) = scene();
    let others = [
        "hello\n{\"a\": 1}\n",
        "muchtoolongaword\n",
        "hello\n\u{e9}",
        "#accepted-once 2 nonces\n",
        "#accepted-once 3 spoken words\n",
    ];
    for other in others {
        fs::write(&path, other).unwrap();
        let error = AcceptedFile::open(&path, WORDS).unwrap_err();
        let MemoryError::Use { source, .. } = &error else {
            panic!("{error}");
        };
        let reason = source.to_string();
        assert!(
            reason.contains("is no word; name a file that holds spoken words only"),
            "{reason}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), other);
    }
}

#[test]
fn a_file_is_used_by_one_at_a_time() {
    let (_directory, path) = scene();
    let _memory = open(&path);
    let error = AcceptedFile::open(&path, WORDS).unwrap_err();
    assert!(matches!(error, MemoryError::InUse { .. }), "{error}");
}

#[test]
fn an_entry_that_is_no_line_is_not_written() {
    let (_directory, path) = scene();
    let memory = open(&path);
    for entry in ["", "two words", "two\nlines", "muchtoolongaword"] {
        let error = memory.accept(entry).unwrap_err().to_string();
        assert!(error.contains("is no word"), "{error}");
        assert_eq!(memory.contains(entry), Ok(false));
    }
    assert_eq!(entries(&path), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_file_is_its_owners_only_and_one_that_was_open_is_closed() {
    use std::os::unix::fs::PermissionsExt;
    let (_directory, path) = scene();
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    let memory = open(&path);
    assert_eq!((mode(), memory.notices().len()), (0o600, 0));
    drop(memory);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let memory = open(&path);
    assert_eq!((mode(), memory.notices().len()), (0o600, 1));
    drop(memory);
    assert_eq!(open(&path).notices(), [""; 0]);
}

/// How long a large file takes to open, and how much memory:
/// `cargo test --release -p negotiate-stdx --features fs -- --ignored five_million --nocapture`.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "writes a file of 200 MB"]
fn five_million_entries_open_in_little_memory() {
    use std::{io::Write, time::Instant};
    const COUNT: u64 = 5_000_000;
    const NUMBERS: Entries = Entries { longest: 39, ..WORDS };
    let (_directory, path) = scene();
    let mut file = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    file.write_all(HEADER.as_bytes()).unwrap();
    let mut chain = format::Chain::new(HEADER);
    let mut line = Vec::new();
    for number in 0..COUNT {
        line.clear();
        chain.write(&format!("{:024}", u128::from(number) * 1_000_000_007), &mut line);
        file.write_all(&line).unwrap();
    }
    file.into_inner().unwrap();
    let begun = Instant::now();
    let memory = AcceptedFile::open(&path, NUMBERS).unwrap();
    let opened = begun.elapsed();
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let now = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    println!("{COUNT} entries opened in {opened:?}; {peak}; {now}");
    const MORE: u32 = 1000;
    let begun = Instant::now();
    for number in 0..MORE {
        assert_eq!(memory.accept(&format!("new{number}")), Ok(true));
    }
    println!("one more is accepted in {:?}", begun.elapsed() / MORE);
    assert_eq!(memory.contains(&format!("{:024}", 1_000_000_007)), Ok(true));
    let kibibytes: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(kibibytes < 200 * 1024, "{peak}");
}
