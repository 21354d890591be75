use std::{collections::BTreeSet, fs, sync::Barrier, thread};

use super::*;

const WORDS: Entries = Entries {
    one: "word",
    many: "spoken words",
    longest: 12,
    is_one: |text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
};

fn scene() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("words.txt");
    (directory, path)
}

#[test]
fn an_entry_is_accepted_once_and_still_known_after_a_restart() {
    let (_directory, path) = scene();
    let memory = AcceptedFile::open(&path, WORDS).unwrap();
    assert!(!memory.contains("yes"));
    assert_eq!(memory.accept("yes"), Ok(true));
    assert_eq!(memory.accept("yes"), Ok(false));
    drop(memory);

    let memory = AcceptedFile::open(&path, WORDS).unwrap();
    assert!(memory.contains("yes"));
    assert_eq!(memory.accept("yes"), Ok(false));
    assert_eq!(fs::read_to_string(&path).unwrap(), "yes\n");
}

#[test]
fn of_many_threads_that_accept_the_same_one_gets_it_and_all_that_was_told_is_in_the_file() {
    const THREADS: usize = 16;
    const EACH: usize = 40;
    let (_directory, path) = scene();
    let memory = AcceptedFile::open(&path, WORDS).unwrap();
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
    let text = fs::read_to_string(&path).unwrap();
    let lines: BTreeSet<&str> = text.lines().collect();
    assert_eq!(lines.len(), THREADS * EACH + EACH);
    assert_eq!(text.lines().count(), lines.len(), "no line twice");
}

#[test]
fn a_line_that_was_cut_off_counts_and_does_not_swallow_the_next() {
    let (_directory, path) = scene();
    fs::write(&path, "hello\nwor").unwrap();
    let memory = AcceptedFile::open(&path, WORDS).unwrap();
    assert!(memory.contains("hello") && memory.contains("wor"));
    assert_eq!(memory.accept("world"), Ok(true));
    assert_eq!(fs::read_to_string(&path).unwrap(), "hello\nwor\nworld\n");
}

#[test]
fn a_file_that_holds_something_else_is_refused_and_left_alone() {
    let (_directory, path) = scene();
    for other in ["hello\n{\"a\": 1}\n", "muchtoolongaword\n", "hello\n\u{e9}"] {
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
    let _memory = AcceptedFile::open(&path, WORDS).unwrap();
    let error = AcceptedFile::open(&path, WORDS).unwrap_err();
    assert!(matches!(error, MemoryError::InUse { .. }), "{error}");
}

#[test]
fn an_entry_that_is_no_line_is_not_written() {
    let (_directory, path) = scene();
    let memory = AcceptedFile::open(&path, WORDS).unwrap();
    for entry in ["", "two words", "two\nlines", "muchtoolongaword"] {
        let error = memory.accept(entry).unwrap_err();
        assert!(error.contains("is no word"), "{error}");
        assert!(!memory.contains(entry));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
}
