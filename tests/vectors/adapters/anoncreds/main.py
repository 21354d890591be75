"""The Python package `anoncreds`, which is anoncreds-rs, as an adapter. It reads the form of AnonCreds 1.0."""

import anoncreds
from anoncreds import bindings

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
    "ids-did-indy",
    "ids-did-cheqd",
    "ids-did-webvh",
    "ids-https",
]


class Overrides(list):
    """A list whose `count` is its length.

    The wrapper takes the method `count` of a list for its length, and so fails for any override. The library
    below it works.
    """

    @property
    def count(self) -> int:
        return len(self)


verify_presentation = bindings.verify_presentation
bindings.verify_presentation = lambda *given: verify_presentation(*given[:-1], Overrides(given[-1]))


def verify(test: dict) -> Answer:
    given, public = test["input"], test["public"].get("anoncreds")
    if public is None:
        return unsupported("there is no public data in this form")
    overrides = [
        anoncreds.NonrevokedIntervalOverride(registry, int(asked), used)
        for registry, times in given.get("nonrevoked_interval_override", {}).items()
        for asked, used in times.items()
    ]
    lists = public.get("rev_status_lists", {}).values()
    is_verified = anoncreds.Presentation.load(text(given, "presentation")).verify(
        anoncreds.PresentationRequest.load(text(given, "presentation_request")),
        public.get("schemas", {}),
        public.get("cred_defs", {}),
        public.get("rev_reg_defs"),
        [it for times in lists for it in times.values()],
        overrides,
    )
    return valid() if is_verified else invalid("the proof does not verify")


class AnonCreds(Issuing):
    library, bindings = anoncreds, bindings

    def definition(self, definition: dict, schema_id: str) -> dict:
        """Returns a definition in the form of AnonCreds 1.0."""
        written = {name: it for name, it in definition.items() if name not in ("id", "ver")}
        return {**written, "schemaId": schema_id, "issuerId": schema_id.split(":")[0]}

    def link_secret(self, secret: dict) -> str:
        return secret["value"]["ms"]

    def metadata(self, metadata: dict) -> dict:
        return {
            "link_secret_blinding_data": metadata["master_secret_blinding_data"],
            "link_secret_name": metadata["master_secret_name"],
            "nonce": metadata["nonce"],
        }

    def request(self, definition, offer) -> None:
        secret = anoncreds.create_link_secret()
        anoncreds.CredentialRequest.create("entropy", None, definition, secret, "secret", offer)


serve(
    "anoncreds",
    anoncreds.library_version(),
    FEATURES,
    {"verify": verify, **AnonCreds().kinds()},
    refusals=(anoncreds.AnoncredsError,),
)
