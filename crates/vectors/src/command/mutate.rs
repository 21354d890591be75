//! Changes of a valid case.

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::{CommandError, Finished, MutateForm, MutateOptions, Progress, Scope};
use crate::corpus::Corpus;
use crate::implementation::adapter::Stop;
use crate::mutate::{self, Base, Compared};
use crate::report::Layout;

impl MutateOptions {
    /// Changes the case in each place, has the implementations verify each, and reports.
    ///
    /// # Errors
    /// [`CommandError`], before the first change.
    pub fn run(
        &self,
        scope: &Scope,
        layout: &Layout,
        stop: &Stop,
        progress: Progress<'_>,
    ) -> Result<Finished, CommandError> {
        // a file needs no corpus, except for its adapters
        let directory = self.with.corpus();
        let base = self.base(directory.as_deref())?;
        let directory = directory.unwrap_or_default();
        let mut pools = self.with.start(&directory, scope, stop)?;
        let begun = Instant::now();
        let limit = self.limit_cases.map(|limit| limit as usize);
        let count = |done: usize, all: usize| progress("changes", done, all);
        let mutated = mutate::run(&base, &mut pools, limit, &count);
        let took = begun.elapsed();
        let report = match self.form() {
            MutateForm::Text => mutate::text(&mutated, took, layout),
            MutateForm::Json => mutate::json(&mutated, took),
        };
        let is_good = !mutated.compared.iter().any(Compared::has_fault);
        Ok(Finished { report, summary: String::new(), is_good })
    }

    fn base(&self, directory: Result<&Path, &CommandError>) -> Result<Base, CommandError> {
        let name = &self.case;
        if let Ok(directory) = directory {
            let corpus = Corpus::read(directory)?;
            if let Some(placed) = corpus.tests().find(|placed| placed.test.id == *name) {
                return Ok(Base::of_test(placed)?);
            }
        }
        let path = Path::new(name);
        if !path.is_file() {
            return Err(CommandError::NoCase(name.clone()));
        }
        let text = fs::read_to_string(path)
            .map_err(|error| CommandError::Unreadable { path: path.to_owned(), error })?;
        Ok(Base::of_case(name, &text)?)
    }
}
