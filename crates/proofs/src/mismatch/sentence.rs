//! A mismatch as a sentence.

use std::fmt;

use stdx::text::{Plain, Quoted};

use super::Mismatch;
use crate::request::PredicateType;
use crate::tags::{NO_REGISTRY, Tag};

/// How many values or alternatives of a list are shown.
const MAX_SHOWN_ITEMS: usize = 3;

/// One sentence, without a capital letter and a full stop. Texts are quoted, with control
/// characters escaped; long texts and lists are shortened.
impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AttributeMissing { name, did_you_mean } => {
                write!(f, "there is no attribute {}", Quoted(name))?;
                suggest(f, did_you_mean.as_deref())
            }
            Self::AnotherIssuer { wanted, got } => {
                write!(f, "the issuer is {}, {}", Quoted(got), Wanted(wanted))
            }
            Self::AnotherSchema { tag, wanted, got } => {
                let what = schema_part(tag);
                write!(f, "{what} is {}, {}", Quoted(got), Wanted(wanted))
            }
            Self::AnotherCredDef { wanted, got } => {
                let got = Quoted(got);
                write!(f, "the credential definition is {got}, {}", Wanted(wanted))
            }
            Self::AnotherRegistry { wanted, got } if got == NO_REGISTRY => {
                write!(f, "there is no revocation registry, {}", Wanted(wanted))
            }
            Self::AnotherRegistry { wanted, got } => {
                let got = Quoted(got);
                write!(f, "the revocation registry is {got}, {}", Wanted(wanted))
            }
            Self::ValueDiffers { attribute, wanted, got } => {
                let (attribute, got) = (Quoted(attribute), Quoted(got));
                write!(f, "the attribute {attribute} is {got}, {}", Wanted(wanted))
            }
            Self::TagMissing { tag, did_you_mean } => {
                write!(f, "there is no tag {}", Quoted(&tag.to_string()))?;
                suggest(f, did_you_mean.as_ref().map(Tag::to_string).as_deref())
            }
            Self::NotKnown { tag, identifier } => {
                let what = match tag {
                    Tag::IssuerDid => "the issuer",
                    schema => schema_part(schema),
                };
                write!(f, "{what} is not known (`{tag}`)")?;
                match identifier {
                    Some(id) => write!(f, ": the identifier {} does not say it", Quoted(id)),
                    None => Ok(()),
                }
            }
            Self::TagDiffers { tag, wanted, got } => {
                let tag = tag.to_string();
                let (tag, got) = (Quoted(&tag), Quoted(got));
                write!(f, "the tag {tag} is {got}, {}", Wanted(wanted))
            }
            Self::NoneOf { alternatives } => write_alternatives(f, alternatives),
            Self::Negated { clause } => {
                write!(f, "it is ruled out by {}", Plain(&clause.to_json().to_string()))
            }
            Self::PredicateFalse { attribute, p_type, p_value, got, by } => {
                let size = match p_type {
                    PredicateType::GreaterOrEqual | PredicateType::Greater => "small",
                    PredicateType::LessOrEqual | PredicateType::Less => "large",
                };
                let attribute = Quoted(attribute);
                write!(
                    f,
                    "the attribute {attribute} is {got}, too {size} by {by} to be {p_type} {p_value}"
                )
            }
            Self::NotANumber { attribute, p_type, p_value, got } => {
                write!(f, "the attribute {} is ", Quoted(attribute))?;
                if let Some(got) = got {
                    write!(f, "{}, which is ", Quoted(got))?;
                }
                write!(
                    f,
                    "not a whole number of 32 bits, so that the library does not prove it to be {p_type} {p_value}"
                )
            }
        }
    }
}

fn schema_part(tag: &Tag) -> &'static str {
    match tag {
        Tag::SchemaIssuerDid => "the schema's issuer",
        Tag::SchemaName => "the schema's name",
        Tag::SchemaVersion => "the schema's version",
        _ => "the schema",
    }
}

fn suggest(f: &mut fmt::Formatter<'_>, did_you_mean: Option<&str>) -> fmt::Result {
    match did_you_mean {
        Some(name) => write!(f, "; did you mean {}?", Quoted(name)),
        None => Ok(()),
    }
}

fn write_alternatives(f: &mut fmt::Formatter<'_>, alternatives: &[Mismatch]) -> fmt::Result {
    if alternatives.is_empty() {
        return f.write_str("an $in lists no value that would do");
    }
    write!(f, "none of {} alternatives holds", alternatives.len())?;
    for (index, alternative) in alternatives.iter().take(MAX_SHOWN_ITEMS).enumerate() {
        let before = if index == 0 { ":" } else { ";" };
        write!(f, "{before} ({alternative})")?;
    }
    match alternatives.len().saturating_sub(MAX_SHOWN_ITEMS) {
        0 => Ok(()),
        more => write!(f, "; and {more} more"),
    }
}

/// The values that would do.
struct Wanted<'a>(&'a [String]);

impl fmt::Display for Wanted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("where ")?;
        for (index, value) in self.0.iter().take(MAX_SHOWN_ITEMS).enumerate() {
            let before = if index == 0 { "" } else { " or " };
            write!(f, "{before}{}", Quoted(value))?;
        }
        match self.0.len().saturating_sub(MAX_SHOWN_ITEMS) {
            0 => f.write_str(" is wanted"),
            more => write!(f, " or one of {more} more is wanted"),
        }
    }
}
