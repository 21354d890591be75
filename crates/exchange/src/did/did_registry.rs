//! DIDs whose documents are given as files.

use std::{collections::BTreeMap, fs, path::Path, path::PathBuf};

use async_trait::async_trait;

use super::{Did, DidDocument, ResolveError, Resolver, read_document};
use crate::json;

/// DID documents from files of a trusted source: each DID resolves to its document.
#[derive(Debug, Clone, Default)]
pub struct DidRegistry {
    documents: BTreeMap<Did, DidDocument>,
}

/// Why a DID document is not added to a registry.
#[derive(Debug, thiserror::Error)]
pub enum DidRegistryError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}; check its name and its permissions", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system reports.
        source: std::io::Error,
    },
    /// The file holds no DID document that can be used.
    #[error("{}: {source}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The registry has another document of the same DID.
    #[error("there are two different documents of {did}; remove the one that is out of date")]
    Twice {
        /// The DID.
        did: Did,
    },
}

impl DidRegistry {
    /// Returns a registry without documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a document. One that is there already, with the same keys, is not an error.
    ///
    /// # Errors
    ///
    /// [`DidRegistryError::Twice`].
    pub fn add(&mut self, document: DidDocument) -> Result<(), DidRegistryError> {
        match self.documents.get(&document.did) {
            Some(known) if *known != document => Err(DidRegistryError::Twice { did: document.did }),
            Some(_) => Ok(()),
            None => {
                self.documents.insert(document.did.clone(), document);
                Ok(())
            }
        }
    }

    /// Adds the document in a JSON file.
    ///
    /// # Errors
    ///
    /// [`DidRegistryError`].
    pub fn add_file(&mut self, path: &Path) -> Result<(), DidRegistryError> {
        let path_of = || path.to_owned();
        let text =
            fs::read(path).map_err(|source| DidRegistryError::File { path: path_of(), source })?;
        let document = json::read_document(&text)
            .map_err(Into::into)
            .and_then(|json| read_document(&json).map_err(Into::into))
            .map_err(|source| DidRegistryError::Content { path: path_of(), source })?;
        self.add(document)
    }

    /// Adds the documents in all files of a folder whose names end with `.json`.
    ///
    /// # Errors
    ///
    /// [`DidRegistryError`].
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), DidRegistryError> {
        let failed = |source| DidRegistryError::File { path: folder.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            paths.push(entry.map_err(failed)?.path());
        }
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        paths.iter().try_for_each(|path| self.add_file(path))
    }

    /// Returns the document of a DID, if it is here.
    pub fn get(&self, did: &Did) -> Option<&DidDocument> {
        self.documents.get(did)
    }

    /// Returns whether there is a document of any DID of a method.
    pub(super) fn has_method(&self, method: &str) -> bool {
        self.documents.keys().any(|did| did.method() == method)
    }
}

#[async_trait]
impl Resolver for DidRegistry {
    async fn resolve(&self, did: &Did) -> Result<DidDocument, ResolveError> {
        self.get(did).cloned().ok_or_else(|| ResolveError::NotFound {
            did: did.clone(),
            remedy: "register its DID document as a file".to_owned(),
        })
    }
}
