"""The two libraries in Python, with the same methods. Objects are given and returned as JSON."""

from __future__ import annotations

from typing import Optional, Tuple

import anoncreds
import indy_credx

DID = "NcYxiDXkpYi6ov5FcYDi1e"
HOLDER = "VsKV7grR1BUE29mG2Fm2kX"
REGISTRY_SIZE = 8


class Issuer:
    """A schema, a credential definition with its private key, and a registry, of one library."""

    def __init__(self, wheel, schema_id: str, schema, cred_def_id: str, definition: tuple):
        self.wheel = wheel
        self.schema_id, self.schema = schema_id, schema
        self.cred_def_id, (self.cred_def, self.private, self.key_proof) = cred_def_id, definition

    def public(self) -> dict:
        """Returns the public data, as a case has it."""
        return {
            "schemas": {self.schema_id: self.schema.to_dict()},
            "cred_defs": {self.cred_def_id: self.cred_def.to_dict()},
        }

    def prepared_key(self, attributes: list) -> dict:
        """Returns the key in the form of `negotiate-proof prepare-key`."""
        return {
            "attributes": [name.replace(" ", "").lower() for name in attributes],
            "public": self.cred_def.to_dict()["value"],
            "private": self.private.to_dict(),
            "key_correctness_proof": self.key_proof.to_dict(),
        }

    def loaded(self, key: dict) -> "Issuer":
        """Returns the same issuer with a key that `negotiate-proof prepare-key` has made."""
        library = self.wheel.library
        cred_def = {**self.cred_def.to_dict(), "value": key["public"]}
        definition = (
            library.CredentialDefinition.load(cred_def),
            library.CredentialDefinitionPrivate.load(key["private"]),
            library.KeyCorrectnessProof.load(key["key_correctness_proof"]),
        )
        return Issuer(self.wheel, self.schema_id, self.schema, self.cred_def_id, definition)


class Wheel:
    """What both libraries do in the same way."""

    def issue(self, issuer: Issuer, offer: dict, request: dict, values: dict, revocation=None) -> dict:
        made = self.library.Credential.create(
            issuer.cred_def,
            issuer.private,
            self.library.CredentialOffer.load(offer),
            self.library.CredentialRequest.load(request),
            values,
            None,
            revocation,
        )
        return (made[0] if isinstance(made, tuple) else made).to_dict()

    def process(self, credential: dict, metadata, cred_def: dict, rev_reg_def: Optional[dict] = None) -> dict:
        loaded = self.library.Credential.load(credential)
        loaded = loaded.process(metadata, self.link_secret, cred_def, rev_reg_def)
        return loaded.to_dict()

    def request(self, offer: dict, cred_def: dict) -> Tuple[dict, object]:
        """Returns the holder's request for a credential, and what unblinds it."""
        definition = self.library.CredentialDefinition.load(cred_def)
        request, metadata = self._request(definition, self.library.CredentialOffer.load(offer))
        return request.to_dict(), metadata

    def issue_to_itself(self, issuer: Issuer, values: dict, revocation=None, rev_reg_def=None) -> dict:
        offer = self.offer(issuer)
        request, metadata = self.request(offer, issuer.cred_def.to_dict())
        credential = self.issue(issuer, offer, request, values, revocation)
        return self.process(credential, metadata, issuer.cred_def.to_dict(), rev_reg_def)

    def present(self, request: dict, credential: dict, public: dict, timestamp=None, state=None) -> dict:
        """Answers all that a request asks with one credential."""
        chosen = self.library.PresentCredentials()
        held = self.library.Credential.load(credential)
        more = {"timestamp": timestamp, "rev_state": state} if timestamp else {}
        for referent in request["requested_attributes"]:
            chosen.add_attributes(held, referent, reveal=True, **more)
            # one state serves all referents
            more.pop("rev_state", None)
        for referent in request["requested_predicates"]:
            chosen.add_predicates(held, referent, **more)
        schemas, cred_defs = self._given(public["schemas"]), self._given(public["cred_defs"])
        return self.library.Presentation.create(
            request, chosen, {}, self.link_secret, schemas, cred_defs
        ).to_dict()


class Credx(Wheel):
    """`indy-credx`: objects in Indy's own form."""

    library, form, number = indy_credx, "indy", 12

    def __init__(self):
        self.link_secret = indy_credx.LinkSecret.create()

    def issuer(self, name: str, attributes: list) -> Issuer:
        schema = indy_credx.Schema.create(DID, name, "1.0", attributes, seq_no=self.number)
        made = indy_credx.CredentialDefinition.create(DID, schema, "CL", name, support_revocation=True)
        return Issuer(self, schema.id, schema, made[0].id, made)

    def offer(self, issuer: Issuer) -> dict:
        return indy_credx.CredentialOffer.create(
            issuer.schema_id, issuer.cred_def, issuer.key_proof
        ).to_dict()

    def _request(self, definition, offer):
        return indy_credx.CredentialRequest.create(HOLDER, definition, self.link_secret, "default", offer)

    def _given(self, objects: dict) -> list:
        return list(objects.values())

    def verify(self, case: dict) -> bool:
        entries = {
            id: {int(time): it for time, it in times.items()}
            for id, times in case.get("rev_regs", {}).items()
        }
        return indy_credx.Presentation.load(case["presentation"]).verify(
            case["presentation_request"],
            list(case["schemas"].values()),
            list(case["cred_defs"].values()),
            list(case.get("rev_reg_defs", {}).values()),
            entries,
        )


class AnonCreds(Wheel):
    """`anoncreds`, which is anoncreds-rs: objects in the form of AnonCreds 1.0."""

    library, form, number = anoncreds, "anoncreds", 14

    def __init__(self):
        self.link_secret = anoncreds.create_link_secret()

    def issuer(self, name: str, attributes: list) -> Issuer:
        schema_id, cred_def_id = f"{DID}:2:{name}:1.0", f"{DID}:3:CL:{self.number}:{name}"
        schema = anoncreds.Schema.create(name, "1.0", DID, attributes)
        made = anoncreds.CredentialDefinition.create(
            schema_id, schema, DID, name, "CL", support_revocation=True
        )
        return Issuer(self, schema_id, schema, cred_def_id, made)

    def offer(self, issuer: Issuer) -> dict:
        return anoncreds.CredentialOffer.create(
            issuer.schema_id, issuer.cred_def_id, issuer.key_proof
        ).to_dict()

    def _request(self, definition, offer):
        return anoncreds.CredentialRequest.create(None, HOLDER, definition, self.link_secret, "default", offer)

    def _given(self, objects: dict) -> dict:
        return objects

    def verify(self, case: dict) -> bool:
        lists = case.get("rev_status_lists", {}).values()
        return anoncreds.Presentation.load(case["presentation"]).verify(
            case["presentation_request"],
            case["schemas"],
            case["cred_defs"],
            case.get("rev_reg_defs"),
            [it for times in lists for it in times.values()],
        )
