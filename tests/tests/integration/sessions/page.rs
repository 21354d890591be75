//! A page of Markdown as the commands in its console blocks.

use std::{ops::Range, process};

use regex::Regex;

/// A page.
#[derive(Debug)]
pub struct Page {
    /// Its lines, without their ends.
    pub lines: Vec<String>,
    /// The commands that are run, in order.
    pub commands: Vec<Command>,
}

/// A command on a page.
#[derive(Debug)]
pub struct Command {
    /// Its first line, counted from 1.
    pub line: usize,
    /// The command without the prompt; may have several lines.
    pub text: String,
    /// The lines below it, which it prints, counted from 0.
    pub shown: Range<usize>,
    /// The exit code that it must have.
    pub code: i32,
}

impl Page {
    /// Reads a page. The error begins with a line's number.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let other_shell = Regex::new("^```(sh|bash|shell|zsh)\\b").unwrap();
        if let Some(line) = lines.iter().position(|line| other_shell.is_match(line)) {
            return Err(format!("{}: write `console`, and `$ ` before commands", line + 1));
        }
        let mut commands = Vec::new();
        let mut next = 0;
        while let Some(offset) = lines[next..].iter().position(|line| line == "```console") {
            let fence = next + offset;
            let length = lines[fence + 1..].iter().position(|line| line == "```");
            let end = fence + 1 + length.ok_or(format!("{}: the block does not end", fence + 1))?;
            let mark = lines[..fence].iter().rposition(|line| !line.is_empty());
            match Mark::parse(mark.map_or("", |line| &lines[line])) {
                Err(reason) => {
                    return Err(format!("{}: {reason}", mark.map_or(1, |line| line + 1)));
                }
                Ok(Mark::NotRun) => {}
                Ok(Mark::ExitCode(code)) => {
                    let mut block = commands_of(&lines, fence + 1..end)?;
                    if let Some(last) = block.last_mut() {
                        last.code = code;
                    }
                    commands.extend(block);
                }
            }
            next = end + 1;
        }
        Ok(Self { lines, commands })
    }

    /// Replaces what commands print, by the commands' indices in ascending order.
    pub fn replace(&mut self, outputs: Vec<(usize, Vec<String>)>) {
        // from the end, so that the line numbers of the others stay right
        for (index, lines) in outputs.into_iter().rev() {
            self.lines.splice(self.commands[index].shown.clone(), lines);
        }
    }

    /// Returns the page as text.
    pub fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// What the line above a block says about it.
enum Mark {
    NotRun,
    ExitCode(i32),
}

impl Mark {
    fn parse(line: &str) -> Result<Self, &'static str> {
        let comment = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->"));
        match comment.unwrap_or_default() {
            comment if comment.starts_with("not run: ") => Ok(Self::NotRun),
            comment if comment.starts_with("not run") => Err("say why: `<!-- not run: reason -->`"),
            comment => match comment.strip_prefix("exit code ").map(str::parse) {
                None => Ok(Self::ExitCode(0)),
                Some(Ok(code)) => Ok(Self::ExitCode(code)),
                Some(Err(_)) => Err("the exit code is a number: `<!-- exit code 1 -->`"),
            },
        }
    }
}

/// Reads the lines of a block.
fn commands_of(lines: &[String], block: Range<usize>) -> Result<Vec<Command>, String> {
    let mut commands: Vec<Command> = Vec::new();
    let mut next = block.start;
    while next < block.end {
        let first = next;
        next += 1;
        let Some(prompted) = lines[first].strip_prefix("$ ") else {
            let command = commands.last_mut();
            command.ok_or(format!("{}: output without a command", first + 1))?.shown.end = next;
            continue;
        };
        let mut text = prompted.to_owned();
        while !is_whole(&text) {
            if next == block.end {
                return Err(format!("{}: the command does not end", first + 1));
            }
            text = format!("{text}\n{}", lines[next]);
            next += 1;
        }
        commands.push(Command { line: first + 1, text, shown: next..next, code: 0 });
    }
    Ok(commands)
}

/// Returns whether the shell would not ask for another line. A here-document that does not end is
/// only a warning to it.
fn is_whole(command: &str) -> bool {
    let checked = process::Command::new("bash").args(["-n", "-c", command]).output().unwrap();
    checked.status.success() && checked.stderr.is_empty() && !command.ends_with('\\')
}
