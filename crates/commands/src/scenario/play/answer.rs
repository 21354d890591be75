//! Actions 18 to 21: a request, the search, the proof, and the verdict.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use indy::anoncreds::{
    self, Policy, ProofRequest, RequestedCredentials, RevocationRegistries,
    RevocationRegistryDefinitions, RevocationStates,
};
use tutorial::{
    Tutorial,
    data::LINK_SECRET,
    handover::{Found, Proven, Verdict},
};

use super::{
    super::{
        check::with_nonce,
        model::{Request, Scenario},
        placeholder::fill,
        seed::Seed,
    },
    group::Subject,
    state::{Answer, Ended, Issued, Outcome, Played},
    wallets,
};

/// How many candidates for a referent are shown.
const MAX_SHOWN: usize = 10;

/// What the actions of all requests share.
pub struct Answering<'s> {
    pub tutorial: &'s Tutorial,
    pub scenario: &'s Scenario,
    pub seed: Option<&'s Seed>,
}

impl<'s> Answering<'s> {
    /// Plays what is left of the actions of a request. Each result is saved before the next action
    /// begins.
    pub async fn answer(
        &self,
        subject: Subject<'s>,
        request: &Request,
        played: &mut Played,
    ) -> Result<()> {
        let name = subject.name();
        let has =
            |played: &Played, part: fn(&Answer) -> bool| played.answers.get(name).is_some_and(part);
        if !has(played, |answer| answer.found.is_some()) {
            let issued = played.issued.as_ref().context("nothing was issued")?;
            let proof_request = self.request(&subject, request, issued).await?;
            let answer = self.search(&subject, request, proof_request).await?;
            self.save(name, played, answer)?;
            if has(played, |answer| answer.ended.is_some()) {
                return Ok(());
            }
        }
        if !has(played, |answer| answer.proven.is_some()) {
            let found = played.answers.get_mut(name).and_then(|answer| answer.found.take());
            let found = found.context("no request was saved")?;
            let proven = self.prove(&subject, request, &found).await?;
            let answer = Answer { found: Some(found), proven: Some(proven), ..Answer::default() };
            self.save(name, played, answer)?;
        }
        let answer = played.answers.remove(name).unwrap_or_default();
        let (Some(found), Some(proven)) = (answer.found, answer.proven) else {
            return Err(anyhow!("no presentation was saved"));
        };
        let verdict = self.verify(&subject, &found, &proven).await?;
        self.tutorial.note_verdict(&verdict);
        let outcome = Outcome::Verified(verdict);
        let mut answer = Answer { found: Some(found), proven: Some(proven), ..Answer::default() };
        let computed_from = computed_from(self.tutorial, &answer, &outcome, self.tutorial.keeps())?;
        answer.ended = Some(Ended { outcome, computed_from });
        self.save(name, played, answer)
    }

    fn save(&self, name: &str, played: &mut Played, mut answer: Answer) -> Result<()> {
        let request = self.scenario.requests.get(name);
        answer.request = self.tutorial.home().fingerprint(&request.map(Request::summary), false)?;
        played.answers.insert(name.to_owned(), answer);
        // a program has the line of an action before its result is on the disk, as from the
        // tutorial's steps
        self.tutorial.printer().end()?;
        Ok(self.tutorial.home().save_played(played)?)
    }

    /// Action 18: the request, with identifiers and a nonce filled in.
    async fn request(
        &self,
        subject: &Subject<'s>,
        request: &Request,
        issued: &Issued,
    ) -> Result<ProofRequest> {
        subject.begin(18, "Prover gets the Proof Request").await?;
        let nonce = match self.seed {
            Some(seed) => seed.nonce(subject.name()),
            None => anoncreds::generate_nonce()?,
        };
        let proof_request = filled(subject.name(), request, issued, nonce)?;
        self.tutorial.show("Proof Request", &proof_request)?;
        Ok(proof_request)
    }

    /// Action 19: the credentials that can answer, and what the verifier would learn. Where nothing
    /// answers, the request ends here.
    async fn search(
        &self,
        subject: &Subject<'s>,
        request: &Request,
        proof_request: ProofRequest,
    ) -> Result<Answer> {
        let tutorial = self.tutorial;
        let referents: Vec<String> = referents(&proof_request).map(str::to_owned).collect();
        let label = format!("Prover gets Credentials for {}", listed(&referents));
        subject.begin(19, label).await?;
        let account = wallets::of_holder(self.scenario, &request.holder);
        let wallet = tutorial.wallet(account.open()).await?;
        let mut search =
            anoncreds::prover_search_credentials_for_proof_req(&wallet, &proof_request, None)
                .await?;
        let mut candidates = BTreeMap::new();
        for referent in &referents {
            let fetched =
                anoncreds::prover_fetch_credentials_for_proof_req(&mut search, referent, MAX_SHOWN);
            let fetched = fetched.await?;
            tutorial.show(&format!("Prover credential for {referent}"), &fetched)?;
            candidates.insert(referent.clone(), fetched);
        }
        anoncreds::prover_close_credentials_search_for_proof_req(search);

        let (choice, unanswered) = choose(&wallet, &proof_request, request).await?;
        let previewed = unanswered.is_empty().then_some(&choice);
        let preview =
            anoncreds::prover_preview_disclosure(&wallet, &proof_request, previewed).await?;
        tutorial.show_text("What the verifier would learn", &preview)?;
        let mut answer =
            Answer { found: Some(Found { proof_request, candidates }), ..Answer::default() };
        if !unanswered.is_empty() {
            let outcome = Outcome::Unanswered(unanswered);
            let computed_from = computed_from(tutorial, &answer, &outcome, tutorial.keeps())?;
            answer.ended = Some(Ended { outcome, computed_from });
        }
        Ok(answer)
    }

