"""The cases. Each is honest: a holder answers with credentials of which all that is asked is true.

An id is the kind of identifiers, then what is special. The same test is not made for each kind; what is
independent of identifiers goes around among the kinds.
"""

import base64
from typing import Callable, Dict, Iterator

from kinds import KINDS, digest
from parties import Definition, Holder, Registry
from presenting import Exchange

#: How many cases there are.
COUNT = 60

#: The times of status lists and requests, in seconds since 1970: 1 January 2024, and days after it.
DAY = 86_400
START = 1_704_067_200
LATER = START + 10 * DAY
NOW = START + 30 * DAY


class World:
    """All that the cases have in common: definitions, registries, the holder."""

    def __init__(self, tails: str):
        self.holder = Holder()
        self.person: Dict[str, Definition] = {}
        self.residence: Dict[str, Definition] = {}
        for name, kind in KINDS.items():
            self.person[name] = Definition(kind, "Person")
            print(f"{name}: key for Person", flush=True)
        for name in ["legacy", "did-indy", "did-cheqd", "did-webvh"]:
            self.residence[name] = Definition(KINDS[name], "Residence", is_revocable=True)
            print(f"{name}: key for Residence", flush=True)
        # None of its credentials is revoked at first: for registries in which all are until they are issued,
        # the library makes states that it does not verify.
        self.registry: Dict[str, Registry] = {
            name: Registry(definition, tails, START) for name, definition in self.residence.items()
        }

    def alex(self, kind: str, **values: str):
        """Returns a credential that says who the holder is."""
        return self.holder.get(self.person[kind], **values)

    def permit(self, kind: str, index: int):
        """Returns a revocable credential."""
        return self.holder.get(self.residence[kind], self.registry[kind], index)


def make_all(tails: str) -> Iterator[dict]:
    world = World(tails)
    for make in [of_each_kind, operators, ranges, values, hidden_and_own, restrictions, several, revocation]:
        for exchange in make(world):
            yield exchange.case(world.holder)


def of_each_kind(world: World) -> Iterator[Exchange]:
    """What depends on identifiers, for each kind: 15 cases."""
    for kind in KINDS:
        # in version 1.0 of requests an identifier has no method
        ver = "1.0" if kind == "legacy" else "2.0"
        alex, person = world.alex(kind), world.person[kind]
        yield (
            Exchange(f"{kind}/revealed", ver=None)
            .attribute("name", alex, "name")
            .attribute("first name", alex, "First Name", restrictions=[])
        )
        yield (
            Exchange(f"{kind}/group-and-predicate", ver)
            .group("who", alex, ["name", "First Name"], restrictions=[{"cred_def_id": person.id}])
            .predicate("adult", alex, "age >= 18", restrictions=[{"schema_id": person.schema_id}])
        )
        every_tag = {
            "schema_id": person.schema_id,
            "schema_issuer_id": person.kind.issuer,
            "schema_name": "Person",
            "schema_version": "1.0",
            "issuer_id": person.kind.issuer,
            "cred_def_id": person.id,
        }
        yield (
            Exchange(f"{kind}/every-tag", ver)
            .attribute("name", alex, "name", restrictions=[every_tag])
            .predicate("solvent", alex, "balance > 1000", restrictions=[every_tag])
        )


def operators(world: World) -> Iterator[Exchange]:
    """Each operator at its bound and away from it, with an age of 28: 8 cases."""
    for id, statement in [
        ("legacy/at-least-its-value", "age >= 28"),
        ("did-indy/at-least-less", "age >= -5"),
        ("did-cheqd/at-most-its-value", "age <= 28"),
        ("did-webvh/at-most-more", "age <= 120"),
        ("https/greater-than-one-less", "age > 27"),
        ("legacy/greater-than-less", "age > 17"),
        ("did-indy/less-than-one-more", "age < 29"),
        ("did-cheqd/less-than-more", "age < 2000000000"),
    ]:
        alex = world.alex(id.split("/")[0])
        yield (
            Exchange(id)
            .attribute("name", alex, "name")
            .predicate("age", alex, statement)
        )


def ranges(world: World) -> Iterator[Exchange]:
    """Several predicates of one credential, and numbers at the ends: 5 cases."""
    alex = world.alex("did-webvh")
    yield (
        Exchange("did-webvh/range")
        .predicate("from", alex, "age >= 18")
        .predicate("to", alex, "age <= 65")
    )
    alex = world.alex("legacy")
    yield (
        Exchange("legacy/four-predicates-on-one-attribute", ver=None)
        .attribute("name", alex, "name")
        .predicate("a", alex, "age >= 28")
        .predicate("b", alex, "age <= 28")
        .predicate("c", alex, "age > 27")
        .predicate("d", alex, "age < 29")
    )
    in_debt = world.alex("did-indy", balance="-250")
    yield (
        Exchange("did-indy/negative-number")
        .predicate("limit", in_debt, "balance >= -250")
        .predicate("debt", in_debt, "balance < 0")
    )
    yield (
        Exchange("https/negative-number-revealed")
        .attribute("balance", world.alex("https", balance="-250"), "balance")
    )
    rich = world.alex("legacy", balance="2147483647")
    yield (
        Exchange("legacy/largest-number", ver=None)
        .predicate("from", rich, "balance >= 2147483647")
        .predicate("to", rich, "balance <= 2147483647")
    )


