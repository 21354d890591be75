"""Checks that validators answer.

    answers.py GENESIS SECONDS NODE...

Waits, SECONDS at most (0: asks once), until all of these nodes (`Node1`, ...) have answered a read,
and prints which do. Fails if one of them does not.
"""

import asyncio
import sys
import time

import indy_vdr

REPLY_TIMEOUT = 2  # seconds


async def answering(pool, names):
    """Returns the nodes that reply to a read of the first transaction."""
    request = indy_vdr.ledger.build_get_txn_request(None, 1, 1)
    try:
        replies = await pool.submit_action(request, names, REPLY_TIMEOUT)
    except indy_vdr.VdrError:
        return set()
    return {name for name, reply in replies.items() if '"REPLY"' in str(reply)}


async def main():
    genesis, seconds, *names = sys.argv[1:]
    started = time.monotonic()
    # No refresh: it needs consensus, and a pool whose first refresh fails cannot be used.
    pool = await indy_vdr.open_pool(transactions_path=genesis, no_refresh=True)
    while True:
        silent = set(names) - await answering(pool, names)
        waited = time.monotonic() - started
        if not silent or waited > float(seconds):
            break
        await asyncio.sleep(0.25)
    pool.close()
    for name in names:
        print(f"{name} {'does not answer' if name in silent else 'answers'}")
    if silent:
        sys.exit(1)
    print(f"after {waited:.1f} s")


asyncio.run(main())
