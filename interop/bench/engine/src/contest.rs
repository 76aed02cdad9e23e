//! Several programs at one task, in turns: the same answers first, then the times, and the ratios of those.
//!
//! Not for: the tasks.

use std::time::Duration;

use cpu_time::ThreadTime;

/// What must be the same whoever is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answer {
    pub count: i64,
    pub sum: i64,
}

impl std::ops::AddAssign for Answer {
    fn add_assign(&mut self, other: Answer) {
        self.count += other.count;
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

/// How often all have their turn, and how long one turn lasts at least.
#[derive(Debug, Clone, Copy)]
pub struct Rounds {
    pub count: usize,
    pub turn: Duration,
}

/// One who does the task.
pub struct Contender<'a> {
    pub name: &'static str,
    pub work: Box<dyn Fn() -> Answer + 'a>,
}

impl<'a> Contender<'a> {
    pub fn new(name: &'static str, work: impl Fn() -> Answer + 'a) -> Contender<'a> {
        Contender { name, work: Box::new(work) }
    }

    /// Seconds for one piece of work, over one turn: processor time, for other programs may run beside.
    fn turn(&self, turn: Duration) -> f64 {
        let (begun, mut times) = (ThreadTime::now(), 0u32);
        while times == 0 || begun.elapsed() < turn {
            std::hint::black_box((self.work)());
            times += 1;
        }
        begun.elapsed().as_secs_f64() / f64::from(times)
    }
}

/// What a table says of one contest.
pub struct Row {
    /// Of the first, in seconds for one piece of work.
    pub seconds: f64,
    /// How many times as long each of the others takes: lowest, median and highest of all rounds.
    pub ratios: Vec<(&'static str, [f64; 3])>,
}

/// Lets all do the same; the first is the measure of the others. Panics where the answers differ.
pub fn contest(task: &str, contenders: &[Contender<'_>], rounds: Rounds) -> Row {
    let answers: Vec<Answer> = contenders.iter().map(|contender| (contender.work)()).collect();
    for (contender, answer) in contenders.iter().zip(&answers) {
        assert_eq!(answer, &answers[0], "{task}: {} has another answer than {}", contender.name, contenders[0].name);
    }
    let times: Vec<Vec<f64>> =
        (0..rounds.count).map(|_| contenders.iter().map(|contender| contender.turn(rounds.turn)).collect()).collect();
    let ratio = |place: usize| {
        let ratios = times.iter().map(|round| round[place] / round[0]).collect();
        (contenders[place].name, spread(ratios))
    };
    Row { seconds: spread(times.iter().map(|round| round[0]).collect())[1], ratios: (1..contenders.len()).map(ratio).collect() }
}

/// The lowest, the median and the highest.
pub fn spread(mut numbers: Vec<f64>) -> [f64; 3] {
    numbers.sort_by(f64::total_cmp);
    [numbers[0], numbers[numbers.len() / 2], numbers[numbers.len() - 1]]
}

/// Prints a row; `pieces` is how much of `unit` one piece of work has.
pub fn print(label: &str, row: &Row, pieces: f64, unit: &str) {
    let rate = pieces / row.seconds;
    let rate = if rate < 1000.0 { format!("{rate:.1}") } else { thousands(rate) };
    let ratio = |(name, [low, median, high]): &(&str, [f64; 3])| format!("{name} × {} ({}–{})", short(*median), short(*low), short(*high));
    println!("{label:<58} {:>18}   {}", format!("{rate} {unit}"), row.ratios.iter().map(ratio).collect::<Vec<_>>().join("   "));
}

fn short(ratio: f64) -> String {
    if ratio < 100.0 { format!("{ratio:.1}") } else { thousands(ratio) }
}

fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    grouped.join(",")
}
