//! Step 2 of the tutorial: issuance setup (actions 1 to 17).
