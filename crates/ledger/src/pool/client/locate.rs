//! Finding the client program.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::pool::PoolError;

/// The program's name.
const PROGRAM: &str = "indy-pool-client";

/// The environment variable that holds the program's path.
const VARIABLE: &str = "INDY_POOL_CLIENT";

/// Returns the path that is given, or that of the environment, if the file exists; without either,
/// the program beside this one, else on the `PATH`.
pub(super) fn locate(given: Option<&Path>) -> Result<PathBuf, PoolError> {
    let from_environment = env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from);
    if let Some(path) = given.map(Path::to_owned).or(from_environment) {
        return match path.is_file() {
            true => Ok(path),
            false => Err(PoolError::ClientMissing { searched: path.display().to_string() }),
        };
    }
    let beside = env::current_exe().ok().and_then(|program| Some(program.parent()?.to_owned()));
    let on_path = env::var_os("PATH").unwrap_or_default();
    beside
        .into_iter()
        .chain(env::split_paths(&on_path))
        .map(|directory| directory.join(format!("{PROGRAM}{}", env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file())
        .ok_or_else(|| PoolError::ClientMissing {
            searched: format!("{PROGRAM}, beside this program and on the PATH"),
        })
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::pool::PoolError;

    #[test]
    fn a_path_that_is_given_is_the_only_one_searched() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("client");
        let error = locate(Some(&path)).expect_err("does not exist");
        assert!(matches!(error, PoolError::ClientMissing { .. }), "{error}");
        assert!(error.to_string().contains("cargo build"), "{error}");
        std::fs::write(&path, "").expect("written");
        assert_eq!(locate(Some(&path)).expect("exists"), path);
    }
}
