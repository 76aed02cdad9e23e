//! What an input may cost: a named sum and a named multiple of its length, in time on the processor, whoever else is using it.

use std::time::Duration;

/// What is done with an input.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// It is read, checked and written.
    Reading,
    /// Questions are answered from it, each within the product's own limits.
    Answering,
}

impl Work {
    /// What any input may cost, in a build that checks every access to memory. The largest answers are 10,000 occurrences for each of three
    /// weeks, asked in four ways.
    fn sum(self) -> Duration {
        match self {
            Work::Reading => Duration::from_millis(100),
            Work::Answering => Duration::from_secs(4),
        }
    }
}

/// What each octet may add.
const EACH_OCTET: Duration = Duration::from_micros(20);

/// Does the work; what costs more than it may is as bad as a crash.
pub fn hold<T>(work: Work, octets: usize, go: impl FnOnce() -> T) -> T {
    let most = work.sum() + EACH_OCTET * u32::try_from(octets).expect("an input is no gigabyte");
    let begun = spent();
    let result = go();
    let spent = spent() - begun;
    assert!(spent <= most, "{work:?} {octets} octets cost {spent:?}, more than {most:?}");
    result
}

/// How long this thread was on the processor.
fn spent() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux says so");
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("the first is nanoseconds"))
}
