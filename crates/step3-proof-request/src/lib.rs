//! Step 3 of the tutorial: proof request and credential search (actions 18 and 19).
