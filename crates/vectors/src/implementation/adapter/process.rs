//! A program: started, given lines, stopped with all that it has started.

use std::io::{self, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::Stop;
use super::output::{self, Errors, Line};

/// How often a program that says nothing is looked at.
const TICK: Duration = Duration::from_millis(50);

/// How long is waited for what an ended program has written, and for the end of one that has closed
/// its output.
const GRACE: Duration = Duration::from_millis(300);

/// A running program.
pub(super) struct Process {
    child: Child,
    input: Sender<String>,
    lines: Receiver<Line>,
    errors: Option<Errors>,
}

/// What came from a program.
pub(super) enum Received {
    Line(Line),
    /// Nothing in time.
    Late,
    /// It has ended: how.
    Ended(String),
}

impl Process {
    pub(super) fn start(command: &[String]) -> io::Result<Self> {
        let (name, arguments) =
            command.split_first().ok_or_else(|| io::Error::other("there is no command"))?;
        let mut command = Command::new(name);
        command.args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // a group of its own, so that what it starts can be stopped with it
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
        let mut stdin = child.stdin.take().ok_or_else(|| io::Error::other("it has no input"))?;
        let (input, texts) = mpsc::channel::<String>();
        // a test is longer than a pipe holds, and the program may not read
        thread::spawn(move || {
            for text in texts {
                let written = writeln!(stdin, "{text}").and_then(|()| stdin.flush());
                if written.is_err() {
                    break;
                }
            }
        });
        let errors = child.stderr.take().map(Errors::of);
        Ok(Self { child, input, lines: output::lines(output), errors })
    }

    /// Sends a line. Whether the program reads it shows in that it answers.
    pub(super) fn send(&self, line: String) {
        let _ = self.input.send(line);
    }

    /// Discards the lines that have come.
    pub(super) fn discard_lines(&self) {
        while self.lines.try_recv().is_ok() {}
    }

    /// Waits for a line.
    pub(super) fn receive(&mut self, limit: Duration, stop: &Stop) -> Received {
        let end = Instant::now() + limit;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left.min(TICK)) {
                Ok(line) => return Received::Line(line),
                Err(RecvTimeoutError::Disconnected) => return Received::Ended(self.end()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if stop.is_set() {
                return Received::Ended("it was interrupted".to_owned());
            }
            // its output may be held open by a program that it has started
            if let Ok(Some(status)) = self.child.try_wait() {
                return match self.lines.recv_timeout(GRACE) {
                    Ok(line) => Received::Line(line),
                    Err(_) => Received::Ended(self.ended(status)),
                };
            }
            if left.is_zero() {
                return Received::Late;
            }
        }
    }

    /// Says how the program has ended, which has closed its output.
    fn end(&mut self) -> String {
        let end = Instant::now() + GRACE;
        while Instant::now() < end {
            if let Ok(Some(status)) = self.child.try_wait() {
                return self.ended(status);
            }
            thread::sleep(Duration::from_millis(5));
        }
        self.with_errors("it closed its output")
    }

    fn ended(&self, status: ExitStatus) -> String {
        self.add_errors(&format!("it ended ({status})"), GRACE)
    }

    /// Adds the last line of standard error to what is said of a program that runs.
    pub(super) fn with_errors(&self, said: &str) -> String {
        self.add_errors(said, TICK)
    }

    fn add_errors(&self, said: &str, patience: Duration) -> String {
        match self.errors.as_ref().and_then(|errors| errors.last_line(patience)) {
            Some(line) => format!("{said}; on standard error: {line}"),
            None => said.to_owned(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process_group};
            let group = Pid::from_child(&self.child);
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
