//! `indy-pool-client`: answers signed Indy requests by asking a pool of nodes.
//!
//! It reads JSON lines on standard input and writes JSON lines on standard output ([`protocol`]),
//! and ends when the input does. The program that starts it needs neither ZeroMQ nor `indy-vdr`.
//!
//! | module | subject |
//! |---|---|
//! | [`protocol`] | the lines, and what is refused before anything is sent |
//! | [`serve`](mod@serve) | several requests in flight, each answered once |
//! | [`nodes`] | the nodes of a pool |

mod nodes;
mod protocol;
mod serve;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use nodes::Nodes;
use protocol::{Kind, Problem};

const HELP: &str = "\
Have a pool of Indy nodes answer signed requests

Usage: indy-pool-client GENESIS [--timeout SECONDS]

GENESIS is the pool's file of genesis transactions. A node that got a request may take SECONDS
(1 to 3600, 20 if left out) to answer it.

Reads lines such as  {\"id\": 1, \"request\": {...}}
writes first         {\"ready\": {\"nodes\": 4}}
and for each line    {\"id\": 1, \"reply\": {...}}  with a node's REPLY, REQNACK or REJECT
or                   {\"id\": 1, \"error\": {\"kind\": \"...\", \"message\": \"...\", \"nodes\": [...]}}
where kind is timeout, unreachable, no-consensus, invalid-request or internal.

Answers come in any order. The program ends when its input has ended and all is answered.

Exit codes: 0 the input has ended; 1 it cannot be read, or the output cannot be written;
2 the arguments or the genesis file cannot be used
";

const DEFAULT_TIMEOUT: u32 = 20;
const LONGEST_TIMEOUT: u32 = 3600;

fn main() -> ExitCode {
    let order = match Order::parse(std::env::args_os().skip(1)) {
        Ok(order) => order,
        Err(complaint) => return unusable(&complaint),
    };
    match order {
        Order::Help => tell(HELP),
        Order::Version => tell(concat!(
            "indy-pool-client ",
            env!("CARGO_PKG_VERSION"),
            "\n"
        )),
        Order::Serve { genesis, timeout } => match Nodes::open(&genesis, timeout) {
            Ok(nodes) => serve(nodes),
            Err(error) => unusable(&format!(
                "the genesis file {} cannot be used: {error}",
                genesis.display()
            )),
        },
    }
}

fn serve(nodes: Nodes) -> ExitCode {
    let served = serve::serve(&nodes, io::stdin().lock(), io::stdout());
    // To drop them is to wait for indy-vdr's threads, for ever if one has panicked. All is answered.
    std::mem::forget(nodes);
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "indy-pool-client: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says on both outputs what cannot be used, to the program that reads one and the person that
/// reads the other.
fn unusable(complaint: &str) -> ExitCode {
    let problem = Problem::new(Kind::InvalidRequest, complaint);
    let line = protocol::answer(None, &Err(problem));
    // When nobody reads, nobody needs to know.
    let _ = writeln!(io::stdout(), "{line}");
    let _ = writeln!(io::stderr(), "indy-pool-client: {complaint}");
    ExitCode::from(2)
}

fn tell(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
enum Order {
    Help,
    Version,
    Serve { genesis: PathBuf, timeout: u32 },
}

impl Order {
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Self, String> {
        let mut genesis = None;
        let mut timeout = DEFAULT_TIMEOUT;
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(Self::Help),
                Some("--version" | "-V") => return Ok(Self::Version),
                Some("--timeout") => {
                    let seconds = arguments
                        .next()
                        .and_then(|seconds| seconds.to_str()?.parse().ok());
                    timeout = seconds
                        .filter(|seconds| (1..=LONGEST_TIMEOUT).contains(seconds))
                        .ok_or("--timeout takes a number of seconds, 1 to 3600")?;
                }
                Some(option) if option.starts_with('-') => {
                    return Err(format!("there is no option {option}; see --help"));
                }
                _ if genesis.is_none() => genesis = Some(PathBuf::from(argument)),
                _ => return Err("there is more than one genesis file; see --help".to_owned()),
            }
        }
        let genesis = genesis.ok_or("name the pool's genesis file; see --help")?;
        Ok(Self::Serve { genesis, timeout })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Order, String> {
        Order::parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn the_genesis_file_and_the_timeout_come_in_any_order() {
        for arguments in [["g", "--timeout", "3"], ["--timeout", "3", "g"]] {
            let order = parse(&arguments);
            let expected = Order::Serve {
                genesis: "g".into(),
                timeout: 3,
            };
            assert_eq!(order, Ok(expected));
        }
    }

    #[test]
    fn arguments_that_mean_nothing_are_refused() {
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
