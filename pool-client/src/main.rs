//! `indy-pool-client`: submits signed Indy requests to a pool of nodes.
//!
//! It reads JSON lines on standard input and writes JSON lines on standard output
//! ([`pool_protocol`]), and ends when the input does. The program that starts it needs neither
//! ZeroMQ nor `indy-vdr`.
//!
//! | module | subject |
//! |---|---|
//! | [`request`] | what is refused before anything is sent |
//! | [`serve`](mod@serve) | several requests in flight, each answered once |
//! | [`nodes`] | the nodes of a pool |

mod nodes;
mod request;
mod serve;

use std::{
    ffi::OsString,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use nodes::Nodes;
use pool_protocol::{ErrorKind, PoolMessage, RequestError, write_line};

const HELP: &str = "\
Submits signed requests to a pool of Indy nodes

Usage: indy-pool-client GENESIS [--timeout SECONDS]

GENESIS is the pool's file of genesis transactions. A node that received a request may take SECONDS
(1 to 3600, default 20) to answer it.

Reads lines such as  {\"id\": 1, \"request\": {...}}
writes first         {\"ready\": {\"nodes\": 4}}
and for each line    {\"id\": 1, \"reply\": {...}}  with a node's REPLY, REQNACK or REJECT
or                   {\"id\": 1, \"error\": {\"kind\": \"...\", \"message\": \"...\", \"nodes\": [...]}}
where kind is timeout, unreachable, no-consensus, invalid-request or internal.

Replies come in any order. The program ends when its input has ended and all requests are
answered.

Exit codes: 0 the input has ended; 1 it cannot be read, or the output cannot be written;
2 the arguments or the genesis file cannot be used
";

const DEFAULT_TIMEOUT: u32 = 20;
const MAX_TIMEOUT: u32 = 3600;

fn main() -> ExitCode {
    let command = match Command::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(problem) => return unusable(&problem),
    };
    match command {
        Command::Help => print(HELP),
        Command::Version => print(concat!("indy-pool-client ", env!("CARGO_PKG_VERSION"), "\n")),
        Command::Serve { genesis, timeout } => match Nodes::open(&genesis, timeout) {
            Ok(nodes) => serve(nodes),
            Err(error) => {
                unusable(&format!("the genesis file {} cannot be used: {error}", genesis.display()))
            }
        },
    }
}

fn serve(nodes: Nodes) -> ExitCode {
    let served = serve::serve(&nodes, io::stdin().lock(), io::stdout());
    // Dropping them would wait for indy-vdr's threads, forever if one has panicked. All requests
    // are answered.
    std::mem::forget(nodes);
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "indy-pool-client: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Reports what cannot be used on both outputs: a program reads one, a person the other.
fn unusable(problem: &str) -> ExitCode {
    let error = RequestError::new(ErrorKind::InvalidRequest, problem);
    // A closed output has no reader to tell.
    let _ = write_line(&mut io::stdout(), &PoolMessage::Error { error, id: None });
    let _ = writeln!(io::stderr(), "indy-pool-client: {problem}");
    ExitCode::from(2)
}

fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
enum Command {
    Help,
    Version,
    Serve { genesis: PathBuf, timeout: u32 },
}

impl Command {
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut genesis = None;
        let mut timeout = DEFAULT_TIMEOUT;
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(Self::Help),
                Some("--version" | "-V") => return Ok(Self::Version),
                Some("--timeout") => {
                    let seconds =
                        arguments.next().and_then(|seconds| seconds.to_str()?.parse().ok());
                    timeout = seconds
                        .filter(|seconds| (1..=MAX_TIMEOUT).contains(seconds))
                        .ok_or("--timeout takes a number of seconds, 1 to 3600")?;
                }
                Some(option) if option.starts_with('-') => {
                    return Err(format!("unknown option {option}; see --help"));
                }
                _ if genesis.is_none() => genesis = Some(PathBuf::from(argument)),
                _ => return Err("more than one genesis file; see --help".to_owned()),
            }
        }
        let genesis = genesis.ok_or("the pool's genesis file is missing; see --help")?;
        Ok(Self::Serve { genesis, timeout })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Command, String> {
        Command::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn genesis_file_and_timeout_come_in_any_order() {
        for arguments in [["g", "--timeout", "3"], ["--timeout", "3", "g"]] {
            let command = parse(&arguments);
            let expected = Command::Serve { genesis: "g".into(), timeout: 3 };
            assert_eq!(command, Ok(expected));
        }
    }

    #[test]
    fn unknown_or_invalid_arguments_are_refused() {
        for arguments in [
            &[][..],
            &["a", "b"],
            &["--verbose", "a"],
            &["a", "--timeout"],
            &["a", "--timeout", "0"],
            &["a", "--timeout", "3601"],
            &["a", "--timeout", "soon"],
        ] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }
}
