//! JSON pointers (RFC 6901), kept as text.

use jsonptr::Token;

/// Returns the pointer to a member or element of what `pointer` points to.
///
/// ```
/// assert_eq!(negotiate_stdx::pointer::child("/schemas", "a/b~c"), "/schemas/a~1b~0c");
/// ```
pub fn child(pointer: &str, token: &str) -> String {
    let mut child = pointer.to_owned();
    push(&mut child, token);
    child
}

/// Appends a member's name, or an element's index, to a pointer; `~` and `/` in it are escaped.
pub fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    pointer.push_str(Token::new(token).encoded());
}
