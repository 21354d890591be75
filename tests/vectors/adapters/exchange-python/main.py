"""The second implementation of exchanges, `tests/peers/exchange`, as an adapter: it verifies signatures, and no more."""

import json
import re

import base58
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from protocol import Answer, serve, valid
from signatures import claim, from_base64url, is_linked, is_valid, kind_of, public_key

#: The header of a detached JWS without its algorithm.
HEADER = {"b64": False, "crit": ["b64"]}

#: The algorithm of each proof type with a JWS.
ALGORITHMS = {"Ed25519Signature2018": "EdDSA", "RsaSignature2018": "RS256"}

#: The keys of small order, which the library takes: signatures by them say nothing.
SMALL_ORDER = {
    bytes.fromhex(first + middle * 30 + last)
    for first, middle, last in [("01", "00", "00"), ("ec", "ff", "7f"), ("00", "00", "00"), ("00", "00", "80")]
} | {
    bytes.fromhex(digits + sign)
    for digits, signs in [
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc", ("05", "85")),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03", ("7a", "fa")),
    ]
    for sign in signs
}


class Refused(Exception):
    """A signature that is missing, or is not the signer's."""


def verify(test: dict) -> Answer:
    given = test["input"]
    request, response = given["request"], given["response"]
    documents = {document["id"]: document for document in given["did_documents"]}
    holder = owner(reference(first_proof(response)))
    if holder is None:
        raise Refused("the response names no holder")
    check(request, request["proofRequest"]["verifier"], documents)
    check(response, holder, documents)
    for fulfilled in response["FulfilledCriteria"]:
        for presentation in fulfilled["Presentations"]:
            check(presentation, holder, documents)
            for credential in presentation["verifiableCredential"]:
                check_credential(credential, documents)
    return valid()


def check_credential(credential: dict, documents: dict) -> None:
    if "credentialSubjects" not in credential:
        issuer = credential["issuer"]
        check(credential, issuer["id"] if isinstance(issuer, dict) else issuer, documents)
        return
    for index, entry in enumerate(credential["credentialSubjects"]):
        signed = {**claim(credential, index), "proof": entry.get("proof")}
        check(signed, credential["issuerDid"], documents, is_claim=True)


def check(document: dict, signer: str, documents: dict, is_claim: bool = False) -> None:
    """Refuses a document unless all of its proofs are by the signer, and there is one."""
    first_proof(document)
    for proof in proofs(document):
        by = owner(reference(proof))
        if by not in (None, signer):
            raise Refused(f"{by} signed for {signer}")
        if is_linked(proof["type"]):
            check_jws(proof)
        key = key_of(documents, signer, reference(proof))
        if not is_valid(document, proof, key, is_claim):
            raise Refused(f"a signature of {signer} does not verify")


def proofs(document: dict) -> list:
    found = document.get("proof") or []
    return found if isinstance(found, list) else [found]


def first_proof(document: dict) -> dict:
    if not proofs(document):
        raise Refused("a signature is missing")
    return proofs(document)[0]


def reference(proof: dict) -> str:
    return proof.get("verificationMethod") or proof["creator"]


def owner(key: str):
    """Returns the DID of a key's reference, which may have none."""
    return key.split("#")[0] if key.startswith("did:") else None


def check_jws(proof: dict) -> None:
    """Refuses a JWS that is not detached, or whose header says something other than what is done."""
    match = re.fullmatch(r"([A-Za-z0-9_-]+)\.\.[A-Za-z0-9_-]+", proof["jws"])
    if match is None:
        raise Refused("it is not a detached JWS")
    header = json.loads(from_base64url(match[1]), object_pairs_hook=once)
    expected = {**HEADER, "alg": ALGORITHMS[kind_of(proof)]}
    if any(header.get(name) != value for name, value in expected.items()):
        raise Refused("the header of the JWS")


def once(pairs: list) -> dict:
    if len(dict(pairs)) < len(pairs):
        raise Refused("a member twice")
    return dict(pairs)


def key_of(documents: dict, signer: str, name: str):
    """Returns the key of a DID that a reference names."""
    if signer not in documents:
        raise Refused(f"{signer} is not known")
    whole = name if name.startswith("did:") else f"{signer}#{name}"
    lists = [documents[signer].get(member) or [] for member in ("verificationMethod", "publicKey")]
    named = [method for methods in lists for method in methods if method["id"] == whole]
    if len(named) != 1:
        raise Refused(f"{len(named)} keys are called {whole}")
    key = read_key(named[0])
    if isinstance(key, ed25519.Ed25519PublicKey):
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        if raw in SMALL_ORDER:
            raise Refused("a key of small order")
    return key


def read_key(method: dict):
    if "publicKeyPem" in method:
        return serialization.load_pem_public_key(method["publicKeyPem"].encode())
    if "publicKeyMultibase" in method:
        multicodec = base58.b58decode(method["publicKeyMultibase"].removeprefix("z"))
        return ed25519.Ed25519PublicKey.from_public_bytes(multicodec.removeprefix(b"\xed\x01"))
    return public_key(method)


serve(
    "exchange-python",
    "0.1.0",
    [],
    {"exchange-signature": verify},
    # a value, a member or a type that is not as it must be; `UnsupportedAlgorithm` is one of the library
    refusals=(Refused, ValueError, KeyError, TypeError, AttributeError, UnsupportedAlgorithm),
)
