//! Files in age's format. That the tool decrypts ours too is tested with the program, where the tool is there.

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

#[test]
fn a_text_of_any_length_comes_back() {
    for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let text: Vec<u8> = (0..length).map(|at: usize| (at % 251) as u8).collect();
        let file = encrypted(&text);
        assert!(is_age(&file));
        assert_eq!(decrypted(&file, "correct horse").unwrap().unwrap(), text, "{length}");
    }
}

#[test]
fn another_passphrase_is_refused() {
    let refused = decrypted(&encrypted(b"text"), "correct hors");
    assert!(matches!(refused, Err(AgeError::WrongPassphrase)));
}

#[test]
fn a_file_that_was_cut_or_altered_is_refused_at_that_chunk() {
    let file = encrypted(&vec![7; 140_000]);
    let begin = file.len() - (140_000 + 3 * 16);
    for length in [file.len() - 1, begin + 65_536 + 16, begin + 2 * (65_536 + 16), begin] {
        let error = decrypted(&file[..length], "correct horse").unwrap().unwrap_err();
        assert!(!error.to_string().is_empty(), "{length}");
    }
    let mut altered = file.clone();
    altered[begin + 70_000] ^= 1;
    let mut reader = decrypt(Cursor::new(&altered), "correct horse").unwrap();
    let mut first = vec![0; 65_536];
    reader.read_exact(&mut first).unwrap();
    assert!(reader.read_exact(&mut [0]).is_err());
    let mut longer = file;
    longer.push(0);
    assert!(decrypted(&longer, "correct horse").unwrap().is_err());
}

#[test]
fn a_header_says_what_is_wrong_with_it() {
    let file = encrypted(b"text");
    let end = file.windows(4).position(|four| four == b"--- ").unwrap();
    let header = String::from_utf8(file[..end].to_vec()).unwrap();
    let error = |text: String| decrypted(text.as_bytes(), "correct horse").err().unwrap();
    assert!(matches!(error(String::new()), AgeError::NotAge));
    assert!(matches!(error("hello\n".to_owned()), AgeError::NotAge));
    assert!(matches!(error(header.replace(" 17\n", " 30\n")), AgeError::TooCostly(30)));
    assert!(matches!(error(header.replace("-> scrypt", "-> X25519")), AgeError::NoPassphrase));
    assert!(matches!(error(header.clone()), AgeError::Damaged));
    let other = format!("{header}-> X25519 abc\nabc\n--- abc\n");
    assert!(matches!(error(other), AgeError::NoPassphrase));
    let armored = "-----BEGIN AGE ENCRYPTED FILE-----\n".to_owned();
    assert!(is_age(armored.as_bytes()) && matches!(error(armored), AgeError::Armored));
    let wrong_mac = format!("{header}--- {}\n", "A".repeat(43));
    assert!(matches!(error(wrong_mac), AgeError::Damaged));
}

#[test]
fn a_file_of_the_tool_is_decrypted() {
    // made by the tool age 1.1.1: `age -p -o hello.age hello.txt`
    const FILE: &[u8] = include_bytes!("../../tests/fixtures/hello.age");
    assert_eq!(decrypted(FILE, "correct horse").unwrap().unwrap(), b"hello\n");
}
