//! The real binary as a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;

pub const BINARY: &str = env!("CARGO_BIN_EXE_openslot");

/// A demo on a free port.
pub struct Demo {
    child: Child,
    pub address: SocketAddr,
}

impl Demo {
    pub fn start(data: &Path) -> Demo {
        let mut child = Command::new(BINARY)
            .args(["demo", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("booking page")).expect("the demo did not start");
        // It goes on printing; nobody closes its mouth.
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
        Demo { child, address }
    }

    /// SIGKILL: nothing can be tidied up.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What Ctrl-C does; whether it ended well.
    pub fn interrupt(mut self) -> bool {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Already ended where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server with a file of settings.
pub struct Serving {
    child: Child,
    pub address: SocketAddr,
    log: JoinHandle<String>,
}

impl Serving {
    pub fn start(config: &Path) -> Serving {
        Serving::after("", config)
    }

    /// No file of it grows beyond so many KiB: to the program that is a disk that is full.
    pub fn on_a_small_disk(config: &Path, kib: u32) -> Serving {
        // POSIX counts blocks of 512 octets.
        Serving::after(&format!("trap '' XFSZ; ulimit -f {}; ", kib * 2), config)
    }

    fn after(words: &str, config: &Path) -> Serving {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{words}exec \"$0\" serve --config \"$1\"")).arg(BINARY).arg(config);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut said = String::new();
            stderr.read_to_string(&mut said).unwrap();
            said
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let Some(line) = lines.find(|line| line.starts_with("openslot serves")) else {
            panic!("it did not start: {}", log.join().unwrap())
        };
        std::thread::spawn(move || lines.for_each(drop));
        let address = line.split(" on ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        Serving { child, address, log }
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Its exit code and all it said to its log.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.log.join().unwrap())
    }
}

/// What a server says when it starts, up to a line that begins so; then it is stopped.
pub fn first_words(config: &Path, last: &str) -> Vec<String> {
    let mut child =
        Command::new(BINARY).args(["serve", "--config"]).arg(config).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        let ends = line.starts_with(last);
        said.push(line);
        if ends {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    said
}

/// Runs a command to its end.
pub fn run(arguments: &[&str], input: &str) -> Output {
    run_in(Path::new("."), arguments, input)
}

/// The same, started in a folder.
pub fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(BINARY);
    command.args(arguments).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that reads nothing may have ended before.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What a command prints; it must succeed.
#[track_caller]
pub fn said(arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Why a command fails.
#[track_caller]
pub fn fails(arguments: &[&str], input: &str) -> String {
    let output = run(arguments, input);
    assert!(!output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}
