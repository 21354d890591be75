//! Dates, and predicates on attributes that hold dates.
//!
//! By convention, the value of an attribute whose name ends in `_dateint` is a date written as the number
//! YYYYMMDD. A predicate compares the numbers: of dates of birth, a smaller one is of an older person.

use stdx::text::Quoted;

use super::context::Context;
use super::finding::{Details, Reporter};
use super::location::Location;
use super::rule::Rule;
use crate::names;
use crate::request::PredicateType;

/// A day of the Gregorian calendar, in the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: i32,
    day: i32,
}

/// No one who is alive was born longer ago.
const MAX_AGE: i32 = 130;

impl Date {
    /// Returns the day of this year, month and day; `None` if there is none.
    ///
    /// ```
    /// use negotiate_proofs::lint::Date;
    ///
    /// assert!(Date::new(2028, 2, 29).is_some());
    /// assert!(Date::new(2026, 2, 29).is_none());
    /// ```
    pub fn new(year: i32, month: i32, day: i32) -> Option<Self> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        let is_date = (1..=9999).contains(&year) && (1..=days).contains(&day);
        is_date.then_some(Self { year, month, day })
    }

    /// Reads a date written as `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut part = |digits: usize| {
            let part = parts.next()?;
            let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse().ok()).flatten()
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        parts.next().is_none().then(|| Self::new(year, month, day)).flatten()
    }

    /// Reads a date written as the number YYYYMMDD.
    fn from_number(number: i32) -> Option<Self> {
        let date = Self::new(number / 10_000, number / 100 % 100, number % 100);
        date.filter(|date| date.year >= 1000)
    }

    /// Returns the date as the number YYYYMMDD.
    fn number(self) -> i32 {
        self.year * 10_000 + self.month * 100 + self.day
    }

    /// Returns the day of the same name so many years before; 28 February for one that is not there.
    fn years_before(self, years: i32) -> Option<Self> {
        let year = self.year - years;
        Self::new(year, self.month, self.day).or_else(|| Self::new(year, self.month, 28))
    }

    /// Returns how old someone is on this day who was born on another.
    fn age_of(self, birth: Self) -> i32 {
        let had_birthday = (self.month, self.day) >= (birth.month, birth.day);
        self.year - birth.year - i32::from(!had_birthday)
    }
}

/// The day as `YYYY-MM-DD`.
impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

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
    let folded = names::fold(name);
    if !folded.ends_with("dateint") {
        return;
    }
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
    /// Returns what is doubtful; of a range only whether its bounds are dates among which there is a choice.
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

    /// Returns whether the comparison is true, or false, of every date that has four digits for the year.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for (text, expected) in [
            ("2026-11-28", Some(20_261_128)),
            ("2024-02-29", Some(20_240_229)),
            ("1900-02-29", None),
            ("2000-02-29", Some(20_000_229)),
            ("2026-13-01", None),
            ("2026-00-01", None),
            ("2026-04-31", None),
            ("2026-1-1", None),
            ("26-01-01", None),
            ("2026-01-01T00:00:00Z", None),
            ("+026-01-01", None),
            ("2026-01-01-01", None),
            ("", None),
        ] {
            assert_eq!(Date::parse(text).map(Date::number), expected, "{text}");
        }
        for (number, is_date) in
            [(20_071_127, true), (20_071_327, false), (18, false), (0, false), (-20_071_127, false)]
        {
            assert_eq!(Date::from_number(number).is_some(), is_date, "{number}");
        }
    }

    #[test]
    fn an_age_counts_birthdays() {
        let today = Date::parse("2026-11-28").unwrap();
        for (born, age) in [("2008-11-28", 18), ("2008-11-29", 17), ("1926-01-01", 100)] {
            assert_eq!(today.age_of(Date::parse(born).unwrap()), age);
        }
        let leap_day = Date::parse("2024-02-29").unwrap();
        assert_eq!(leap_day.years_before(18).unwrap().to_string(), "2006-02-28");
    }
}
