//! A presentation as it is in the JSON, before it is checked.

use std::collections::BTreeMap;

use dashu_int::{IBig, UBig};
use serde_json::Value;

use crate::json::{self, Malformed, Node};
use crate::public_key::LINK_SECRET;
use crate::rejection::ProofPart;
use crate::request::{Operator, Predicate, fold};

/// The number of squares in the sum `Δ = u_0² + u_1² + u_2² + u_3²`.
pub(crate) const SQUARES: usize = 4;

const SQUARE_NAMES: [&str; SQUARES] = ["0", "1", "2", "3"];
const DELTA: &str = "DELTA";

/// A presentation: the answers to a proof request, with one sub-proof for each credential.
///
/// Reading checks only its form; [`verify`](crate::verify()) checks its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presentation {
    pub(crate) sub_proofs: Vec<SubProof>,
    /// The challenge `c` that the prover claims.
    pub(crate) challenge: UBig,
    /// The prover's commitments, as bytes: `A'` of each sub-proof and `T_0 T_1 T_2 T_3 T_Δ` of each
    /// of its predicates.
    pub(crate) commitments: Vec<Vec<u8>>,
    pub(crate) answers: Answers,
    pub(crate) credential_definitions: Vec<String>,
}

/// The answers to the referents: `requested_proof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answers {
    /// Referents of attributes. One that occurs in several members has several answers.
    pub(crate) attributes: Vec<(String, Answer)>,
    /// Predicates: referent to sub-proof.
    pub(crate) predicates: BTreeMap<String, usize>,
}

/// The answer to a referent of attributes, with encoded values as the prover claims them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The value of the only attribute that the referent asks for: `revealed_attrs`.
    Single { sub_proof: usize, value: IBig },
    /// Folded attribute names and values: `revealed_attr_groups`.
    Group { sub_proof: usize, values: Vec<(String, IBig)> },
    /// No value: `unrevealed_attrs`.
    Hidden { sub_proof: usize },
    /// A value without a credential: `self_attested_attrs`.
    SelfAttested,
}

impl Answer {
    /// Returns the member of `requested_proof` in which such answers are.
    pub(crate) fn member(&self) -> &'static str {
        match self {
            Self::Single { .. } => REVEALED,
            Self::Group { .. } => GROUPS,
            Self::Hidden { .. } => HIDDEN,
            Self::SelfAttested => SELF_ATTESTED,
        }
    }
}

const REVEALED: &str = "revealed_attrs";
const GROUPS: &str = "revealed_attr_groups";
const HIDDEN: &str = "unrevealed_attrs";
const SELF_ATTESTED: &str = "self_attested_attrs";

/// The proof about one credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SubProof {
    /// Revealed attributes and their encoded values, `m_i`.
    pub(crate) revealed: BTreeMap<String, IBig>,
    /// The blinded signature, `A'`.
    pub(crate) a_prime: UBig,
    /// The response for the signature's exponent, `ê`.
    pub(crate) e: UBig,
    /// The response for the signature's blinding, `v̂`.
    pub(crate) v: UBig,
    /// The responses for the hidden attributes and the link secret, `m̂_i`.
    pub(crate) m: BTreeMap<String, UBig>,
    /// The response for the credential's context, `m̂_2`.
    pub(crate) m2: UBig,
    pub(crate) predicates: Vec<PredicateProof>,
    /// Whether there is a revocation part, which is not read.
    pub(crate) revocation: bool,
}

/// The proof of one predicate: the difference `Δ` between attribute and bound is a sum of four
/// squares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PredicateProof {
    pub(crate) predicate: Predicate,
    /// Commitments to the roots, `T_i = Z^u_i · S^r_i`.
    pub(crate) t: [UBig; SQUARES],
    /// The commitment to the difference, `T_Δ = Z^Δ · S^r_Δ`.
    pub(crate) t_delta: UBig,
    /// The responses for the roots, `û_i`.
    pub(crate) u: [UBig; SQUARES],
    /// The responses for the roots' blindings, `r̂_i`.
    pub(crate) r: [UBig; SQUARES],
    /// The response for the difference's blinding, `r̂_Δ`.
    pub(crate) r_delta: UBig,
    /// The response for the attribute, which the sub-proof must repeat among its `m̂_i`.
    pub(crate) mj: UBig,
    /// The response for `r_Δ - Σ u_i·r_i`, `α̂`.
    pub(crate) alpha: IBig,
}

