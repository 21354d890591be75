//! The names of the checks of a response.

verdict::checks! {
    /// What holds of a verified response, in the order in which it is checked: what costs little
    /// comes first.
    pub enum ExchangeCheck {
        Size = "size": "request and response are JSON of at most 1 MiB, with no member twice, and few enough signatures",
        RequestShape = "request-shape": "the request has the shape of a proof request",
        ResponseShape = "response-shape": "the response has the shape of a proof response",
        InTime = "in-time": "the request has not expired",
        AnswersRequest = "answers-request": "the response answers this request",
        AnsweredOnce = "answered-once": "the request has not been answered before",
        CriteriaAnswered = "criteria-answered": "every criterion of the request is answered, once and as it was asked",
        AcceptedTypes = "accepted-types": "every proof is of a syntax and type that the request accepts",
        Issuers = "issuers": "every credential comes from an issuer that its criterion names",
        SchemaOrType = "schema-or-type": "every credential has the schema, or the context and type, of its criterion",
        Attributes = "attributes": "all required attributes are shown, and none that was not asked for",
        Subject = "subject": "all attributes are about the holder",
        Count = "count": "every criterion is answered by as many different credentials as it asks for",
        DistinctCredentials = "distinct-credentials": "no credential is offered twice for one criterion",
        Dates = "dates": "nothing is dated in the future, and no credential has expired",
        RequestSignature = "request-signature": "the request is signed by the verifier that it names",
        ResponseSignature = "response-signature": "the response is signed by the holder",
        PresentationSignatures = "presentation-signatures": "every presentation is signed by the holder",
        AttributeSignatures = "attribute-signatures": "every attribute is signed by its credential's issuer",
        ZeroKnowledge = "zero-knowledge": "what is asked in zero knowledge is proved so, and every such proof is verified",
    }
}
