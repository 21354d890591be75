"""Kinds of tests that both wheels answer in the same way: encodings, and what issuer and holder give each other.

Their objects are in Indy's own form. Each adapter gives a class that turns them into objects of its library.
"""

from __future__ import annotations

from protocol import Answer, unsupported, valid


class Issuing:
    """Answers with a library. What the subclass defines is where the two differ."""

    library = bindings = None

    def kinds(self) -> dict:
        return {
            "encode": self.encode,
            "key-correctness": self.key_correctness,
            "credential-request": self.credential_request,
            "process-credential": self.process_credential,
        }

    def encode(self, test: dict) -> Answer:
        raw = test["input"].get("raw")
        if not isinstance(raw, str) or "\0" in raw:
            return unsupported("the wrapper takes texts without NUL")
        return valid({"encoded": self.bindings.encode_credential_attributes({"value": raw})["value"]})

    def key_correctness(self, test: dict) -> Answer:
        """A holder checks the proof when it asks for a credential."""
        given = test["input"]
        definition = given["cred_def"]
        offer = {
            "schema_id": "NcYxiDXkpYi6ov5FcYDi1e:2:Any:1.0",
            "cred_def_id": definition.get("id"),
            "key_correctness_proof": given["key_correctness_proof"],
            "nonce": "1",
        }
        self.request(
            self.library.CredentialDefinition.load(self.definition(definition, offer["schema_id"])),
            self.library.CredentialOffer.load(offer),
        )
        return valid()

    def credential_request(self, test: dict) -> Answer:
        given = test["input"]
        offer, values = given["offer"], given["values"]
        self.library.Credential.create(
            self.definition(given["cred_def"], offer["schema_id"]),
            given["cred_def_private"],
            offer,
            given["request"],
            {name: value["raw"] for name, value in values.items()},
            {name: value["encoded"] for name, value in values.items()},
        )
        return valid()

    def process_credential(self, test: dict) -> Answer:
        given = test["input"]
        credential = self.library.Credential.load(given["credential"])
        credential.process(
            self.metadata(given["request_metadata"]),
            self.link_secret(given["link_secret"]),
            self.definition(given["cred_def"], given["credential"]["schema_id"]),
        )
        return valid()
