//! What is true of proof requests and presentations without a wallet or a ledger: names, encoding, restrictions, requests.
