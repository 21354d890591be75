//! Writing the files, or with `--check` comparing them.

use std::path::{Path, PathBuf};
use std::{env, fs, process::ExitCode};

/// The directory of the corpus.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

/// Writes what differs; with `--check` fails if something does.
pub fn main(files: Vec<(String, String)>) -> ExitCode {
    let check = env::args().any(|argument| argument == "--check");
    let mut differ = false;
    for (name, text) in different(files) {
        if check {
            println!("{name} differs");
            differ = true;
        } else {
            let path = directory().join(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            println!("{name} written");
        }
    }
    match differ {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    }
}

/// Returns the files, name and text, that are not in the directory as they are here.
pub fn different(files: Vec<(String, String)>) -> Vec<(String, String)> {
    let is_written = |name: &str, text: &str| {
        fs::read_to_string(directory().join(name)).is_ok_and(|written| written == text)
    };
    files.into_iter().filter(|(name, text)| !is_written(name, text)).collect()
}
