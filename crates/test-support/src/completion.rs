//! Completing in a shell: the shell loads a program's script, gets keys to read, and completes.

use std::{
    fs,
    io::{self, Write},
    process::{Command, Stdio},
};

use crate::program::{Finished, Sandbox};

/// The shells whose completion is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// bash, which reads keys from a terminal.
    Bash,
    /// zsh, which reads keys from a terminal.
    Zsh,
    /// fish, which completes a line that it is given.
    Fish,
}

impl Shell {
    fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        }
    }

    /// Completes the last word of each of these arguments for a program in its directory. Returns
    /// the arguments that the program gets then; `None` if this machine cannot do it, which it
    /// prints.
    pub fn complete(self, sandbox: &Sandbox, program: &str, typed: &[&str]) -> Option<Vec<String>> {
        let needed = match self {
            Self::Bash => &["bash", "script"][..],
            Self::Zsh => &["zsh", "script"],
            Self::Fish => &["fish"],
        };
        if let Some(missing) = needed.iter().find(|command| !is_there(command)) {
            let _ = writeln!(io::stderr(), "SKIPPED: there is no {missing} to complete in");
            return None;
        }
        let mut print = sandbox.program();
        print.args(["completions", self.name()]);
        let script = Finished::of(print).succeeded().stdout;
        fs::create_dir_all(sandbox.path("functions")).unwrap();
        fs::write(sandbox.path(&format!("functions/_{program}")), script).unwrap();
        Some(match self {
            Self::Bash | Self::Zsh => self.type_keys(sandbox, program, typed),
            Self::Fish => {
                let completed = typed.iter().map(|typed| complete_in_fish(sandbox, program, typed));
                completed.collect()
            }
        })
    }

    /// Types lines with a tabulator at the end. In the program's place, a function keeps the
    /// arguments that it gets.
    fn type_keys(self, sandbox: &Sandbox, program: &str, typed: &[&str]) -> Vec<String> {
        let load = match self {
            Self::Zsh => {
                "fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -D; PS1="
                    .to_owned()
            }
            _ => format!("PS1=; source functions/_{program}"),
        };
        let keep = format!("{program}() {{ echo \"$*\" >> completed; }}");
        for file in [".zshrc", ".bashrc"] {
            fs::write(sandbox.path(file), format!("{load}\n{keep}\n")).unwrap();
        }
        let shell = match self {
            Self::Zsh => "zsh -i",
            _ => "bash --noprofile --rcfile .bashrc -i",
        };
        let mut terminal = Command::new("script");
        terminal.args(["--quiet", "--command", shell, "/dev/null"]);
        terminal.current_dir(sandbox.path("")).env("ZDOTDIR", sandbox.path(""));
        terminal.env("TERM", "xterm").env_remove("HISTFILE").env("HOME", sandbox.path(""));
        let keys: String = typed.iter().map(|typed| format!("{program} {typed}\t\n")).collect();
        let finished = Finished::with_input(terminal, &format!("{keys}exit\n"));
        let completed = fs::read_to_string(sandbox.path("completed")).unwrap_or_default();
        let lines: Vec<String> = completed.lines().map(|line| line.trim_end().to_owned()).collect();
        assert_eq!(lines.len(), typed.len(), "{lines:?}\n{finished:?}");
        lines
    }
}

fn is_there(command: &str) -> bool {
    let version = Command::new(command).arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Returns the arguments with the last one completed, if there is one completion only; each of them
/// otherwise.
fn complete_in_fish(sandbox: &Sandbox, program: &str, typed: &str) -> String {
    let mut fish = Command::new("fish");
    let complete =
        format!("source functions/_{program}; complete --do-complete '{program} {typed}'");
    fish.args(["--no-config", "--command", &complete]);
    fish.current_dir(sandbox.path("")).env("HOME", sandbox.path(""));
    let stdout = Finished::of(fish).stdout;
    let completions: Vec<&str> =
        stdout.lines().filter_map(|line| line.split('\t').next()).collect();
    let (before, last) = typed.rsplit_once(' ').unwrap_or(("", typed));
    let completed = if completions.is_empty() { last.to_owned() } else { completions.join("|") };
    format!("{before} {completed}").trim_start().to_owned()
}
