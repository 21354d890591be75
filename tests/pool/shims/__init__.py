"""Modules that indy-node 1.13 imports and that Python 3.11 or PyPI no longer provides.

Import this before any module of plenum or indy_node. The replacements are for test pools: they
implement what the nodes call, and no more.
"""

import asyncio.coroutines
import collections
import collections.abc
import logging
import sys
import types

from . import ordered_set, rocksdb, ujson


def _add_names_of_older_pythons():
    # Python 3.10 removed these names of abstract classes from `collections`.
    for name in collections.abc.__all__:
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    # Python 3.8 removed this class; the nodes use it only to annotate arguments.
    if not hasattr(asyncio.coroutines, "CoroWrapper"):
        asyncio.coroutines.CoroWrapper = types.CoroutineType


def _add_bls_library():
    # The nodes know the BLS library as `ursa`, which is not on PyPI. `indy-bls` is the same code.
    import indy_bls
    import indy_bls.bls

    # Otherwise it logs kilobytes for every call.
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
    _add_names_of_older_pythons()
    _add_bls_library()
    sys.modules["rocksdb"] = rocksdb
    sys.modules["ujson"] = ujson
    # The nodes import the set from the package and from its compiled module.
    sys.modules["orderedset"] = ordered_set
    sys.modules["orderedset._orderedset"] = ordered_set
