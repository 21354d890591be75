//! Step 4 of the tutorial: prover_create_proof (action 20).
