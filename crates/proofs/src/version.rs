//! Whether a request names things by the short or by the long form.

use serde::Serialize;

/// The version of the proof request format: its member `ver`. (Not `version`, which is the
/// verifier's own.)
///
/// Version 1.0 has identifiers without prefixes (`Th7MpTaRZVRYnPiabds81Y`), and so matches a
/// credential whether its identifiers carry the prefix of their DID method
/// (`did:sov:Th7MpTaRZVRYnPiabds81Y`) or not. Version 2.0 takes identifiers literally.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum RequestVersion {
    /// Version 1.0, also meant when a request has no `ver`.
    #[default]
    #[serde(rename = "1.0")]
    V1,
    /// Version 2.0.
    #[serde(rename = "2.0")]
    V2,
}

impl RequestVersion {
    /// Reads the text of `ver`; `None` for any version but 1.0 and 2.0.
    pub fn parse(ver: &str) -> Option<Self> {
        match ver {
            "1.0" => Some(Self::V1),
            "2.0" => Some(Self::V2),
            _ => None,
        }
    }

    /// Returns whether a request without `ver` means this.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
