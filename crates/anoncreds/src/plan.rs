//! Which lists of the index a search walks, and how.
//!
//! The index answers one question quickly: *which entries carry all of these tags, from here on?*
//! It walks the list of one tag and looks the others up. A search therefore becomes a queue of
//! [`Source`]s, each a disjunction of conjunctions of tags, walked one after the other:
//!
//! - one source for each class that may hold a candidate: the list of its credential definition,
//!   narrowed by the values that the request names; or
//! - one source for all classes together, the lists of the values that the request names: where
//!   these lists are short, or where most classes may hold a candidate anyway.
//!
//! Either way the sources hold every candidate and perhaps more; the rule decides.

use std::collections::{BTreeMap, VecDeque};

use proofs::{Partial, ReferentQuery, RequestVersion, Restriction, Tag};

use super::classes::Directory;
use crate::error::AnoncredsError;
use wallet::{Index, ItemId, Term};

/// From how many classes on it is worth to think of all of them together.
const MANY_CLASSES: usize = 4;

/// A list of at most so many entries is short.
const SHORT: usize = 512;

/// All classes are walked together if at least one in so many may hold a candidate.
const MOST_CLASSES: usize = 4;

/// Into how many conjunctions a restriction is taken apart at most.
const MOST_CONJUNCTIONS: usize = 64;

/// Tags that an entry carries, all of them, by name and value.
type Conjunction = Vec<(String, String)>;

/// Entries to be walked.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Those that carry all tags of one of these conjunctions.
    AnyOf(Vec<Conjunction>),
    /// Those of a credential definition for which one of these restrictions holds; `None` holds for
    /// all.
    Class {
        cred_def_id: String,
        rest: Vec<Option<Restriction>>,
        version: RequestVersion,
    },
}

/// The sources in which all candidates for `query` are.
pub(super) async fn plan(
    index: &Index,
    directory: &Directory,
    query: &ReferentQuery,
    version: RequestVersion,
) -> Result<VecDeque<Source>, AnoncredsError> {
    let classes = directory.classes().len();
    let together = query.prefilter(version).conjunctions(MOST_CONJUNCTIONS);
    let together = together.filter(|_| classes >= MANY_CLASSES);
    let Some(together) = together else {
        return Ok(by_class(directory, query, version));
    };
    let together: Vec<Conjunction> = together.into_iter().map(named).collect();
    if are_short(index, &together).await? {
        return Ok(VecDeque::from([Source::AnyOf(together)]));
    }
    let by_class = by_class(directory, query, version);
    if by_class.len() * MOST_CLASSES < classes {
        return Ok(by_class);
    }
    Ok(VecDeque::from([Source::AnyOf(together)]))
}

/// One source for each class that may hold a candidate.
fn by_class(
    directory: &Directory,
    query: &ReferentQuery,
    version: RequestVersion,
) -> VecDeque<Source> {
    // several classes may share a credential definition, whose list must not be walked twice
    let mut definitions: Vec<(&str, Vec<Option<Restriction>>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for class in directory.classes() {
        let rest = match query.on_class(&class.tags, version) {
            Partial::Never => continue,
            Partial::Always => None,
            Partial::Depends(rest) => Some(rest),
        };
        let cred_def_id = class.entry.cred_def_id.as_str();
        let place = *places.entry(cred_def_id).or_insert_with(|| {
            definitions.push((cred_def_id, Vec::new()));
            definitions.len() - 1
        });
        definitions[place].1.push(rest);
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

/// Whether each of the conjunctions has a short list.
async fn are_short(index: &Index, conjunctions: &[Conjunction]) -> Result<bool, AnoncredsError> {
    for conjunction in conjunctions {
        let mut is_short = false;
        for (name, value) in conjunction {
            let term = index.term(name, value)?;
            if index.count(&term, SHORT + 1).await? <= SHORT {
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
            Self::Class {
                cred_def_id,
                rest,
                version,
            } => (cred_def_id, rest, version),
        };
        let class = (Tag::CredDefId.to_string(), cred_def_id);
        let mut all = Vec::new();
        for rest in rest {
            let narrowed = rest
                .and_then(|rest| rest.prefilter(version).conjunctions(MOST_CONJUNCTIONS))
                // no narrower than the class itself
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
