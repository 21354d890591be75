//! One run of the client program, from its start to its end.
//!
//! Three threads serve it: one writes requests, one reads answers, one drains what the program
//! says on standard error. So nothing waits for a pipe while it holds a lock, and the program never
//! waits for a reader that is not there.

use std::collections::{HashMap, VecDeque};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tokio::sync::oneshot;

use super::lines::{self, Answer, Told};

/// How much of its standard error is kept, in bytes: the end, where the reason is.
const STDERR_KEPT: usize = 4 * 1024;

/// How long the program may take to say that it is ready. It takes milliseconds.
const LONGEST_START: Duration = Duration::from_secs(30);

/// How long a program whose output has ended may take to end itself.
const LONGEST_FAREWELL: Duration = Duration::from_millis(500);

/// How long apart it is looked whether the program has ended.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Why the program ended, in a few words.
type Reason = String;

/// The answer, or why the program ended before it came.
pub(super) type Outcome = Result<Answer, Reason>;

/// A running program; killed when dropped.
pub(super) struct Process {
    child: Arc<Mutex<Child>>,
    /// `None` once its input is closed.
    questions: Mutex<Option<mpsc::Sender<String>>>,
    waiting: Arc<Waiting>,
}

/// A request that an answer is awaited for.
pub(super) struct Ticket {
    id: u64,
    pub(super) answer: oneshot::Receiver<Outcome>,
}

impl Process {
    /// Starts the program and waits until it is ready.
    ///
    /// # Errors
    /// Why it did not get ready, in a sentence.
    pub(super) fn start(program: &Path, genesis: &Path, timeout: Duration) -> Result<Self, Reason> {
        let mut command = Command::new(program);
        command
            .arg(genesis)
            .arg("--timeout")
            .arg(whole_seconds(timeout).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Ctrl-C is for the program that a person talks to; this one ends when its input does.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .spawn()
            .map_err(|error| format!("it cannot be started: {error}"))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err("its pipes are not there".to_owned());
        };

        let (questions, asked) = mpsc::channel();
        let process = Self {
            child: Arc::new(Mutex::new(child)),
            questions: Mutex::new(Some(questions)),
            waiting: Arc::new(Waiting::default()),
        };
        let writer_child = Arc::clone(&process.child);
        thread::spawn(move || {
            if write_questions(input, &asked).is_err() {
                // Who does not read will not answer either.
                let _ = locked(&writer_child).kill();
            }
        });
        let (tail, last_words) = mpsc::channel();
        thread::spawn(move || tail.send(drain(errors)));
        let (ready, is_ready) = mpsc::channel();
        let reader = Reader {
            child: Arc::clone(&process.child),
            waiting: Arc::clone(&process.waiting),
            ready,
            last_words,
        };
        thread::spawn(move || reader.run(output));
        match is_ready.recv_timeout(LONGEST_START) {
            Ok(Ok(())) => Ok(process),
            Ok(Err(reason)) => Err(reason),
            Err(_) => Err(format!(
                "it was not ready after {} s",
                LONGEST_START.as_secs()
            )),
        }
    }

    /// Why it has ended; `None` while it runs.
    pub(super) fn end(&self) -> Option<Reason> {
        locked(&self.waiting.state).ended.clone()
    }

    /// Sends a request; `None` when the program has ended, and nothing was sent.
    pub(super) fn ask(&self, request: &Map<String, Value>) -> Option<Ticket> {
        let ticket = self.waiting.enter()?;
        let question = lines::question(ticket.id, request);
        let is_sent = match locked(&self.questions).as_ref() {
            Some(questions) => questions.send(question).is_ok(),
            None => false,
        };
        if !is_sent {
            self.waiting.leave(ticket.id);
            return None;
        }
        Some(ticket)
    }

    /// Closes its input, waits until it has ended by itself, and kills it when that takes too long.
    pub(super) fn close(&self, patience: Duration) {
        *locked(&self.questions) = None;
        let deadline = Instant::now() + patience;
        while self.end().is_none() && Instant::now() < deadline {
            thread::sleep(BETWEEN_LOOKS);
        }
        self.kill();
    }

    /// Ends it for this reason, of which those who wait are told. No request is sent to it any more.
    pub(super) fn abandon(&self, reason: &str) {
        self.waiting.end(reason);
        self.kill();
    }

