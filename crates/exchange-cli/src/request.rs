//! `proof-exchange request`: a request is made, signed, and stored for `serve` to publish.

use anyhow::{Context, Result, anyhow, bail, ensure};
use chrono::Utc;
use exchange::{
    error::ExchangeError,
    id::RandomIds,
    message::{Accepted, CL_PRESENTATION, Form, ProofRequest, Spelling, Syntax},
    schema::{self, Schemas},
    signature::{ProofType, SignatureError},
    verifier::{NewRequest, create_request},
};
use exchange_anoncreds::{Loss, from_anoncreds};
use exchange_http::{RequestStore, qr, request_url, response_url};
use indy::anoncreds;
use serde_json::{Map, Value, json};
use stdx::text;
use tutorial::{Format, Status, input, report};
use url::Url;
use uuid::Uuid;
use verdict::Caution;

use crate::{
    cli::Request,
    context::{CommandContext, caution_json, exchange_directory, read_json, write_file},
    identity,
};

/// Makes, signs and stores a request.
pub async fn request(context: &CommandContext<'_>, args: &Request) -> Result<Status> {
    let server = Url::parse(&args.url).with_context(|| {
        format!("{:?} is not the URL of a server; write it as http://127.0.0.1:8700", args.url)
    })?;
    let shown = input::shown(&args.criteria);
    let file = read_json(&args.criteria, "a request's criteria").await?;
    let (file, losses) = match file.get("requested_attributes") {
        Some(_) => translated(&file).with_context(|| format!("cannot ask what {shown} says"))?,
        None => (file, Vec::new()),
    };
    let Value::Object(mut body) = file else {
        bail!("{shown} is not a JSON object; write {{\"description\": ..., \"criteria\": [...]}}");
    };
    let proof_type = match args.signing_key.key {
        Some(_) => ProofType::RsaSignature2018,
        None => args.sign_as,
    };
    let is_linked = proof_type.is_linked();
    ensure!(
        !is_linked || args.form == Form::August2019,
        "the names of --form {} are defined by no JSON-LD context, so that such a request cannot be signed with \
         --sign-as json-ld or --key; leave one of the two out",
        args.form.name()
    );
    check_criteria(&body).with_context(|| format!("cannot ask what {shown} says"))?;
    let wallet = identity::wallet(context.tutorial, identity::VERIFIER).await?;
    let verifier = identity::of(&wallet, identity::VERIFIER, &args.signing_key).await?;
    let now = Utc::now();
    let id = match is_linked {
        true => Uuid::new_v4().urn().to_string(),
        false => Uuid::new_v4().to_string(),
    };
    let unknown = body.keys().filter(|name| !BODY.contains(&&***name)).cloned().collect::<Vec<_>>();
    if let Some(criteria) = body.get_mut("criteria") {
        rename(criteria, args.form);
    }
    if !args.accept.is_empty() {
        let pairs: Vec<String> = args.accept.iter().map(Accepted::to_string).collect();
        body.insert("accept".to_owned(), json!(pairs));
    } else if !body.contains_key("accept") {
        body.insert("accept".to_owned(), json!(accepted(body.get("criteria"), is_linked)));
    }
    let new = NewRequest {
        proof_url: response_url(&server, &id).to_string(),
        id,
        body,
        created: now,
        expires: Some(now + args.expires_in),
        proof_type,
        form: args.form,
    };
    let request = create_request(&new, &*verifier.signer, &mut RandomIds, &context.contexts).await;
    let request = request.map_err(|error| {
        let hint = match error {
            ExchangeError::Message { .. } => {
                "; `proof-exchange schema` prints the schema of a request, and --help what the file holds"
            }
            ExchangeError::Signature { source: SignatureError::NotCanonical(_), .. } => {
                "; --context URL=FILE gives a JSON-LD context that it may name"
            }
            _ => "",
        };
        anyhow!("cannot ask what {shown} says: {error}{hint}")
    })?;
    warn(request.message(), &unknown);
    verifier.publish(&context.registry)?;
    let store = exchange_directory(context.tutorial.home().directory()).join("requests");
    RequestStore::open(store)?.put(&request)?;
    let url = request_url(&server, &new.id);
    let public_data = match context.registry.exists() {
        true => Some(context.public_data().await?),
        false => None,
    };
    let schemas = public_data.as_deref().map(|data| data as &dyn Schemas);
    let cautions = schema::cautions(request.message(), schemas).await;
    for Loss { pointer, what, because } in losses {
        report::warning(&format!("{pointer}: not asked for: {what}; {because}"));
    }
    print(context.format, args, &url, request.document(), &cautions)
}

