//! The words of the command line.
//!
//! Not for: doing what they say (`main`).

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// A CalDAV-native scheduling server: the calendar is the truth.
#[derive(Parser)]
#[command(version, about)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Verb,
}

/// What the program can do.
#[derive(Subcommand)]
pub enum Verb {
    /// Try it: a practice with demo data, nothing to set up.
    Demo {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8008")]
        listen: SocketAddr,
        /// A folder to keep it in; without one it is gone afterwards.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Serve a practice.
    Serve {
        /// The file of settings (openslot.toml); without one the defaults hold.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Make the practice what a file says; with a running server or without one.
    Apply {
        /// The practice's file.
        file: PathBuf,
        /// Which practice.
        #[command(flatten)]
        place: Place,
    },
    /// Keep logins.
    #[command(subcommand)]
    User(UserVerb),
    /// Put an exported calendar (.ics) into one of a login's calendars.
    Import {
        /// Whose calendar.
        login: String,
        /// Its name in the address.
        calendar: String,
        /// The file.
        file: PathBuf,
        /// Which practice.
        #[command(flatten)]
        place: Place,
    },
}

/// What can be done with logins.
#[derive(Subcommand)]
pub enum UserVerb {
    /// Add a login; prints a password made for it, or takes one from standard input.
    Add {
        /// Its name.
        login: String,
        /// The person's name.
        #[arg(long)]
        name: Option<String>,
        /// It may do everything.
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input.
        #[arg(long)]
        stdin: bool,
        /// Give it the calendars, address books and files of a removed login of this name.
        #[arg(long)]
        take_home: bool,
        /// Which practice.
        #[command(flatten)]
        place: Place,
    },
    /// Give a login a new password; prints it, or takes one from standard input.
    Passwd {
        /// Whose.
        login: String,
        /// Read the password from standard input.
        #[arg(long)]
        stdin: bool,
        /// Which practice.
        #[command(flatten)]
        place: Place,
    },
    /// List the logins.
    List {
        /// Which practice.
        #[command(flatten)]
        place: Place,
    },
    /// Remove a login with its devices' passwords; its calendars, address books and files are kept, and so is its name.
    Remove {
        /// Which.
        login: String,
        /// Delete its calendars, address books and files too, or those of a login that was removed before.
        #[arg(long)]
        delete_home: bool,
        /// Which practice.
        #[command(flatten)]
        place: Place,
    },
}

/// Which practice is meant.
#[derive(clap::Args)]
pub struct Place {
    /// The file of settings (openslot.toml), which names the data folder.
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// The data folder, where no file of settings is given.
    #[arg(long, conflicts_with = "config")]
    pub data: Option<PathBuf>,
}
