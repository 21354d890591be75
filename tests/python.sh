# For programs that run Python with packages of PyPI: sourced, not run. Messages go to the standard error.
#
# Packages are installed into ~/.cache/negotiate-proof/peers-venv, once for each list of packages;
# NEGOTIATE_PROOF_PEERS_VENV sets another directory.
# shellcheck shell=bash

fail() {
    printf '%s: %s\n' "$(basename "$(dirname "$0")")" "$*" >&2
    exit 1
}

# Prints the path of a Python with `venv`, whose version is one of those that a condition on `sys` allows.
find_python() {
    local condition=$1 wanted=$2 candidate
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3; do
        if "$candidate" -c "import ensurepip, sys; sys.exit(not ($condition))" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    fail "no Python $wanted with venv was found. Debian, Ubuntu: apt-get install python3-venv.
  Then try again, or set PYTHON=/path/to/python3"
}

# Sets `venv` to a directory with the packages of a file, and installs them if they are not there. The file
# `installed` is written last, so an interrupted installation does not count.
install_packages() {
    local requirements=$1 condition=${2:-sys.version_info >= (3, 9)} wanted=${3:-3.9 or later} key base
    key=$(cksum <"$requirements" | tr ' ' '-')
    venv=${NEGOTIATE_PROOF_PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/negotiate-proof/peers-venv/$key}
    is_installed && return
    base=$(find_python "$condition" "$wanted")
    mkdir -p "$(dirname "$venv")"
    {
        # several programs may be started at once
        if command -v flock >/dev/null; then flock 9; fi
        is_installed && return
        rm -rf "$venv"
        "$base" -m venv "$venv"
        "$venv/bin/python" -m pip --disable-pip-version-check --quiet install -r "$requirements" >&2
        date >"$venv/installed"
    } 9>"$venv.lock"
}

is_installed() {
    [ -f "$venv/installed" ] && "$venv/bin/python" -c '' 2>/dev/null
}
