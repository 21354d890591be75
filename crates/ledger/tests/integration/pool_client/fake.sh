#!/bin/sh
# Replaces indy-pool-client in tests. What it does is in `behaviour.sh`, beside the directory of the pool's
# configuration, by way of the functions below. It counts its runs in `runs` and records the lines that it reads in
# `lines`.
directory=$(dirname "$(dirname "$1")")
echo run >>"$directory/runs"

ready() { echo '{"ready":{"nodes":4}}'; }

# Reads the next request; sets id and req_id.
next() {
    read -r line || return 1
    printf '%s\n' "$line" >>"$directory/lines"
    id=${line#'{"id":'}
    id=${id%%,*}
    req_id=${line##*'"reqId":'}
    req_id=${req_id%%[,\}]*}
}

# result ID JSON
result() { printf '{"id":%s,"reply":{"op":"REPLY","result":%s}}\n' "$1" "$2"; }

# reply ID REQID
reply() { result "$1" "{\"reqId\":$2}"; }

# problem ID KIND NODES
problem() { printf '{"id":%s,"error":{"kind":"%s","message":"as a test","nodes":[%s]}}\n' "$1" "$2" "$3"; }

# Replies to all requests.
serve() { while next; do reply "$id" "$req_id"; done; }

. "$directory/behaviour.sh"
