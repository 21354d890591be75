"""Replaces `python-rocksdb`, which does not build with Python 3.11: an SQLite table for each database.

It has the calls that the nodes' storage makes. Nothing is synced to the disk: a test pool has to
survive the end of its processes, not a power failure.
"""

import os
import sqlite3


class IComparator:
    """Databases with a comparator have decimal numbers as keys; no other comparator is used."""


class Options:
    """The nodes set performance options, which SQLite ignores, and the comparator."""

    comparator = None


class LRUCache:
    def __init__(self, *_size):
        pass


class BlockBasedTableFactory:
    def __init__(self, **_options):
        pass


class WriteBatch:
    def __init__(self):
        self.rows = []

    def put(self, key, value):
        self.rows.append((key, value))


class DB:
    def __init__(self, path, options, read_only=False):
        self._numbers = options.comparator is not None
        os.makedirs(path, exist_ok=True)
        file = os.path.join(path, "table.sqlite")
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        kind = "INTEGER" if self._numbers else "BLOB"
        self._db.execute(
            f"CREATE TABLE IF NOT EXISTS entries (key {kind} PRIMARY KEY, value BLOB) WITHOUT ROWID"
        )

    def to_column(self, key):
        return int(key) if self._numbers else bytes(key)

    def from_column(self, key):
        return str(key).encode() if self._numbers else key

    def select(self, rest, *keys):
        return self._db.execute(f"SELECT key, value FROM entries {rest}", keys)

    def put(self, key, value):
        row = (self.to_column(key), bytes(value))
        self._db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?)", row)

    def get(self, key):
        row = self.select("WHERE key = ?", self.to_column(key)).fetchone()
        return row[1] if row else None

    def delete(self, key):
        self._db.execute("DELETE FROM entries WHERE key = ?", (self.to_column(key),))

    def key_may_exist(self, key):
        return (self.get(key) is not None, None)

    def write(self, batch, sync=False):
        self._db.execute("BEGIN")
        try:
            for key, value in batch.rows:
                self.put(key, value)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def iterkeys(self):
        return Entries(self, lambda key, value: key)

    def itervalues(self):
        return Entries(self, lambda key, value: value)

    def iteritems(self):
        return Entries(self, lambda key, value: (key, value))

    def get_property(self, _name):
        return b"0"


class Entries:
    """The entries of a database in the order of their keys, from the position that was sought."""

    # Rows read at a time, so that a loop that stops early does not read the whole table.
    CHUNK = 100

    def __init__(self, db, pick):
        self._db = db
        self._pick = pick
        self._rows = []
        self.seek_to_first()

    def _begin(self, condition, *keys):
        self._next_chunk = (condition, keys)
        self._rows = []

    def seek_to_first(self):
        self._begin("")

    def seek(self, key):
        self._begin("WHERE key >= ?", self._db.to_column(key))

    def seek_to_last(self):
        self._begin("WHERE key >= (SELECT MAX(key) FROM entries)")

    def seek_for_prev(self, key):
        last_before = "(SELECT MAX(key) FROM entries WHERE key <= ?)"
        self._begin(f"WHERE key >= {last_before}", self._db.to_column(key))

    def __iter__(self):
        return self

    def __next__(self):
        if not self._rows:
            condition, keys = self._next_chunk
            found = self._db.select(f"{condition} ORDER BY key LIMIT {self.CHUNK}", *keys)
            self._rows = found.fetchall()[::-1]
            if not self._rows:
                raise StopIteration
            # No cursor stays open, so entries that are written behind this key meanwhile are found.
            self._next_chunk = ("WHERE key > ?", (self._rows[0][0],))
        key, value = self._rows.pop()
        return self._pick(self._db.from_column(key), value)
