//! Issuers with keys from ready-made primes, who sign at once, and the library as the verifier.
#![allow(dead_code, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cl::{Credential, Engine, LinkSecret, ProvingKey, PublicKey};
use dashu_base::{ExtendedGcd, Sign, UnsignedAbs};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::{IBig, UBig};
use indy_credx::prover;
use indy_credx::types::{
    Credential as LibraryCredential, CredentialDefinition, LinkSecret as LibraryLinkSecret,
    PresentCredentials, Presentation, Schema,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Numbers that look random and are the same in every run.
pub struct Stream {
    seed: String,
    drawn: u32,
}

impl Stream {
    pub fn new(seed: impl Into<String>) -> Self {
        Self {
            seed: seed.into(),
            drawn: 0,
        }
    }

    /// A number of at most so many bits.
    pub fn bits(&mut self, bits: usize) -> UBig {
        let mut bytes = Vec::new();
        while bytes.len() * 8 < bits {
            self.drawn += 1;
            let block = format!("{}/{}", self.seed, self.drawn);
            bytes.extend_from_slice(&Sha256::digest(block));
        }
        UBig::from_le_bytes(&bytes) & ((UBig::ONE << bits) - UBig::ONE)
    }
}

/// How long an issuer's modulus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modulus {
    /// 2,048 bits, as this crate makes them.
    Bits2048,
    /// 2,050 bits, as the library makes them.
    Bits2050,
}

/// An issuer with one credential definition.
pub struct Issuer {
    pub schema: Value,
    pub definition: Value,
    pub key: PublicKey,
    /// The private part, as the library keeps it.
    pub private: Value,
    pub key_correctness_proof: Value,
    n: UBig,
    order: UBig,
    bases: BTreeMap<String, UBig>,
}

/// The Sophie Germain primes of TEST keys, which anybody may know.
const PRIMES: &str = include_str!("test-primes.json");

impl Issuer {
    /// An issuer for attributes (folded); `name` is the schema's name, and the seed of the key.
    pub fn new(name: &str, modulus: Modulus, attributes: &[&str]) -> Self {
        let primes: BTreeMap<String, [String; 2]> = serde_json::from_str(PRIMES).unwrap();
        let chosen = match modulus {
            Modulus::Bits2048 => &primes["2048"],
            Modulus::Bits2050 => &primes["2050"],
        };
        let [p, q] = chosen.clone().map(|prime| number(&prime));
        let n = (&p * 2u8 + 1u8) * (&q * 2u8 + 1u8);
        let order = &p * &q;
        let mut stream = Stream::new(name);
        let ring = ConstDivisor::new(n.clone());
        let power =
            |base: &UBig, exponent: &UBig| ring.reduce(base.clone()).pow(exponent).residue();
        let s = power(&stream.bits(2000), &UBig::from(2u8));
        // Name, exponent and mask, the latter for the key correctness proof.
        let mut drawn: Vec<(String, UBig, UBig)> = Vec::new();
        for name in ["z", "rctxt", "master_secret"].iter().chain(attributes) {
            drawn.push(((*name).into(), stream.bits(2040), stream.bits(2040)));
        }
        let bases: BTreeMap<String, UBig> = drawn
            .iter()
            .map(|(name, exponent, _)| (name.clone(), power(&s, exponent)))
            .collect();
        // c = H(z | r_i | z~ | r~_i); rctxt is not covered.
        let covered: Vec<_> = drawn.iter().filter(|(name, ..)| name != "rctxt").collect();
        let mut hash = Sha256::new();
        for (name, ..) in &covered {
            hash.update(bases[name].to_be_bytes());
        }
        for (_, _, mask) in &covered {
            hash.update(power(&s, mask).to_be_bytes());
        }
        let c = UBig::from_be_bytes(&hash.finalize());
        let mut caps: Vec<(String, String)> = covered
            .iter()
            .map(|(name, exponent, mask)| (name.clone(), (mask + &c * exponent).to_string()))
            .collect();
        let xz_cap = caps.remove(0).1;
        let r: BTreeMap<&String, String> = caps
            .iter()
            .map(|(name, _)| (name, bases[name].to_string()))
            .collect();
        let issuer = "NcYxiDXkpYi6ov5FcYDi1e";
        let schema_id = format!("{issuer}:2:{name}:1.0");
        let primary = json!({
            "n": n.to_string(), "s": s.to_string(), "z": bases["z"].to_string(),
            "rctxt": bases["rctxt"].to_string(), "r": r,
        });
        let mut bases = bases;
        bases.insert("s".into(), s);
        Self {
            schema: json!({
                "ver": "1.0", "id": schema_id, "name": name, "version": "1.0",
                "attrNames": attributes, "seqNo": 1,
            }),
            key: PublicKey::from_primary(&primary).unwrap(),
            definition: json!({
                "ver": "1.0", "id": format!("{issuer}:3:CL:{schema_id}:test"), "schemaId": schema_id,
                "type": "CL", "tag": "test", "value": { "primary": primary },
            }),
            private: json!({ "value": {
                "p_key": { "p": p.to_string(), "q": q.to_string() }, "r_key": null,
            } }),
            key_correctness_proof: json!({ "c": c.to_string(), "xz_cap": xz_cap, "xr_cap": caps }),
            n,
            order,
            bases,
        }
    }

