//! Passphrases and keys: from a file, or from a person at a terminal. Never from an argument, which
//! every user of a machine can see.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use tutorial::prompt;
use zeroize::Zeroizing;

/// The most bytes of a secret.
const MAX_BYTES: u64 = 4096;

/// A secret that a command needs.
pub(super) struct Wanted<'w> {
    /// What it is, after "the".
    pub(super) name: &'w str,
    /// The option that names a file with it.
    pub(super) option: &'static str,
    /// The value of that option.
    pub(super) file: Option<&'w Path>,
    /// Whether standard input has something else.
    pub(super) input_is_taken: bool,
}

impl Wanted<'_> {
    /// Reads the secret from its file, or asks for it.
    pub(super) async fn get(&self) -> Result<Zeroizing<String>> {
        let Self { name, option, file, input_is_taken } = *self;
        let Some(file) = file else {
            // a person's answer comes by standard input too
            let asked = match input_is_taken {
                true => None,
                false => prompt::secret(&format!("The {name}")).await,
            };
            return match asked {
                Some(secret) => self.checked(secret, "what was typed"),
                None => bail!("the {name} is needed: name a file that has it with {option}"),
            };
        };
        let is_input = file == Path::new("-");
        ensure!(
            !(is_input && input_is_taken),
            "standard input cannot have both what is imported and the {name}: name a file for one of them"
        );
        let from = file.to_owned();
        let shown = match is_input {
            true => "standard input".to_owned(),
            false => file.display().to_string(),
        };
        let read = stdx::task::blocking(move || read(&from, is_input)).await?;
        let secret = read.with_context(|| {
            format!("cannot read the {name} from {shown}; name a file that has it with {option}")
        })?;
        self.checked(secret, &shown)
    }

    /// Asks a second time for a secret that was typed, and refuses another one. One from a file is
    /// taken as it is.
    pub(super) async fn get_new(&self) -> Result<Zeroizing<String>> {
        let secret = self.get().await?;
        if self.file.is_none() {
            let again = prompt::secret(&format!("The {} again", self.name)).await;
            ensure!(
                again.is_some_and(|again| *again == *secret),
                "the two are different; nothing was written: run the command again"
            );
        }
        Ok(secret)
    }

    fn checked(&self, secret: Zeroizing<String>, place: &str) -> Result<Zeroizing<String>> {
        let name = self.name;
        ensure!(!secret.is_empty(), "the {name} is empty ({place})");
        ensure!(
            !secret.contains(['\n', '\r']),
            "the {name} has more than one line ({place}); name a file with one line"
        );
        Ok(secret)
    }
}

/// Reads the text of a file without the end of its last line.
fn read(file: &Path, is_input: bool) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES as usize + 1));
    match is_input {
        true => io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes)?,
        false => File::open(file)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?,
    };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("it has more than {MAX_BYTES} bytes")));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| io::Error::other("it is not UTF-8"))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(Zeroizing::new(text.strip_suffix('\r').unwrap_or(text).to_owned()))
}
