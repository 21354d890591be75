//! Predicates on attributes that hold dates.
//!
//! By convention, the value of an attribute whose name ends in `_dateint` is a date written as the
//! number YYYYMMDD. A predicate compares the numbers: of dates of birth, a smaller one is of an
//! older person.

use stdx::text::Quoted;

use super::context::Context;
use super::date::Date;
use super::finding::{Details, Reporter};
use super::location::Location;
use super::rule::Rule;
use crate::names;
use crate::request::PredicateType;

/// No one who is alive was born longer ago.
const MAX_AGE: i32 = 130;

/// A comparison with an attribute that holds a date.
struct DatePredicate<'p> {
    name: &'p str,
    p_type: PredicateType,
    p_value: i32,
    is_birth: bool,
    today: Option<Date>,
}

/// Checks a predicate, if by its name the attribute holds a date.
pub(super) fn check(
    name: &str,
    p_type: PredicateType,
    p_value: i32,
    location: &Location<'_>,
    context: &Context<'_>,
    reporter: &mut Reporter,
) {
    if !names::holds_date(name) {
        return;
    }
    let folded = names::fold(name);
    let words = ["birth", "dob", "born"];
    let is_birth = words.iter().any(|word| folded.contains(word));
    let predicate = DatePredicate { name, p_type, p_value, is_birth, today: context.date };
    let has_other_bound =
        context.upper_bounds.contains(&folded) && context.lower_bounds.contains(&folded);
    if let Some((rule, details)) = predicate.finding(has_other_bound) {
        reporter.warn(rule, location, || details);
    }
}

impl DatePredicate<'_> {
    /// Returns what is doubtful; of a range only whether its bounds are dates among which there is
    /// a choice.
    fn finding(&self, is_range: bool) -> Option<(Rule, Details)> {
        let (p_type, p_value) = (self.p_type, self.p_value);
        let found = |what: String| format!("{} {p_type} {p_value}, {what}", Quoted(self.name));
        let Some(bound) = Date::from_number(p_value) else {
            let what = match self.of_all_dates() {
                Some(true) => "which is not a date; it is true of every date",
                Some(false) => "which is not a date; it is false of every date",
                None => "which is not a date",
            };
            let details = Details::new(found(what.to_owned()), self.right_bound());
            return Some((Rule::DateBoundNotADate, details));
        };
        if let (true, Some(today)) = (self.is_birth, self.today)
            && let Some(oldest) = today.years_before(MAX_AGE)
        {
            let holds = |date: Date| p_type.holds(date.number(), p_value);
            let side = if bound >= today { "after" } else { "before" };
            let what = format!("and no one who is alive on {today} was born {side} that day");
            match (holds(oldest), holds(today)) {
                (true, true) if is_range => {}
                (true, true) => {
                    let details = Details::new(found(what), self.right_bound());
                    return Some((Rule::DateBoundAlways, details));
                }
                (false, false) => {
                    let details = Details::new(found(what), self.right_bound());
                    return Some((Rule::DateBoundNever, details));
                }
                (true, false) | (false, true) => {}
            }
        }
        if self.is_birth && self.is_lower() && !is_range {
            let age = self.today.map(|today| {
                format!(": someone of {} years or younger on {today}", today.age_of(bound))
            });
            let what = format!("born on {bound} or later{}", age.unwrap_or_default());
            let remedy = format!(
                "for an age of at least so many years write `<= {p_value}`; keep it if younger is meant"
            );
            return Some((Rule::DateBoundDirection, Details::new(found(what), remedy)));
        }
        None
    }

    fn is_lower(&self) -> bool {
        matches!(self.p_type, PredicateType::GreaterOrEqual | PredicateType::Greater)
    }

    /// Returns whether the comparison is true, or false, of every date that has four digits for the
    /// year.
    fn of_all_dates(&self) -> Option<bool> {
        let holds = |date: i32| self.p_type.holds(date, self.p_value);
        let (first, last) = (holds(10_000_101), holds(99_991_231));
        (first == last).then_some(first)
    }

    /// Says which bound is right.
    fn right_bound(&self) -> String {
        let age = Some(self.p_value).filter(|age| self.is_birth && (1..=MAX_AGE).contains(age));
        let birthday = age.and_then(|age| self.today?.years_before(age));
        match (age, birthday, self.today) {
            (Some(age), Some(birthday), Some(today)) => {
                format!("for an age of at least {age} on {today} write `<= {}`", birthday.number())
            }
            _ if self.is_birth => {
                "for an age of at least so many years write `<=` and the day so many \
                                   years ago, as the number YYYYMMDD"
                    .to_owned()
            }
            _ => "write the date as the number YYYYMMDD".to_owned(),
        }
    }
}
