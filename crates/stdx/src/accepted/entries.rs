//! What the entries of a file are.

/// What the entries of a file are: how to recognise them, and what to call them.
#[derive(Debug, Clone, Copy)]
pub struct Entries {
    /// What one is called, as "nonce".
    pub one: &'static str,
    /// What they are called, as "used nonces". The first line of the file says so too.
    pub many: &'static str,
    /// The greatest length, in bytes.
    pub longest: usize,
    /// Whether a text is one. It accepts no text with white space in it, for an entry is a line;
    /// and of each entry it accepts every beginning but the empty one, for a line may be cut off
    /// when a run is killed.
    pub is_one: fn(&str) -> bool,
}

impl Entries {
    pub(super) fn accepts(&self, text: &str) -> bool {
        text.len() <= self.longest && !text.contains(char::is_whitespace) && (self.is_one)(text)
    }
}
