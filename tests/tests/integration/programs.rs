//! The programs, as cargo has built them beside this test.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

const PROGRAMS: [&str; 3] = ["negotiate-proof", "negotiate-proof-lab", "proof-exchange"];

/// Returns the directory of the programs, which must not be older than their sources.
pub fn directory() -> PathBuf {
    let test = env::current_exe().unwrap();
    let directory = test.parent().and_then(Path::parent).unwrap();
    for program in PROGRAMS {
        let program = directory.join(program);
        let newer = match changed(&program) {
            None => Some(program.display().to_string()),
            Some(built) => {
                sources(&program).into_iter().find(|path| changed(Path::new(path)) > Some(built))
            }
        };
        if let Some(missing) = newer {
            panic!(
                "{missing} is missing or newer than the program; build it: \
                 cargo build --release --workspace --bins"
            );
        }
    }
    directory.to_owned()
}

/// Returns the sources of a program, from the file that cargo writes beside it for `make`.
fn sources(program: &Path) -> Vec<String> {
    let rule = fs::read_to_string(program.with_extension("d")).unwrap_or_default();
    let (_, sources) = rule.split_once(": ").unwrap_or_default();
    sources.split_whitespace().map(str::to_owned).collect()
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}