/// Checks that these members are no finished message, and that they do not say what an option says.
fn check_criteria(body: &Map<String, Value>) -> Result<()> {
    ensure!(
        !body.contains_key("FulfilledCriteria"),
        "it is a proof response; name a file with criteria"
    );
    ensure!(
        !["proofRequest", "presentationRequest"].iter().any(|member| body.contains_key(*member)),
        "it is a finished proof request, which `proof-exchange respond` answers; name a file with criteria"
    );
    ensure!(
        !body.contains_key("expires"),
        "it has the member `expires`, which is written by --expires-in HOURS; remove it"
    );
    for member in ["id", "proof", "proofURL", "presentationURL", "verifier"] {
        ensure!(
            !body.contains_key(member),
            "it has the member `{member}`, which the command writes itself; remove it"
        );
    }
    Ok(())
}

/// The members that a file with criteria has.
const BODY: [&str; 3] = ["accept", "criteria", "description"];

/// Says what a request does that its author may not mean: it can be answered by no program like
/// this one, or carries along members that nothing here knows, which may be misspelled.
fn warn(request: &ProofRequest, unknown: &[String]) {
    let accept = request.body.accept.iter().flatten();
    let is_signed_here = |Accepted { syntax, proof_type }: &Accepted| {
        let known = ProofType::of_name(proof_type);
        proof_type == CL_PRESENTATION
            || known.is_some_and(|known| known.is_linked() == (*syntax == Syntax::JsonLd))
    };
    if !accept.clone().any(is_signed_here) {
        let pairs: Vec<String> = accept.map(Accepted::to_string).collect();
        report::warning(&format!(
            "this program signs nothing of the type {}, so that it cannot answer; accept another type too",
            pairs.join(" or ")
        ));
    }
    let of_body = unknown.iter().map(|name| (String::new(), name));
    let criteria = request.body.criteria.iter().enumerate();
    let of_criteria = criteria.flat_map(|(index, criterion)| {
        criterion.other.keys().map(move |name| (format!("/criteria/{index}"), name))
    });
    for (place, name) in of_body.chain(of_criteria) {
        report::warning(&format!(
            "{place}/{name}: this member is only carried along; if it is misspelled, correct it and make the request again"
        ));
    }
}

/// Translates a proof request of AnonCreds to the criteria that ask for the same; returns what they
/// do not express, too.
fn translated(request: &Value) -> Result<(Value, Vec<Loss>)> {
    let request = anoncreds::ProofRequest::from_value(request)?;
    let (criteria, losses) = from_anoncreds(&request)?;
    let criteria: Vec<Value> = criteria
        .iter()
        .map(|criterion| criterion.written(Spelling::Request, Form::default()))
        .collect();
    Ok((json!({"description": request.name, "criteria": criteria}), losses))
}

/// Gives the criteria the names of members that a form has.
fn rename(criteria: &mut Value, form: Form) {
    let criteria = criteria.as_array_mut().into_iter().flatten();
    for criterion in criteria.filter_map(Value::as_object_mut) {
        for name in ["context", "type"] {
            if form == Form::December2019
                && let Some(value) = criterion.remove(name)
            {
                criterion.insert(format!("@{name}"), value);
            }
        }
    }
}

fn print(
    format: Format,
    args: &Request,
    url: &Url,
    document: &Value,
    cautions: &[Caution],
) -> Result<Status> {
    if format == Format::Text {
        cautions
            .iter()
            .for_each(|Caution { what, why, .. }| report::warning(&format!("{what}: {why}")));
    }
    let text = format!("{document:#}\n");
    if let Some(path) = &args.output {
        write_file(path, &text)?;
    }
    if format == Format::Text && args.qr {
        report::print(qr::terminal(url)?.as_bytes())?;
    } else if format == Format::Text && args.output.is_none() {
        // nothing else goes to standard output, so that it can go into a file or a pipe
        report::print(text::json(&text).as_bytes())?;
        return Ok(Status::Good);
    }
    report::message(
        format,
        &format!("The request is signed; `proof-exchange serve` publishes it at {url}"),
        &json!({"request": document, "url": url.as_str(), "cautions": cautions.iter().map(caution_json).collect::<Vec<_>>()}),
    )?;
    Ok(Status::Good)
}

/// Returns what is accepted where no one says it: of what this program verifies, what answers to
/// these criteria may need. Linked data cost a verifier many times as much as JSON, and are
/// accepted where the request or a criterion is described by them; zero knowledge where something
/// is to be proved.
fn accepted(criteria: Option<&Value>, is_linked: bool) -> Vec<String> {
    let criteria = criteria.and_then(Value::as_array).map_or(&[][..], |criteria| criteria);
    let has = |member: &str| criteria.iter().any(|criterion| criterion.get(member).is_some());
    let (linked, json): (Vec<_>, Vec<_>) =
        ProofType::ALL.into_iter().partition(|it| it.is_linked());
    let mut accepted: Vec<String> = json.iter().map(|it| format!("json/{it}")).collect();
    if has("predicates") {
        accepted.push(format!("json/{CL_PRESENTATION}"));
    }
    if is_linked || has("type") || has("@type") {
        accepted.extend(linked.iter().map(|it| format!("json-ld/{it}")));
    }
    accepted
}
