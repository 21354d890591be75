//! Questions on standard error, answered on standard input.

use std::io::{self, BufRead, IsTerminal, Write};

use stdx::task::blocking;

/// Asks a person whether to go on; anything but `y` or `yes` is a no. Returns `None`, and asks nothing, where no person
/// reads and answers: unless standard input, output and error are terminals.
pub async fn confirm(question: &str) -> Option<bool> {
    let terminals =
        [io::stdin().is_terminal(), io::stdout().is_terminal(), io::stderr().is_terminal()];
    if terminals.contains(&false) {
        return None;
    }
    let answer = ask(&format!("{question} [y/N] ")).await.unwrap_or_default();
    Some(["y", "yes"].contains(&&*answer.trim().to_lowercase()))
}

/// Asks a question, and waits for a line; returns `None` at the end of the input.
pub(crate) async fn ask(question: &str) -> Option<String> {
    let mut line = OpenLine::begin(question);
    let read = blocking(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|length| (length > 0).then_some(answer))
    });
    let answer = read.await.ok()?.ok()?;
    line.is_open = answer.is_none() || !io::stdin().is_terminal();
    answer
}

/// The line of a question. Enter on a terminal ends it; after anything else, Ctrl-C included, it is ended here, so that
/// the next output begins on a line of its own.
struct OpenLine {
    is_open: bool,
}

impl OpenLine {
    fn begin(question: &str) -> Self {
        let mut err = anstream::stderr();
        // an answer is awaited all the same if standard error is closed
        let _ = write!(err, "{question}").and_then(|()| err.flush());
        Self { is_open: true }
    }
}

impl Drop for OpenLine {
    fn drop(&mut self) {
        if self.is_open {
            // nothing is left to do if standard error is closed
            let _ = writeln!(anstream::stderr());
        }
    }
}
