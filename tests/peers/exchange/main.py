"""Exchanges between the program `proof-exchange` and this second implementation, in both directions.

Each side answers the other with every proof type: what this one signs, the program must verify, and must refuse
once a value is changed; what the program signs, this one must verify. `run` starts this.
"""

import argparse
import copy
import datetime
import json
import pathlib
import subprocess
import tempfile
import urllib.parse
import uuid

import base58
import messages
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from signatures import (
    CREDENTIALS, DRAFT, EXCHANGE, JCS, KINDS, LINKED, RSA, base64url, claim, is_linked, is_valid,
    key_of_did, kind_of, public_key, sign,
)

SCHEMA = "did:work:KypRcDbLYAUwaA7nPuP3Tf;schema=1333;version=1.0"
MONTHS = ("2026-08", "2026-09")


class Party:
    """A DID with one key, and the document that it publishes."""

    def __init__(self, kind: str):
        number = (lambda value: base64url(value.to_bytes((value.bit_length() + 7) // 8, "big")))
        if kind == RSA:
            self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            numbers = self.key.public_key().public_numbers()
            public = {"publicKeyJwk": {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}}
        else:
            self.key = ed25519.Ed25519PrivateKey.generate()
            raw = self.key.public_key().public_bytes(
                serialization.Encoding.Raw, serialization.PublicFormat.Raw
            )
            public = {"publicKeyBase58": base58.b58encode(raw).decode()}
        self.did = "did:work:" + base58.b58encode(uuid.uuid4().bytes).decode()
        self.reference = f"{self.did}#key-1"
        type_of_key = "JsonWebKey2020" if kind == RSA else "Ed25519VerificationKey2018"
        method = {"id": self.reference, "type": type_of_key, "controller": self.did, **public}
        self.document = {"@context": "https://www.w3.org/ns/did/v1", "id": self.did, "verificationMethod": [method]}

    def signs(self, document: dict, kind: str, is_claim: bool = False) -> dict:
        """Returns a proof by this party's key, made now."""
        return sign(document, kind, self.key, self.reference, now(), str(uuid.uuid4()), is_claim)


def now() -> str:
    """Returns the time in RFC 3339, in whole seconds."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def new_id() -> str:
    """Returns an id that JSON and linked data can both have."""
    return uuid.uuid4().urn


def contexts(kind: str) -> list:
    """Returns the contexts of a credential or presentation."""
    return [CREDENTIALS, EXCHANGE] if is_linked(kind) else [CREDENTIALS]


def message(kind: str, own_type: str, members: dict) -> dict:
    """Returns a request or a response, in JSON-LD if its proof type signs linked data."""
    head = {"@context": [CREDENTIALS, EXCHANGE], "type": [own_type]} if is_linked(kind) else {}
    return {**head, "id": new_id(), **members}


def make_request(kind: str, verifier: Party, issuer: Party) -> dict:
    """Returns a signed request of two criteria, each for the same two payslips: parts of the answer look alike then."""
    criterion = {
        "description": "Payslips", "reason": "Creditworthiness", "min": 2, "max": 2, "schema": SCHEMA,
        "issuers": {"dids": [issuer.did]},
        "properties": [{"name": "month", "required": True}, {"name": "grossPay", "required": True}],
    }
    criteria = [criterion, {**criterion, "description": "Payslips, for the records"}]
    body = {"description": "Credit card", "verifier": verifier.did, "criteria": criteria}
    request = message(kind, "ProofRequest", {"proofURL": "https://bank.example/", "proofRequest": body})
    return {**request, "proof": verifier.signs(request, kind)}


def make_credential(kind: str, issuer: Party, holder: Party, values: dict) -> dict:
    """Returns a credential whose attributes are signed one by one."""
    entries = [{"id": holder.did, "key": key, "value": value} for key, value in values.items()]
    credential = {
        "@context": contexts(kind), "type": ["VerifiableCredential"], "id": new_id(), "issuerDid": issuer.did,
        "issuanceDate": "2026-10-01T00:00:00Z", "schemaId": SCHEMA, "credentialSubjects": entries,
    }
    for index, entry in enumerate(entries):
        entry["proof"] = [issuer.signs(claim(credential, index), kind, is_claim=True)]
    return credential


def make_response(kind: str, request: dict, holder: Party, credentials: list) -> dict:
    """Returns the signed response, with a presentation of each credential for each criterion."""
    fulfilled = []
    for criterion in request["proofRequest"]["criteria"]:
        presentations = []
        for credential in credentials:
            presentation = {
                "@context": contexts(kind), "type": ["VerifiablePresentation"], "id": new_id(), "created": now(),
                "verifiableCredential": [credential],
            }
            presentations.append({**presentation, "proof": [holder.signs(presentation, kind)]})
        criterion = dict(criterion)
        criterion["schema"] = {"id": criterion["schema"], "attributes": criterion.pop("properties")}
        fulfilled.append({"Criterion": criterion, "Presentations": presentations})
    response = message(kind, "ProofResponse", {
        "proofRequestId": request["id"], "verifier": request["proofRequest"]["verifier"],
        "FulfilledCriteria": fulfilled,
    })
    return {**response, "proof": [holder.signs(response, kind)]}


def the_program_verifies_ours(kind: str, program: str, directory: pathlib.Path) -> int:
    """Has the program verify an exchange of this implementation, and the same with one value changed."""
    issuer, holder, verifier = Party(kind), Party(kind), Party(kind)
    for party in (issuer, holder, verifier):
        write(directory / "registry" / "dids" / f"{urllib.parse.quote(party.did, safe='')}.json", party.document)
    request = make_request(kind, verifier, issuer)
    slips = [{"month": month, "grossPay": "3.000,50 €"} for month in MONTHS]
    credentials = [make_credential(kind, issuer, holder, slip) for slip in slips]
    response = make_response(kind, request, holder, credentials)
    write(directory / "request.json", request)
    write(directory / "response.json", response)
    verify = [program, "verify", "request.json", "response.json", "--json"]
    expect(run(verify, directory), 0)
    changed = copy.deepcopy(credentials)
    changed[1]["credentialSubjects"][1]["value"] = "9000"
    write(directory / "response.json", make_response(kind, request, holder, changed))
    refused = run(verify, directory)
    expect(refused, 1)
    failed = {check["check"] for check in json.loads(refused.stdout)["checks"] if check["outcome"] == "failed"}
    if failed != {"attribute-signatures"}:
        raise SystemExit(f"peers: {kind}: {failed} failed, not attribute-signatures alone")
    return 1 + 2 * (2 + 2 * 2) + 1


def ours_verifies_the_program(kind: str, program: str, directory: pathlib.Path) -> int:
    """Verifies every signature of an exchange of the program: the credit-card example, signed with this type."""
    expect(run([program, "example", "credit-card", "."], directory), 0)
    orders, criteria = read(directory / "orders.json"), read(directory / "criteria.json")
    # the licence has a context that this test has no file of
    orders["credentials"] = [one for one in orders["credentials"] if "schema" in one]
    for credential in orders["credentials"]:
        credential["id"] = f"urn:uuid:{credential['id']}"
        credential["proofType"] = kind
    criteria["criteria"] = [one for one in criteria["criteria"] if "schema" in one]
    # the same credential answers both, so that parts of the answer look alike
    criteria["criteria"].append({**criteria["criteria"][0], "description": "Contact Information, for the records"})
    criteria["accept"] = [f"{'json-ld' if is_linked(kind) else 'json'}/{kind}"]
    write(directory / "orders.json", orders)
    write(directory / "criteria.json", criteria)
    sign_as = {DRAFT: "json", JCS: "jcs", LINKED: "json-ld"}[kind]
    for arguments in (
        ["issue", "orders.json", "--home", "alex"],
        ["request", "criteria.json", "--home", "bank", "--sign-as", sign_as, "--output", "request.json"],
        ["respond", "request.json", "--home", "alex", "--yes", "--no-send", "--output", "response.json"],
    ):
        expect(run([program, *arguments], directory), 0)
    documents = [read(path) for path in (directory / "registry" / "dids").glob("*.json")]
    registry = {document["id"]: document for document in documents}
    request, response = read(directory / "request.json"), read(directory / "response.json")
    count = 0
    for document, proof, is_claim in all_signed(request, response):
        key = key_of(proof.get("verificationMethod") or proof["creator"], registry)
        if kind_of(proof) != kind or not is_valid(document, proof, key, is_claim):
            raise SystemExit(f"peers: {kind}: a signature of the program does not verify: {json.dumps(document)}")
        count += 1
    return count


def all_signed(request: dict, response: dict):
    """Yields everything that is signed in an exchange: the document, its proof, whether it is an attribute."""
    yield request, request["proof"], False
    yield response, response["proof"][0], False
    for fulfilled in response["FulfilledCriteria"]:
        for presentation in fulfilled["Presentations"]:
            yield presentation, presentation["proof"][0], False
            for credential in presentation["verifiableCredential"]:
                for index, entry in enumerate(credential["credentialSubjects"]):
                    yield claim(credential, index), entry["proof"][0], True


def key_of(reference: str, registry: dict):
    """Returns the public key that a reference names."""
    did = reference.split("#")[0]
    if did.startswith("did:key:"):
        return key_of_did(did)
    methods = registry[did]["verificationMethod"]
    return public_key(next(method for method in methods if method["id"] == reference))


def run(command: list, directory: pathlib.Path) -> subprocess.CompletedProcess:
    """Runs a command in a directory, without a terminal."""
    return subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def expect(done: subprocess.CompletedProcess, code: int) -> None:
    """Ends with what a command printed if its exit code is another."""
    if done.returncode != code:
        command = " ".join(map(str, done.args))
        raise SystemExit(f"peers: {command}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")


def read(path: pathlib.Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: pathlib.Path, document: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests/peers/exchange/run", description=__doc__)
    parser.add_argument("program", help="the program `proof-exchange`")
    messages.check()
    program = str(pathlib.Path(parser.parse_args().program).resolve())
    directions = [(the_program_verifies_ours, KINDS), (ours_verifies_the_program, (DRAFT, JCS, LINKED))]
    for direction, kinds in directions:
        for kind in kinds:
            with tempfile.TemporaryDirectory() as directory:
                count = direction(kind, program, pathlib.Path(directory))
            print(f"{direction.__name__.replace('_', ' ')}: {kind}, {count} signatures", flush=True)


if __name__ == "__main__":
    main()
