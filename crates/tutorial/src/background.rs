//! Output of a program that must not wait for the reader of its output, as a server.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

type Print = Box<dyn FnOnce() -> io::Result<()> + Send>;

/// Prints on a thread of its own, whatever the reader does: what does not fit into a queue is
/// dropped and counted, and the count is printed when there is room again. A reader that has gone
/// is no error.
pub struct Background {
    /// `None` after the end.
    queue: Mutex<Option<SyncSender<Print>>>,
    dropped: Arc<AtomicU64>,
    ended: Mutex<Receiver<()>>,
}

impl Background {
    /// How much waits to be printed. A verdict is some ten kilobytes.
    const MAX_WAITING: usize = 256;

    /// Starts the thread. It rests for `pause` after each print; `print_dropped` prints how many
    /// were dropped.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn start(
        pause: Duration,
        print_dropped: impl Fn(u64) -> io::Result<()> + Send + 'static,
    ) -> io::Result<Self> {
        let (queue, prints) = sync_channel::<Print>(Self::MAX_WAITING);
        let (ending, ended) = channel();
        let dropped = Arc::<AtomicU64>::default();
        let count = Arc::clone(&dropped);
        thread::Builder::new().spawn(move || {
            // dropped at the end
            let _ending = ending;
            for print in prints {
                let _ = print();
                match count.swap(0, Ordering::Relaxed) {
                    0 => {}
                    dropped => _ = print_dropped(dropped),
                }
                thread::sleep(pause);
            }
        })?;
        Ok(Self { queue: Mutex::new(Some(queue)), dropped, ended: Mutex::new(ended) })
    }

    /// Has this printed, or drops it; returns at once.
    pub fn print(&self, print: impl FnOnce() -> io::Result<()> + Send + 'static) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = &*queue
            && queue.try_send(Box::new(print)).is_err()
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until everything is printed, but no longer than this. Nothing is printed after it.
    pub fn end(&self, time: Duration) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_that_is_not_read_delays_nothing_and_is_counted() {
        let (release, released) = channel::<()>();
        let (sender, printed) = channel();
        let dropped_sender = sender.clone();
        let background = Background::start(Duration::ZERO, move |dropped| {
            dropped_sender.send(format!("{dropped} dropped")).map_err(io::Error::other)
        });
        let background = background.unwrap();
        // the reader stops
        background.print(move || released.recv().map_err(io::Error::other));
        const MORE: usize = 10;
        // one is being printed, or waits
        for number in 0..Background::MAX_WAITING + MORE {
            let sender = sender.clone();
            background.print(move || sender.send(number.to_string()).map_err(io::Error::other));
        }
        background.end(Duration::ZERO);
        release.send(()).unwrap();
        drop(sender);
        let printed: Vec<String> = printed.iter().collect();
        assert!(printed[0] == "10 dropped" || printed[0] == "11 dropped", "{}", printed[0]);
        assert!(printed.len() >= Background::MAX_WAITING, "{}", printed.len());
        assert_eq!(printed[1], "0");
    }

    #[test]
    fn everything_that_fits_is_printed_before_the_end() {
        let (sender, printed) = channel();
        let background = Background::start(Duration::ZERO, |_| Ok(())).unwrap();
        for number in 0..100 {
            let sender = sender.clone();
            background.print(move || sender.send(number).map_err(io::Error::other));
        }
        background.end(Duration::from_secs(60));
        assert!(printed.try_iter().eq(0..100));
    }
}
