"""Makes wallets of other programs, as fixtures: see README.md."""

import asyncio
import json
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import anoncreds
import base58
import indy_credx
import nacl.signing
from aries_askar import Key, KeyAlg, Store

import indy_sdk

HERE = Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"

# Test keys: they open these fixtures and nothing else.
PASSPHRASE = "TEST KEY of the fixtures"
RAW_KEY = "GfwU1DC7gEZNs3w41tjBiZYj7BNToDoFEqKY6wZXqs1A"
SEEDS = ["000000000000000000000000Steward1", "0000000000000000000000000Trustee"]

ISSUER = "Th7MpTaRZVRYnPiabds81Y"
HOLDER = "VsKV7grR1BUE29mG2Fm2kX"
ATTRIBUTES = ["First Name", "age", "height", "sex"]
PEOPLE = [
    {"First Name": "Zoë Müller", "age": "28", "height": "175", "sex": "female"},
    {"First Name": "Alex", "age": "-4", "height": "1.75", "sex": "male"},
]


class IndyIssuer:
    """Issues with indy-credx, in Indy's forms."""

    def __init__(self):
        self.schema = indy_credx.Schema.create(ISSUER, "person", "1.0", ATTRIBUTES, seq_no=8)
        made = indy_credx.CredentialDefinition.create(ISSUER, self.schema, "CL", tag="TAG1")
        self.cred_def, self.private, self.proof = made

    def offer(self):
        return indy_credx.CredentialOffer.create(self.schema.id, self.cred_def, self.proof)

    def issue(self, offer, request, values):
        credential, _, _ = indy_credx.Credential.create(
            self.cred_def, self.private, offer, request, values
        )
        return credential

    def public(self):
        return {
            "schemas": {self.schema.id: json.loads(self.schema.to_json())},
            "cred_defs": {self.cred_def.id: json.loads(self.cred_def.to_json())},
        }


class AnonCredsIssuer:
    """Issues with anoncreds-rs, under identifiers that say nothing."""

    SCHEMA_ID = "did:cheqd:testnet:7bf81a20-633c-4cc7-bc4a-5a45801005e0/resources/1c6ee9cf-0000-4000-8000-000000000001"
    CRED_DEF_ID = "did:cheqd:testnet:7bf81a20-633c-4cc7-bc4a-5a45801005e0/resources/1c6ee9cf-0000-4000-8000-000000000002"
    DID = "did:cheqd:testnet:7bf81a20-633c-4cc7-bc4a-5a45801005e0"

    def __init__(self):
        self.schema = anoncreds.Schema.create("person", "1.0", self.DID, ATTRIBUTES)
        made = anoncreds.CredentialDefinition.create(
            self.SCHEMA_ID, self.schema, self.DID, "TAG1", "CL"
        )
        self.cred_def, self.private, self.proof = made

    def credential(self, link_secret, name, values):
        offer = anoncreds.CredentialOffer.create(self.SCHEMA_ID, self.CRED_DEF_ID, self.proof)
        request, metadata = anoncreds.CredentialRequest.create(
            "entropy", None, self.cred_def, link_secret, name, offer
        )
        credential = anoncreds.Credential.create(
            self.cred_def, self.private, offer, request, values
        )
        return credential.process(metadata, link_secret, self.cred_def)

    def public(self):
        # in Indy's form, as a ledger has them
        schema, cred_def = self.schema.to_dict(), self.cred_def.to_dict()
        schema = {name: schema[name] for name in ["name", "version", "attrNames"]}
        cred_def = {name: cred_def[name] for name in ["schemaId", "type", "tag", "value"]}
        return {
            "schemas": {self.SCHEMA_ID: schema | {"ver": "1.0", "id": self.SCHEMA_ID, "seqNo": None}},
            "cred_defs": {self.CRED_DEF_ID: cred_def | {"ver": "1.0", "id": self.CRED_DEF_ID}},
        }


