//! The messages of the issuing protocol, from numbers that are the same in every run.
//!
//! The holder sends `U = S^v' · R_ms^ms` and proves that it knows both exponents. The issuer
//! answers with `A = (Z / (S^v'' · U · Rctxt^m2 · Π R_i^m_i))^(1/e)`, and proves that it made `A`
//! as a power of what it is a root of.

use dashu_base::{Sign, UnsignedAbs};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::{IBig, UBig};
use proofs::encoding::encode;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::issuer::{Issuer, Stream, inverse, number, signature_prime};
use super::parties::LINK_SECRET;

const PROVER_DID: &str = "VsKV7grR1BUE29mG2Fm2kX";

/// An issuer with its private key.
pub struct Signer<'a> {
    issuer: &'a Issuer,
    /// The private key as the libraries have it.
    pub private: Value,
    ring: ConstDivisor,
    order: UBig,
}

/// What the two parties have at the end.
pub struct Issued {
    pub offer: Value,
    pub request: Value,
    pub metadata: Value,
    pub values: Value,
    pub credential: Value,
}

/// The exponent of a signature: what an honest issuer draws, or another.
pub type Exponent = fn(&mut Stream) -> UBig;

/// The messages of one issuance, in the order in which numbers are drawn.
struct Blinded {
    u: UBig,
    v_prime: UBig,
    proof: Value,
}

impl<'a> Signer<'a> {
    /// Reads the private key of an issuer from the fixture with which it was made.
    pub fn new(issuer: &'a Issuer, fixture: &str) -> Self {
        let fixture: Value = serde_json::from_str(fixture).unwrap();
        let primes = &fixture["private"]["value"]["p_key"];
        let order = number(&primes["p"]) * number(&primes["q"]);
        let ring = ConstDivisor::new(number(&issuer.cred_def["value"]["primary"]["n"]));
        Self { issuer, private: fixture["private"].clone(), ring, order }
    }

    /// Issues a credential with these texts, encoded as the convention says.
    pub fn issue(&self, values: &[(&str, &str)]) -> Issued {
        self.issue_with(values, signature_prime)
    }

    /// Does the same with a certain exponent.
    pub fn issue_with(&self, values: &[(&str, &str)], exponent: Exponent) -> Issued {
        let shown: Map<String, Value> = values
            .iter()
            .map(|(name, raw)| ((*name).to_owned(), json!({"raw": raw, "encoded": encode(raw)})))
            .collect();
        let values = Value::from(shown);
        let mut stream = Stream::new(format!("issuing {} {values}", self.issuer.cred_def_id));
        let offered = stream.bits(80);
        let blinded = self.blind(&mut stream, &offered);
        let requested = stream.bits(80);
        let (signature, proof) = self.sign(&mut stream, &values, &blinded.u, &requested, exponent);
        let (schema_id, cred_def_id) = (&self.issuer.schema_id, &self.issuer.cred_def_id);
        Issued {
            offer: json!({
                "schema_id": schema_id,
                "cred_def_id": cred_def_id,
                "key_correctness_proof": self.issuer.correctness_proof,
                "nonce": offered.to_string(),
            }),
            request: json!({
                "prover_did": PROVER_DID,
                "cred_def_id": cred_def_id,
                "blinded_ms": {
                    "u": blinded.u.to_string(),
                    "ur": null,
                    "hidden_attributes": ["master_secret"],
                    "committed_attributes": {},
                },
                "blinded_ms_correctness_proof": blinded.proof,
                "nonce": requested.to_string(),
            }),
            metadata: json!({
                "master_secret_blinding_data": {
                    "v_prime": blinded.v_prime.to_string(),
                    "vr_prime": null,
                },
                "nonce": requested.to_string(),
                "master_secret_name": "main",
            }),
            credential: json!({
                "schema_id": schema_id,
                "cred_def_id": cred_def_id,
                "rev_reg_id": null,
                "values": values,
                "signature": {"p_credential": signature, "r_credential": null},
                "signature_correctness_proof": proof,
                "rev_reg": null,
                "witness": null,
            }),
            values,
        }
    }

