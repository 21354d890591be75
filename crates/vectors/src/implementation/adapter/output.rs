//! Reading what a program writes, without trust in its length.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The bytes of the longest line that is an answer.
pub(super) const MAX_LINE: usize = 1 << 20;

/// How many lines are read in advance: a program that writes on and on waits.
const READ_AHEAD: usize = 16;

/// How much of the end of standard error is kept.
const KEPT: usize = 4 << 10;

/// A line of standard output.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A text.
    Text(String),
    /// More bytes than [`MAX_LINE`]. No line is read after it.
    TooLong,
    /// Bytes that are not UTF-8.
    NotText,
}

/// Reads lines on a thread of their own, which ends with the output or with the receiver.
pub(super) fn lines(output: impl Read + Send + 'static) -> Receiver<Line> {
    let (sender, lines) = mpsc::sync_channel(READ_AHEAD);
    thread::spawn(move || read_lines(output, &sender));
    lines
}

fn read_lines(output: impl Read, to: &SyncSender<Line>) {
    let mut reader = BufReader::new(output);
    loop {
        let mut bytes = Vec::new();
        let limit = MAX_LINE as u64 + 1;
        let is_too_long = match reader.by_ref().take(limit).read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => break,
            Ok(count) => count > MAX_LINE && !bytes.ends_with(b"\n"),
        };
        let line = match String::from_utf8(bytes) {
            _ if is_too_long => Line::TooLong,
            Ok(text) => Line::Text(text.trim_end_matches(['\n', '\r']).to_owned()),
            Err(_) => Line::NotText,
        };
        let is_last = line == Line::TooLong;
        if to.send(line).is_err() || is_last {
            break;
        }
    }
}

/// The end of standard error, read on a thread of its own.
pub(super) struct Errors {
    end: Arc<Mutex<VecDeque<u8>>>,
    /// Closed when all has been read.
    all_read: Receiver<()>,
}

impl Errors {
    pub(super) fn of(mut output: impl Read + Send + 'static) -> Self {
        let end = Arc::new(Mutex::new(VecDeque::new()));
        let (sender, all_read) = mpsc::channel();
        let shared = Arc::clone(&end);
        thread::spawn(move || {
            let _until_all_is_read = sender;
            let mut buffer = [0; KEPT];
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                let mut end = shared.lock().unwrap_or_else(PoisonError::into_inner);
                end.extend(&buffer[..count]);
                let surplus = end.len().saturating_sub(KEPT);
                end.drain(..surplus);
            }
        });
        Self { end, all_read }
    }

    /// Returns the last line that is not empty. A program that has ended may have written it just
    /// now.
    pub(super) fn last_line(&self, patience: Duration) -> Option<String> {
        match self.all_read.recv_timeout(patience) {
            Ok(()) | Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = end.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
        last.map(|line| stdx::text::shorten(line, 200).into_owned())
    }
}