    /// Action 20: the presentation.
    async fn prove(
        &self,
        subject: &Subject<'s>,
        request: &Request,
        found: &Found,
    ) -> Result<Proven> {
        let tutorial = self.tutorial;
        subject.begin(20, "Prover creates Proof for Proof Request").await?;
        let account = wallets::of_holder(self.scenario, &request.holder);
        let wallet = tutorial.wallet(account.open()).await?;
        let proof_request = &found.proof_request;
        let (requested_credentials, _) = choose(&wallet, proof_request, request).await?;
        tutorial.show("Requested Credentials", &requested_credentials)?;

        // public data comes from the ledger, not from the issuers
        let ids = chosen_ids(&requested_credentials);
        let mut public_ids = BTreeSet::new();
        for id in ids {
            let info = anoncreds::prover_get_credential(&wallet, id).await?;
            public_ids.insert((info.schema_id, info.cred_def_id));
        }
        let public_ids = public_ids.iter().map(|(schema, def)| (schema.as_str(), def.as_str()));
        let (schemas, cred_defs) = tutorial.read_public_data(public_ids).await?;
        let presentation = anoncreds::prover_create_proof(
            &wallet,
            proof_request,
            &requested_credentials,
            LINK_SECRET,
            &schemas,
            &cred_defs,
            &RevocationStates::new(),
        )
        .await?;
        tutorial.show("Proof", &presentation)?;
        Ok(Proven { requested_credentials, presentation })
    }

    /// Action 21: the verdict.
    async fn verify(
        &self,
        subject: &Subject<'s>,
        found: &Found,
        proven: &Proven,
    ) -> Result<Verdict> {
        let tutorial = self.tutorial;
        subject.begin(21, "Verifier is verifying proof from Prover").await?;
        let (request, presentation) = (&found.proof_request, &proven.presentation);
        let (schemas, cred_defs) = tutorial.read_public_data(proven.public_ids()).await?;
        // no credential of a scenario can be revoked
        let (rev_reg_defs, rev_regs) =
            (RevocationRegistryDefinitions::new(), RevocationRegistries::new());
        let verified = anoncreds::verifier_verify_proof(
            request,
            presentation,
            &schemas,
            &cred_defs,
            &rev_reg_defs,
            &rev_regs,
        )
        .await?;
        tutorial.show("Verified", &verified)?;
        let reasons = anoncreds::verifier_explain_proof(
            request,
            presentation,
            &schemas,
            &cred_defs,
            &rev_reg_defs,
            &rev_regs,
            &Policy::default(),
        )
        .await?;
        tutorial.show_verdict("Verdict", &reasons)?;
        Ok(Verdict::new(verified, &reasons, request, presentation)?)
    }
}

/// Returns a request with identifiers filled in, and a nonce if it has none.
pub fn filled(
    name: &str,
    request: &Request,
    issued: &Issued,
    nonce: String,
) -> Result<ProofRequest> {
    let (filled, _) = fill(&request.proof_request, &|placeholder| issued.find(placeholder));
    ProofRequest::from_value(&with_nonce(filled, || nonce))
        .with_context(|| format!("cannot use requests/{name}.json"))
}

/// Returns the hash of what an outcome was computed from, and of itself.
pub fn computed_from(
    tutorial: &Tutorial,
    answer: &Answer,
    outcome: &Outcome,
    with_ledger: bool,
) -> Result<String> {
    let parts = (&answer.found, &answer.proven, outcome);
    Ok(tutorial.home().fingerprint(&parts, with_ledger)?)
}

/// Chooses credentials for a request as its file says: what is self-attested needs none, what is
/// hidden is not shown. Returns the choice, and the reasons why referents stay open.
pub async fn choose(
    wallet: &indy::wallet::Wallet,
    proof_request: &ProofRequest,
    request: &Request,
) -> Result<(RequestedCredentials, BTreeMap<String, String>)> {
    let (mut choice, unanswered) =
        anoncreds::prover_choose_credentials(wallet, proof_request).await?;
    for (referent, text) in &request.self_attested {
        choice.attributes.remove(referent);
        choice = choice.self_attest(referent, text);
    }
    for referent in &request.hide {
        if let Some(chosen) = choice.attributes.get_mut(referent) {
            chosen.revealed = false;
        }
    }
    let open = unanswered.into_iter();
    let open = open.filter(|(referent, _)| !request.self_attested.contains_key(referent));
    Ok((choice, open.collect()))
}

fn chosen_ids(choice: &RequestedCredentials) -> BTreeSet<&str> {
    let attributes = choice.attributes.values().map(|chosen| chosen.credential.as_str());
    let predicates = choice.predicates.values().map(|chosen| chosen.credential.as_str());
    attributes.chain(predicates).collect()
}

fn referents(request: &ProofRequest) -> impl Iterator<Item = &str> {
    let attributes = request.requested_attributes.keys();
    attributes.chain(request.requested_predicates.keys()).map(String::as_str)
}

/// Returns names as one text: "a, b and c".
fn listed(names: &[String]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
