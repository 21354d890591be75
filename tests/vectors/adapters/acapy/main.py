"""The verifiers of ACA-Py as an adapter: its own checks, and then the library that it calls.

The verifier of the wallet type `askar` is asked, which calls indy-credx; with `--anoncreds` that of
`askar-anoncreds`, which calls anoncreds-rs. What they look up, the test gives: there is no ledger. What ACA-Py does
before it calls its verifier, such as reading messages, is not part of this.
"""

import asyncio
import json
import logging
import sys

from aries_cloudagent.anoncreds.models.anoncreds_cred_def import CredDef, GetCredDefResult
from aries_cloudagent.anoncreds.registry import AnonCredsRegistry
from aries_cloudagent.anoncreds.verifier import AnonCredsVerifier
from aries_cloudagent.core.in_memory import InMemoryProfile
from aries_cloudagent.indy.credx.verifier import IndyCredxVerifier
from aries_cloudagent.ledger.multiple_ledger.ledger_requests_executor import (
    IndyLedgerRequestsExecutor,
)
from aries_cloudagent.messaging.util import encode
from aries_cloudagent.version import __version__

from protocol import Answer, invalid, serve, text, unsupported, valid

#: What it can do beside its kinds; `docs/src/vectors.md` has the meanings.
FEATURES = [
    "predicates",
    "groups",
    "multi-credential",
    "self-attested",
    "unrevealed",
    "restrictions",
    "intervals",
    "revocation",
    "encoding",
    "structure",
    "json-text",
    "agent-layer",
    "ids-legacy",
]
OTHER_IDENTIFIERS = ["ids-did-indy", "ids-did-cheqd", "ids-did-webvh", "ids-https"]


class Ledger:
    """A ledger, and what finds it: both have the credential definitions of a test and nothing else."""

    def __init__(self, cred_defs: dict):
        self.cred_defs = cred_defs

    async def get_ledger_for_identifier(self, *_args, **_more):
        return "ledger", self

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_error):
        return None

    async def get_credential_definition(self, id: str) -> dict:
        return self.cred_defs[id]


class Registry:
    """A registry of AnonCreds objects that has the credential definitions of a test."""

    def __init__(self, cred_defs: dict):
        self.cred_defs = cred_defs

    async def get_credential_definition(self, _profile, id: str) -> GetCredDefResult:
        return GetCredDefResult(id, CredDef.deserialize(self.cred_defs[id]), {}, {})


def with_times(definitions: dict, entries: dict) -> dict:
    """Adds when each registry was made, as ACA-Py's ledger does: not after its first entry."""
    return {
        id: {"txnTime": min(map(int, entries.get(id, {})), default=0), **definition}
        for id, definition in definitions.items()
    }


def verify(test: dict) -> Answer:
    form, states = ("anoncreds", "rev_status_lists") if IS_ANONCREDS else ("indy", "rev_regs")
    given, public = test["input"], test["public"].get(form)
    if public is None:
        return unsupported("there is no public data in this form")
    if "nonrevoked_interval_override" in given:
        return unsupported("ACA-Py gives no overrides")
    cred_defs, entries = public.get("cred_defs", {}), public.get(states, {})
    entries = {id: {int(time): it for time, it in times.items()} for id, times in entries.items()}
    profile = InMemoryProfile.test_profile()
    if IS_ANONCREDS:
        verifier = AnonCredsVerifier(profile)
        profile.context.injector.bind_instance(AnonCredsRegistry, Registry(cred_defs))
    else:
        verifier = IndyCredxVerifier(profile)
        profile.context.injector.bind_instance(IndyLedgerRequestsExecutor, Ledger(cred_defs))
    try:
        is_verified, messages = asyncio.run(
            verifier.verify_presentation(
                json.loads(text(given, "presentation_request")),
                json.loads(text(given, "presentation")),
                public.get("schemas", {}),
                cred_defs,
                with_times(public.get("rev_reg_defs", {}), entries),
                entries,
            )
        )
    except Exception as error:  # whatever it is, ACA-Py's handler ends with it, and nothing is verified
        return invalid(f"{type(error).__name__}: {error}"[:500])
    return {**valid(), "detail": ", ".join(messages)} if is_verified else invalid(", ".join(messages))


def encode_value(test: dict) -> Answer:
    given = test["input"]
    return valid({"encoded": encode(given["raw"] if "raw" in given else given["value"])})


IS_ANONCREDS = "--anoncreds" in sys.argv
logging.disable()
serve(
    "acapy-anoncreds" if IS_ANONCREDS else "acapy",
    __version__,
    FEATURES + OTHER_IDENTIFIERS if IS_ANONCREDS else FEATURES,
    {"verify": verify, "encode": encode_value},
    refusals=(),
)
