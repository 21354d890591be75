//! Where the client program is.

use std::env;
use std::path::{Path, PathBuf};

use crate::pool::PoolError;

/// The program's name.
const PROGRAM: &str = "indy-pool-client";

/// Names the program, where it is not beside this one and not on the `PATH`.
const VARIABLE: &str = "INDY_POOL_CLIENT";

/// The program that was named, by option or environment; else the one beside this program; else
/// the one on the `PATH`.
pub(super) fn locate(named: Option<&Path>) -> Result<PathBuf, PoolError> {
    let from_environment = env::var_os(VARIABLE)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    if let Some(path) = named.map(Path::to_owned).or(from_environment) {
        return match path.is_file() {
            true => Ok(path),
            false => Err(PoolError::ClientMissing {
                looked: path.display().to_string(),
            }),
        };
    }
    let beside = env::current_exe()
        .ok()
        .and_then(|program| Some(program.parent()?.to_owned()));
    let on_path = env::var_os("PATH").unwrap_or_default();
    beside
        .into_iter()
        .chain(env::split_paths(&on_path))
        .map(|directory| directory.join(format!("{PROGRAM}{}", env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())
        .ok_or_else(|| PoolError::ClientMissing {
            looked: format!("{PROGRAM}, beside this program and on the PATH"),
        })
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::pool::PoolError;

    #[test]
    fn a_named_program_is_taken_or_missed_and_no_other_is_looked_for() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("client");
        let error = locate(Some(&path)).expect_err("not there yet");
        assert!(matches!(error, PoolError::ClientMissing { .. }), "{error}");
        assert!(error.to_string().contains("cargo build"), "{error}");
        std::fs::write(&path, "").expect("written");
        assert_eq!(locate(Some(&path)).expect("there"), path);
    }
}
