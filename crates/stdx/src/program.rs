//! The runtime of a program, and the signals that ask it to end.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// How many threads may block at once, on files above all. Tokio's 512 would be as many heaps: a
/// server at which hundreds of clients ask for files would take several hundred megabytes for them,
/// and give none back.
const MAX_BLOCKING_THREADS: usize = 32;

/// Returns a runtime with a thread for each processor, and a bounded number of threads for work
/// that blocks.
///
/// # Errors
///
/// When the operating system gives no threads.
pub fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().max_blocking_threads(MAX_BLOCKING_THREADS).build()
}

/// Listens from now on for Ctrl-C, and for the other requests to end: that which `kill` sends
/// (SIGTERM), Ctrl-\\ (SIGQUIT), and the end of the terminal (SIGHUP), unless the program was
/// started with `nohup`. Windows has no such requests: only Ctrl-C ends the program in good order
/// there, and everything else at once, which loses nothing acknowledged.
///
/// # Errors
///
/// When the operating system does not allow it.
pub fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut quit = signal(SignalKind::quit())?;
        let hang_up = SignalKind::hangup();
        let mut hang_up = match is_ignored(hang_up) {
            true => None,
            false => Some(signal(hang_up)?),
        };
        Ok(async move {
            let hang_up = async {
                match &mut hang_up {
                    Some(hang_up) => hang_up.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = quit.recv() => {}
                _ = hang_up => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        let mut interrupt = tokio::signal::windows::ctrl_c()?;
        Ok(async move {
            interrupt.recv().await;
        })
    }
}

/// Returns whether this process ignores a signal, because the one that started it wished so. Only
/// Linux says it in a file; elsewhere the answer is no.
#[cfg(unix)]
fn is_ignored(signal: tokio::signal::unix::SignalKind) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask >> (signal.as_raw_value() - 1) & 1 == 1)
}
