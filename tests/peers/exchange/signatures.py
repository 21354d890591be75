"""The signatures of proof requests and responses, written a second time, from the specifications.

The rows of the table in docs/src/exchange-decisions.md, "Signatures". Nothing here was taken from the crate
`exchange`, so that both agree only if both are right.
"""

import base64
import hashlib
import json
import pathlib

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from pyld import jsonld

CONTEXTS = pathlib.Path(__file__).parents[3] / "crates" / "exchange" / "contexts"
CREDENTIALS = "https://www.w3.org/2018/credentials/v1"
EXCHANGE = "https://negotiate-proof.example/proof-exchange/v1"
SECURITY = "https://w3id.org/security/v2"
FILES = {
    CREDENTIALS: "credentials-v1.jsonld",
    "https://w3id.org/security/v1": "security-v1.jsonld",
    SECURITY: "security-v2.jsonld",
    EXCHANGE: "proof-exchange-v1.jsonld",
}

DRAFT = "Ed25519VerificationKey2018"
JCS = "JcsEd25519Signature2020"
LINKED = "Ed25519Signature2018"
RSA = "RsaSignature2018"
SUITE = "eddsa-jcs-2022"
KINDS = (DRAFT, JCS, LINKED, RSA, SUITE)


def is_linked(kind: str) -> bool:
    """Returns whether a proof type signs linked data."""
    return kind in (LINKED, RSA)


def kind_of(proof: dict) -> str:
    """Returns the proof type: the type, or the cryptosuite of a Data Integrity proof."""
    return proof["cryptosuite"] if proof["type"] == "DataIntegrityProof" else proof["type"]


def without(document: dict, member: str) -> dict:
    """Returns a copy of an object without one of its members."""
    return {name: value for name, value in document.items() if name != member}


def claim(credential: dict, index: int) -> dict:
    """Returns what the signature of one attribute covers: the credential with this attribute alone."""
    entry = without(credential["credentialSubjects"][index], "proof")
    return {**without(credential, "proof"), "credentialSubjects": [entry]}


def signed_bytes(document: dict, proof: dict, is_claim: bool) -> bytes:
    """Returns the bytes that a proof's signature is made of."""
    document = without(document, "proof")
    kind = kind_of(proof)
    if kind == DRAFT:
        text = rfc8785.dumps(document)
        if is_claim:
            text = base64.b64encode(text)
        return text + b"." + proof["nonce"].encode()
    if kind == JCS:
        return rfc8785.dumps({**document, "proof": without(proof, "signatureValue")})
    if kind == SUITE:
        parts = (without(proof, "proofValue"), document)
        return b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in parts)
    if is_linked(kind):
        options = {**without(proof, "jws"), "@context": SECURITY}
        header = proof["jws"].split(".")[0] if "jws" in proof else jws_header(kind)
        return header.encode() + b"." + digest(options) + digest(document)
    raise ValueError(f"{kind} is not a proof type of this implementation")


def digest(document: dict) -> bytes:
    """Returns the SHA-256 of the canonical N-Quads (URDNA2015) of a document."""
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load_context}
    return hashlib.sha256(jsonld.normalize(document, options).encode()).digest()


def load_context(url: str, _options: dict) -> dict:
    """Returns a context from the files. Nothing is fetched."""
    document = json.loads((CONTEXTS / FILES[url]).read_text(encoding="utf-8"))
    return {"contextUrl": None, "documentUrl": url, "document": document, "contentType": "application/ld+json"}


def jws_header(kind: str) -> str:
    """Returns the header of a detached JWS, in base64url."""
    algorithm = {LINKED: "EdDSA", RSA: "RS256"}[kind]
    return base64url(f'{{"alg":"{algorithm}","b64":false,"crit":["b64"]}}'.encode())


def base64url(data: bytes) -> str:
    """Writes bytes in base64url, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Reads base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def sign(document: dict, kind: str, key, reference: str, created: str, nonce: str, is_claim=False) -> dict:
    """Signs a document, and returns the proof to be put into it."""
    proof = {"type": kind, "created": created}
    proof["creator" if kind == DRAFT else "verificationMethod"] = reference
    proof.update({"nonce": nonce} if kind in (DRAFT, JCS) else {"proofPurpose": "assertionMethod"})
    if kind == SUITE:
        proof.update({"type": "DataIntegrityProof", "cryptosuite": SUITE})
        proof.update({"@context": document["@context"]} if "@context" in document else {})
    data = signed_bytes(document, proof, is_claim)
    if kind == RSA:
        signature = key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = key.sign(data)
    if is_linked(kind):
        proof["jws"] = f"{jws_header(kind)}..{base64url(signature)}"
    elif kind == SUITE:
        proof["proofValue"] = "z" + base58.b58encode(signature).decode()
    else:
        proof["signatureValue"] = base58.b58encode(signature).decode()
    return proof


def is_valid(document: dict, proof: dict, key, is_claim=False) -> bool:
    """Returns whether a proof's signature over a document verifies with a public key."""
    data = signed_bytes(document, proof, is_claim)
    try:
        if kind_of(proof) == SUITE:
            key.verify(base58.b58decode(proof["proofValue"].removeprefix("z")), data)
        elif not is_linked(proof["type"]):
            key.verify(base58.b58decode(proof["signatureValue"]), data)
        elif isinstance(key, rsa.RSAPublicKey):
            signature = from_base64url(proof["jws"].split(".")[2])
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(from_base64url(proof["jws"].split(".")[2]), data)
    except InvalidSignature:
        return False
    return True


def public_key(method: dict):
    """Returns the public key of an entry of a DID document."""
    if "publicKeyBase58" in method:
        return ed25519.Ed25519PublicKey.from_public_bytes(base58.b58decode(method["publicKeyBase58"]))
    members = method["publicKeyJwk"]
    numbers = [int.from_bytes(from_base64url(members[name]), "big") for name in ("e", "n")]
    return rsa.RSAPublicNumbers(*numbers).public_key()


def key_of_did(did: str) -> ed25519.Ed25519PublicKey:
    """Returns the key that a did:key holds."""
    multicodec = base58.b58decode(did.removeprefix("did:key:z"))
    return ed25519.Ed25519PublicKey.from_public_bytes(multicodec.removeprefix(b"\xed\x01"))
