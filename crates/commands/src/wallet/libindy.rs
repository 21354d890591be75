//! `negotiate-proof wallet import-libindy`.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::{Args, ValueEnum, ValueHint};
use indy::wallet::foreign::{ForeignError, IndyKeyDerivation, StoreKind, open_indy_sdk};
use tutorial::{Status, Tutorial};

use super::{
    import::{Renaming, import_foreign},
    secret::Wanted,
};

use crate::holder::HolderOptions;

pub(super) const EXAMPLES: &str = "\
Examples:
  negotiate-proof wallet import-libindy ~/.indy_client/wallet/alice/sqlite.db --home alex --key-file key.txt
      key.txt has the wallet's key, as its program gives it to indy-sdk
  negotiate-proof wallet import-libindy sqlite.db --home alex --key-file key.txt --kdf raw
      a wallet with a raw key";

/// The wallet to import.
#[derive(Clone, Args)]
pub struct ImportLibindy {
    /// The wallet's SQLite file
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// A file with the wallet's key; - for standard input. Without it, a person is asked
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    key_file: Option<PathBuf>,
    /// How the wallet derives its own key from it: `key_derivation_method` in indy-sdk
    #[arg(long, value_name = "METHOD", value_enum, default_value_t = Kdf::Argon2iMod)]
    kdf: Kdf,
    /// How link secrets are named.
    #[command(flatten)]
    renaming: Renaming,
    /// The holder, and how results are printed.
    #[command(flatten)]
    holder: HolderOptions,
}

/// What `--kdf` chooses from.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kdf {
    /// ARGON2I_MOD, which indy-sdk uses unless another is asked for
    #[value(name = "argon2i-mod")]
    Argon2iMod,
    /// ARGON2I_INT
    #[value(name = "argon2i-int")]
    Argon2iInt,
    /// RAW: the key is the base58 of 32 bytes
    Raw,
}

impl From<Kdf> for IndyKeyDerivation {
    fn from(kdf: Kdf) -> Self {
        match kdf {
            Kdf::Argon2iMod => Self::Argon2iModerate,
            Kdf::Argon2iInt => Self::Argon2iInteractive,
            Kdf::Raw => Self::Raw,
        }
    }
}

impl ImportLibindy {
    pub(super) async fn run(&self, opened: &mut Option<Tutorial>) -> Result<Status> {
        let names = self.renaming.names()?;
        let key = Wanted {
            name: "key of the wallet",
            option: "--key-file",
            file: self.key_file.as_deref(),
            input_is_taken: false,
        };
        let key = key.get().await?;
        let store = open_indy_sdk(&self.file, &key, self.kdf.into()).await;
        let store = store.map_err(|error| match error {
            ForeignError::OtherKind { found: Some(StoreKind::Askar), .. } => {
                anyhow!("{error}; import it with `negotiate-proof wallet import`")
            }
            ForeignError::WrongKey { .. } => {
                anyhow!("{error}: --kdf names another one")
            }
            error => error.into(),
        })?;
        // opened last, so that a wallet that cannot be read makes no home
        import_foreign(&self.holder, opened, store, &names).await
    }
}
