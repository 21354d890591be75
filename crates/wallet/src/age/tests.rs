//! Files in age's format. That the tool decrypts ours too is tested with the program, where the
//! tool is there.

use std::io::{Cursor, Read, Write};

use super::*;

fn encrypted(text: &[u8]) -> Vec<u8> {
    let mut writer = encrypt(Vec::new(), "correct horse").unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap()
}

fn decrypted(file: &[u8], passphrase: &str) -> Result<io::Result<Vec<u8>>, AgeError> {
    let mut reader = decrypt(Cursor::new(file), passphrase)?;
    let mut text = Vec::new();
    Ok(reader.read_to_end(&mut text).map(|_| text))
}

/// Returns a file in whose header a text is another one.
fn altered(file: &[u8], text: &str, other: &str) -> Vec<u8> {
    let at = file.windows(text.len()).position(|part| part == text.as_bytes()).unwrap();
    [&file[..at], other.as_bytes(), &file[at + text.len()..]].concat()
}

#[test]
fn a_text_comes_back_with_its_passphrase_only() {
    let text: Vec<u8> = (0..200_000).map(|at: usize| (at % 251) as u8).collect();
    let file = encrypted(&text);
    assert!(is_age(&file));
    assert_eq!(decrypted(&file, "correct horse").unwrap().unwrap(), text);
    let refused = decrypted(&file, "correct hors");
    assert!(matches!(refused, Err(AgeError::WrongPassphrase)));
}

#[test]
fn a_file_that_was_cut_or_altered_is_refused_at_that_chunk() {
    let file = encrypted(&vec![7; 140_000]);
    let begin = file.len() - (140_000 + 3 * 16);
    for length in [file.len() - 1, begin + 2 * (65_536 + 16)] {
        let error = decrypted(&file[..length], "correct horse").unwrap().unwrap_err();
        assert_eq!(error.to_string(), "it was cut or altered", "{length}");
    }
    let mut altered = file;
    altered[begin + 70_000] ^= 1;
    let mut reader = decrypt(Cursor::new(&altered), "correct horse").unwrap();
    let mut first = vec![0; 65_536];
    reader.read_exact(&mut first).unwrap();
    assert!(reader.read_exact(&mut [0]).is_err());
}

#[test]
fn a_header_says_what_is_wrong_with_it() {
    let file = encrypted(b"text");
    let error = |file: &[u8]| decrypted(file, "correct horse").err().unwrap();
    assert!(matches!(error(b""), AgeError::NotAge));
    assert!(matches!(error(b"hello\n"), AgeError::NotAge));
    assert!(matches!(error(&file[..60]), AgeError::Damaged));
    assert!(matches!(error(&altered(&file, " 17\n", " 30\n")), AgeError::TooCostly(30)));
    assert!(matches!(error(&altered(&file, "-> scrypt", "-> X25519")), AgeError::NoPassphrase));
    let armored = b"-----BEGIN AGE ENCRYPTED FILE-----\n";
    assert!(is_age(armored) && matches!(error(armored), AgeError::Armored));
}

#[test]
fn a_file_of_the_tool_is_decrypted() {
    // made by the tool age 1.1.1: `age -p -o hello.age hello.txt`
    const FILE: &[u8] = include_bytes!("../../tests/fixtures/hello.age");
    assert_eq!(decrypted(FILE, "correct horse").unwrap().unwrap(), b"hello\n");
}
