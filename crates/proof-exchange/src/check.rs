//! The names of the checks of a response.

proofs::checks! {
    /// What a verified response means, in the order in which it is checked.
    pub enum ExchangeCheck {
        Size = "size": "request and response are JSON of at most 1 MiB, with no member twice",
        RequestShape = "request-shape": "the request has the shape of a proof request",
        ResponseShape = "response-shape": "the response has the shape of a proof response",
        RequestSignature = "request-signature": "the request is signed by the verifier that it names",
        AnswersRequest = "answers-request": "the response answers this request",
        AnsweredOnce = "answered-once": "the request has not been answered before",
        InTime = "in-time": "the request has not expired",
        CriteriaAnswered = "criteria-answered": "every criterion of the request is answered, once and as it was asked",
        AcceptedTypes = "accepted-types": "every proof is of a syntax and type that the request accepts",
        ResponseSignature = "response-signature": "the response is signed by the holder",
        PresentationSignatures = "presentation-signatures": "every presentation is signed by the holder",
        Issuers = "issuers": "every credential comes from an issuer that its criterion names",
        SchemaOrType = "schema-or-type": "every credential has the schema, or the context and type, of its criterion",
        Attributes = "attributes": "all required attributes are shown, and none that was not asked for",
        AttributeSignatures = "attribute-signatures": "every attribute is signed by its credential's issuer",
        Subject = "subject": "all attributes are about the holder",
        Count = "count": "every criterion is answered by as many credentials as it asks for",
        DistinctCredentials = "distinct-credentials": "no credential is counted twice",
        Dates = "dates": "nothing is dated in the future, and no credential has expired",
        ZeroKnowledge = "zero-knowledge": "every answer in zero knowledge is verified",
    }
}
