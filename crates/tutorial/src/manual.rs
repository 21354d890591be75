//! Completion scripts and manual pages, made from a program's command line.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{Args, Command, ValueHint};

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
    clap_complete::generate(shell, &mut program, &name, &mut script);
    if shell == Shell::Bash {
        script = with_one_spelling(&name, &String::from_utf8_lossy(&script)).into_bytes();
    }
    report::print(&script)
}

/// Spells a program's name the same everywhere in a bash script. In what `clap_complete` 4.6
/// generates, the loop that finds the subcommand writes the hyphens of the program's name as `__`,
/// and the labels that it should lead to write them like the spaces between commands, so that
/// nothing would be completed after a subcommand.
fn with_one_spelling(name: &str, script: &str) -> String {
    const SPACE: &str = "__subcmd__";
    let label = format!("{}{SPACE}", name.replace('-', SPACE));
    script.replace(&label, &format!("{}{SPACE}", name.replace('-', "__")))
}

/// Which manual pages to make.
#[derive(Debug, Clone, Args)]
pub struct Man {
    /// The command whose page is printed; the program's own page if left out
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write all pages into DIR instead, each as NAME.1
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "command")]
    directory: Option<PathBuf>,
}

impl Man {
    /// Prints a page, or writes all pages.
    ///
    /// # Errors
    ///
    /// When there is no such command, or the pages cannot be written.
    pub fn run(&self, program: Command) -> Result<()> {
        let source =
            format!("{} {}", program.get_name(), program.get_version().unwrap_or_default());
        // `help` has no page: it shows those of the others
        let mut program = program.disable_help_subcommand(true);
        program.build();
        match &self.directory {
            Some(directory) => fs::create_dir_all(directory)
                .and_then(|()| write_pages(&program, &source, directory))
                .with_context(|| format!("cannot write manual pages to {}", directory.display())),
            None => Ok(report::print(&page(find(&program, &self.command)?, &source)?)?),
        }
    }
}

/// Finds a command by the names that lead to it.
fn find<'c>(program: &'c Command, names: &[String]) -> Result<&'c Command> {
    names.iter().try_fold(program, |command, name| {
        command.find_subcommand(name).with_context(|| {
            let commands: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            match commands.is_empty() {
                true => format!("{} has no commands", command.get_name()),
                false => format!(
                    "there is no command {name:?}; {} has these: {}",
                    command.get_name(),
                    commands.join(", ")
                ),
            }
        })
    })
}

/// Writes the pages of a command and of all below it.
fn write_pages(command: &Command, source: &str, directory: &Path) -> io::Result<()> {
    for below in command.get_subcommands() {
        write_pages(below, source, directory)?;
    }
    let name = command.get_display_name().unwrap_or(command.get_name());
    fs::write(directory.join(format!("{name}.1")), page(command, source)?)
}

/// Returns a command's page. The examples and exit codes at its end keep their lines.
fn page(command: &Command, source: &str) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).source(source).render(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    let page = page.replace("\n.SH EXTRA\n", "\n.SH NOTES\n.nf\n");
    Ok(page.replace("\n.SH VERSION\n", "\n.fi\n.SH VERSION\n").into_bytes())
}
