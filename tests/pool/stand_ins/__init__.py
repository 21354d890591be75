"""What indy-node 1.13 imports and what Python 3.11 or PyPI no longer offers.

Import this before anything of plenum or indy_node. The stand-ins are for a pool of tests: they do
what the nodes ask of them, and no more.
"""

import asyncio.coroutines
import collections
import collections.abc
import logging
import sys
import types

from . import ordered_set, rocksdb, ujson


def _names_of_older_pythons():
    # Python 3.10 dropped these names of abstract classes from `collections`.
    for name in collections.abc.__all__:
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    # Python 3.8 dropped this class; the nodes name it only to annotate arguments.
    if not hasattr(asyncio.coroutines, "CoroWrapper"):
        asyncio.coroutines.CoroWrapper = types.CoroutineType


def _signatures_of_the_nodes():
    # The nodes know the BLS library as `ursa`, which is not on PyPI. `indy-bls` is the same code.
    import indy_bls
    import indy_bls.bls

    # It tells of every call otherwise, in kilobytes.
    logging.getLogger("indy_bls").setLevel(logging.WARNING)
    errors = types.ModuleType("ursa.indy_error")
    errors.IndyCryptoError = indy_bls.IndyBlsError
    package = types.ModuleType("ursa")
    package.bls = indy_bls.bls
    package.indy_error = errors
    sys.modules["ursa"] = package
    sys.modules["ursa.bls"] = indy_bls.bls
    sys.modules["ursa.indy_error"] = errors


def install():
    _names_of_older_pythons()
    _signatures_of_the_nodes()
    sys.modules["rocksdb"] = rocksdb
    sys.modules["ujson"] = ujson
    # The nodes import the set from the package and from its compiled half.
    sys.modules["orderedset"] = ordered_set
    sys.modules["orderedset._orderedset"] = ordered_set
