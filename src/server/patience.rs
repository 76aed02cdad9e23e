//! A connection that does not wait for ever for a client to take its answer.
//!
//! hyper ends connections that are slow to ask; who asks and does not read would keep a place, and what waits for it, as long as it likes.
//! Time that the client keeps us waiting is taken from an allowance, and what it reads gives some back: whoever reads at all at the pace of
//! the slowest telephone is never cut off, and whoever does not is after [`ALLOWANCE`]. Not for: clients that are slow to ask, and waiting for
//! something to say (events on the staff page), which costs nothing here.

use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// How long a client may keep us waiting at a stretch.
pub const ALLOWANCE: Duration = Duration::from_secs(60);

/// How many octets a second a client must take in the long run.
const PACE: u32 = 1024;

/// What can be given up with all that the other side has not taken yet.
pub trait Abandon {
    /// Nothing more is delivered once it is closed.
    fn abandon(&self);
}

impl Abandon for TcpStream {
    fn abandon(&self) {
        // Else the kernel keeps megabytes for a client that does not take them, minutes after we have closed.
        let _ = self.set_zero_linger();
    }
}

/// A stream whose writing ends with [`io::ErrorKind::TimedOut`] where the other side reads too little.
pub struct Patient<S> {
    stream: S,
    /// How long may be waited yet.
    left: Duration,
    /// Since when the other side has been waited for, and the end of that.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S: Abandon> Patient<S> {
    /// Begins with the whole allowance.
    pub fn new(stream: S) -> Patient<S> {
        Patient { stream, left: ALLOWANCE, waiting: None }
    }

    /// Keeps the books of one attempt to write.
    fn book(&mut self, attempt: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match attempt {
            Poll::Ready(Ok(octets)) => {
                if let Some((since, _)) = self.waiting.take() {
                    self.left = self.left.saturating_sub(since.elapsed());
                }
                let earned = Duration::from_secs(octets as u64) / PACE;
                self.left = self.left.saturating_add(earned).min(ALLOWANCE);
                Poll::Ready(Ok(octets))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let now = Instant::now();
                let end = now + self.left;
                let (_, sleep) = self.waiting.get_or_insert_with(|| (now, Box::pin(sleep_until(end))));
                ready!(sleep.as_mut().poll(context));
                self.stream.abandon();
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Abandon + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, octets: &[u8]) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write(context, octets);
        self.book(attempt, context)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, octets: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write_vectored(context, octets);
        self.book(attempt, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    // A socket has nothing to flush, and closing one does not wait for the other side.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    impl Abandon for DuplexStream {
        fn abandon(&self) {}
    }

    /// How long a writer of so many octets lasts against a reader that takes so many a second; `Ok` where it got rid of all.
    async fn writing(octets: usize, pace: usize) -> (io::Result<()>, Duration) {
        let (ours, mut theirs) = duplex(4096);
        let reader = tokio::spawn(async move {
            let mut piece = vec![0; pace.max(1)];
            while pace > 0 && theirs.read(&mut piece).await.is_ok_and(|length| length > 0) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            if pace == 0 {
                std::future::pending::<()>().await;
            }
        });
        let begun = Instant::now();
        let result = Patient::new(ours).write_all(&vec![0; octets]).await;
        reader.abort();
        (result, begun.elapsed())
    }

    fn timed_out(result: io::Result<()>) -> bool {
        result.is_err_and(|error| error.kind() == io::ErrorKind::TimedOut)
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_read_is_cut_off() {
        let (result, after) = writing(100_000, 0).await;
        assert!(timed_out(result));
        assert!(after >= ALLOWANCE && after < ALLOWANCE + Duration::from_secs(10), "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_slowly_gets_all() {
        let (result, after) = writing(1_000_000, 2048).await;
        assert!(result.is_ok() && after > ALLOWANCE * 5, "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_trickle_does_not_keep_a_connection() {
        let (result, after) = writing(1_000_000, 16).await;
        assert!(timed_out(result));
        assert!(after < ALLOWANCE * 2, "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn silence_of_ours_is_no_waiting() {
        let (ours, mut theirs) = duplex(4096);
        let mut patient = Patient::new(ours);
        let mut piece = [0; 5];
        for _ in 0..3 {
            tokio::time::sleep(ALLOWANCE * 10).await;
            patient.write_all(b"event").await.unwrap();
            theirs.read_exact(&mut piece).await.unwrap();
        }
    }
}
