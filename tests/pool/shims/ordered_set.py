"""Replaces `orderedset` 2.0.3, whose C code does not compile with every Python 3.11."""


class OrderedSet:
    """A set that keeps the order in which its members were added."""

    def __init__(self, members=()):
        # a dict keeps the order of its keys
        self._members = dict.fromkeys(members)

    def add(self, member):
        self._members[member] = None

    def discard(self, member):
        self._members.pop(member, None)

    def remove(self, member):
        del self._members[member]

    def clear(self):
        self._members.clear()

    def pop(self, last=True):
        """Removes the last member; with a false `last` (the nodes pass 0), the first."""
        if not self._members:
            raise KeyError("the set is empty")
        if last:
            return self._members.popitem()[0]
        first = next(iter(self._members))
        del self._members[first]
        return first

    def __contains__(self, member):
        return member in self._members

    def __iter__(self):
        return iter(self._members)

    def __len__(self):
        return len(self._members)