    /// Signs a credential: `A = (Z / (S^v · Rctxt^m2 · Π R_i^m_i))^(1/e)`. `serial` makes it one of its own.
    pub fn sign(&self, serial: u32, values: &[(&str, &str)], link_secret: &str) -> Value {
        let ring = ConstDivisor::new(self.n.clone());
        let name = self.schema["name"].as_str().unwrap();
        let mut stream = Stream::new(format!("{name}/{serial}"));
        let e = signature_prime(&mut stream);
        let v = stream.bits(2725) | (UBig::ONE << 2723);
        let m2 = stream.bits(256);
        let mut product = ring.reduce(UBig::ONE);
        let mut times = |base: &str, exponent: IBig| {
            let power = ring
                .reduce(self.bases[base].clone())
                .pow(&exponent.clone().unsigned_abs());
            product *= match exponent.sign() {
                Sign::Positive => power,
                Sign::Negative => power.inv().unwrap(),
            };
        };
        times("s", v.clone().into());
        times("rctxt", m2.clone().into());
        times("master_secret", number(link_secret).into());
        let mut json_values = serde_json::Map::new();
        for (name, raw) in values {
            let encoded = encode(raw);
            times(&cl::fold(name), encoded.parse().unwrap());
            json_values.insert((*name).into(), json!({ "raw": raw, "encoded": encoded }));
        }
        let root = inverse(&e, &self.order);
        let a = (ring.reduce(self.bases["z"].clone()) * product.inv().unwrap()).pow(&root);
        json!({
            "schema_id": self.schema["id"], "cred_def_id": self.definition["id"], "rev_reg_id": null,
            "values": json_values,
            "signature": {
                "p_credential": {
                    "m_2": m2.to_string(), "a": a.residue().to_string(),
                    "e": e.to_string(), "v": v.to_string(),
                },
                "r_credential": null,
            },
            "signature_correctness_proof": { "se": "1", "c": "1" },
            "rev_reg": null, "witness": null,
        })
    }

    pub fn proving_key(&self, engine: Engine) -> ProvingKey {
        ProvingKey::with_engine(&self.key, engine).unwrap()
    }
}

/// A decimal number.
pub fn number(text: &str) -> UBig {
    UBig::from_str_radix(text, 10).unwrap()
}

fn inverse(number: &UBig, modulus: &UBig) -> UBig {
    let (gcd, x, _) = number.clone().gcd_ext(modulus.clone());
    assert_eq!(gcd, UBig::ONE);
    let magnitude = x.clone().unsigned_abs() % modulus;
    match x.sign() {
        Sign::Positive => magnitude,
        Sign::Negative => modulus - magnitude,
    }
}

/// A prime between 2^596 and 2^596 + 2^119: Fermat's test to the base 2 is enough for a test.
fn signature_prime(stream: &mut Stream) -> UBig {
    let mut e = (UBig::ONE << 596) + (stream.bits(118) | UBig::ONE);
    loop {
        let ring = ConstDivisor::new(e.clone());
        if ring.reduce(UBig::from(2u8)).pow(&(&e - 1u8)).residue() == UBig::ONE {
            return e;
        }
        e += 2u8;
    }
}

/// The standard encoding of a raw value.
pub fn encode(raw: &str) -> String {
    match raw.parse::<i32>() {
        Ok(number) => number.to_string(),
        Err(_) => UBig::from_be_bytes(&Sha256::digest(raw)).to_string(),
    }
}

