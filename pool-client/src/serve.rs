//! Requests in, replies out, several at a time.

use std::{
    io::{self, BufRead, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use pool_protocol::{ErrorKind, PoolMessage, RequestError, RequestId, read_request, write_line};
use serde_json::Value;

use crate::request::Request;

/// How many requests may wait for a reply at once; no further lines are read meanwhile.
const MAX_IN_FLIGHT: usize = 64;

/// Replies to requests: the nodes of a pool, or a replacement in tests.
pub trait Pool {
    /// Returns how many nodes it has.
    fn nodes(&self) -> usize;

    /// Sends a request and returns; the responder is called later, on any thread.
    fn submit(&self, request: Request, responder: Responder);
}

/// Answers one request, exactly once: if it is dropped, with an error.
pub struct Responder {
    id: RequestId,
    session: Option<Arc<Session>>,
}

impl Responder {
    /// Answers the request.
    pub fn respond(mut self, outcome: Result<Value, RequestError>) {
        self.write(outcome);
    }

    fn write(&mut self, outcome: Result<Value, RequestError>) {
        if let Some(session) = self.session.take() {
            session.write(&PoolMessage::outcome(self.id.clone(), outcome));
            session.count(|in_flight| in_flight.saturating_sub(1));
        }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        self.write(Err(RequestError::new(
            ErrorKind::Internal,
            "the request was dropped without a reply",
        )));
    }
}

/// The output, and how many requests wait for a reply.
struct Session {
    output: Mutex<Output>,
    in_flight: Mutex<usize>,
    fewer: Condvar,
}

struct Output {
    sink: Box<dyn Write + Send>,
    /// The first failure; after it no more is written.
    error: Option<io::Error>,
}

impl Session {
    fn write(&self, message: &PoolMessage) {
        let mut output = locked(&self.output);
        if output.error.is_none() {
            output.error = write_line(&mut output.sink, message).err();
        }
    }

    fn count(&self, change: impl FnOnce(usize) -> usize) {
        let mut in_flight = locked(&self.in_flight);
        *in_flight = change(*in_flight);
        self.fewer.notify_all();
    }

    fn wait_until_at_most(&self, max: usize) {
        let in_flight = locked(&self.in_flight);
        drop(self.fewer.wait_while(in_flight, |in_flight| *in_flight > max));
    }

    fn take_error(&self) -> io::Result<()> {
        match locked(&self.output).error.take() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// Locks a mutex. A thread that panicked while it held one left a complete value behind.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes that it is ready, answers every line of the input, and returns when the input has ended
/// and all requests are answered.
///
/// # Errors
/// When the input cannot be read or the output cannot be written.
pub fn serve(
    pool: &impl Pool,
    mut input: impl BufRead,
    output: impl Write + Send + 'static,
) -> io::Result<()> {
    let session = Arc::new(Session {
        output: Mutex::new(Output { sink: Box::new(output), error: None }),
        in_flight: Mutex::new(0),
        fewer: Condvar::new(),
    });
    session.write(&PoolMessage::ready(pool.nodes()));
    while let Some(line) = read_request(&mut input)? {
        session.take_error()?;
        match line.and_then(Request::accept) {
            Ok((id, request)) => {
                session.wait_until_at_most(MAX_IN_FLIGHT - 1);
                session.count(|in_flight| in_flight + 1);
                let responder = Responder { id, session: Some(Arc::clone(&session)) };
                pool.submit(request, responder);
            }
            Err(message) => session.write(&message),
        }
    }
    session.wait_until_at_most(0);
    session.take_error()
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, thread};

    use serde_json::json;

    use super::*;

    /// An output that the test can read.
    #[derive(Clone, Default)]
    struct SharedOutput(Arc<Mutex<Vec<u8>>>);

    impl Write for SharedOutput {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            locked(&self.0).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl SharedOutput {
        fn lines(&self) -> Vec<Value> {
            let bytes = locked(&self.0).clone();
            let text = String::from_utf8(bytes).expect("text");
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
        }
    }

    fn request(id: u64) -> String {
        let request = json!({"identifier": "A", "operation": {}, "reqId": id});
        json!({"id": id, "request": request}).to_string() + "\n"
    }

    fn reply(request: &Request) -> Result<Value, RequestError> {
        Ok(json!({"op": "REPLY", "result": {"reqId": request.req_id()}}))
    }

    /// Answers requests in pairs, the second one first.
    #[derive(Default)]
    struct SwappingPool(RefCell<Option<(Request, Responder)>>);

    impl Pool for SwappingPool {
        fn nodes(&self) -> usize {
            4
        }

        fn submit(&self, request: Request, responder: Responder) {
            match self.0.take() {
                None => {
                    self.0.replace(Some((request, responder)));
                }
                Some((first, first_responder)) => {
                    responder.respond(reply(&request));
                    first_responder.respond(reply(&first));
                }
            }
        }
    }

    #[test]
    fn replies_come_in_any_order_each_with_its_id() {
        let output = SharedOutput::default();
        let input: String = (1..=4).map(request).collect();
        serve(&SwappingPool::default(), input.as_bytes(), output.clone()).expect("served");
        let lines = output.lines();
        assert_eq!(lines[0], json!({"ready": {"nodes": 4}}));
        let ids: Vec<_> = lines[1..]
            .iter()
            .map(|line| {
                assert_eq!(line["id"], line["reply"]["result"]["reqId"]);
                line["id"].as_u64()
            })
            .collect();
        assert_eq!(ids, [Some(2), Some(1), Some(4), Some(3)]);
    }

    /// Answers from its own threads, or drops the requests.
    struct ThreadedPool {
        drops: bool,
    }

    impl Pool for ThreadedPool {
        fn nodes(&self) -> usize {
            1
        }

        fn submit(&self, request: Request, responder: Responder) {
            let drops = self.drops;
            thread::spawn(move || {
                if !drops {
                    responder.respond(reply(&request));
                }
            });
        }
    }

    #[test]
    fn at_the_end_of_the_input_all_replies_are_awaited() {
        let output = SharedOutput::default();
        let input: String = (0..500).map(request).collect();
        serve(&ThreadedPool { drops: false }, input.as_bytes(), output.clone()).expect("served");
        let mut ids: Vec<_> =
            output.lines().iter().filter_map(|line| line["id"].as_u64()).collect();
        ids.sort_unstable();
        assert_eq!(ids, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn a_dropped_request_is_answered_with_an_error() {
        let output = SharedOutput::default();
        serve(&ThreadedPool { drops: true }, request(1).as_bytes(), output.clone())
            .expect("served");
        assert_eq!(output.lines()[1]["error"]["kind"], "internal");
        assert_eq!(output.lines()[1]["id"], 1);
    }

    #[test]
    fn after_a_malformed_line_the_next_one_is_served() {
        let output = SharedOutput::default();
        let input = format!("what?\n{}", request(2));
        serve(&ThreadedPool { drops: false }, input.as_bytes(), output.clone()).expect("served");
        assert_eq!(output.lines()[1]["error"]["kind"], "invalid-request");
        assert_eq!(output.lines()[2]["id"], 2);
    }

    /// An output whose reader has gone.
    struct ClosedOutput;

    impl Write for ClosedOutput {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn it_ends_when_its_output_is_closed() {
        let error = serve(&SwappingPool::default(), request(1).as_bytes(), ClosedOutput)
            .expect_err("the output is closed");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
