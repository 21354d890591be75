//! Standard output and standard error: their width, and errors of standard output, which are told
//! from those of other files and pipes.

use std::{
    env,
    io::{self, Write},
};

use terminal_size::{Height, Width, terminal_size_of};

use crate::wrapped::Wrapped;

/// Standard output cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the output")]
struct OutputError(#[source] io::Error);

/// Returns standard output for text, whose colours are left out where no terminal shows them, and
/// whose lines are wrapped at the terminal's [`width`]. Its errors are recognised by [`is_closed`].
pub fn text() -> impl Write {
    Wrapped::new(values(), width())
}

/// Returns standard error for text: without colours where no terminal shows them, and wrapped at
/// its width.
pub fn messages() -> impl Write {
    Wrapped::new(anstream::stderr().lock(), width_of(terminal_size_of(io::stderr())))
}

/// Returns standard output for values that a reader copies: as [`text`], but a line stays a line.
pub(crate) fn values() -> impl Write {
    Output(anstream::stdout().lock())
}

/// Returns standard output for JSON and files. Its errors are recognised by [`is_closed`].
pub fn data() -> impl Write {
    Output(io::stdout().lock())
}

/// Returns an error of standard output as one that is recognised by [`is_closed`].
pub(crate) fn error(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), OutputError(error))
}

/// Returns whether an error says that the reader of standard output has closed it, as `head` does.
/// The end of another pipe or connection is a failure like any other.
pub fn is_closed(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.into_iter().any(|cause| {
        let inner = cause.get_ref();
        cause.kind() == io::ErrorKind::BrokenPipe && inner.is_some_and(|e| e.is::<OutputError>())
    })
}

/// Returns the width to which text on standard output is wrapped, in columns: `COLUMNS` if it is
/// set, else that of the terminal; `None` in a pipe or a file, whose reader may want whole lines.
pub fn width() -> Option<usize> {
    width_of(terminal_size_of(io::stdout()))
}

fn width_of(terminal: Option<(Width, Height)>) -> Option<usize> {
    const MIN_COLUMNS: usize = 20;
    let columns =
        env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&it| it > 0);
    let columns = columns.or_else(|| Some(terminal?.0.0.into()));
    columns.map(|columns: usize| columns.max(MIN_COLUMNS))
}

struct Output<W>(W);

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(error)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(error)
    }
}
