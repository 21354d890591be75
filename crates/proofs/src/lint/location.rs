//! Where something stands in a request.

use stdx::pointer;

/// A location in the request, as the chain of steps that lead there.
///
/// It becomes a JSON pointer only if there is something to report: writing out every location would
/// take quadratic time in a request with a long referent and many members below it.
#[derive(Clone, Copy)]
pub(super) struct Location<'p> {
    last: Option<(&'p Location<'p>, Step<'p>)>,
    referent: Option<&'p str>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Member(&'p str),
    Element(usize),
}

impl<'p> Location<'p> {
    /// The location of the whole request.
    pub(super) const ROOT: Location<'static> = Location { last: None, referent: None };

    /// Returns the location of a member of the object that stands here.
    pub(super) fn member(&'p self, key: &'p str) -> Self {
        self.step(Step::Member(key))
    }

    /// Returns the location of an element of the list that stands here.
    pub(super) fn element(&'p self, index: usize) -> Self {
        self.step(Step::Element(index))
    }

    /// Returns the location of a referent in the section that stands here.
    pub(super) fn requested(&'p self, referent: &'p str) -> Self {
        Self { referent: Some(referent), ..self.member(referent) }
    }

    fn step(&'p self, step: Step<'p>) -> Self {
        Self { last: Some((self, step)), referent: self.referent }
    }

    /// Returns the referent inside which this stands.
    pub(super) fn referent(&self) -> Option<&'p str> {
        self.referent
    }

    /// Returns the JSON pointer. The recursion is as deep as the chain is long, and nothing below
    /// the deepest restriction is looked at.
    pub(super) fn pointer(&self) -> String {
        match self.last {
            None => String::new(),
            Some((above, Step::Member(key))) => pointer::child(&above.pointer(), key),
            Some((above, Step::Element(index))) => {
                pointer::child(&above.pointer(), &index.to_string())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_written_as_a_pointer_and_knows_its_referent() {
        let section = Location::ROOT.member("requested_attributes");
        let requested = section.requested("a/b");
        let restrictions = requested.member("restrictions");
        let location = restrictions.element(3);
        assert_eq!(location.pointer(), "/requested_attributes/a~1b/restrictions/3");
        assert_eq!(location.referent(), Some("a/b"));
        assert_eq!(Location::ROOT.pointer(), "");
        assert_eq!(section.referent(), None);
    }
}
