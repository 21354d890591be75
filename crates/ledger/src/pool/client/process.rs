//! One run of the client program, from start to exit.
//!
//! Three threads serve it: one writes requests, one reads replies, one reads standard error. So no
//! lock is held while a pipe blocks, and the program never blocks on a pipe that is not read.

use std::{
    collections::VecDeque,
    io::{self, BufReader, Read},
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use pool_protocol::{PoolMessage, PoolRequest, RequestId, read_message, write_line};
use serde_json::{Map, Value};

use super::pending::{PendingRequests, ReplyReceiver, locked};

/// How much of its standard error is kept, in bytes: the end, which tells why it failed.
const MAX_STDERR_BYTES: usize = 4 * 1024;

/// How long the program may take to say that it is ready. It takes milliseconds.
const STARTUP_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a program that has closed its output may take to exit.
const EXIT_TIMEOUT: Duration = Duration::from_millis(500);

/// The pause before checking again whether the program has exited.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// A running program; killed when dropped.
pub(super) struct Process {
    child: Arc<Mutex<Child>>,
    /// `None` once its input is closed.
    requests: Mutex<Option<mpsc::Sender<PoolRequest>>>,
    pending: Arc<PendingRequests>,
}

impl Process {
    /// Starts the program and waits until it is ready.
    ///
    /// # Errors
    /// Why it did not get ready, in a sentence.
    pub(super) fn start(program: &Path, genesis: &Path, timeout: Duration) -> Result<Self, String> {
        let mut command = Command::new(program);
        command
            .arg(genesis)
            .arg("--timeout")
            .arg(whole_seconds(timeout).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Ctrl-C is for the program in the foreground; this one ends when its input does. On
        // Windows Ctrl-C reaches both, and a request that is in flight is then reported as not
        // answered.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child =
            command.spawn().map_err(|error| format!("it cannot be started: {error}"))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err("it has no pipes".to_owned());
        };

        let (requests, to_write) = mpsc::channel();
        let process = Self {
            child: Arc::new(Mutex::new(child)),
            requests: Mutex::new(Some(requests)),
            pending: Arc::default(),
        };
        let child = Arc::clone(&process.child);
        thread::spawn(move || {
            if write_requests(input, &to_write).is_err() {
                // A program that reads no requests will not answer them either.
                let _ = locked(&child).kill();
            }
        });
        let (tail, stderr_tail) = mpsc::channel();
        thread::spawn(move || tail.send(read_tail(errors)));
        let (ready, is_ready) = mpsc::channel();
        let reader = OutputReader {
            child: Arc::clone(&process.child),
            pending: Arc::clone(&process.pending),
            ready,
            stderr_tail,
        };
        thread::spawn(move || reader.run(output));
        match is_ready.recv_timeout(STARTUP_TIMEOUT) {
            Ok(Ok(())) => Ok(process),
            Ok(Err(reason)) => Err(reason),
            Err(_) => Err(format!("it was not ready after {} s", STARTUP_TIMEOUT.as_secs())),
        }
    }

    /// Returns why it has ended; `None` while it runs.
    pub(super) fn end(&self) -> Option<String> {
        self.pending.end_reason()
    }

    /// Sends a request; `None` when the program has ended, and nothing was sent.
    pub(super) fn send(&self, request: &Map<String, Value>) -> Option<ReplyReceiver> {
        let (id, reply) = self.pending.add()?;
        let request =
            PoolRequest { id: RequestId::Number(id), request: Value::Object(request.clone()) };
        let is_sent = match locked(&self.requests).as_ref() {
            Some(requests) => requests.send(request).is_ok(),
            None => false,
        };
        if !is_sent {
            self.pending.remove(id);
            return None;
        }
        Some(reply)
    }

    /// Closes its input, waits until it has ended by itself, and kills it when that takes longer
    /// than `timeout`.
    pub(super) fn close(&self, timeout: Duration) {
        *locked(&self.requests) = None;
        let deadline = Instant::now() + timeout;
        while self.end().is_none() && Instant::now() < deadline {
            thread::sleep(POLL_INTERVAL);
        }
        self.kill();
    }

    /// Fails all pending requests for this reason, and kills the program. It takes no more
    /// requests.
    pub(super) fn abort(&self, reason: &str) {
        self.pending.end(reason);
        self.kill();
    }

    /// Kills it. The reader thread waits for its exit and fails the pending requests.
    fn kill(&self) {
        // It may have exited already.
        let _ = locked(&self.child).kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Reads the program's output to the end, and then waits for its exit.
struct OutputReader {
    child: Arc<Mutex<Child>>,
    pending: Arc<PendingRequests>,
    ready: mpsc::Sender<Result<(), String>>,
    stderr_tail: mpsc::Receiver<String>,
}

impl OutputReader {
    fn run(self, output: impl Read) {
        let last_error = self.read(BufReader::new(output)).unwrap_or_else(|error| {
            // No line after this one can be trusted.
            let _ = locked(&self.child).kill();
            Some(error.to_string())
        });
        let status = self.wait_for_exit();
        let reason = self.end_reason(last_error, status);
        self.pending.end(&reason);
        // The receiver is gone if the program had been ready.
        let _ = self.ready.send(Err(reason));
    }

    /// Delivers replies until there are no more. Returns the last error that belonged to no
    /// request.
    fn read(&self, mut output: BufReader<impl Read>) -> io::Result<Option<String>> {
        let mut last_error = None;
        while let Some(message) = read_message(&mut output)? {
            match message {
                PoolMessage::Ready { .. } => {
                    let _ = self.ready.send(Ok(()));
                }
                PoolMessage::Reply { id: RequestId::Number(id), reply } => {
                    self.pending.deliver(id, Ok(reply))
                }
                PoolMessage::Error { id: Some(RequestId::Number(id)), error } => {
                    self.pending.deliver(id, Err(error))
                }
                PoolMessage::Error { id: None, error } => last_error = Some(error.message),
                PoolMessage::Reply { id, .. } | PoolMessage::Error { id: Some(id), .. } => {
                    let problem = format!("it answered a request that was not sent: {id:?}");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
                }
            }
        }
        Ok(last_error)
    }

    fn wait_for_exit(&self) -> Option<ExitStatus> {
        let deadline = Instant::now() + EXIT_TIMEOUT;
        loop {
            match locked(&self.child).try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => {}
                Ok(None) | Err(_) => break,
            }
            thread::sleep(POLL_INTERVAL);
        }
        let mut child = locked(&self.child);
        child.kill().and_then(|()| child.wait()).ok()
    }

    fn end_reason(&self, last_error: Option<String>, status: Option<ExitStatus>) -> String {
        let ended = match status {
            Some(status) => format!("it ended ({status})"),
            None => "it ended".to_owned(),
        };
        // A process that the program started may still hold its standard error open.
        let stderr = self.stderr_tail.recv_timeout(EXIT_TIMEOUT);
        match (last_error, stderr.unwrap_or_default().trim()) {
            (Some(error), _) => error,
            (None, "") => ended,
            (None, stderr) => format!("{ended}; its last output: {stderr}"),
        }
    }
}

/// Writes requests until the sender is dropped or the program stops reading. Then the pipe closes,
/// which tells the program to end.
fn write_requests(mut input: ChildStdin, requests: &mpsc::Receiver<PoolRequest>) -> io::Result<()> {
    while let Ok(request) = requests.recv() {
        write_line(&mut input, &request)?;
    }
    Ok(())
}

/// Reads to the end, and returns the last part.
fn read_tail(mut errors: impl Read) -> String {
    let mut tail = VecDeque::new();
    let mut chunk = [0; 1024];
    while let Ok(length @ 1..) = errors.read(&mut chunk) {
        tail.extend(chunk.iter().take(length));
        let excess = tail.len().saturating_sub(MAX_STDERR_BYTES);
        tail.drain(..excess);
    }
    String::from_utf8_lossy(tail.make_contiguous()).into_owned()
}

/// Returns the duration as the program takes it: in whole seconds, at least one.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_millis().div_ceil(1000).max(1) as u64
}
