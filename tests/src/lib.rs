//! Tests that look at the whole workspace: the book, the house's arrows, the fixtures.
