"""Moves objects between two libraries in Python and `negotiate-proof`, both ways. `../run interop` starts this.

    tests/peers/run interop DIRECTORY    DIRECTORY has the program `negotiate-proof`

| what | from | to |
|---|---|---|
| credentials | each library's issuer | our holder, whose presentation that library and ours verify |
| credentials | our issuer | each library's holder, whose presentation ours verifies |
| keys | `prepare-key` | each library, which issues with it |
| keys | each library | our issuer, whose offer and credential that library's holder accepts |
| revocation | changes of indy-credx, status lists of anoncreds | the other's form, by `convert`, and the other's holder |

Nothing is kept: keys, credentials and presentations are new in each run.
"""

import pathlib
import sys
import tempfile
import time

import anoncreds

from ours import Ours
from revocation import CHANGED, delta_to_list, list_to_delta
from wheels import AnonCreds, Credx

ATTRIBUTES = ["name", "First Name", "age"]
VALUES = {"name": "Müller", "First Name": "Zoë", "age": "28"}


def proof_request(**more: object) -> dict:
    return {
        "nonce": anoncreds.generate_nonce(),
        "name": "interop",
        "version": "1.0",
        "ver": "1.0",
        "requested_attributes": {"name": {"name": "First Name"}},
        "requested_predicates": {"adult": {"name": "age", "p_type": ">=", "p_value": 18}},
        **more,
    }


def converted(ours: Ours, public: dict, to: str, number: int) -> dict:
    """Returns a schema and a credential definition in another form."""
    ((schema_id, schema),) = public["schemas"].items()
    ((cred_def_id, cred_def),) = public["cred_defs"].items()
    by_id = {"schema_id": schema_id} if to == "anoncreds" else {"seq_no": number}
    ids = {} if to == "anoncreds" else {"id": schema_id}
    return {
        "schemas": {
            schema_id: ours.convert(schema, to, **ids, **({} if to == "anoncreds" else by_id))
        },
        "cred_defs": {
            cred_def_id: ours.convert(cred_def, to, **by_id, **({"id": cred_def_id} if ids else {}))
        },
    }


class Run:
    def __init__(self, program: pathlib.Path, scratch: pathlib.Path):
        self.program, self.scratch = program, scratch
        self.count = 0
        self.ours = self.party("verifier")
        self.wheels = [Credx(), AnonCreds()]
        self.issuers = {}
        for wheel in self.wheels:
            self.issuers[wheel.form] = wheel.issuer(wheel.library.__name__.title(), ATTRIBUTES)
            print(f"{wheel.library.__name__}: key made", flush=True)
        self.key = self.ours.prepare_key(ATTRIBUTES)
        print("negotiate-proof: key made", flush=True)

    def party(self, name: str) -> Ours:
        return Ours(self.program, self.scratch / name)

    def done(self, what: str) -> None:
        self.count += 1
        print(what, flush=True)

    def verify(self, request: dict, presentation: dict, public: dict) -> None:
        case = {"id": "interop", "presentation_request": request, "presentation": presentation}
        self.ours.verify({**case, **public})

    def from_a_library(self, wheel) -> None:
        """A library issues to our holder, and verifies what the holder proves."""
        issuer, name = self.issuers[wheel.form], wheel.library.__name__
        holder = self.party(f"holder-of-{name}")
        holder.take_in(issuer.public())
        offer = wheel.offer(issuer)
        credential = wheel.issue(issuer, offer, holder.accept(offer), VALUES)
        holder.store(credential)
        request = proof_request()
        presentation = holder.prove(request)
        case = {"presentation_request": request, "presentation": presentation, **issuer.public()}
        assert wheel.verify(case), f"{name} does not verify what our holder proves"
        self.verify(request, presentation, issuer.public())
        self.done(f"credential of {name}: our holder accepts it, and {name} verifies our presentation")

    def to_a_library(self, wheel, key: dict, whose: str) -> None:
        """Our issuer, with a key of ours or the library's, issues to the library's holder."""
        name = wheel.library.__name__
        issuer = self.party(f"issuer-for-{name}-with-{whose}")
        schema = {"name": "interop", "version": "1.0", "attributes": ATTRIBUTES}
        offer = issuer.offer(schema, key, "college")
        public = issuer.public()
        given = public
        if wheel.form == "anoncreds":
            given = converted(issuer, public, "anoncreds", 0)
        request, metadata = wheel.request(offer, given["cred_defs"][offer["cred_def_id"]])
        credential = issuer.sign(request, offer, VALUES)
        credential = wheel.process(credential, metadata, given["cred_defs"][offer["cred_def_id"]])
        asked = proof_request()
        presentation = wheel.present(asked, credential, given)
        self.verify(asked, presentation, public)
        self.done(f"key of {whose}: our issuer signs, {name} accepts the credential, and we verify its presentation")

    def key_to_a_library(self, wheel) -> None:
        """A library issues with a key of `prepare-key`."""
        name = wheel.library.__name__
        issuer = self.issuers[wheel.form].loaded(self.key)
        credential = wheel.issue_to_itself(issuer, VALUES)
        asked = proof_request()
        presentation = wheel.present(asked, credential, issuer.public())
        self.verify(asked, presentation, issuer.public())
        self.done(f"key of ours: {name} issues with it, and we verify the presentation")

    def revocation(self, tails: str) -> None:
        credx, rs = self.wheels
        asked = {"from": CHANGED, "to": CHANGED}
        issuer = self.issuers["indy"]
        modern = converted(self.ours, issuer.public(), "anoncreds", credx.number)
        given = {"public": issuer.public(), "modern": modern, "values": VALUES}
        given["request"] = proof_request(non_revoked=asked)
        delta_to_list(self.ours, credx, rs, issuer, given, tails)
        self.done("changes of a registry of indy_credx: as status lists, they serve anoncreds")
        issuer = self.issuers["anoncreds"]
        old = converted(self.ours, issuer.public(), "indy", rs.number)
        given = {"public": issuer.public(), "old": old, "values": VALUES}
        given["request"] = proof_request(non_revoked=asked)
        list_to_delta(self.ours, credx, rs, issuer, given, tails)
        self.done("status lists of a registry of anoncreds: as changes, they serve indy_credx")


def main(programs: pathlib.Path) -> None:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as tails:
        run = Run(programs.resolve() / "negotiate-proof", pathlib.Path(scratch))
        for wheel in run.wheels:
            run.from_a_library(wheel)
            run.to_a_library(wheel, run.key, "ours")
            run.to_a_library(
                wheel, run.issuers[wheel.form].prepared_key(ATTRIBUTES), wheel.library.__name__
            )
            run.key_to_a_library(wheel)
        run.revocation(tails)
    print(f"{run.count} exchanges went well, in {time.monotonic() - started:.0f} s")


if len(sys.argv) != 2:
    raise SystemExit("usage: tests/peers/run interop DIRECTORY")
main(pathlib.Path(sys.argv[1]))
