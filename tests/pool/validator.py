"""Four validators on loopback: makes their genesis, or runs one of them. `pool` calls this.

    validator.py genesis DIR FIRST_PORT
    validator.py run DIR NUMBER

Node N listens for nodes on port FIRST_PORT + 2N - 2 and for clients on the next. All keys come from the
well-known seeds of test pools (`Trustee1`, `Steward1`, ..., padded with zeros), so anyone can act as
steward: this pool is for learning and testing.
"""

import json
import os
import sys

NODES = 4
NETWORK = "sandbox"


def write_settings(directory):
    """Writes the file that the nodes read their settings from; returns its directory."""
    settings_dir = os.path.join(directory, "etc")
    os.makedirs(settings_dir, exist_ok=True)
    data = os.path.join(directory, "data")
    names = ["LEDGER_DIR", "KEYS_DIR", "GENESIS_DIR", "NODE_INFO_DIR"]
    settings = {name: data for name in names}
    settings["NETWORK_NAME"] = NETWORK
    settings["BACKUP_DIR"] = os.path.join(data, "backup")
    settings["PLUGINS_DIR"] = os.path.join(data, "plugins")
    settings["LOG_DIR"] = os.path.join(directory, "log")
    settings["logLevel"] = 30  # warnings
    settings["enableStdOutLogging"] = False
    # How many seconds a node waits for further requests before it puts a batch to consensus. The
    # default of one second suits busy pools; here each request is waited for.
    settings["Max3PCBatchWait"] = 0.1
    # After how many seconds without their leader the nodes elect another one; until then nothing is
    # written. The default, 60, is for pools that span the world.
    settings["ToleratePrimaryDisconnection"] = 5
    lines = [f"{name} = {value!r}\n" for name, value in settings.items()]
    # Several nodes may start at the same time with the same settings, so the file is replaced whole.
    temporary = os.path.join(settings_dir, f"indy_config.{os.getpid()}")
    with open(temporary, "w", encoding="utf-8") as file:
        file.writelines(lines)
    os.replace(temporary, os.path.join(settings_dir, "indy_config.py"))
    return settings_dir


def load_settings(directory):
    # The nodes also use ~/.indy: the user's must be neither read nor written.
    os.environ["HOME"] = directory
    settings_dir = write_settings(directory)
    import shims

    shims.install()
    # Some modules read the settings when they are imported. All of them must find this file.
    import indy_common.config

    indy_common.config.GENERAL_CONFIG_DIR = settings_dir
    import plenum.config

    plenum.config.GENERAL_CONFIG_DIR = settings_dir
    import indy_node.server.node  # noqa: F401, because it changes the settings
    from indy_common.config_util import getConfig

    settings = getConfig()
    if settings.NETWORK_NAME != NETWORK:
        sys.exit(f"the nodes' settings are for {settings.NETWORK_NAME!r}, not for {NETWORK!r}")
    return settings


def make_genesis(directory, first_port):
    settings = load_settings(directory)
    from indy_common.config_helper import ConfigHelper, NodeConfigHelper
    from indy_common.txn_util import getTxnOrderedFields
    from plenum.common.test_network_setup import TestNetworkSetup as Setup

    stewards, nodes = Setup.gen_defs(None, NODES, first_port - 1)
    Setup.bootstrapTestNodesCore(
        settings,
        NETWORK,
        appendToLedgers=False,
        domainTxnFieldOrder=getTxnOrderedFields(),
        trustee_def=Setup.gen_trustee_def(1),
        steward_defs=stewards,
        node_defs=nodes,
        client_defs=Setup.gen_client_defs(1),
        localNodes=range(1, NODES + 1),
        nodeParamsFileName="indy.env",
        config_helper_class=ConfigHelper,
        node_config_helper_class=NodeConfigHelper,
    )


def run(directory, number):
    settings = load_settings(directory)
    name = f"Node{number}"
    with open(os.path.join(directory, "genesis"), encoding="utf-8") as genesis:
        nodes = [json.loads(line)["txn"]["data"]["data"] for line in genesis]
    node = next(node for node in nodes if node["alias"] == name)
    from indy_node.utils.node_runner import run_node

    loopback = "127.0.0.1"
    run_node(settings, name, loopback, node["node_port"], loopback, node["client_port"])


if __name__ == "__main__":
    command, directory, number = sys.argv[1:]
    directory = os.path.abspath(directory)
    if command == "genesis":
        make_genesis(directory, int(number))
    elif command == "run":
        run(directory, int(number))
    else:
        sys.exit(__doc__)