impl Presentation {
    /// Reads the JSON text of a presentation.
    ///
    /// A [`Value`] has lost members that occur twice in a text, such as two answers to one
    /// referent. This function refuses them.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), and [`Malformed`] with line and column if the text is not
    /// JSON or an object has a member twice.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Self::from_json(&json::parse(text)?)
    }

    /// Reads a presentation: `{"proof", "requested_proof", "identifiers"}`.
    ///
    /// Older presentations have the response for the link secret in a member `m1` beside the
    /// others; both forms are read.
    ///
    /// # Errors
    /// [`Malformed`] if a member is missing or is not a canonical decimal, `u`, `r` or `t` of a
    /// predicate has more or fewer members than the format, or the link secret has two responses.
    pub fn from_json(presentation: &Value) -> Result<Self, Malformed> {
        let root = Node::root(presentation);
        let proof = root.member("proof", "a proof")?;
        let sub_proofs = proof
            .member("proofs", "the list of sub-proofs")?
            .elements()?
            .iter()
            .map(sub_proof)
            .collect::<Result<_, _>>()?;
        let aggregated = proof.member("aggregated_proof", "an aggregated proof")?;
        let commitments = aggregated
            .member("c_list", "the list of commitments")?
            .elements()?
            .iter()
            .map(Node::bytes)
            .collect::<Result<_, _>>()?;
        let credential_definitions = root
            .member("identifiers", "the list of identifiers")?
            .elements()?
            .iter()
            .map(|identifier| {
                let id = identifier.member("cred_def_id", "a credential definition's id")?;
                Ok(id.text()?.to_owned())
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            sub_proofs,
            challenge: number(&aggregated, "c_hash")?,
            commitments,
            answers: answers(&root.member("requested_proof", "the answers to the request")?)?,
            credential_definitions,
        })
    }

    /// Returns the identifiers of the credential definitions, one for each sub-proof, in the order
    /// in which [`verify`](crate::verify()) takes the keys.
    #[must_use]
    pub fn credential_definitions(&self) -> &[String] {
        &self.credential_definitions
    }

    /// Returns the required content of `c_list`: `A'` of each sub-proof and `T_0 T_1 T_2 T_3 T_Δ`
    /// of each of its predicates, each with its name in the JSON.
    pub(crate) fn commitments_in_order(&self) -> Vec<(ProofPart, &'static str, &UBig)> {
        let mut list = Vec::new();
        for (sub_proof, proof) in self.sub_proofs.iter().enumerate() {
            let part = |predicate| ProofPart { sub_proof, predicate };
            list.push((part(None), "a_prime", &proof.a_prime));
            for (predicate, proof) in proof.predicates.iter().enumerate() {
                let part = part(Some(predicate));
                let names = ["t.0", "t.1", "t.2", "t.3", "t.DELTA"];
                let values = proof.t.iter().chain([&proof.t_delta]);
                list.extend(names.into_iter().zip(values).map(|(name, value)| (part, name, value)));
            }
        }
        list
    }
}

fn number(node: &Node<'_>, name: &str) -> Result<UBig, Malformed> {
    node.member(name, "a number of the proof")?.number()
}

fn answers(node: &Node<'_>) -> Result<Answers, Malformed> {
    let mut attributes = Vec::new();
    for (referent, node) in members(node, REVEALED)? {
        let (value, sub_proof) = (encoded(&node)?, sub_proof_index(&node)?);
        attributes.push((referent.to_owned(), Answer::Single { sub_proof, value }));
    }
    for (referent, node) in members(node, GROUPS)? {
        let values = node
            .member("values", "the group's values")?
            .members()?
            .iter()
            .map(|(name, value)| Ok((fold(name), encoded(value)?)))
            .collect::<Result<_, _>>()?;
        let sub_proof = sub_proof_index(&node)?;
        attributes.push((referent.to_owned(), Answer::Group { sub_proof, values }));
    }
    for (referent, node) in members(node, HIDDEN)? {
        let sub_proof = sub_proof_index(&node)?;
        attributes.push((referent.to_owned(), Answer::Hidden { sub_proof }));
    }
    for (referent, node) in members(node, SELF_ATTESTED)? {
        node.text()?;
        attributes.push((referent.to_owned(), Answer::SelfAttested));
    }
    let predicates = members(node, "predicates")?
        .into_iter()
        .map(|(referent, node)| Ok((referent.to_owned(), sub_proof_index(&node)?)))
        .collect::<Result<_, _>>()?;
    Ok(Answers { attributes, predicates })
}