def values(world: World) -> Iterator[Exchange]:
    """Texts of all sorts, revealed: 7 cases."""
    # 12,000 bytes as an issuer of photos gives them; larger ones would only make the repository larger
    photo = base64.b64encode(b"".join(digest(f"photo {part}") for part in range(375))).decode()
    for id, text in [
        ("legacy/empty-text", ""),
        ("did-indy/unicode", "Søren 雪 🏔 e\u0301 \u05d0\u05d1"),
        ("did-cheqd/escapes", 'a "quoted" \\ text\n\twith\u2028lines'),
        ("did-webvh/photo", "data:image/jpeg;base64," + photo),
        # one more than the largest number: it is encoded as a text
        ("legacy/beyond-32-bits", "2147483648"),
    ]:
        alex = world.alex(id.split("/")[0], note=text)
        yield Exchange(id).attribute("note", alex, "note")
    # encoded as 2139
    alex = world.alex("https", postalCode="02139")
    yield Exchange("https/postal-code").attribute("code", alex, "postalCode")
    alex = world.alex("did-cheqd")
    yield (
        Exchange("did-cheqd/names-spelt-otherwise")
        .attribute("first name", alex, "FIRSTNAME")
        .group("where", alex, ["postal code", "Note"])
    )


def hidden_and_own(world: World) -> Iterator[Exchange]:
    """Attributes that are held and not shown, and words of the holder's own: 3 cases."""
    alex = world.alex("legacy")
    yield (
        Exchange("legacy/unrevealed", ver="1.0")
        .attribute("name", alex, "name", reveal=False)
        .attribute("first name", alex, "First Name")
    )
    alex = world.alex("did-indy")
    yield (
        Exchange("did-indy/self-attested")
        .attribute("name", alex, "name")
        .self_attested("telephone", "telephone", "+49 30 901820")
    )
    alex = world.alex("https")
    yield (
        Exchange("https/self-attested-without-restrictions")
        .predicate("adult", alex, "age >= 18")
        .self_attested("city", "city", "Köln", restrictions=[])
    )


def restrictions(world: World) -> Iterator[Exchange]:
    """Tags and operators of restrictions beside those that every kind has: 6 cases."""
    alex, person = world.alex("legacy"), world.person["legacy"]
    yield (
        Exchange("legacy/names-of-version-1", ver=None)
        .attribute(
            "name",
            alex,
            "name",
            restrictions=[
                {"issuer_did": person.kind.issuer, "schema_issuer_did": person.kind.issuer},
            ],
        )
    )
    yield (
        Exchange("legacy/not-and-neq", ver="2.0")
        .attribute(
            "name",
            alex,
            "name",
            restrictions={
                "$and": [
                    {"$not": {"schema_name": "Residence"}},
                    {"schema_version": {"$neq": "0.9"}},
                    {"$not": {"$or": [{"issuer_id": "did:example:1"}, {"schema_name": "Other"}]}},
                ]
            },
        )
    )
    alex, person = world.alex("did-cheqd"), world.person["did-cheqd"]
    # The library compares a marker's value with the text where the attribute is revealed, so that only hidden
    # ones can have this restriction.
    yield (
        Exchange("did-cheqd/markers")
        .attribute("name", alex, "name", restrictions=[{"issuer_id": person.kind.issuer}])
        .predicate(
            "adult",
            alex,
            "age >= 18",
            restrictions=[{"attr::age::marker": "1", "attr::postalCode::marker": "1"}],
        )
    )
    alex = world.alex("did-webvh")
    issuers = [kind.issuer for kind in KINDS.values()]
    yield (
        Exchange("did-webvh/or-and-in")
        .attribute(
            "name",
            alex,
            "name",
            restrictions=[
                {"schema_name": "Passport"},
                {"schema_name": "Person", "issuer_id": {"$in": issuers}},
            ],
        )
    )
    alex = world.alex("did-cheqd")
    yield (
        Exchange("did-cheqd/values-in-a-group")
        .group(
            "who",
            alex,
            ["name", "First Name", "postalCode"],
            restrictions=[
                {"attr::First Name::value": "Alexandra", "attr::postalCode::value": "10115"}
            ],
        )
    )
    alex = world.alex("did-webvh")
    yield (
        Exchange("did-webvh/value-of-the-same-credential")
        .attribute("name", alex, "name", restrictions=[{"attr::name::value": "Example"}])
        .predicate("adult", alex, "age >= 18", restrictions=[{"attr::name::value": "Example"}])
    )


