"""Issuers, and the holder of all credentials. Private keys and the link secret stay in this process."""

from __future__ import annotations

import os
from typing import Dict, List, Optional

import anoncreds

from kinds import Kind

#: The attributes of the schemas. Names have capitals and spaces, as real ones do.
ATTRIBUTES = {
    "Person": ["name", "First Name", "age", "balance", "postalCode", "note"],
    "Residence": ["name", "Permit Number", "validUntil"],
}

VALUES = {
    "Person": {
        "name": "Example",
        "First Name": "Alexandra",
        "age": "28",
        "balance": "1200",
        "postalCode": "10115",
        "note": "none",
    },
    "Residence": {"name": "Example", "Permit Number": "RP-2041", "validUntil": "20301231"},
}

#: How many credentials a registry has.
REGISTRY_SIZE = 8


class Definition:
    """A schema of an issuer, and the credential definition that the same issuer has for it."""

    def __init__(self, kind: Kind, name: str, is_revocable: bool = False):
        self.kind = kind
        self.name = name
        self.schema_id = kind.schema(name)
        self.id = kind.cred_def(name)
        self.schema = anoncreds.Schema.create(name, "1.0", kind.issuer, ATTRIBUTES[name])
        self.cred_def, self.private, self.key_proof = anoncreds.CredentialDefinition.create(
            self.schema_id,
            self.schema,
            kind.issuer,
            name,
            "CL",
            support_revocation=is_revocable,
        )


class Entry:
    """The status list of a registry at a time."""

    def __init__(self, registry: Registry, timestamp: int, status_list):
        self.registry = registry
        self.timestamp = timestamp
        self.list = status_list


class Registry:
    """A revocation registry of a definition, with all its status lists."""

    def __init__(self, definition: Definition, tails: str, timestamp: int):
        self.definition = definition
        kind = definition.kind
        self.id = kind.registry(definition.name)
        made, self.private = anoncreds.RevocationRegistryDefinition.create(
            definition.id,
            definition.cred_def,
            kind.issuer,
            definition.name,
            "CL_ACCUM",
            REGISTRY_SIZE,
            tails_dir_path=tails,
        )
        self.tails = os.path.join(tails, made.tails_hash)
        # the library names its own file; an issuer publishes it, and says where
        written = made.to_dict()
        written["value"]["tailsLocation"] = f"https://tails.example/{made.tails_hash}"
        self.rev_reg_def = anoncreds.RevocationRegistryDefinition.load(written)
        first = anoncreds.RevocationStatusList.create(
            definition.cred_def,
            self.id,
            self.rev_reg_def,
            self.private,
            kind.issuer,
            issuance_by_default=True,
            timestamp=timestamp,
        )
        self.entries: List[Entry] = [Entry(self, timestamp, first)]

    @property
    def newest(self) -> Entry:
        return self.entries[-1]

    def update(self, timestamp: int, issued=None, revoked=None) -> Entry:
        """Publishes another status list."""
        changed = self.newest.list.update(
            self.definition.cred_def, self.rev_reg_def, self.private, issued, revoked, timestamp
        )
        self.entries.append(Entry(self, timestamp, changed))
        return self.newest


class Held:
    """A credential that the holder has."""

    def __init__(self, definition: Definition, credential, index: Optional[int]):
        self.definition = definition
        self.credential = credential
        self.index = index


class Holder:
    """The holder of all credentials, who has one link secret."""

    def __init__(self):
        self.link_secret = anoncreds.create_link_secret()

    def get(
        self,
        definition: Definition,
        registry: Optional[Registry] = None,
        index: Optional[int] = None,
        **values: str,
    ) -> Held:
        """Returns a new credential. `values` replace usual ones; an underscore in a name is a space."""
        raw = dict(VALUES[definition.name])
        for name, value in values.items():
            name = name.replace("_", " ")
            assert name in raw, name
            raw[name] = value
        offer = anoncreds.CredentialOffer.create(
            definition.schema_id, definition.id, definition.key_proof
        )
        request, metadata = anoncreds.CredentialRequest.create(
            "entropy", None, definition.cred_def, self.link_secret, "default", offer
        )
        revocation = registry and anoncreds.CredentialRevocationConfig(
            registry.rev_reg_def, registry.private, registry.newest.list, index
        )
        credential = anoncreds.Credential.create(
            definition.cred_def, definition.private, offer, request, raw, None, revocation
        )
        credential = credential.process(
            metadata,
            self.link_secret,
            definition.cred_def,
            registry and registry.rev_reg_def,
        )
        return Held(definition, credential, index)


def revocation_state(held: Held, entry: Entry):
    """Returns what shows that a credential is not revoked in a status list."""
    registry = entry.registry
    return anoncreds.CredentialRevocationState.create(
        registry.rev_reg_def, entry.list, held.index, registry.tails
    )


def by_id(definitions: List[Definition], what: str) -> Dict[str, object]:
    """Returns schemas (`what` is "schema") or credential definitions ("cred_def") by id."""
    ids = {"schema": "schema_id", "cred_def": "id"}
    return {getattr(it, ids[what]): getattr(it, what) for it in definitions}
