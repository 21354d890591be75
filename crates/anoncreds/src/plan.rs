//! Which lists of the index a search reads, and in which order.
//!
//! The index answers one question quickly: *which records after this one carry all of these tags?*
//! It reads the list of one tag and looks up the others. A search therefore becomes a queue of
//! [`Source`]s, each a disjunction of conjunctions of tags, which are read one after the other:
//!
//! - one source for each class that may contain a candidate: the list of its credential definition,
//!   narrowed by the values that the request names; or
//! - one source for all classes together, the lists of the values that the request names: if these
//!   lists are short, or if most classes may contain a candidate anyway.
//!
//! Either way the sources contain every candidate, and possibly other credentials, which the search
//! leaves out.

use std::collections::{BTreeMap, VecDeque};

use proofs::{Partial, ReferentQuery, RequestVersion, Restriction, Tag};
use wallet::{
    index::{Index, Term},
    record::ItemId,
};

use crate::{classes::Directory, error::AnoncredsError};

/// With fewer classes than this, they are always read one by one.
const MIN_CLASSES_TOGETHER: usize = 4;

/// A list with at most this many entries is short.
const MAX_SHORT_LIST: usize = 512;

/// All classes are read together if at least one in this number may contain a candidate.
const CLASSES_PER_MATCH: usize = 4;

/// The greatest number of conjunctions into which a restriction is split.
const MAX_CONJUNCTIONS: usize = 64;

/// Tags, by name and value, of which a record must carry all.
type Conjunction = Vec<(String, String)>;

/// Records to be read.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// The records that carry all tags of one of these conjunctions.
    AnyOf(Vec<Conjunction>),
    /// The records of a credential definition for which one of these restrictions holds; `None`
    /// holds for all.
    Class { cred_def_id: String, rest: Vec<Option<Restriction>>, version: RequestVersion },
}

/// Returns the sources that contain all candidates for `query`.
pub(crate) async fn plan(
    index: &Index,
    directory: &Directory,
    query: &ReferentQuery,
    version: RequestVersion,
) -> Result<VecDeque<Source>, AnoncredsError> {
    let classes = directory.classes().len();
    let together = query.prefilter(version).conjunctions(MAX_CONJUNCTIONS);
    let together = together.filter(|_| classes >= MIN_CLASSES_TOGETHER);
    let Some(together) = together else {
        return Ok(by_class(directory, query, version));
    };
    let together: Vec<Conjunction> = together.into_iter().map(named).collect();
    if are_short(index, &together).await? {
        return Ok(VecDeque::from([Source::AnyOf(together)]));
    }
    let by_class = by_class(directory, query, version);
    if by_class.len() * CLASSES_PER_MATCH < classes {
        return Ok(by_class);
    }
    Ok(VecDeque::from([Source::AnyOf(together)]))
}

/// Returns one source for each class that may contain a candidate.
fn by_class(
    directory: &Directory,
    query: &ReferentQuery,
    version: RequestVersion,
) -> VecDeque<Source> {
    // several classes may share a credential definition, whose list must not be read twice
    let mut definitions: Vec<(&str, Vec<Option<Restriction>>)> = Vec::new();
    let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
    for class in directory.classes() {
        let rest = match query.on_class(&class.tags, version) {
            Partial::Never => continue,
            Partial::Always => None,
            Partial::Depends(rest) => Some(rest),
        };
        let cred_def_id = class.entry.cred_def_id.as_str();
        let position = *positions.entry(cred_def_id).or_insert_with(|| {
            definitions.push((cred_def_id, Vec::new()));
            definitions.len() - 1
        });
        definitions[position].1.push(rest);
    }
    definitions
        .into_iter()
        .map(|(cred_def_id, rest)| Source::Class {
            cred_def_id: cred_def_id.to_owned(),
            rest,
            version,
        })
        .collect()
}

/// Returns whether each of the conjunctions has a tag with a short list.
async fn are_short(index: &Index, conjunctions: &[Conjunction]) -> Result<bool, AnoncredsError> {
    for conjunction in conjunctions {
        let mut is_short = false;
        for (name, value) in conjunction {
            let term = index.term(name, value)?;
            if index.count(&term, MAX_SHORT_LIST + 1).await? <= MAX_SHORT_LIST {
                is_short = true;
                break;
            }
        }
        if !is_short {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Source {
    fn conjunctions(self) -> Vec<Conjunction> {
        let (cred_def_id, rest, version) = match self {
            Self::AnyOf(conjunctions) => return conjunctions,
            Self::Class { cred_def_id, rest, version } => (cred_def_id, rest, version),
        };
        let class = (Tag::CredDefId.to_string(), cred_def_id);
        let mut all = Vec::new();
        for rest in rest {
            let narrowed = rest
                .and_then(|rest| rest.prefilter(version).conjunctions(MAX_CONJUNCTIONS))
                // the class is not narrowed
                .unwrap_or_else(|| vec![Vec::new()]);
            all.extend(narrowed.into_iter().map(|tags| {
                let mut tags = named(tags);
                tags.push(class.clone());
                tags
            }));
        }
        all
    }
}

fn named(tags: Vec<(Tag, String)>) -> Conjunction {
    tags.into_iter().map(|(tag, value)| (tag.to_string(), value)).collect()
}

/// Reads a source: the ids of its records in ascending order, each once.
#[derive(Clone)]
pub(crate) struct SourceReader {
    streams: Vec<Stream>,
}

/// The ids of the records of one conjunction, from some id on.
#[derive(Clone)]
struct Stream {
    terms: Vec<Term>,
    after: ItemId,
    ahead: VecDeque<ItemId>,
    ended: bool,
}

impl SourceReader {
    /// Opens a source. Each conjunction is read through its shortest list.
    pub async fn open(index: &Index, source: Source) -> Result<Self, AnoncredsError> {
        let mut streams = Vec::new();
        for conjunction in source.conjunctions() {
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

    /// Returns the next ids, `limit` at most; none when there are no more.
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
            let heads = self.streams.iter().filter_map(|stream| stream.ahead.front());
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
    /// Reads the next ids if none are left of those that were read.
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

/// Sorts terms by the lengths of their lists.
async fn shortest_first(index: &Index, terms: Vec<Term>) -> Result<Vec<Term>, AnoncredsError> {
    if terms.len() < 2 {
        return Ok(terms);
    }
    let mut counted = Vec::with_capacity(terms.len());
    for term in terms {
        counted.push((index.count(&term, MAX_SHORT_LIST).await?, term));
    }
    counted.sort_by_key(|(count, _)| *count);
    Ok(counted.into_iter().map(|(_, term)| term).collect())
}