    fn base(&self, pointer: &str) -> UBig {
        number(self.issuer.cred_def["value"]["primary"].pointer(pointer).unwrap())
    }

    fn power(&self, base: UBig, exponent: &UBig) -> UBig {
        self.ring.reduce(base).pow(exponent).residue()
    }

    fn times(&self, one: &UBig, other: &UBig) -> UBig {
        (self.ring.reduce(one.clone()) * self.ring.reduce(other.clone())).residue()
    }

    /// The holder's part: `U`, and the proof of its exponents.
    fn blind(&self, stream: &mut Stream, nonce: &UBig) -> Blinded {
        let secret: UBig = LINK_SECRET.parse().unwrap();
        let (v_prime, v_tilde, m_tilde) = (stream.bits(2128), stream.bits(2464), stream.bits(592));
        let [s, r] = ["/s", "/r/master_secret"].map(|pointer| self.base(pointer));
        let commit =
            |v: &UBig, m: &UBig| self.times(&self.power(s.clone(), v), &self.power(r.clone(), m));
        let (u, u_tilde) = (commit(&v_prime, &secret), commit(&v_tilde, &m_tilde));
        let c = hash(&[&u, &u_tilde, nonce]);
        let proof = json!({
            "c": c.to_string(),
            "v_dash_cap": (&c * &v_prime + v_tilde).to_string(),
            "m_caps": {"master_secret": (&c * secret + m_tilde).to_string()},
            "r_caps": {},
        });
        Blinded { u, v_prime, proof }
    }

    /// The issuer's part: the signature, and the proof that it is a root.
    fn sign(
        &self,
        stream: &mut Stream,
        values: &Value,
        u: &UBig,
        nonce: &UBig,
        exponent: Exponent,
    ) -> (Value, Value) {
        let e = exponent(stream);
        let v = stream.bits(2724) | (UBig::ONE << 2723);
        let m2 = stream.bits(256);
        let mut product = self.times(u, &self.power(self.base("/s"), &v));
        product = self.times(&product, &self.power(self.base("/rctxt"), &m2));
        for (name, value) in values.as_object().unwrap() {
            let message: IBig = value["encoded"].as_str().unwrap().parse().unwrap();
            let base = self.base(&format!("/r/{}", cl::fold(name)));
            let power = self.power(base, &message.clone().unsigned_abs());
            let power = match message.sign() {
                Sign::Positive => power,
                Sign::Negative => self.inverse(&power),
            };
            product = self.times(&product, &power);
        }
        let q = self.times(&self.base("/z"), &self.inverse(&product));
        let root = inverse(&e, &self.order);
        let a = self.power(q.clone(), &root);
        // A^(c + se·e) = Q^r shows that A is a power of Q
        let r = stream.bits(2048) % &self.order;
        let c = hash(&[&q, &a, &self.power(q.clone(), &r), nonce]);
        let taken = &c * root % &self.order;
        let se = (r + &self.order - taken) % &self.order;
        let signature = json!({
            "m_2": m2.to_string(),
            "a": a.to_string(),
            "e": e.to_string(),
            "v": v.to_string(),
        });
        (signature, json!({"se": se.to_string(), "c": c.to_string()}))
    }

    fn inverse(&self, number: &UBig) -> UBig {
        self.ring.reduce(number.clone()).inv().unwrap().residue()
    }
}

/// Returns the hash of numbers, as their bytes without leading zeros.
pub fn hash(numbers: &[&UBig]) -> UBig {
    let mut hash = Sha256::new();
    numbers.iter().for_each(|number| hash.update(number.to_be_bytes()));
    UBig::from_be_bytes(&hash.finalize())
}

/// Adds to a number in decimal, in place.
pub fn add_to(number_text: &mut Value, summand: u64) {
    *number_text = json!((number(number_text) + UBig::from(summand)).to_string());
}
