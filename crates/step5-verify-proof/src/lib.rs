//! Step 5 of the tutorial: verifier_verify_proof (actions 21 to 24).
