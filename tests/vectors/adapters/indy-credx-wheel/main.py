"""The Python package `indy-credx` as an adapter: the library in this workspace as another builder ships it.

It reads Indy's own form of the public data.
"""

import indy_credx
from indy_credx import bindings

from issuing import Issuing
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
    "ids-legacy",
]


def verify(test: dict) -> Answer:
    given, public = test["input"], test["public"].get("indy")
    if public is None:
        return unsupported("there is no public data in this form")
    entries = {
        registry: {int(time): entry for time, entry in times.items()}
        for registry, times in public.get("rev_regs", {}).items()
    }
    is_verified = indy_credx.Presentation.load(text(given, "presentation")).verify(
        indy_credx.PresentationRequest.load(text(given, "presentation_request")),
        list(public.get("schemas", {}).values()),
        list(public.get("cred_defs", {}).values()),
        list(public.get("rev_reg_defs", {}).values()),
        entries,
    )
    return valid() if is_verified else invalid("the proof does not verify")


class Credx(Issuing):
    library, bindings = indy_credx, bindings

    def definition(self, definition: dict, _schema_id: str) -> dict:
        return definition

    def link_secret(self, secret: dict) -> dict:
        return secret

    def metadata(self, metadata: dict) -> dict:
        return metadata

    def request(self, definition, offer) -> None:
        secret = indy_credx.LinkSecret.create()
        indy_credx.CredentialRequest.create("VsKV7grR1BUE29mG2Fm2kX", definition, secret, "secret", offer)


# credential requests are answered by `ours`, with the same library
KINDS = {name: answer for name, answer in Credx().kinds().items() if name != "credential-request"}

serve(
    "indy-credx-wheel",
    indy_credx.library_version(),
    FEATURES,
    {"verify": verify, **KINDS},
    refusals=(indy_credx.CredxError,),
)
