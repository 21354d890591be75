//! Issuers that sign without the issuing protocol, from fixture keys and numbers that are the same
//! in every run.

use std::collections::BTreeMap;

use dashu_base::{ExtendedGcd, Sign, UnsignedAbs};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::{IBig, UBig};
use proofs::encoding::encode;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Pseudorandom numbers that are the same in every run.
pub struct Stream {
    seed: String,
    drawn: u32,
}

impl Stream {
    pub fn new(seed: impl Into<String>) -> Self {
        Self { seed: seed.into(), drawn: 0 }
    }

    /// Returns a number of at most `bits` bits.
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

/// The private primes of a key, and a generator: what a credential definition is made of.
pub struct Primes {
    n: UBig,
    s: UBig,
    /// `p'q'`, the order of the group.
    order: UBig,
}

impl Primes {
    /// Reads a fixture: a key in the form of `negotiate-proof prepare-key`.
    pub fn from_fixture(text: &str) -> Self {
        let fixture: Value = serde_json::from_str(text).unwrap();
        let primary = &fixture["public"]["primary"];
        let private = &fixture["private"]["value"]["p_key"];
        let order = number(&private["p"]) * number(&private["q"]);
        Self { n: number(&primary["n"]), s: number(&primary["s"]), order }
    }

    /// Returns the public key for these attributes (`value.primary` of a credential definition) and
    /// its correctness proof. Equal arguments give equal keys.
    pub fn key(&self, attributes: &[String]) -> (Value, Value) {
        let ring = ConstDivisor::new(self.n.clone());
        let power = |exponent: &UBig| ring.reduce(self.s.clone()).pow(exponent).residue();
        let exponent = |label: &str| pseudorandom(label) % &self.order + UBig::from(2_u8);
        let names: Vec<&str> =
            std::iter::once("master_secret").chain(attributes.iter().map(String::as_str)).collect();
        let secret = |name: &str| exponent(&format!("base {name}"));
        let mask = |name: &str| exponent(&format!("mask {name}"));
        let z = power(&secret("/z"));
        let r: BTreeMap<&str, UBig> =
            names.iter().map(|name| (*name, power(&secret(name)))).collect();
        let mut hash = Sha256::new();
        let mut add = |value: &UBig| hash.update(value.to_be_bytes());
        add(&z);
        names.iter().for_each(|name| add(&r[name]));
        add(&power(&mask("/z")));
        names.iter().for_each(|name| add(&power(&mask(name))));
        let c = UBig::from_be_bytes(&hash.finalize());
        let response = |name: &str| (&c * secret(name) + mask(name)).to_string();
        let bases: BTreeMap<&str, String> =
            r.iter().map(|(name, base)| (*name, base.to_string())).collect();
        let public = json!({
            "n": self.n.to_string(),
            "s": self.s.to_string(),
            "r": bases,
            "rctxt": power(&secret("/rctxt")).to_string(),
            "z": z.to_string(),
        });
        let responses: Vec<Value> =
            names.iter().map(|name| json!([name, response(name)])).collect();
        let proof = json!({"c": c.to_string(), "xr_cap": responses, "xz_cap": response("/z")});
        (public, proof)
    }