/// Returns the members of a member; none if it is absent.
fn members<'a>(node: &Node<'a>, name: &str) -> Result<Vec<(&'a str, Node<'a>)>, Malformed> {
    node.optional(name)?.map_or_else(|| Ok(Vec::new()), |node| node.members())
}

fn sub_proof_index(node: &Node<'_>) -> Result<usize, Malformed> {
    node.member("sub_proof_index", "a sub-proof's index")?.index()
}

fn encoded(node: &Node<'_>) -> Result<IBig, Malformed> {
    node.member("encoded", "an encoded value")?.integer()
}

fn sub_proof(node: &Node<'_>) -> Result<SubProof, Malformed> {
    let primary = node.member("primary_proof", "a primary proof")?;
    let equality = primary.member("eq_proof", "an equality proof")?;
    let revealed = equality
        .member("revealed_attrs", "the revealed attributes")?
        .members()?
        .iter()
        .map(|(name, value)| Ok(((*name).to_owned(), value.integer()?)))
        .collect::<Result<_, _>>()?;
    let mut m = BTreeMap::new();
    for (name, value) in equality.member("m", "the responses for hidden attributes")?.members()? {
        m.insert(name.to_owned(), value.number()?);
    }
    if let Some(older) = equality.optional("m1")?
        && m.insert(LINK_SECRET.to_owned(), older.number()?).is_some()
    {
        return Err(older.found("no second response for the link secret", "one"));
    }
    let predicates = primary
        .member("ge_proofs", "the list of predicate proofs")?
        .elements()?
        .iter()
        .map(predicate_proof)
        .collect::<Result<_, _>>()?;
    Ok(SubProof {
        revealed,
        a_prime: number(&equality, "a_prime")?,
        e: number(&equality, "e")?,
        v: number(&equality, "v")?,
        m,
        m2: number(&equality, "m2")?,
        predicates,
        revocation: node.optional("non_revoc_proof")?.is_some(),
    })
}

fn predicate_proof(node: &Node<'_>) -> Result<PredicateProof, Malformed> {
    let commitments = node.member("t", "the commitments of a predicate")?;
    let roots = node.member("u", "the responses for the roots")?;
    let blindings = node.member("r", "the responses for the blindings")?;
    for (node, delta) in [(&commitments, true), (&roots, false), (&blindings, true)] {
        if node.members()?.len() != SQUARES + usize::from(delta) {
            let expected =
                if delta { "exactly 0, 1, 2, 3 and DELTA" } else { "exactly 0, 1, 2 and 3" };
            return Err(node.found(expected, "more or fewer members"));
        }
    }
    Ok(PredicateProof {
        predicate: predicate(&node.member("predicate", "a predicate")?)?,
        t: squares(&commitments)?,
        t_delta: number(&commitments, DELTA)?,
        u: squares(&roots)?,
        r: squares(&blindings)?,
        r_delta: number(&blindings, DELTA)?,
        mj: number(node, "mj")?,
        alpha: node.member("alpha", "a number of the proof")?.integer()?,
    })
}

fn squares(node: &Node<'_>) -> Result<[UBig; SQUARES], Malformed> {
    let [zero, one, two, three] = SQUARE_NAMES.map(|name| number(node, name));
    Ok([zero?, one?, two?, three?])
}

fn predicate(node: &Node<'_>) -> Result<Predicate, Malformed> {
    const OPERATOR: &str = "one of GE, LE, GT, LT";
    let operator = node.member("p_type", OPERATOR)?;
    Ok(Predicate {
        attribute: node.member("attr_name", "an attribute's name")?.text()?.to_owned(),
        operator: Operator::from_code(operator.text()?)
            .ok_or_else(|| operator.found(OPERATOR, "another text"))?,
        value: node.member("value", "a predicate's value")?.int32()?,
    })
}
