//! Waiting for an engine's answer on a thread of our own, outside the runtime.
//!
//! Not for: threads of the runtime, which must not wait. An engine that blocks does so right on the waiting thread: no other has to be
//! woken for it and wake this one again.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for an answer.
pub(super) fn wait<T>(answer: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Sleeper(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut answer = pin!(answer);
    loop {
        match answer.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            // Woken before it sleeps, it does not sleep.
            Poll::Pending => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_from_another_thread_arrive() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let sending = thread::spawn(move || sender.send(7).unwrap());
        assert_eq!(wait(receiver).unwrap(), 7);
        sending.join().unwrap();
        assert_eq!(wait(async { 8 }), 8);
    }
}
