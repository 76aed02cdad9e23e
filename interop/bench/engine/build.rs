//! Compiles what asks libical; `run` installs it.

fn main() {
    println!("cargo:rerun-if-changed=libical.c");
    cc::Build::new().file("libical.c").opt_level(2).warnings_into_errors(true).compile("asking_libical");
    println!("cargo:rustc-link-lib=ical");
}
