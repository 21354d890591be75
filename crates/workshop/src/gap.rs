//! Code of a learner, which may panic: a gap that is not filled yet is a `todo!`.

use std::{
    any::Any,
    cell::Cell,
    fmt,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

/// What stopped the learner's code: the text of its panic, and the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    text: String,
    line: Option<u32>,
}

impl fmt::Display for Gap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{} (line {line})", self.text),
            None => formatter.write_str(&self.text),
        }
    }
}

thread_local! {
    /// The line of the last panic that is caught here; `None` while none is.
    static LINE: Cell<Option<u32>> = const { Cell::new(None) };
    /// Whether this thread runs a learner's code.
    static IS_LEARNERS: Cell<bool> = const { Cell::new(false) };
}

/// Runs a learner's code on this thread.
///
/// # Errors
///
/// The gap that it reached, or another panic. The panic itself is not printed.
pub fn fill<T>(learners: impl FnOnce() -> T) -> Result<T, Gap> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| match IS_LEARNERS.get() {
            true => LINE.set(info.location().map(panic::Location::line)),
            false => before(info),
        }));
    });
    IS_LEARNERS.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(learners));
    IS_LEARNERS.set(false);
    outcome.map_err(|payload| Gap { text: text(payload.as_ref()), line: LINE.take() })
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
    match text.strip_prefix("not yet implemented") {
        Some(rest) => format!("the gap is not filled yet{rest}"),
        None => format!("your code panicked: {text}"),
    }
}
