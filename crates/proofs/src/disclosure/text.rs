//! The preview as a holder reads it.

use std::fmt;

use stdx::text::{Plain, Quoted, Whole};

use super::{AskedInterval, Considered, CredentialDisclosure, Disclosure, Origin, SelfAttested};
use crate::request::Interval;

/// A paragraph for each credential, and one for what else there is to know. Long texts are
/// shortened, and characters that a terminal may obey are escaped.
impl fmt::Display for Disclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for credential in &self.credentials {
            write!(f, "{credential}")?;
        }
        if !self.self_attested.is_empty() {
            writeln!(f, "In your own words, for which no one vouches:")?;
            for stated in &self.self_attested {
                writeln!(f, "  states   {stated}")?;
            }
        }
        if !self.unanswered.is_empty() {
            writeln!(f, "Not answered:")?;
            for open in &self.unanswered {
                let (referent, reason) = (Plain(&open.referent), Whole(&open.reason));
                writeln!(f, "  {referent}: {reason}")?;
            }
        }
        if !self.considered.is_empty() {
            writeln!(f, "Candidates:")?;
            for considered in &self.considered {
                writeln!(f, "  {considered}")?;
            }
        }
        self.write_links(f)
    }
}

impl Disclosure {
    /// Writes by what presentations can be linked.
    fn write_links(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.credentials.is_empty() {
            return Ok(());
        }
        let reveals = self.credentials.iter().any(|credential| !credential.revealed.is_empty());
        let shown = match reveals || !self.self_attested.is_empty() {
            true => "; the values that it shows can",
            false => "",
        };
        writeln!(
            f,
            "Every presentation makes issuer and schema known. Nothing in its mathematics links it to another \
             presentation of the same credential{shown}."
        )
    }
}

impl fmt::Display for CredentialDisclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "From credential {} ({}):", Plain(&self.credential), self.origin)?;
        for shown in &self.revealed {
            let (name, raw) = (Plain(&shown.name), Quoted(&shown.raw));
            writeln!(f, "  shows    {name} = {raw} ({})", List(&shown.referents))?;
        }
        for proved in &self.proved {
            let (name, referent) = (Plain(&proved.name), Plain(&proved.referent));
            let (p_type, p_value) = (proved.p_type, proved.p_value);
            writeln!(f, "  proves   {name} {p_type} {p_value} ({referent})")?;
        }
        for withheld in &self.withheld {
            let (names, referent) = (List(&withheld.names), Plain(&withheld.referent));
            writeln!(f, "  shows    only that there is: {names} ({referent})")?;
        }
        if !self.hidden.is_empty() {
            writeln!(f, "  hides    {}", List(&self.hidden))?;
        }
        if let Some(cred_def_id) = &self.origin.cred_def_id {
            writeln!(f, "  reveals  credential definition {}", Plain(cred_def_id))?;
        }
        if let Some(registry) = &self.origin.rev_reg_id {
            writeln!(f, "  reveals  revocation registry {}", Plain(registry))?;
        }
        if let Some(timestamp) = self.timestamp {
            writeln!(f, "  proves   that it was not revoked at {}", Time(timestamp))?;
        }
        for asked in &self.intervals {
            writeln!(f, "  asked    {asked}{}", self.answer())?;
        }
        Ok(())
    }
}

impl CredentialDisclosure {
    /// Says what becomes of the demand that it was not revoked.
    fn answer(&self) -> &'static str {
        match (&self.origin.rev_reg_id, self.timestamp) {
            (None, _) => "; it cannot be revoked, and shows nothing about that",
            (Some(_), None) => "; no moment is chosen yet for which that is proved",
            (Some(_), Some(_)) => "",
        }
    }
}

/// When a credential should not have been revoked, and for which referents.
impl fmt::Display for AskedInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("that it was not revoked ")?;
        match self.interval {
            Interval { from: Some(from), to: Some(to) } if from == to => {
                write!(f, "at {}", Time(to))?;
            }
            Interval { from: Some(from), to: Some(to) } => {
                write!(f, "at some time from {} to {}", Time(from), Time(to))?;
            }
            Interval { from: Some(from), to: None } => {
                write!(f, "at some time since {}", Time(from))?
            }
            Interval { from: None, to: Some(to) } => write!(f, "at some time until {}", Time(to))?,
            Interval { from: None, to: None } => f.write_str("at any time")?,
        }
        write!(f, " ({})", List(&self.referents))
    }
}

/// A time in seconds since the start of 1970, in UTC.
struct Time(u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SECONDS_OF_DAY: u64 = 86_400;
        // The beginning of the year 10000.
        const END: u64 = 253_402_300_800;
        if self.0 >= END {
            return write!(f, "{}", self.0);
        }
        // The civil calendar, with years that begin in March: a leap day is then the last of its
        // year.
        let days = self.0 / SECONDS_OF_DAY + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (year, month) = match month {
            0..=9 => (era * 400 + year, month + 3),
            _ => (era * 400 + year + 1, month - 9),
        };
        let second = self.0 % SECONDS_OF_DAY;
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// How many of how many credentials can answer a referent.
impl fmt::Display for Considered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { candidates, credentials, .. } = *self;
        let held = |count| if count == 1 { "credential" } else { "credentials" };
        let referent = Plain(&self.referent);
        if self.more {
            return write!(f, "{referent}: more than {candidates} of {credentials} credentials");
        }
        write!(f, "{referent}: {candidates} of {credentials} {}", held(credentials))?;
        match credentials.saturating_sub(candidates) {
            0 => Ok(()),
            1 => f.write_str("; 1 is excluded"),
            excluded => write!(f, "; {excluded} are excluded"),
        }
    }
}

/// The schema and the issuer.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unknown = "unknown";
        let text = |part: &Option<String>| part.clone().unwrap_or_else(|| unknown.to_owned());
        match (&self.schema_name, &self.schema_version) {
            (Some(name), Some(version)) => {
                write!(f, "schema {} {}", Plain(name), Plain(version))?;
            }
            _ => write!(f, "schema {}", Plain(&text(&self.schema_id)))?,
        }
        write!(f, ", issued by {}", Plain(&text(&self.issuer_did)))
    }
}

impl fmt::Display for SelfAttested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (names, value) = (List(&self.names), Quoted(&self.value));
        write!(f, "{names} = {value} ({})", Plain(&self.referent))
    }
}

/// Names, with commas between them.
struct List<'a>(&'a [String]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.0.iter().enumerate() {
            let before = if index == 0 { "" } else { ", " };
            write!(f, "{before}{}", Plain(name))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_824_000, "2026-11-28T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (253_402_300_800, "253402300800"),
            (u64::MAX, "18446744073709551615"),
        ] {
            assert_eq!(Time(seconds).to_string(), expected);
        }
    }
}
