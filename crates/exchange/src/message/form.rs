//! The names of members: those of the draft, of its authors' revision, and of their library.

/// The names that a message uses, one form throughout. All forms are read into the same types, and
/// a response is written in the form of its request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// The draft of 2019-08-25: `proofRequest`, `proofURL`, `proofRequestId`, `type`.
    #[default]
    August2019,
    /// Its authors' revision of 2019-12-18, "Addition of Presentation Request/Response ...":
    /// `presentationRequest`, `presentationURL`, `presentationRequestId`, `@type`.
    December2019,
    /// Their library `ledger-common`: as the draft, with `proofRequestInstanceId` for the request's
    /// id.
    LedgerCommon,
}

/// The names of one form.
pub(crate) struct Names {
    /// The member of a request that holds its criteria.
    pub body: &'static str,
    /// The member of a request with the URL to which the response goes.
    pub url: &'static str,
    /// The member of a request with its id.
    pub id: &'static str,
    /// The member of a response with the id of its request.
    pub answered: &'static str,
    /// The member of requests, responses, presentations and criteria with their type.
    pub kind: &'static str,
    /// The member of a criterion with its context.
    pub context: &'static str,
    /// The type of a request.
    pub request: &'static str,
    /// The type of a response.
    pub response: &'static str,
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 3] = [Self::August2019, Self::December2019, Self::LedgerCommon];

    /// Returns its name: `2019-08`, `2019-12`, `ledger-common`.
    pub fn name(self) -> &'static str {
        match self {
            Self::August2019 => "2019-08",
            Self::December2019 => "2019-12",
            Self::LedgerCommon => "ledger-common",
        }
    }

    /// Returns the form of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    pub(crate) fn names(self) -> &'static Names {
        const AUGUST: Names = Names {
            body: "proofRequest",
            url: "proofURL",
            id: "id",
            answered: "proofRequestId",
            kind: "type",
            context: "context",
            request: "ProofRequest",
            response: "ProofResponse",
        };
        match self {
            Self::August2019 => &AUGUST,
            Self::December2019 => &Names {
                body: "presentationRequest",
                url: "presentationURL",
                id: "id",
                answered: "presentationRequestId",
                kind: "@type",
                context: "@context",
                request: "PresentationRequest",
                response: "PresentationResponse",
            },
            Self::LedgerCommon => &Names {
                id: "proofRequestInstanceId",
                answered: "proofRequestInstanceId",
                request: "https://credentials.workday.com/docs/specification/v1.0/proof-request.json",
                response: "https://credentials.workday.com/docs/specification/v1.0/proof-response.json",
                ..AUGUST
            },
        }
    }
}