/// The library accepts a presentation.
pub fn assert_accepted(
    request: &Value,
    presentation: &Value,
    schemas: &[&Value],
    definitions: &[&Value],
) {
    let read: Presentation = serde_json::from_value(presentation.clone()).unwrap();
    let (known_schemas, known_definitions) = known(schemas, definitions);
    let accepted = indy_credx::verifier::verify_presentation(
        &read,
        &serde_json::from_value(request.clone()).unwrap(),
        &by_id(&known_schemas, |schema| schema.id().clone()),
        &by_id(&known_definitions, |definition| definition.id().clone()),
        None,
        None,
    );
    assert!(accepted.unwrap(), "the library refuses {presentation}");
}

/// What ledgers hold of issuers.
fn known(schemas: &[&Value], definitions: &[&Value]) -> (Vec<Schema>, Vec<CredentialDefinition>) {
    let read = |json: &&Value| serde_json::from_value((*json).clone()).unwrap();
    let definition = |json: &&Value| serde_json::from_value((*json).clone()).unwrap();
    (
        schemas.iter().map(read).collect(),
        definitions.iter().map(definition).collect(),
    )
}

fn by_id<I: Eq + std::hash::Hash, T>(known: &[T], id: impl Fn(&T) -> I) -> HashMap<I, &T> {
    known.iter().map(|item| (id(item), item)).collect()
}

/// What a credential answers: attribute referents with whether they are revealed, predicate referents.
pub type Answers<'a> = (&'a Value, &'a [(&'a str, bool)], &'a [&'a str]);

/// The presentation that the library makes.
pub fn library_proves(
    request: &Value,
    answers: &[Answers<'_>],
    self_attested: &BTreeMap<String, String>,
    link_secret: &str,
    issuers: &[&Issuer],
) -> Value {
    let credentials: Vec<LibraryCredential> = answers
        .iter()
        .map(|(credential, ..)| serde_json::from_value((*credential).clone()).unwrap())
        .collect();
    let mut present = PresentCredentials::new();
    for (credential, (_, attributes, predicates)) in credentials.iter().zip(answers) {
        let mut chosen = present.add_credential(credential, None, None);
        for (referent, reveal) in *attributes {
            chosen.add_requested_attribute(*referent, *reveal);
        }
        for referent in *predicates {
            chosen.add_requested_predicate(*referent);
        }
    }
    let schemas: Vec<&Value> = issuers.iter().map(|issuer| &issuer.schema).collect();
    let definitions: Vec<&Value> = issuers.iter().map(|issuer| &issuer.definition).collect();
    let (schemas, definitions) = known(&schemas, &definitions);
    let link_secret: LibraryLinkSecret =
        serde_json::from_value(json!({ "value": { "ms": link_secret } })).unwrap();
    let presentation = prover::create_presentation(
        &serde_json::from_value(request.clone()).unwrap(),
        present,
        Some(self_attested.clone().into_iter().collect()),
        &link_secret,
        &by_id(&schemas, |schema| schema.id().clone()),
        &by_id(&definitions, |definition| definition.id().clone()),
    );
    serde_json::to_value(presentation.unwrap()).unwrap()
}

/// A link secret for tests.
pub const LINK_SECRET: &str =
    "34940138712334873410938409182340981230948710293847102398471023984710239847102";

/// A credential and a link secret as this crate reads them.
pub fn read(credential: &Value) -> Credential {
    Credential::from_json(credential).unwrap()
}

pub fn link_secret() -> LinkSecret {
    LinkSecret::from_decimal(LINK_SECRET).unwrap()
}

/// The engines that this processor has.
pub fn engines() -> Vec<Engine> {
    Engine::available()
}

/// All paths of members in a JSON document, arrays' elements counting as one: its shape. `names` are replaced
/// by a placeholder.
pub fn shape(value: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(elements) => {
                elements
                    .iter()
                    .for_each(|element| walk(element, &format!("{path}/*"), paths));
                "array"
            }
            Value::Object(members) => {
                members
                    .iter()
                    .for_each(|(name, value)| walk(value, &format!("{path}/{name}"), paths));
                "object"
            }
        };
        paths.insert(format!("{path}: {kind}"));
    }
    let mut paths = BTreeSet::new();
    walk(value, "", &mut paths);
    paths
}
