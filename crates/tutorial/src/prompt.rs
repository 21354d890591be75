//! Questions on standard error, answered on standard input.

use std::io::{self, BufRead, IsTerminal, Write};

use stdx::task::blocking;
use zeroize::Zeroizing;

/// Asks a person whether to go on; anything but `y` or `yes` is a no. Returns `None`, and asks
/// nothing, where no person reads and answers: unless standard input, output and error are
/// terminals.
pub async fn confirm(question: &str) -> Option<bool> {
    let terminals =
        [io::stdin().is_terminal(), io::stdout().is_terminal(), io::stderr().is_terminal()];
    if terminals.contains(&false) {
        return None;
    }
    let answer = ask(&format!("{question} [y/N] ")).await.unwrap_or_default();
    Some(["y", "yes"].contains(&&*answer.trim().to_lowercase()))
}

/// Asks a person for a secret, which the terminal does not show; without the line's end. Returns
/// `None`, and asks nothing, where no person reads and answers: unless standard input and standard
/// error are terminals.
pub async fn secret(question: &str) -> Option<Zeroizing<String>> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return None;
    }
    let hidden = Hidden::begin()?;
    let answer = ask(&format!("{question}: ")).await.map(Zeroizing::new);
    drop(hidden);
    let answer = answer?;
    // Enter was not shown either
    let _ = writeln!(anstream::stderr());
    Some(Zeroizing::new(answer.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The terminal while it does not show what is typed. When this is dropped, also by Ctrl-C, it does
/// again.
struct Hidden {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl Hidden {
    #[cfg(unix)]
    fn begin() -> Option<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin()).ok()?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Now, &hidden).ok()?;
        Some(Self { before })
    }

    /// Nothing hides what is typed here: the secret has to come from a file.
    #[cfg(not(unix))]
    fn begin() -> Option<Self> {
        None
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use rustix::termios::{OptionalActions, tcsetattr};
            // nothing is left to do if the terminal is gone
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
        }
    }
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

/// The line of a question. Enter on a terminal ends it; after anything else, Ctrl-C included, it is
/// ended here, so that the next output begins on a line of its own.
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
