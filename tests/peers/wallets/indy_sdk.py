"""Wallets in the SQLite form of indy-sdk (libindy), and Askar's conversion of them.

The form is that of indy-sdk's `libindy/indy-wallet`, as Askar's `migration` reads it. Types, names and tags are
encrypted under nonces that follow from them, so that they can be searched; values under keys of their own.
"""

import hashlib
import hmac
import json
import secrets
import sqlite3

import base58
from argon2.low_level import Type, hash_secret_raw
from aries_askar import Key, KeyAlg

SCHEMA = """
    CREATE TABLE metadata (id INTEGER NOT NULL, value NOT NULL, PRIMARY KEY (id));
    CREATE TABLE items (id INTEGER NOT NULL, type NOT NULL, name NOT NULL, value NOT NULL, key NOT NULL,
        PRIMARY KEY (id));
    CREATE UNIQUE INDEX ux_items_type_name ON items (type, name);
    CREATE TABLE tags_encrypted (name NOT NULL, value NOT NULL, item_id INTEGER NOT NULL, PRIMARY KEY (name, item_id),
        FOREIGN KEY (item_id) REFERENCES items (id) ON DELETE CASCADE ON UPDATE CASCADE);
    CREATE TABLE tags_plaintext (name NOT NULL, value NOT NULL, item_id INTEGER NOT NULL, PRIMARY KEY (name, item_id),
        FOREIGN KEY (item_id) REFERENCES items (id) ON DELETE CASCADE ON UPDATE CASCADE);
"""

# passes and KiB
COSTS = {"argon2i-mod": (6, 131072), "argon2i-int": (4, 32768)}


def seal(key, text, nonce=None):
    """Nonce, ciphertext and tag of ChaCha20-Poly1305."""
    nonce = nonce or secrets.token_bytes(12)
    sealed = Key.from_secret_bytes(KeyAlg.C20P, key).aead_encrypt(text, nonce=nonce)
    return nonce + bytes(sealed.ciphertext_tag)


class Wallet:
    """A new wallet."""

    def __init__(self, path, key, kdf):
        self.type, self.name, self.value, self.item_hmac, self.tag_name, self.tag_value, self.tag_hmac = (
            secrets.token_bytes(32) for _ in range(7)
        )
        keys = b"\x97" + b"".join(
            b"\xc4\x20" + one
            for one in [self.type, self.name, self.value, self.item_hmac, self.tag_name, self.tag_value, self.tag_hmac]
        )
        metadata = {}
        if kdf == "raw":
            master = base58.b58decode(key)
        else:
            salt = secrets.token_bytes(32)
            passes, memory = COSTS[kdf]
            master = hash_secret_raw(key.encode(), salt[:16], passes, memory, 1, 32, Type.I)
            metadata["master_key_salt"] = list(salt)
        metadata["keys"] = list(seal(master, keys))
        self.connection = sqlite3.connect(path)
        self.connection.executescript(SCHEMA)
        metadata = json.dumps(metadata).encode()
        self.connection.execute("INSERT INTO metadata (value) VALUES (?)", [metadata])

    def searchable(self, key, mac, text):
        nonce = hmac.new(mac, text.encode(), hashlib.sha256).digest()[:12]
        return seal(key, text.encode(), nonce)

    def add(self, kind, name, value, tags=None):
        own = secrets.token_bytes(32)
        row = [
            self.searchable(self.type, self.item_hmac, kind),
            self.searchable(self.name, self.item_hmac, name),
            seal(own, value.encode()),
            seal(self.value, own),
        ]
        insert = "INSERT INTO items (type, name, value, key) VALUES (?, ?, ?, ?)"
        item = self.connection.execute(insert, row).lastrowid
        for tag, text in (tags or {}).items():
            name = self.searchable(self.tag_name, self.tag_hmac, tag)
            if tag.startswith("~"):
                row = ("tags_plaintext", [name, text, item])
            else:
                row = ("tags_encrypted", [name, self.searchable(self.tag_value, self.tag_hmac, text), item])
            self.connection.execute(f"INSERT INTO {row[0]} (name, value, item_id) VALUES (?, ?, ?)", row[1])

    def close(self):
        self.connection.commit()
        self.connection.close()


async def convert(path, name, key, method):
    """Converts a wallet in place, with the function of Askar's library that its Python package does not wrap."""
    from aries_askar.bindings import FfiStr, invoke_async

    texts = [path, name, key, method]
    await invoke_async("askar_migrate_indy_sdk", [FfiStr] * 4, *texts)