def several(world: World) -> Iterator[Exchange]:
    """Several credentials of one link secret: 3 cases."""
    one, two = world.alex("legacy"), world.alex("did-indy")
    yield (
        Exchange("mixed/two-ledgers")
        .attribute("name", one, "name", restrictions=[{"cred_def_id": one.definition.id}])
        .predicate("adult", two, "age >= 18", restrictions=[{"cred_def_id": two.definition.id}])
    )
    one, two, three = world.alex("did-cheqd"), world.alex("did-webvh"), world.alex("https")
    yield (
        Exchange("mixed/three-hosts")
        .group("who", one, ["name", "First Name"])
        .predicate("adult", two, "age >= 18")
        .predicate("solvent", three, "balance >= 1000")
        .attribute("note", three, "note")
    )
    one, two = world.alex("https", balance="100"), world.alex("https", balance="900")
    yield (
        Exchange("https/two-of-one-definition")
        .attribute("name", one, "name")
        .attribute("first", one, "balance")
        .attribute("second", two, "balance")
    )


def revocation(world: World) -> Iterator[Exchange]:
    """Credentials that are not revoked, and requests that ask for it: 13 cases."""
    yield from in_the_interval(world)
    yield from earlier_entries(world)
    permit = world.permit("did-indy", 2)
    # no interval: it is not asked, and the holder does not show it
    yield Exchange("did-indy/revocation-not-asked").attribute("number", permit, "Permit Number")
    alex = world.alex("https")
    interval = {"from": START, "to": NOW}
    yield (
        Exchange("https/asked-of-one-that-cannot-be-revoked", non_revoked=interval)
        .attribute("name", alex, "name")
    )
    one, two = world.permit("legacy", 3), world.permit("did-webvh", 3)
    first, second = world.registry["legacy"].newest, world.registry["did-webvh"].newest
    yield (
        Exchange("mixed/one-of-two-is-revocable", non_revoked=interval, states={one: first})
        .attribute("number", one, "Permit Number")
        .predicate("adult", alex, "age >= 18")
    )
    yield (
        Exchange("mixed/two-revocable", non_revoked=interval, states={one: first, two: second})
        .attribute("number", one, "Permit Number")
        .predicate("valid", two, "validUntil >= 20250101")
    )
    # another holder's credential is revoked, so that the witness is not the one that was issued
    entry = world.registry["did-webvh"].update(LATER, revoked=[5])
    permit = world.permit("did-webvh", 4)
    yield (
        Exchange(
            "did-webvh/after-another-was-revoked",
            non_revoked={"from": LATER, "to": NOW},
            states={permit: entry},
        )
        .predicate("valid", permit, "validUntil >= 20250101")
    )
    # revoked, and valid again since
    permit, registry = world.permit("did-cheqd", 3), world.registry["did-cheqd"]
    registry.update(LATER, revoked=[3])
    entry = registry.update(LATER + DAY, issued=[3])
    yield (
        Exchange(
            "did-cheqd/valid-again",
            non_revoked={"from": LATER + DAY, "to": NOW},
            states={permit: entry},
        )
        .attribute("number", permit, "Permit Number")
    )


def in_the_interval(world: World) -> Iterator[Exchange]:
    """The places and forms of an interval: 5 cases."""
    permit = world.permit("legacy", 1)
    states = {permit: world.registry["legacy"].newest}
    yield (
        Exchange(
            "legacy/not-revoked", non_revoked={"from": START - DAY, "to": NOW}, states=states
        )
        .attribute("number", permit, "Permit Number")
        .predicate("valid", permit, "validUntil >= 20250101")
    )
    permit = world.permit("did-indy", 1)
    states = {permit: world.registry["did-indy"].newest}
    yield (
        Exchange("did-indy/not-revoked-up-to", non_revoked={"to": NOW}, states=states)
        .attribute("number", permit, "Permit Number")
    )
    permit = world.permit("did-webvh", 1)
    states = {permit: world.registry["did-webvh"].newest}
    yield (
        Exchange("did-webvh/not-revoked-asked-by-attribute", states=states)
        .attribute("number", permit, "Permit Number", non_revoked={"from": START, "to": NOW})
        .attribute("name", permit, "name")
    )
    permit = world.permit("did-webvh", 2)
    states = {permit: world.registry["did-webvh"].newest}
    yield (
        Exchange("did-webvh/not-revoked-asked-by-predicate", states=states)
        .attribute("number", permit, "Permit Number", reveal=False)
        .predicate(
            "valid", permit, "validUntil >= 20250101", non_revoked={"from": START, "to": START}
        )
    )
    permit = world.permit("did-indy", 3)
    states = {permit: world.registry["did-indy"].newest}
    yield (
        Exchange("did-indy/not-revoked-asked-by-group", states=states)
        .group("who", permit, ["name", "Permit Number"], non_revoked={"from": START, "to": NOW})
    )


def earlier_entries(world: World) -> Iterator[Exchange]:
    """Requests for one moment; the entry in force then is an earlier one, as the verifier knows: 2 cases."""
    for kind in ["legacy", "did-indy"]:
        permit, entry = world.permit(kind, 4), world.registry[kind].newest
        yield (
            Exchange(
                f"{kind}/in-force-at-the-moment",
                non_revoked={"from": NOW, "to": NOW},
                states={permit: entry},
                overrides={entry.registry.id: {str(NOW): entry.timestamp}},
            )
            .attribute("number", permit, "Permit Number")
        )
