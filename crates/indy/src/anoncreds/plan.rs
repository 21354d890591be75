//! Which lists of the index a search walks, and how.
//!
//! The index answers one question quickly: *which entries carry all of these tags, from here on?*
//! It walks the list of one tag and looks the others up. A search therefore becomes a queue of
//! [`Source`]s, each a disjunction of conjunctions of tags, walked one after the other:
//!
//! - one source for each class that may hold a candidate: the list of its credential definition,
//!   narrowed by the values that the request names; or
//! - where the request names values that few credentials of the wallet have, one source for all
//!   classes together: the short lists of these values.
//!
//! Either way the sources hold every candidate and perhaps more; the rule decides.

use std::collections::{BTreeMap, VecDeque};

use proofs::{Partial, ReferentQuery, RequestVersion, Tag};

use super::classes::Directory;
use crate::{
    error::AnoncredsError,
    wallet::{Index, ItemId, Term},
};

/// From how many classes on it is worth to ask first whether the values are rare.
const MANY_CLASSES: usize = 4;

/// A list of at most so many entries is short.
const SHORT: usize = 512;

/// Into how many conjunctions a restriction is taken apart at most.
const MOST_CONJUNCTIONS: usize = 64;

/// Tags that an entry carries, all of them, by name and value.
type Conjunction = Vec<(String, String)>;

/// Entries that carry all tags of one of these conjunctions.
#[derive(Debug, Clone)]
pub(super) struct Source(Vec<Conjunction>);

/// The sources in which all candidates for `query` are.
pub(super) async fn plan(
    index: &Index,
    directory: &Directory,
    query: &ReferentQuery,
    version: RequestVersion,
) -> Result<VecDeque<Source>, AnoncredsError> {
    let classes = by_class(directory, query, version);
    if classes.len() >= MANY_CLASSES
        && let Some(source) = rare_values(index, query, version).await?
    {
        return Ok(VecDeque::from([source]));
    }
    Ok(classes)
}

/// One source for each class that may hold a candidate.
fn by_class(
    directory: &Directory,
    query: &ReferentQuery,
    version: RequestVersion,
) -> VecDeque<Source> {
    let mut sources = VecDeque::new();
    // the place of each credential definition in the queue: several classes may share one, and
    // its list must not be walked twice
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for class in directory.classes() {
        let conjunctions = match query.on_class(&class.tags, version) {
            Partial::Never => continue,
            Partial::Always => None,
            Partial::Depends(rest) => rest.prefilter(version).conjunctions(MOST_CONJUNCTIONS),
        };
        let cred_def_id = class.entry.cred_def_id.as_str();
        let class_tag = (Tag::CredDefId.to_string(), cred_def_id.to_owned());
        let conjunctions: Vec<Conjunction> = match conjunctions {
            None => vec![vec![class_tag]],
            Some(conjunctions) => conjunctions
                .into_iter()
                .map(|tags| [named(tags), vec![class_tag.clone()]].concat())
                .collect(),
        };
        match places.get(cred_def_id) {
            None => {
                places.insert(cred_def_id, sources.len());
                sources.push_back(Source(conjunctions));
            }
            Some(&place) => {
                let shared: &mut Source = &mut sources[place];
                shared.0.extend(conjunctions);
            }
        }
    }
    sources.retain(|source| !source.0.is_empty());
    sources
}

/// One source for all classes, if each of its conjunctions has a short list.
async fn rare_values(
    index: &Index,
    query: &ReferentQuery,
    version: RequestVersion,
) -> Result<Option<Source>, AnoncredsError> {
    let prefilter = query.prefilter(version);
    let Some(conjunctions) = prefilter.conjunctions(MOST_CONJUNCTIONS) else {
        return Ok(None);
    };
    let conjunctions: Vec<Conjunction> = conjunctions.into_iter().map(named).collect();
    for conjunction in &conjunctions {
        let mut is_short = false;
        for (name, value) in conjunction {
            let term = index.term(name, value)?;
            if index.count(&term, SHORT + 1).await? <= SHORT {
                is_short = true;
                break;
            }
        }
        if !is_short {
            return Ok(None);
        }
    }
    Ok(Some(Source(conjunctions)))
}

fn named(tags: Vec<(Tag, String)>) -> Conjunction {
    tags.into_iter()
        .map(|(tag, value)| (tag.to_string(), value))
        .collect()
}

/// A source that is being walked: the ids of its entries, ascending, each once.
#[derive(Clone)]
pub(super) struct Walk {
    streams: Vec<Stream>,
}

/// The entries of one conjunction, from some id on.
#[derive(Clone)]
struct Stream {
    terms: Vec<Term>,
    after: ItemId,
    ahead: VecDeque<ItemId>,
    ended: bool,
}

impl Walk {
    /// Begin to walk a source, each conjunction from its shortest list.
    pub async fn begin(index: &Index, source: Source) -> Result<Self, AnoncredsError> {
        let mut streams = Vec::with_capacity(source.0.len());
        for conjunction in source.0 {
            let mut terms = Vec::with_capacity(conjunction.len());
            for (name, value) in conjunction {
                terms.push(index.term(&name, &value)?);
            }
            streams.push(Stream {
                terms: shortest_first(index, terms).await?,
                after: 0,
                ahead: VecDeque::new(),
                ended: false,
            });
        }
        Ok(Self { streams })
    }

    /// The next ids, `limit` at most; none when there are no more.
    pub async fn next(
        &mut self,
        index: &Index,
        limit: usize,
    ) -> Result<Vec<ItemId>, AnoncredsError> {
        let mut ids: Vec<ItemId> = Vec::with_capacity(limit);
        while ids.len() < limit {
            for stream in &mut self.streams {
                stream.fill(index, limit).await?;
            }
            let heads = self
                .streams
                .iter()
                .filter_map(|stream| stream.ahead.front());
            let Some(&next) = heads.min() else { break };
            for stream in &mut self.streams {
                if stream.ahead.front() == Some(&next) {
                    stream.ahead.pop_front();
                }
            }
            ids.push(next);
        }
        Ok(ids)
    }
}

impl Stream {
    /// Read on if nothing is left of what was read.
    async fn fill(&mut self, index: &Index, limit: usize) -> Result<(), AnoncredsError> {
        if !self.ahead.is_empty() || self.ended {
            return Ok(());
        }
        let ids = index.ids(&self.terms, self.after, limit).await?;
        self.ended = ids.len() < limit;
        self.after = ids.last().copied().unwrap_or(self.after);
        self.ahead = ids.into();
        Ok(())
    }
}

async fn shortest_first(index: &Index, terms: Vec<Term>) -> Result<Vec<Term>, AnoncredsError> {
    if terms.len() < 2 {
        return Ok(terms);
    }
    let mut counted = Vec::with_capacity(terms.len());
    for term in terms {
        counted.push((index.count(&term, SHORT).await?, term));
    }
    counted.sort_by_key(|(count, _)| *count);
    Ok(counted.into_iter().map(|(_, term)| term).collect())
}