async def acapy(kind, issuer, directory):
    """A store as ACA-Py's own classes write it."""
    os.environ["HOME"] = str(directory)
    from aries_cloudagent.config.injection_context import InjectionContext
    from aries_cloudagent.wallet.askar import AskarWallet
    from aries_cloudagent.wallet.did_method import SOV, DIDMethods
    from aries_cloudagent.wallet.key_type import ED25519

    if kind == "askar":
        from aries_cloudagent.askar.profile import AskarProfileManager as Manager
        from aries_cloudagent.indy.credx.holder import IndyCredxHolder as Holder
    else:
        from aries_cloudagent.anoncreds.holder import AnonCredsHolder as Holder
        from aries_cloudagent.askar.profile_anon import AskarAnonProfileManager as Manager
    context = InjectionContext(settings={"ledger.disabled": True})
    context.injector.bind_instance(DIDMethods, DIDMethods())
    config = {"name": "alice", "key": PASSPHRASE, "key_derivation_method": "kdf:argon2i:int"}
    profile = await Manager().provision(context, config)
    holder = Holder(profile)
    for number, values in enumerate(PEOPLE):
        offer = issuer.offer()
        cred_def = issuer.cred_def
        if kind == "askar":
            request, metadata = await holder.create_credential_request(
                json.loads(offer.to_json()), json.loads(cred_def.to_json()), HOLDER
            )
        else:
            # this class asks for a type of ACA-Py
            class Native:
                @staticmethod
                def to_native():
                    form = json.loads(cred_def.to_json())
                    form |= {"schemaId": issuer.schema.id, "issuerId": ISSUER}
                    return anoncreds.CredentialDefinition.load(form)

            request, metadata = await holder.create_credential_request(
                json.loads(offer.to_json()), Native(), HOLDER
            )
            form = json.loads(request)
            form["prover_did"] = form.pop("entropy", None) or HOLDER
            request = json.dumps(form)
        credential = issuer.issue(offer, indy_credx.CredentialRequest.load(request), values)
        stored = json.loads(cred_def.to_json()) if kind == "askar" else Native.to_native()
        await holder.store_credential(
            stored,
            json.loads(credential.to_json()),
            json.loads(metadata),
            credential_attr_mime_types={"sex": "text/plain"},
            credential_id=f"{kind}-{number}",
        )
    async with profile.session() as session:
        wallet = AskarWallet(session)
        await wallet.create_local_did(SOV, ED25519, seed=SEEDS[0])
        # the key of a connection, which has no DID
        await wallet.create_signing_key(ED25519)
        await session.handle.insert("connection", "c1", value_json={"state": "completed"})
        # a DID whose key is not here
        theirs = {"did": "WgWxqztrNooG92RXvxSTWv", "verkey": "4QxzWk3ajdnEA37NdNU5Kt9BURtJcmkgtbqdbeGRRkbj"}
        await session.handle.insert("did", theirs["did"], value_json=theirs)
    await profile.store.create_profile("tenant")
    await profile.close()
    return directory / ".aries_cloudagent/wallet/alice/sqlite.db"


async def credo(issuer, directory):
    """A store in the forms of Credo's records; see README.md for their sources."""
    path = directory / "credo.db"
    store = await Store.provision(f"sqlite://{path}", "raw", RAW_KEY, profile="wallet-id")
    link_secret = anoncreds.create_link_secret()
    legacy = issuer.credential(link_secret, "ls-credo", PEOPLE[0])
    w3c = issuer.credential(link_secret, "ls-credo", PEOPLE[1])
    w3c = anoncreds.W3cCredential.from_legacy(w3c, issuer.DID)
    facts = {"schemaName": "person", "schemaVersion": "1.0", "schemaIssuerId": issuer.DID,
             "issuerId": issuer.DID}
    base = {"_tags": {}, "metadata": {}, "createdAt": "2026-01-01T00:00:00.000Z"}
    key = Key.from_secret_bytes(KeyAlg.ED25519, SEEDS[0].encode())
    verkey = base58.b58encode(key.get_public_bytes()).decode()
    multibase = "z" + base58.b58encode(b"\xed\x01" + key.get_public_bytes()).decode()
    other = Key.from_secret_bytes(KeyAlg.ED25519, SEEDS[1].encode())
    other_verkey = base58.b58encode(other.get_public_bytes()).decode()
    did_key = f"did:key:{multibase}"
    records = [
        ("AnonCredsLinkSecretRecord", "r-secret", {"linkSecretId": "ls-credo", "value": link_secret}, {}),
        # an agent may keep the secret elsewhere
        ("AnonCredsLinkSecretRecord", "r-elsewhere", {"linkSecretId": "ls-elsewhere"}, {}),
        ("AnonCredsCredentialRecord", "r-legacy", {
            "credentialId": "credo-0", "linkSecretId": "ls-credo", "methodName": "cheqd",
            "credential": legacy.to_dict()}, facts),
        ("W3cCredentialRecord", "credo-1", {
            "metadata": {"_w3c/anonCredsMetadata": {"methodName": "cheqd", "linkSecretId": "ls-credo"}},
            "credential": w3c.to_dict()},
            {f"anonCreds{name[0].upper()}{name[1:]}": value for name, value in facts.items()}
            | {"issuerId": issuer.DID}),
        ("W3cCredentialRecord", "r-jwt", {"credential": "eyJhbGciOiJFZERTQSJ9.e30.AA"}, {}),
        ("DidRecord", "r-did", {"did": did_key, "role": "created", "didDocument": {
            "id": did_key, "verificationMethod": [
                {"id": f"{did_key}#{multibase}", "type": "Ed25519VerificationKey2020",
                 "controller": did_key, "publicKeyMultibase": multibase}]}}, {}),
        ("DidRecord", "r-sov", {"did": "did:sov:WgWxqztrNooG92RXvxSTWv", "role": "created", "didDocument": {
            "id": "did:sov:WgWxqztrNooG92RXvxSTWv", "verificationMethod": [
                {"id": "#key-1", "type": "Ed25519VerificationKey2018",
                 "controller": "did:sov:WgWxqztrNooG92RXvxSTWv", "publicKeyBase58": other_verkey}]}}, {}),
        ("DidRecord", "r-theirs", {"did": "did:sov:4QxzWk3ajdnEA37NdNU5Kt", "role": "received"}, {}),
        ("StorageVersionRecord", "STORAGE_VERSION_RECORD_ID", {"storageVersion": "0.5"}, {}),
    ]
    async with store.session() as session:
        await session.insert_key(verkey, key)
        # since version 0.6 a key has a name of its own
        await session.insert_key("5f0c2f4e-kms-id", other)
        await session.insert_key("p256", Key.generate(KeyAlg.P256))
        for category, name, value, tags in records:
            value = base | {"id": name} | value
            await session.insert(category, name, value_json=value, tags=tags)
    await store.close()
    return path


