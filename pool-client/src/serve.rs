//! Requests in, answers out, several at a time.

use std::io::{self, BufRead, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::protocol::{Id, Kind, Outcome, Problem, Request, Told, answer, read_line};

/// How many requests may wait for an answer at once; further lines are read when some have theirs.
const MOST_IN_FLIGHT: usize = 64;

/// What answers requests: the nodes of a pool, or a stand-in in tests.
pub trait Pool {
    /// How many nodes it has.
    fn nodes(&self) -> usize;

    /// Sends a request and returns; the answer is given when it comes, on whatever thread.
    fn submit(&self, request: Request, answer: Answer);
}

/// The right, and the duty, to answer one request. Dropped without an answer, it says so.
pub struct Answer {
    id: Id,
    lines: Option<Arc<Lines>>,
}

impl Answer {
    /// Answers.
    pub fn give(mut self, outcome: &Outcome) {
        self.write(outcome);
    }

    fn write(&mut self, outcome: &Outcome) {
        if let Some(lines) = self.lines.take() {
            lines.write(&answer(Some(&self.id), outcome));
            lines.count(|in_flight| in_flight.saturating_sub(1));
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.write(&Err(Problem::new(
            Kind::Internal,
            "the request was given up without an answer",
        )));
    }
}

/// Where lines are written, and how many are still to come.
struct Lines {
    output: Mutex<Output>,
    in_flight: Mutex<usize>,
    fewer: Condvar,
}

struct Output {
    sink: Box<dyn Write + Send>,
    /// The first failure: nobody reads any more, and no more is written.
    broken: Option<io::Error>,
}

impl Lines {
    fn write(&self, line: &str) {
        let mut output = locked(&self.output);
        if output.broken.is_none() {
            let written = writeln!(output.sink, "{line}").and_then(|()| output.sink.flush());
            output.broken = written.err();
        }
    }

    fn count(&self, change: impl FnOnce(usize) -> usize) {
        let mut in_flight = locked(&self.in_flight);
        *in_flight = change(*in_flight);
        self.fewer.notify_all();
    }

    fn wait_until_at_most(&self, most: usize) {
        let in_flight = locked(&self.in_flight);
        drop(
            self.fewer
                .wait_while(in_flight, |in_flight| *in_flight > most),
        );
    }

    fn take_error(&self) -> io::Result<()> {
        match locked(&self.output).broken.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// Whoever panicked while holding it left a whole line or a number behind.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says that it is ready, has every line of the input answered, and returns when the input has
/// ended and all answers are written.
///
/// # Errors
/// When the input cannot be read or the output cannot be written.
pub fn serve(
    pool: &impl Pool,
    mut input: impl BufRead,
    output: impl Write + Send + 'static,
) -> io::Result<()> {
    let lines = Arc::new(Lines {
        output: Mutex::new(Output {
            sink: Box::new(output),
            broken: None,
        }),
        in_flight: Mutex::new(0),
        fewer: Condvar::new(),
    });
    let ready = Told::Ready {
        nodes: pool.nodes(),
    };
    lines.write(&serde_json::to_string(&ready)?);
    while let Some(asked) = read_line(&mut input)? {
        lines.take_error()?;
        match asked {
            Ok((id, request)) => {
                lines.wait_until_at_most(MOST_IN_FLIGHT - 1);
                lines.count(|in_flight| in_flight + 1);
                let answer = Answer {
                    id,
                    lines: Some(Arc::clone(&lines)),
                };
                pool.submit(request, answer);
            }
            Err((id, problem)) => lines.write(&answer(id.as_ref(), &Err(problem))),
        }
    }
    lines.wait_until_at_most(0);
    lines.take_error()
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::thread;

    use serde_json::{Value, json};

    use super::*;

    /// Keeps what is written where the test can see it.
    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            locked(&self.0).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Page {
        fn lines(&self) -> Vec<Value> {
            let bytes = locked(&self.0).clone();
            let text = String::from_utf8(bytes).expect("text");
            text.lines()
                .map(|line| serde_json::from_str(line).expect("JSON"))
                .collect()
        }
    }

    fn request(id: u64) -> String {
        let request = json!({"identifier": "A", "operation": {}, "reqId": id});
        json!({"id": id, "request": request}).to_string() + "\n"
    }

    fn reply(request: Request) -> Outcome {
        Ok(json!({"op": "REPLY", "result": {"reqId": request.req_id()}}))
    }

    /// Answers every second request, and the one before it after that.
    #[derive(Default)]
    struct Swapping(RefCell<Option<(Request, Answer)>>);

    impl Pool for Swapping {
        fn nodes(&self) -> usize {
            4
        }

        fn submit(&self, request: Request, answer: Answer) {
            match self.0.take() {
                None => {
                    self.0.replace(Some((request, answer)));
                }
                Some((first, held)) => {
                    answer.give(&reply(request));
                    held.give(&reply(first));
                }
            }
        }
    }

    #[test]
    fn answers_come_in_any_order_each_under_its_own_id() {
        let page = Page::default();
        let input: String = (1..=4).map(request).collect();
        serve(&Swapping::default(), input.as_bytes(), page.clone()).expect("served");
        let lines = page.lines();
        assert_eq!(lines[0], json!({"ready": {"nodes": 4}}));
        let told: Vec<_> = lines[1..]
            .iter()
            .map(|line| {
                assert_eq!(line["id"], line["reply"]["result"]["reqId"]);
                line["id"].as_u64()
            })
            .collect();
        assert_eq!(told, [Some(2), Some(1), Some(4), Some(3)]);
    }

    /// Answers from threads of its own, or not at all.
    struct Threads {
        forgets: bool,
    }

    impl Pool for Threads {
        fn nodes(&self) -> usize {
            1
        }

        fn submit(&self, request: Request, answer: Answer) {
            let forgets = self.forgets;
            thread::spawn(move || {
                if !forgets {
                    answer.give(&reply(request));
                }
            });
        }
    }

    #[test]
    fn the_end_of_the_input_waits_for_every_answer() {
        let page = Page::default();
        let input: String = (0..500).map(request).collect();
        serve(&Threads { forgets: false }, input.as_bytes(), page.clone()).expect("served");
        let mut ids: Vec<_> = page
            .lines()
            .iter()
            .filter_map(|line| line["id"].as_u64())
            .collect();
        ids.sort_unstable();
        assert_eq!(ids, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn a_request_that_the_pool_forgets_is_answered_with_an_error() {
        let page = Page::default();
        serve(
            &Threads { forgets: true },
            request(1).as_bytes(),
            page.clone(),
        )
        .expect("served");
        assert_eq!(page.lines()[1]["error"]["kind"], "internal");
        assert_eq!(page.lines()[1]["id"], 1);
    }

    #[test]
    fn a_bad_line_is_answered_and_the_next_one_is_served() {
        let page = Page::default();
        let input = format!("what?\n{}", request(2));
        serve(&Threads { forgets: false }, input.as_bytes(), page.clone()).expect("served");
        assert_eq!(page.lines()[1]["error"]["kind"], "invalid-request");
        assert_eq!(page.lines()[2]["id"], 2);
    }

    /// Nobody reads what is written to it.
    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn when_nobody_reads_the_answers_it_ends() {
        let error = serve(&Swapping::default(), request(1).as_bytes(), Closed)
            .expect_err("the output is closed");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
