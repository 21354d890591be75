"""Requests and their responses with keys and dates that are always the same, as files for our tests.

    messages.py      makes the files in `messages/` again, one for each proof type

`main.py` fails unless they are made again as they are.
"""

import hashlib
import json
import pathlib

import base58
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signatures import CREDENTIALS, EXCHANGE, KINDS, RSA, claim, is_linked, sign

FILES = pathlib.Path(__file__).parent / "messages"
KEYS = pathlib.Path(__file__).parents[3] / "crates/exchange/tests/integration/signatures/keys"


def sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def key_of(name: str, kind: str):
    """Returns the private key of a party: of a hash of its name, or the RSA key of our tests."""
    if kind == RSA:
        return serialization.load_pem_private_key((KEYS / "rsa-2048-private-key.pem").read_bytes(), None)
    return Ed25519PrivateKey.from_private_bytes(sha256(name))


def did_of(name: str) -> str:
    return "did:work:" + base58.b58encode(sha256(f"did {name}")[:16]).decode()


def did_document(name: str, kind: str) -> dict:
    """Returns a document whose key is listed under one purpose."""
    did, key = did_of(name), key_of(name, kind).public_key()
    method = {"id": f"{did}#key-1", "controller": did}
    if kind == RSA:
        pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        method.update({"type": "RsaVerificationKey2018", "publicKeyPem": pem.decode()})
    else:
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        multibase = "z" + base58.b58encode(b"\xed\x01" + raw).decode()
        method.update({"type": "Multikey", "publicKeyMultibase": multibase})
    return {"id": did, "verificationMethod": [method], "assertionMethod": [method["id"]]}


def exchange(kind: str) -> dict:
    """Returns a request and its response, all signatures of one type, and the DID documents of the three parties."""
    linked, nonces = is_linked(kind), iter(range(1, 100))
    uri = "urn:uuid:" if linked else ""

    def signed(document: dict, name: str, created: str, is_claim: bool = False) -> dict:
        nonce = f"00000000-0000-4000-8000-{next(nonces):012}"
        return sign(document, kind, key_of(name, kind), f"{did_of(name)}#key-1", created, nonce, is_claim)

    def message(**members) -> dict:
        return {**({"@context": [CREDENTIALS, EXCHANGE]} if linked else {}), **members}

    schema, names = f"{did_of('issuer')};schema=1;version=1.0", ["name", "ort der Geburt"]
    shared = {"description": "Who you are", "issuers": {"dids": [did_of("issuer")]}, "max": 1, "min": 1, "reason": "Age"}
    properties = [{"name": name, "required": True} for name in names]
    body = {
        "accept": [f"json-ld/{kind}" if linked else f"json/{kind}"],
        "criteria": [{**shared, "schema": schema, "properties": properties}],
        "description": "An account, w\u00eeth \"quotes\", \u20ac, \U0001f600 and \\",
        "verifier": did_of("verifier"),
    }
    request = message(id="urn:uuid:3a6a2c8e-0f0b-4b9e-8a54-0c9f2f1f7b01", proofURL="https://example.com/answers", proofRequest=body)
    request.update({"type": ["ProofRequest"]} if linked else {})
    request["proof"] = signed(request, "verifier", "2019-08-24T10:00:00Z")
    credential = {
        "@context": [CREDENTIALS, EXCHANGE] if linked else [CREDENTIALS],
        "id": uri + "6adb968b-52df-4da0-a720-4a0a6ac8f8db",
        "type": ["VerifiableCredential"],
        "issuerDid": did_of("issuer"),
        "issuanceDate": "2019-08-23T14:28:03Z",
        "schemaId": schema,
        "credentialSubjects": [{"id": did_of("holder"), "key": name, "value": f"{name} \u00df"} for name in names],
    }
    for entry, attribute in enumerate(credential["credentialSubjects"]):
        attribute["proof"] = [signed(claim(credential, entry), "issuer", "2019-08-23T14:28:03Z", True)]
    presentation = {
        "@context": credential["@context"],
        "created": "2019-08-25T09:10:00Z",
        "id": uri + "b9cd5414-7c36-4c59-91f3-11a8bbca6b9e",
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [credential],
    }
    presentation["proof"] = [signed(presentation, "holder", "2019-08-25T09:10:00Z")]
    criterion = {**shared, "schema": {"id": schema, "attributes": properties}}
    response = message(id=uri + "672841fc-10a6-4c13-b3e0-349da08ae9f3", proofRequestId=request["id"], verifier=did_of("verifier"))
    response.update({"type": ["ProofResponse"]} if linked else {})
    response["FulfilledCriteria"] = [{"Criterion": criterion, "Presentations": [presentation]}]
    response["proof"] = [signed(response, "holder", "2019-08-25T09:10:00Z")]
    documents = [did_document(name, kind) for name in ["verifier", "issuer", "holder"]]
    return {"didDocuments": documents, "request": request, "response": response}


def check() -> None:
    """Fails unless the files are made again as they are."""
    for kind in KINDS:
        if json.loads((FILES / f"{kind}.json").read_text(encoding="utf-8")) != exchange(kind):
            raise SystemExit(f"peers: messages/{kind}.json is not what messages.py makes")


if __name__ == "__main__":
    for kind in KINDS:
        text = json.dumps(exchange(kind), indent=2, ensure_ascii=False) + "\n"
        (FILES / f"{kind}.json").write_text(text, encoding="utf-8")
