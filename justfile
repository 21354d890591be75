# The commands of CONTRIBUTING.md; `just` lists them. The checks in .ci/run and .github call the same ones.

set positional-arguments

[private]
@default:
    '{{ just_executable() }}' --list --unsorted

# Builds the two programs
build *args:
    cargo build --release --workspace --bins "$@"

# Runs the walkthrough, to "Verified"
walkthrough *args:
    cargo run --release "$@"

# Runs all tests, those of the book and of the whole workspace included
test *args:
    cargo test --release --workspace "$@"

# Builds the book and checks its links, anchors and messages
book:
    cargo test --release --workspace --test integration book

# Runs the commands of README and book as readers paste them; `UPDATE_SESSIONS=1` writes what they print into the pages
sessions:
    cargo test --release --workspace --test cli --test integration sessions

# Writes the book to docs/book; needs `cargo install mdbook`
book-html:
    mdbook build docs

# Gives the test vectors in tests/vectors to all implementations in this workspace; with arguments, to `negotiate-proof` alone
vectors *args:
    cargo build --release --workspace --bins --locked
    "${CARGO_TARGET_DIR:-target}/release/negotiate-proof" vectors "$@"
    [ $# -gt 0 ] || "${CARGO_TARGET_DIR:-target}/release/proof-exchange" vectors

# Writes the test vectors again; `--check` fails if they differ
vectors-generate *args:
    cargo run --release -p negotiate-vectors --example generate-vectors -- "$@"
    cargo run --release -p proof-exchange --example generate-exchange-vectors -- "$@"

# Formats all code
fmt:
    cargo fmt --all

# Fails where code is not formatted
fmt-check:
    cargo fmt --all --check

# Compiles everything with clippy's lints as errors
lint:
    cargo clippy --release --workspace --all-targets --locked -- -D warnings

# Fails where the lock file of a workspace beside this one no longer fits its crates
locks:
    git ls-files '*/Cargo.lock' | while read -r lock; do \
        cargo metadata --quiet --locked --format-version 1 --manifest-path "${lock%lock}toml" >/dev/null || exit 1; \
    done

# Looks for misspelt words; needs `cargo install typos-cli`
typos:
    typos

# Checks licences, advisories and sources of dependencies; needs `cargo install cargo-deny`
deny:
    cargo deny check
    cargo deny --manifest-path pool-client/Cargo.toml check

# Builds the documentation of every public item, with its links checked
doc *args:
    RUSTDOCFLAGS='-D warnings' cargo doc --release --workspace --no-deps --locked "$@"

# Builds the documentation of cl's private equations too, which links to private functions
doc-equations:
    RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' \
        cargo doc --release -p negotiate-cl --no-deps --locked --document-private-items

# Packs the crates that can be published, and builds each from its package
package:
    # a new directory: cargo takes what it compiled from another package of the same version for this one
    target=$(mktemp -d) && trap 'rm -rf "$target" "${CARGO_HOME:-$HOME/.cargo}"/registry/src/-*/negotiate-*' EXIT && \
        cargo package --locked --allow-dirty --quiet --target-dir "$target" \
            -p negotiate-stdx -p negotiate-cl -p negotiate-verdict -p negotiate-proofs

# Compiles with the oldest compiler that Cargo.toml allows; needs `rustup toolchain install` of it
msrv:
    cargo "+$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)" check --workspace --all-targets --locked

# Runs what must hold on a real Indy pool; makes the pool, and takes it down
pool:
    tests/pool/run

# Makes presentations with another library, for the tests; `--check` only has it verify those that are there
peers *args:
    tests/peers/run "$@"

# Exchanges proof requests and responses with a second implementation, in Python, in both directions
peers-exchange:
    cargo build --release --workspace --bins --locked
    tests/peers/run exchange "${CARGO_TARGET_DIR:-target}/release/proof-exchange"

# Moves credentials, keys, presentations and registries between the libraries in Python and ours, both ways
peers-interop:
    cargo build --release --workspace --bins --locked
    tests/peers/run interop "${CARGO_TARGET_DIR:-target}/release"

# Runs the test vectors with the adapters of other implementations, which it installs
vectors-adapters *args:
    cargo build --release --workspace --bins --locked
    tests/vectors/adapters/all "${CARGO_TARGET_DIR:-target}/release/negotiate-proof" "$@"
    tests/vectors/adapters/all "${CARGO_TARGET_DIR:-target}/release/proof-exchange" "$@"

# Checks the lab's page: its types, its verifier with the test vectors, and the page in Chromium; `speed` only measures
lab *args:
    cargo build --release --workspace --bins --locked
    crates/lab/tests/browser/run "${CARGO_TARGET_DIR:-target}/release/negotiate-proof-lab" "$@"

# Tries every exercise, unsolved and solved, as rustlings runs them; `edit`: how long an edit takes to be answered
exercises *args:
    cargo build --release --workspace --bins --locked
    tests/exercises/run "$@"

# Writes the archive of the test vectors to target/vectors: the same bytes each time
vectors-release directory='target/vectors':
    tests/vectors/release.py "$1"

# Runs everything that must pass, as the checks do; installs what it needs
ci:
    .ci/run

# Prints how long the builds take: `build`, `edit`, or everything from cold
build-times *what:
    tests/build-times "$@"

# Copies the sources of all dependencies to vendor/, for builds without a network
vendor:
    mkdir -p .cargo
    cargo vendor --locked --sync pool-client/Cargo.toml > .cargo/config.toml

# Writes an archive of programs, book, completions and manual pages to target/dist
dist:
    .github/dist

# Measures how long a class of thirty waits for the lab's server
bench-class:
    cargo build --release --workspace --bins
    cargo bench -p negotiate-lab --bench class

# Measures how long a search takes; makes large wallets
bench-search:
    cargo bench -p negotiate-anoncreds --bench search

# Measures what a verdict costs beside the library's answer
bench-verdict:
    cargo bench -p negotiate-anoncreds --bench verdict

# Measures how long a holder's search takes; makes a large wallet
bench-matching:
    cargo bench -p negotiate-exchange --bench matching

# Measures what it costs to verify the credit-card response
bench-verify:
    cargo bench -p negotiate-exchange --bench verify

# Measures what the exchange's server holds
bench-load:
    cargo bench -p negotiate-exchange-http --bench load

# Runs honest and hostile clients against the exchange's server, for so many seconds
soak seconds="60":
    cargo run --release -p negotiate-exchange-http --example soak -- {{seconds}}

# Measures the second engine beside indy-credx; takes some minutes
bench-engines:
    cargo bench -p negotiate-cl

# Kills the programs, damages their files, fills their disk, and checks that nothing is lost: `--seed 1 --seconds 600`
storm *args: build
    cargo run --release -p workspace-tests --bin storm -- "$@"

# Fuzzes the engine's presentations until Ctrl-C, or for some seconds; as all of these, needs `cargo install cargo-fuzz`
[working-directory('crates/cl')]
fuzz-presentation seconds='0':
    mkdir -p fuzz/corpus/presentation
    cargo +nightly fuzz run presentation fuzz/corpus/presentation fuzz/seeds/presentation \
        -- -dict=fuzz/formats.dict -max_total_time="$1"

# Fuzzes the engine's keys
[working-directory('crates/cl')]
fuzz-key seconds='0':
    mkdir -p fuzz/corpus/key
    cargo +nightly fuzz run key fuzz/corpus/key fuzz/seeds/key \
        -- -dict=fuzz/formats.dict -max_total_time="$1"

# Fuzzes the engine's requests
[working-directory('crates/cl')]
fuzz-request seconds='0':
    mkdir -p fuzz/corpus/request
    cargo +nightly fuzz run request fuzz/corpus/request fuzz/seeds/request \
        -- -dict=fuzz/formats.dict -max_len=4096 -max_total_time="$1"

# Fuzzes the cases that a verdict is computed from
[working-directory('crates/proofs')]
fuzz-case seconds='0':
    mkdir -p fuzz/corpus/case
    cargo +nightly fuzz run case fuzz/corpus/case tests/fixtures/cases \
        -- -dict=fuzz/formats.dict -max_total_time="$1"

# Fuzzes the messages of the exchange
[working-directory('crates/exchange')]
fuzz-message seconds='0':
    mkdir -p fuzz/corpus/message
    cargo +nightly fuzz run message fuzz/corpus/message tests/draft tests/integration/messages/fixtures \
        -- -dict=fuzz/formats.dict -max_total_time="$1"

# Fuzzes every target, for ten minutes each if no other time is given
fuzz-all seconds='600': (fuzz-presentation seconds) (fuzz-key seconds) (fuzz-request seconds) (fuzz-case seconds) (fuzz-message seconds)

# Changes engine and checks in small ways that tests must notice; takes hours; needs `cargo install cargo-mutants`
mutants *args:
    cargo mutants --package negotiate-cl --package negotiate-proofs "$@"
