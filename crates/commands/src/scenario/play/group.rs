//! Actions that are repeated: for each issuer, schema, holder, credential and request.

use std::borrow::Cow;

use anyhow::Result;
use tutorial::{ActionNumber, Tutorial};

/// One of several subjects for which the same actions are played.
#[derive(Clone, Copy)]
pub struct Subject<'s> {
    tutorial: &'s Tutorial,
    /// What it is, as a name for what is shown.
    kind: &'static str,
    /// The name of the file that says what it is.
    name: &'s str,
    /// What it is called where it is shown.
    label: &'s str,
    /// Its number, counted from 1; `None` if it is the only one.
    repetition: Option<usize>,
}

impl<'s> Subject<'s> {
    /// Returns the subjects of a kind in their order, each from its name and its label, with what
    /// it is.
    pub fn all<T>(
        tutorial: &'s Tutorial,
        kind: &'static str,
        subjects: impl IntoIterator<Item = (&'s str, &'s str, T)>,
    ) -> Vec<(Self, T)> {
        let subjects: Vec<(&str, &str, T)> = subjects.into_iter().collect();
        let is_repeated = subjects.len() > 1;
        let numbered = subjects.into_iter().enumerate();
        numbered
            .map(|(index, (name, label, subject))| {
                let repetition = is_repeated.then_some(index + 1);
                (Self { tutorial, kind, name, label, repetition }, subject)
            })
            .collect()
    }

    /// Returns the name of the file that says what it is.
    pub fn name(&self) -> &'s str {
        self.name
    }

    /// Begins an action under the tutorial's number and label. Of a repeated one, it is shown for
    /// what it is played.
    pub async fn begin(
        &self,
        number: impl Into<ActionNumber>,
        label: impl Into<Cow<'static, str>>,
    ) -> Result<()> {
        let number = number.into().repeated(self.repetition);
        self.tutorial.begin_repeated(number, label).await?;
        if self.repetition.is_some() {
            self.tutorial.show(self.kind, &self.label)?;
        }
        Ok(())
    }
}
