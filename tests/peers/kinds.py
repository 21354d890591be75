"""The kinds of identifiers that issuers give their objects.

AnonCreds takes identifiers as they are: each ledger or host has its own form. All identifiers here are
computed from names, so that they are the same each time; none is in use.
"""

import hashlib
import uuid
from dataclasses import dataclass
from typing import Callable

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def digest(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def multihash(name: str) -> str:
    """Returns a SHA-256 multihash in base58."""
    return base58(b"\x12\x20" + digest(name))


@dataclass(frozen=True)
class Kind:
    """A kind of identifiers, for one issuer. The functions take a schema's name, or a tag."""

    name: str
    issuer: str
    schema: Callable[[str], str]
    cred_def: Callable[[str], str]
    registry: Callable[[str], str]


def legacy() -> Kind:
    """Indy's own form, of before DID methods."""
    did = base58(digest("legacy")[:16])
    number = {"Person": 612, "Residence": 613}
    cred_def = lambda tag: f"{did}:3:CL:{number[tag]}:{tag}"
    return Kind(
        "legacy",
        did,
        lambda name: f"{did}:2:{name}:1.0",
        cred_def,
        lambda tag: f"{did}:4:{cred_def(tag)}:CL_ACCUM:{tag}",
    )


def did_indy() -> Kind:
    did = "did:indy:sovrin:staging:" + base58(digest("did-indy")[:16])
    number = {"Person": 7021, "Residence": 7022}
    return Kind(
        "did-indy",
        did,
        lambda name: f"{did}/anoncreds/v0/SCHEMA/{name}/1.0",
        lambda tag: f"{did}/anoncreds/v0/CLAIM_DEF/{number[tag]}/{tag}",
        lambda tag: f"{did}/anoncreds/v0/REV_REG_DEF/{number[tag]}/{tag}/{tag}",
    )


def did_cheqd() -> Kind:
    numbered = lambda name: str(uuid.uuid5(uuid.NAMESPACE_DNS, name + ".cheqd.example"))
    did = "did:cheqd:testnet:" + numbered("issuer")
    resource = lambda what: lambda name: f"{did}/resources/{numbered(what + name)}"
    return Kind("did-cheqd", did, resource("schema"), resource("cred-def"), resource("registry"))


def did_webvh() -> Kind:
    did = f"did:webvh:{multihash('issuer')}:issuer.example:people"
    resource = lambda what: lambda name: f"{did}/resources/{multihash(what + name)}.json"
    return Kind("did-webvh", did, resource("schema"), resource("cred-def"), resource("registry"))


def https() -> Kind:
    """Objects on a web server, without a DID."""
    host = "https://issuer.example"
    return Kind(
        "https",
        host,
        lambda name: f"{host}/schemas/{name}/1.0",
        lambda tag: f"{host}/definitions/{tag}?version=1",
        lambda tag: f"{host}/registries/{tag}",
    )


KINDS = {kind.name: kind for kind in [legacy(), did_indy(), did_cheqd(), did_webvh(), https()]}
