//! What an input may cost: a named sum and a named multiple of its length, in time on the processor, whoever else is using it.

use std::time::Duration;

/// What any input may cost: the largest answers, 10,000 occurrences for each of three weeks, asked in four ways, in a build that checks
/// every access to memory.
const SUM: Duration = Duration::from_secs(4);
/// What each octet may add.
const EACH_OCTET: Duration = Duration::from_micros(20);

/// Runs `work`; what costs more than it may is as bad as a crash.
pub fn hold(octets: usize, work: impl FnOnce()) {
    let most = SUM + EACH_OCTET * u32::try_from(octets).expect("an input is no gigabyte");
    let begun = spent();
    work();
    let spent = spent() - begun;
    assert!(spent <= most, "{octets} octets cost {spent:?}, more than {most:?}");
}

/// How long this thread was on the processor.
fn spent() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux says so");
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("the first is nanoseconds"))
}
