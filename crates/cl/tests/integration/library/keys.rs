//! Test keys: from fixture files, and derived from their primes for any list of attributes.

use std::collections::BTreeMap;

use dashu_base::BitTest;
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// An issuer's key: the public part, the private part and the proof that it is well made, as the library
/// writes them.
#[derive(Clone)]
pub struct Key {
    /// `value.primary` of a credential definition.
    pub primary: Value,
    /// `CredentialDefinitionPrivate`.
    pub private: Value,
    /// `CredentialKeyCorrectnessProof`.
    pub correctness_proof: Value,
}

/// For `age`, `height`, `name`, `sex`; 2,050 bits, made by the library.
pub fn gvt() -> Key {
    fixture(include_str!(
        "../../../indy/tests/fixtures/TEST-KEY-gvt.json"
    ))
}

/// For `degree`, `firstname`, `lastname`, `year`; 2,050 bits, made by the library.
pub fn degree() -> Key {
    fixture(include_str!(
        "../../../indy/tests/fixtures/TEST-KEY-degree.json"
    ))
}

/// For `age`, `height`, `name`, `sex`; 2,048 bits.
pub fn bits_2048() -> Key {
    fixture(include_str!("../fixtures/TEST-KEY-2048.json"))
}

fn fixture(text: &str) -> Key {
    let value: Value = serde_json::from_str(text).unwrap();
    Key {
        primary: value["public"]["primary"].clone(),
        private: value["private"].clone(),
        correctness_proof: value["key_correctness_proof"].clone(),
    }
}

impl Key {
    /// A key with the same modulus and fresh bases for these attributes, given as keys spell them.
    ///
    /// Equal arguments give equal keys.
    pub fn for_attributes(&self, attributes: &[String]) -> Self {
        let number = |value: &Value| UBig::from_str_radix(value.as_str().unwrap(), 10).unwrap();
        let n = number(&self.primary["n"]);
        let s = number(&self.primary["s"]);
        let primes = &self.private["value"]["p_key"];
        let order = number(&primes["p"]) * number(&primes["q"]);
        let ring = ConstDivisor::new(n.clone());
        let power = |exponent: &UBig| ring.reduce(s.clone()).pow(exponent).residue();
        let exponent = |label: &str| pseudorandom(label) % &order + UBig::from(2_u8);

        let names: Vec<&str> = std::iter::once("master_secret")
            .chain(attributes.iter().map(String::as_str))
            .collect();
        let secret = |name: &str| exponent(&format!("base {name}"));
        let mask = |name: &str| exponent(&format!("mask {name}"));
        let z = power(&secret("/z"));
        let r: BTreeMap<&str, UBig> = names
            .iter()
            .map(|name| (*name, power(&secret(name))))
            .collect();
        let mut hash = Sha256::new();
        let mut add = |value: &UBig| hash.update(value.to_be_bytes());
        add(&z);
        names.iter().for_each(|name| add(&r[name]));
        add(&power(&mask("/z")));
        names.iter().for_each(|name| add(&power(&mask(name))));
        let c = UBig::from_be_bytes(&hash.finalize());
        let response = |name: &str| (&c * secret(name) + mask(name)).to_string();
        let bases: BTreeMap<&str, String> = r
            .iter()
            .map(|(name, base)| (*name, base.to_string()))
            .collect();
        let xr_cap: Vec<Value> = names
            .iter()
            .map(|name| json!([name, response(name)]))
            .collect();
        Self {
            primary: json!({
                "n": n.to_string(),
                "s": s.to_string(),
                "r": bases,
                "rctxt": power(&secret("/rctxt")).to_string(),
                "z": z.to_string(),
            }),
            private: self.private.clone(),
            correctness_proof: json!({
                "c": c.to_string(),
                "xr_cap": xr_cap,
                "xz_cap": response("/z"),
            }),
        }
    }

    /// The names of the attributes that the key signs.
    pub fn attributes(&self) -> Vec<String> {
        let bases = self.primary["r"].as_object().unwrap();
        bases
            .keys()
            .filter(|name| *name != "master_secret")
            .cloned()
            .collect()
    }

    /// How long the modulus is.
    pub fn bits(&self) -> usize {
        let n = self.primary["n"].as_str().unwrap();
        UBig::from_str_radix(n, 10).unwrap().bit_len()
    }
}

/// 2,304 bits that depend on the label.
fn pseudorandom(label: &str) -> UBig {
    let bytes: Vec<u8> = (0..9)
        .flat_map(|block: u8| Sha256::digest(format!("{block} {label}")))
        .collect();
    UBig::from_be_bytes(&bytes)
}
