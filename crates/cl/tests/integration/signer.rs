//! Issuers that sign without the issuing protocol, with numbers that are the same in every run.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cl::{
    Credential, Engine, LinkSecret, PreparedKey, Presentation, ProofRequest, ProvingKey, PublicKey,
    verify,
};
use dashu_base::{ExtendedGcd, Sign, UnsignedAbs};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::{IBig, UBig};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::library::keys::Key;
use crate::library::{self, library_accepts};

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

/// An issuer that signs without the issuing protocol, and its prepared keys.
pub struct Signer {
    pub issuer: library::Issuer,
    name: String,
    key: Key,
    proving: OnceLock<BTreeMap<String, ProvingKey>>,
    verifying: OnceLock<BTreeMap<String, PreparedKey>>,
}

impl Signer {
    /// Creates a signer of credentials with these attributes, spelled as in keys, under the modulus
    /// of `base`.
    pub fn new(name: &str, base: &Key, attributes: &[&str]) -> Self {
        let attributes: Vec<String> = attributes.iter().map(|name| (*name).into()).collect();
        let key = base.for_attributes(&attributes);
        Self {
            issuer: library::Issuer::new(&key, name),
            name: name.into(),
            key,
            proving: OnceLock::new(),
            verifying: OnceLock::new(),
        }
    }

    pub fn public_key(&self) -> PublicKey {
        PublicKey::from_primary(&self.key.primary).unwrap()
    }

    /// Returns the key, prepared for proving with an engine.
    pub fn proving_key(&self, engine: Engine) -> &ProvingKey {
        let prepare = |engine| ProvingKey::with_engine(&self.public_key(), engine).unwrap();
        &self.proving.get_or_init(|| for_each_engine(prepare))[&engine.to_string()]
    }

    /// Returns the key, prepared for verifying with an engine.
    pub fn verifying_key(&self, engine: Engine) -> &PreparedKey {
        let prepare = |engine| PreparedKey::with_engine(&self.public_key(), engine).unwrap();
        &self.verifying.get_or_init(|| for_each_engine(prepare))[&engine.to_string()]
    }

    /// Signs a credential, `A = (Z / (S^v · Rctxt^m2 · Π R_i^m_i))^(1/e)`. Different values of
    /// `serial` give different signatures.
    pub fn sign(&self, serial: u32, values: &[(&str, &str)]) -> Value {
        let text = |value: &Value| number(value.as_str().unwrap());
        let primary = &self.key.primary;
        let primes = &self.key.private["value"]["p_key"];
        let ring = ConstDivisor::new(text(&primary["n"]));
        let mut stream = Stream::new(format!("{}/{serial}", self.name));
        let e = signature_prime(&mut stream);
        let v = stream.bits(2724) | (UBig::ONE << 2723);
        let m2 = stream.bits(256);
        let mut product = ring.reduce(UBig::ONE);
        let mut times = |base: &Value, exponent: IBig| {
            let power = ring.reduce(text(base)).pow(&exponent.clone().unsigned_abs());
            product *= match exponent.sign() {
                Sign::Positive => power,
                Sign::Negative => power.inv().unwrap(),
            };
        };
        times(&primary["s"], v.clone().into());
        times(&primary["rctxt"], m2.clone().into());
        times(&primary["r"]["master_secret"], number(LINK_SECRET).into());
        let mut signed = serde_json::Map::new();
        for (name, values) in library::encoded(values).0.iter() {
            times(&primary["r"][cl::fold(name)], values.encoded.parse().unwrap());
            let value = json!({ "raw": values.raw, "encoded": values.encoded });
            signed.insert(name.clone(), value);
        }
        let root = inverse(&e, &(text(&primes["p"]) * text(&primes["q"])));
        let a = (ring.reduce(text(&primary["z"])) * product.inv().unwrap()).pow(&root);
        json!({
            "schema_id": self.issuer.schema.id(),
            "cred_def_id": self.issuer.definition.id(),
            "rev_reg_id": null,
            "values": signed,
            "signature": {
                "p_credential": {
                    "m_2": m2.to_string(), "a": a.residue().to_string(),
                    "e": e.to_string(), "v": v.to_string(),
                },
                "r_credential": null,
            },
            "signature_correctness_proof": { "se": "1", "c": "1" },
            "rev_reg": null,
            "witness": null,
        })
    }

    /// As [`sign`](Self::sign), read by this crate.
    pub fn credential(&self, serial: u32, values: &[(&str, &str)]) -> Credential {
        Credential::from_json(&self.sign(serial, values)).unwrap()
    }
}

fn for_each_engine<T>(prepare: impl Fn(Engine) -> T) -> BTreeMap<String, T> {
    let engines = Engine::available().into_iter();
    engines.map(|engine| (engine.to_string(), prepare(engine))).collect()
}

/// Parses a decimal number.
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

/// Returns a prime between 2^596 and 2^596 + 2^119. Fermat's test to base 2 is sufficient here.
fn signature_prime(stream: &mut Stream) -> UBig {
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

/// The link secret of all credentials of a [`Signer`].
pub const LINK_SECRET: &str =
    "34940138712334873410938409182340981230948710293847102398471023984710239847102";

pub fn link_secret() -> LinkSecret {
    LinkSecret::from_decimal(LINK_SECRET).unwrap()
}

/// Returns a holder in the library with the same link secret.
pub fn holder() -> library::Holder {
    let link_secret = json!({ "value": { "ms": LINK_SECRET } });
    library::Holder { link_secret: serde_json::from_value(link_secret).unwrap() }
}

/// Asserts that the library and all engines accept a presentation of credentials of these signers.
pub fn assert_accepted(request: &Value, presentation: &Value, signers: &[&Signer]) {
    let issuers: Vec<&library::Issuer> = signers.iter().map(|signer| &signer.issuer).collect();
    assert!(library_accepts(request, presentation, &issuers), "the library refuses {presentation}");
    let request = ProofRequest::from_json(request).unwrap();
    let presentation = Presentation::from_json(presentation).unwrap();
    for engine in Engine::available() {
        let keys: Vec<&PreparedKey> =
            signers.iter().map(|signer| signer.verifying_key(engine)).collect();
        assert_eq!(verify(&request, &presentation, &keys), Ok(()), "{engine}");
    }
}