    /// Ends it at once. Its reader sees it off, and tells those who wait.
    fn kill(&self) {
        // It may have ended already.
        let _ = locked(&self.child).kill();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Who waits for which answer.
#[derive(Default)]
struct Waiting {
    state: Mutex<WaitingState>,
}

#[derive(Default)]
struct WaitingState {
    last_id: u64,
    by_id: HashMap<u64, oneshot::Sender<Outcome>>,
    ended: Option<Reason>,
}

impl Waiting {
    fn enter(&self) -> Option<Ticket> {
        let mut state = locked(&self.state);
        if state.ended.is_some() {
            return None;
        }
        state.last_id += 1;
        let id = state.last_id;
        let (sender, answer) = oneshot::channel();
        state.by_id.insert(id, sender);
        Some(Ticket { id, answer })
    }

    fn leave(&self, id: u64) {
        locked(&self.state).by_id.remove(&id);
    }

    /// Gives an answer to whoever waits for it. An answer that nobody waits for came too late.
    fn answer(&self, id: u64, answer: Answer) {
        let waiting = locked(&self.state).by_id.remove(&id);
        if let Some(sender) = waiting {
            let _ = sender.send(Ok(answer));
        }
    }

    /// The first reason is the one that counts.
    fn end(&self, reason: &str) {
        let mut state = locked(&self.state);
        state.ended.get_or_insert_with(|| reason.to_owned());
        for (_, sender) in state.by_id.drain() {
            let _ = sender.send(Err(reason.to_owned()));
        }
    }
}

/// Reads the program's output to its end, and then sees the program off.
struct Reader {
    child: Arc<Mutex<Child>>,
    waiting: Arc<Waiting>,
    ready: mpsc::Sender<Result<(), Reason>>,
    last_words: mpsc::Receiver<String>,
}

impl Reader {
    fn run(self, output: impl Read) {
        let complaint = self.read(BufReader::new(output)).unwrap_or_else(|error| {
            // What it says now has no meaning.
            let _ = locked(&self.child).kill();
            Some(error.to_string())
        });
        let status = self.see_off();
        let reason = self.reason(complaint, status);
        self.waiting.end(&reason);
        // Nobody listens any more if it had been ready.
        let _ = self.ready.send(Err(reason));
    }

    /// Gives answers to those who wait until there are no more. Gives the last complaint that was
    /// not about a request.
    fn read(&self, mut output: BufReader<impl Read>) -> io::Result<Option<String>> {
        let mut complaint = None;
        while let Some(told) = lines::read(&mut output)? {
            match told {
                Told::Ready => {
                    let _ = self.ready.send(Ok(()));
                }
                Told::Answer(id, answer) => self.waiting.answer(id, answer),
                Told::Complaint(message) => complaint = Some(message),
            }
        }
        Ok(complaint)
    }

    fn see_off(&self) -> Option<ExitStatus> {
        let deadline = Instant::now() + LONGEST_FAREWELL;
        loop {
            match locked(&self.child).try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => {}
                Ok(None) | Err(_) => break,
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        let mut child = locked(&self.child);
        child.kill().and_then(|()| child.wait()).ok()
    }

    fn reason(&self, complaint: Option<String>, status: Option<ExitStatus>) -> Reason {
        let ended = match status {
            Some(status) => format!("it ended ({status})"),
            None => "it ended".to_owned(),
        };
        // Something that the program started may hold its standard error open still.
        let said = self.last_words.recv_timeout(LONGEST_FAREWELL);
        match (complaint, said.unwrap_or_default().trim()) {
            (Some(complaint), _) => complaint,
            (None, "") => ended,
            (None, said) => format!("{ended}; its last words: {said}"),
        }
    }
}

/// Writes requests until there will be no more, or nobody reads them. Then the pipe closes, by
/// which the program knows that it is to end.
fn write_questions(mut input: ChildStdin, asked: &mpsc::Receiver<String>) -> io::Result<()> {
    while let Ok(question) = asked.recv() {
        input.write_all(question.as_bytes())?;
    }
    Ok(())
}

/// Reads to the end and keeps the last part.
fn drain(mut errors: impl Read) -> String {
    let mut kept = VecDeque::new();
    let mut chunk = [0; 1024];
    while let Ok(length @ 1..) = errors.read(&mut chunk) {
        kept.extend(chunk.iter().take(length));
        let excess = kept.len().saturating_sub(STDERR_KEPT);
        kept.drain(..excess);
    }
    String::from_utf8_lossy(kept.make_contiguous()).into_owned()
}

/// What the program takes: whole seconds, at least one.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_millis().div_ceil(1000).max(1) as u64
}

/// No lock here is held over anything that panics.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
