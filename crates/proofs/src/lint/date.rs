//! Days of the calendar.

/// A day of the Gregorian calendar, in the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i32,
    month: i32,
    day: i32,
}

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
    pub fn from_number(number: i32) -> Option<Self> {
        let date = Self::new(number / 10_000, number / 100 % 100, number % 100);
        date.filter(|date| date.year >= 1000)
    }

    /// Returns the date as the number YYYYMMDD.
    pub fn number(self) -> i32 {
        self.year * 10_000 + self.month * 100 + self.day
    }

    /// Returns the day of the same name so many years before; 28 February for one that is not
    /// there.
    pub(super) fn years_before(self, years: i32) -> Option<Self> {
        let year = self.year - years;
        Self::new(year, self.month, self.day).or_else(|| Self::new(year, self.month, 28))
    }

    /// Returns how old someone is on this day who was born on another.
    pub(super) fn age_of(self, birth: Self) -> i32 {
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
