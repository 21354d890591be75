//! The preview as a holder reads it.

use std::fmt;

use stdx::text::{Plain, Quoted, Whole};

use super::{CredentialDisclosure, Disclosure, Origin, SelfAttested};

/// A paragraph for each credential, and one for what else there is to know. Long texts are shortened,
/// and characters that a terminal may obey are escaped.
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
        self.write_links(f)
    }
}

impl Disclosure {
    /// Writes by what presentations can be linked.
    fn write_links(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.credentials.is_empty() {
            return Ok(());
        }
        writeln!(
            f,
            "Every presentation makes issuer and schema known. Nothing in its mathematics links it to another"
        )?;
        let reveals = self.credentials.iter().any(|credential| !credential.revealed.is_empty());
        if reveals || !self.self_attested.is_empty() {
            writeln!(f, "presentation of the same credential; the values that it shows can.")
        } else {
            writeln!(f, "presentation of the same credential.")
        }
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
            writeln!(f, "  proves   that it was not revoked at {timestamp}")?;
        }
        Ok(())
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
