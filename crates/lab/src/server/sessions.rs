//! All sessions, within their limits.

use std::{
    collections::HashMap,
    io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tempfile::{Builder, TempDir};

use super::{gate::random_name, refusal::Refusal, session::Session};

/// How long a session may be unused before it ends.
const MAX_UNUSED: Duration = Duration::from_secs(2 * 60 * 60);

/// How long a session is kept although another one needs its place.
const MIN_UNUSED: Duration = Duration::from_secs(15 * 60);

/// The sessions by their names.
pub struct Sessions {
    max: usize,
    /// The directory of all, which only this user can read; `None` after the end.
    directory: Mutex<Option<TempDir>>,
    open: Mutex<HashMap<String, Arc<Session>>>,
}

impl Sessions {
    /// Makes the directory of all sessions.
    pub fn new(max: usize) -> io::Result<Self> {
        let mut builder = Builder::new();
        builder.prefix("negotiate-proof-lab-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let directory = Mutex::new(Some(builder.tempdir()?));
        Ok(Self { max, directory, open: Mutex::default() })
    }

    /// Begins a session, and returns its name. Where there are too many, the one that was unused
    /// for the longest time ends, if that was long.
    pub fn begin(&self) -> Result<String, Refusal> {
        let directory = self.directory.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = || Refusal::unavailable("the lab is being ended");
        let all: &Path = directory.as_ref().ok_or_else(ended)?.path();
        let mut open = self.open();
        if open.len() >= self.max {
            let unused = open.iter().map(|(name, session)| (session.unused(), name.clone()));
            match unused.max() {
                Some((unused, name)) if unused > MIN_UNUSED => drop(open.remove(&name)),
                _ => {
                    return Err(Refusal::unavailable(format!(
                        "the limit of {} sessions is reached; try again when one was not used for {} minutes, or \
                         start the lab with a greater --sessions",
                        self.max,
                        MIN_UNUSED.as_secs() / 60
                    )));
                }
            }
        }
        let name = random_name().map_err(|error| Refusal::unavailable(error.to_string()))?;
        open.insert(name.clone(), Arc::new(Session::new(all)?));
        Ok(name)
    }

    /// Returns a session.
    pub fn find(&self, name: &str) -> Result<Arc<Session>, Refusal> {
        let session = self.open().get(name).cloned();
        let session = session.ok_or_else(|| {
            Refusal::unknown("this session has ended; reload the page to begin another")
        })?;
        session.touch();
        Ok(session)
    }

    /// Ends a session. Its directory is removed when the last of its children has ended.
    pub fn end(&self, name: &str) {
        let ended = self.open().remove(name);
        drop(ended);
    }

    /// Ends the sessions that were not used for long.
    pub fn end_unused(&self) {
        self.open().retain(|_, session| session.unused() < MAX_UNUSED);
    }

    /// Ends all sessions, and removes their directories.
    pub fn end_all(&self) {
        self.open().clear();
        let directory = self.directory.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(directory);
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_limit_there_is_a_clear_answer_until_a_session_ends() {
        let sessions = Sessions::new(2).expect("a directory");
        let first = sessions.begin().expect("the first");
        sessions.begin().expect("the second");
        assert!(sessions.begin().is_err());
        sessions.end(&first);
        assert!(sessions.find(&first).is_err());
        sessions.begin().expect("there is a place again");
        sessions.end_all();
        assert!(sessions.begin().is_err());
    }

    #[cfg(unix)]
    #[test]
    fn other_users_cannot_read_the_directories() {
        use std::os::unix::fs::PermissionsExt;
        let sessions = Sessions::new(1).expect("a directory");
        let all = sessions.directory.lock().expect("a lock");
        let path = all.as_ref().expect("a directory").path();
        let mode = path.metadata().expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}