    /// Signs: `A = (Z / (S^v · Rctxt^m2 · Π R_i^m_i))^(1/e)`. Returns `p_credential` of a
    /// credential.
    pub fn sign(&self, public: &Value, messages: &BTreeMap<String, IBig>, seed: &str) -> Value {
        let ring = ConstDivisor::new(self.n.clone());
        let mut stream = Stream::new(seed);
        let e = signature_prime(&mut stream);
        let v = stream.bits(2724) | (UBig::ONE << 2723);
        let m2 = stream.bits(256);
        let mut product = ring.reduce(UBig::ONE);
        let mut times = |base: &Value, exponent: &IBig| {
            let power = ring.reduce(number(base)).pow(&exponent.clone().unsigned_abs());
            product *= match exponent.sign() {
                Sign::Positive => power,
                Sign::Negative => power.inv().unwrap(),
            };
        };
        times(&public["s"], &v.clone().into());
        times(&public["rctxt"], &m2.clone().into());
        for (name, message) in messages {
            times(&public["r"][name], message);
        }
        let root = inverse(&e, &self.order);
        let a = (ring.reduce(number(&public["z"])) * product.inv().unwrap()).pow(&root);
        json!({
            "m_2": m2.to_string(),
            "a": a.residue().to_string(),
            "e": e.to_string(),
            "v": v.to_string(),
        })
    }
}

/// An issuer's schema and credential definition, in the form of Indy.
pub struct Issuer {
    primes: Primes,
    pub schema_id: String,
    pub cred_def_id: String,
    pub schema: Value,
    pub cred_def: Value,
    pub correctness_proof: Value,
}

impl Issuer {
    /// Publishes a schema, with its number on the ledger, and a credential definition.
    pub fn new(fixture: &str, did: &str, name: &str, attributes: &[&str], seq_no: u64) -> Self {
        let primes = Primes::from_fixture(fixture);
        let folded: Vec<String> = attributes.iter().map(|name| cl::fold(name)).collect();
        let (primary, correctness_proof) = primes.key(&folded);
        let schema_id = format!("{did}:2:{name}:1.0");
        let cred_def_id = format!("{did}:3:CL:{seq_no}:{name}");
        let schema = json!({
            "ver": "1.0", "id": schema_id, "name": name, "version": "1.0",
            "attrNames": attributes, "seqNo": seq_no,
        });
        let cred_def = json!({
            "ver": "1.0", "id": cred_def_id, "schemaId": seq_no.to_string(), "type": "CL",
            "tag": name, "value": {"primary": primary},
        });
        Self { primes, schema_id, cred_def_id, schema, cred_def, correctness_proof }
    }

    /// Returns a credential with these texts, encoded as the convention says.
    pub fn issue(&self, link_secret: &str, values: &[(&str, &str)]) -> Value {
        let encoded: Vec<(&str, &str, String)> =
            values.iter().map(|(name, raw)| (*name, *raw, encode(raw))).collect();
        self.issue_encoded(link_secret, &encoded)
    }

    /// Returns a credential with these texts and integers. Equal arguments give equal credentials.
    pub fn issue_encoded(&self, link_secret: &str, values: &[(&str, &str, String)]) -> Value {
        let mut messages: BTreeMap<String, IBig> = BTreeMap::new();
        messages.insert("master_secret".to_owned(), link_secret.parse().unwrap());
        let mut shown = Map::new();
        for (name, raw, encoded) in values {
            messages.insert(cl::fold(name), encoded.parse().unwrap());
            shown.insert((*name).to_owned(), json!({"raw": raw, "encoded": encoded}));
        }
        let seed = format!("{} {link_secret} {}", self.cred_def_id, Value::from(shown.clone()));
        let signature = self.primes.sign(&self.cred_def["value"]["primary"], &messages, &seed);
        json!({
            "schema_id": self.schema_id,
            "cred_def_id": self.cred_def_id,
            "rev_reg_id": null,
            "values": shown,
            "signature": {"p_credential": signature, "r_credential": null},
            "signature_correctness_proof": {"se": "1", "c": "1"},
            "rev_reg": null,
            "witness": null,
        })
    }
}

/// Reads a number in decimal.
pub fn number(value: &Value) -> UBig {
    UBig::from_str_radix(value.as_str().unwrap(), 10).unwrap()
}

/// Returns a number of 2,304 bits that depends on the label.
pub fn pseudorandom(label: &str) -> UBig {
    let bytes: Vec<u8> =
        (0..9).flat_map(|block: u8| Sha256::digest(format!("{block} {label}"))).collect();
    UBig::from_be_bytes(&bytes)
}

/// Returns the inverse of a number.
pub fn inverse(number: &UBig, modulus: &UBig) -> UBig {
    let (gcd, x, _) = number.clone().gcd_ext(modulus.clone());
    assert_eq!(gcd, UBig::ONE);
    let magnitude = x.clone().unsigned_abs() % modulus;
    match x.sign() {
        Sign::Positive => magnitude,
        Sign::Negative => modulus - magnitude,
    }
}

/// Returns a prime between 2^596 and 2^596 + 2^119. Fermat's test to base 2 is sufficient here.
pub fn signature_prime(stream: &mut Stream) -> UBig {
    let mut e = (UBig::ONE << 596) + (stream.bits(118) | UBig::ONE);
    loop {
        let ring = ConstDivisor::new(e.clone());
        let power = ring.reduce(UBig::from(2u8)).pow(&(&e - 1u8));
        if power.residue() == UBig::ONE {
            return e;
        }
        e += 2u8;
    }
}
