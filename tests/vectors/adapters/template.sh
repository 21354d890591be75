#!/usr/bin/env bash
# A template of an adapter for a command, in shell with jq. $VERIFIER is called with three files of JSON: request,
# presentation, and public data (`schemas` and `cred_defs` by id). It ends with 0 if it accepts and with 1 if it refuses.
set -euo pipefail

name=my-command version=0.1.0
# tests that need anything else are skipped; docs/src/vectors.md lists all
features='["verify", "ids-legacy"]'

files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
while IFS= read -r line; do
    if [ "$(jq 'has("start")' <<<"$line")" = true ]; then
        jq -cn --arg name "$name" --arg version "$version" --argjson features "$features" '$ARGS.named'
        continue
    fi
    jq .input.presentation_request <<<"$line" >"$files/request.json"
    jq .input.presentation <<<"$line" >"$files/presentation.json"
    jq .public.anoncreds <<<"$line" >"$files/public.json" # or .public.indy: the same in Indy's own form
    status=0
    ${VERIFIER:-false} "$files"/{request,presentation,public}.json >"$files/said" 2>&1 || status=$?
    case ${VERIFIER:+$status} in
    0) verdict=valid ;;
    1) verdict=invalid ;;
    *) verdict=unsupported ;;
    esac
    jq -c --arg verdict "$verdict" --rawfile detail "$files/said" '{tcId, $verdict, $detail}' <<<"$line"
done
