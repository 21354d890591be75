//! Completion scripts and manual pages, made from a program's command line.

use std::io;

use clap::Command;

pub use clap_complete::Shell;

use crate::report;

/// Prints the completion script of a program for a shell.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print_completions(shell: Shell, mut program: Command) -> io::Result<()> {
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, name, &mut script);
    report::print(&script)
}

/// Prints the manual page of a program.
///
/// # Errors
///
/// When standard output cannot be written.
pub fn print_page(program: Command) -> io::Result<()> {
    let mut page = Vec::new();
    clap_mangen::Man::new(program).render(&mut page)?;
    report::print(&page)
}