def libindy(issuer, directory, kdf):
    """A wallet in libindy's form, with its records' forms."""
    path = directory / f"libindy-{kdf}.db"
    link_secret = indy_credx.LinkSecret.create()
    key = RAW_KEY if kdf == "raw" else PASSPHRASE
    wallet = indy_sdk.Wallet(path, key, kdf)
    for number, values in enumerate(PEOPLE):
        offer = issuer.offer()
        request, metadata = indy_credx.CredentialRequest.create(
            HOLDER, issuer.cred_def, link_secret, "main", offer
        )
        credential = issuer.issue(offer, request, values)
        credential = credential.process(metadata, link_secret, issuer.cred_def)
        tags = {"schema_id": credential.schema_id, "attr::age::marker": "1"}
        wallet.add("Indy::Credential", f"libindy-{number}", credential.to_json(), tags)
    wallet.add("Indy::MasterSecret", "main", link_secret.to_json())
    signing = nacl.signing.SigningKey(SEEDS[0].encode())
    verkey = base58.b58encode(bytes(signing.verify_key)).decode()
    signkey = base58.b58encode(bytes(signing) + bytes(signing.verify_key)).decode()
    did = base58.b58encode(bytes(signing.verify_key)[:16]).decode()
    wallet.add("Indy::Did", did, json.dumps({"did": did, "verkey": verkey}))
    wallet.add("Indy::Key", verkey, json.dumps({"verkey": verkey, "signkey": signkey}))
    wallet.add("Indy::TheirDid", HOLDER, json.dumps({"did": HOLDER, "verkey": verkey}))
    wallet.add("config", "notes", "a record of the agent", {"~plain": "yes"})
    wallet.close()
    return path


async def check_libindy(path, directory, kdf):
    """Askar's own conversion of a copy reads the same records."""
    copy = directory / f"converted-{kdf}.db"
    shutil.copy(path, copy)
    key = RAW_KEY if kdf == "raw" else PASSPHRASE
    method = {"raw": "RAW", "argon2i-mod": "ARGON2I_MOD", "argon2i-int": "ARGON2I_INT"}[kdf]
    await indy_sdk.convert(str(copy), "alice", key, method)
    store = await Store.open(f"sqlite://{copy}", None, key)
    counts = {}
    async for entry in store.scan(None):
        counts[entry.category] = counts.get(entry.category, 0) + 1
    await store.close()
    assert counts == {"Indy::Credential": 2, "Indy::MasterSecret": 1, "Indy::Did": 1,
                      "Indy::Key": 1, "Indy::TheirDid": 1, "config": 1}, counts
    print(f"Askar converts {path.name}: {counts}")


def keep(path, name):
    """Writes a database's journal back, and copies it."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("VACUUM")
    connection.close()
    shutil.copy(path, FIXTURES / name)
    print(f"{name}: {(FIXTURES / name).stat().st_size} bytes")


async def main():
    FIXTURES.mkdir(exist_ok=True)
    indy, cheqd = IndyIssuer(), AnonCredsIssuer()
    with tempfile.TemporaryDirectory() as directory:
        directory = Path(directory)
        for kind in ["askar", "askar-anoncreds"]:
            (directory / kind).mkdir()
            keep(await acapy(kind, indy, directory / kind), f"acapy-{kind}.db")
        keep(await credo(cheqd, directory), "credo.db")
        for kdf in ["raw", "argon2i-mod", "argon2i-int"]:
            path = libindy(indy, directory, kdf)
            await check_libindy(path, directory, kdf)
            keep(path, f"libindy-{kdf}.db")
    public = {kind: indy.public()[kind] | cheqd.public()[kind] for kind in ["schemas", "cred_defs"]}
    (FIXTURES / "public.json").write_text(json.dumps(public, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
