"""Replaces `ujson` 1.33, which does not load in Python 3.11.

The nodes rely on a feature of that version that later ones lack: it writes any object as JSON, by
its public attributes. Without `ujson` they fall back to `json`, which does not.
"""

import json


def _plain(value):
    if isinstance(value, (bytes, bytearray)):
        return value.decode()
    if isinstance(value, (set, frozenset)):
        return list(value)
    public = (name for name in dir(value) if not name.startswith("_"))
    members = {name: getattr(value, name) for name in public}
    return {name: member for name, member in members.items() if not callable(member)}


def dumps(value, sort_keys=False, **_formatting):
    return json.dumps(value, sort_keys=sort_keys, separators=(",", ":"), default=_plain)


encode = dumps
loads = json.loads
decode = json.loads
