//! The people who answer, and those who issued their credentials.

use std::collections::BTreeSet;

use anyhow::Result;
use indy::{
    anoncreds::{
        self, CredDefs, CredentialDefinition, CredentialDefinitionConfig, KeySource, PreparedKey,
        Schema, Schemas,
    },
    wallet::{
        Wallet, WalletConfig, WalletCredentials, WalletStorage, create_wallet, generate_wallet_key,
        open_wallet,
    },
};
use tempfile::TempDir;

use super::{Found, Licence as Own};
use crate::outcome::{NotYet, Outcome};

/// The DID of the registry, which issues identities.
pub const REGISTRY: &str = "GXTcLV6BkgoL2Lu9UPRRNu";
/// The DID of the employer, who issues payslips.
pub const EMPLOYER: &str = "3CH5qcQJYwM7E7JgW2c13x";
/// The id of the schema of identities.
pub const IDENTITY: &str = "GXTcLV6BkgoL2Lu9UPRRNu:2:identity:1.0";
/// The id of the schema of payslips.
pub const PAYSLIP: &str = "3CH5qcQJYwM7E7JgW2c13x:2:payslip:1.0";

/// The DID under which Eve issues credentials to herself.
const INVENTED: &str = "NcYxiDXkpYi6ov5FcYDi1e";
/// What the issuers are called.
const ISSUERS: [(&str, &str); 3] =
    [(REGISTRY, "the registry"), (EMPLOYER, "the employer"), (INVENTED, "Eve")];
/// A DID of a holder; it is not part of a credential.
const HOLDER: &str = "VsKV7grR1BUE29mG2Fm2kX";
/// The name of each person's link secret.
pub(super) const LINK_SECRET: &str = "link_secret";

/// A schema, and an issuer's key for its attributes that was made in advance. The keys are public.
struct Form {
    name: &'static str,
    attributes: &'static [&'static str],
    key: &'static str,
}

const IDENTITIES: Form = Form {
    name: "identity",
    attributes: &["first_name", "last_name", "birthdate_dateint", "address"],
    key: include_str!("../../../test-support/fixtures/TEST-KEY-identity.json"),
};
const PAYSLIPS: Form = Form {
    name: "payslip",
    attributes: &["employee", "employer", "month", "net_salary", "permanent"],
    key: include_str!("../../../test-support/fixtures/TEST-KEY-payslip.json"),
};
/// The learner's own schema must be this one, because there is a key for it.
const LICENCES: Form = Form {
    name: "licence",
    attributes: &["name", "birthdate_dateint", "categories", "expires_dateint", "photo"],
    key: include_str!("../../../test-support/fixtures/TEST-KEY-licence.json"),
};

/// A person who holds credentials.
pub(super) struct Person {
    name: &'static str,
    pub(super) wallet: Wallet,
}

/// All people, and what the ledger would have.
pub(super) struct People {
    people: Vec<Person>,
    pub(super) schemas: Schemas,
    pub(super) cred_defs: CredDefs,
    /// Names by identifier.
    names: Vec<(String, String)>,
    issuer: Wallet,
    directory: TempDir,
}

impl People {
    /// Issues all credentials.
    pub(super) async fn meet(licence: Option<&Own>) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let mut people = Self {
            people: Vec::new(),
            schemas: Schemas::new(),
            cred_defs: CredDefs::new(),
            names: ISSUERS.map(|(did, name)| (did.to_owned(), name.to_owned())).to_vec(),
            issuer: wallet(&directory, "issuer").await?,
            directory,
        };
        if let Some(licence) = licence {
            let class = people.define(REGISTRY, &LICENCES).await?;
            let values: Vec<(&str, &str)> = licence.values.clone();
            people.introduce("Kim", &[(&class, &values)]).await?;
            return Ok(people);
        }
        let identity = people.define(REGISTRY, &IDENTITIES).await?;
        let payslip = people.define(EMPLOYER, &PAYSLIPS).await?;
        let of_eve = people.define(INVENTED, &IDENTITIES).await?;
        let pay_of_eve = people.define(INVENTED, &PAYSLIPS).await?;
        let mia = [person("Mia", "Moss", "19940307"), pay("Mia Moss", "2950", "true")];
        let tom = [person("Tom", "Twig", "20120520"), pay("Tom Twig", "1200", "false")];
        let eve = [person("Eve", "Eaves", "19900101"), pay("Eve Eaves", "9000", "true")];
        people.introduce("Mia", &[(&identity, &mia[0]), (&payslip, &mia[1])]).await?;
        people.introduce("Tom", &[(&identity, &tom[0]), (&payslip, &tom[1])]).await?;
        people.introduce("Ann", &[(&identity, &person("Ann", "Ash", "19881130"))]).await?;
        people.introduce("Eve", &[(&of_eve, &eve[0]), (&pay_of_eve, &eve[1])]).await?;
        let bob = [person("Bob", "Birch", "19850612"), pay("Bob Birch", "5000", "true")];
        let zoe = [person("Zoe", "Zander", "19910920"), pay("Zoe Zander", "4000", "true")];
        people.introduce("Bob", &[(&identity, &bob[0]), (&pay_of_eve, &bob[1])]).await?;
        people.introduce("Zoe", &[(&of_eve, &zoe[0]), (&payslip, &zoe[1])]).await?;
        Ok(people)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.name == name)
    }

    /// Returns what a person answered, with names instead of identifiers.
    pub(super) fn with_names(&self, found: Found) -> Found {
        let names = self.names.iter();
        found.map_err(|why| names.fold(why, |why, (id, name)| why.replace(id, name)))
    }

    /// Makes a schema and a credential definition on it, as the ledger would have them.
    async fn define(&mut self, issuer: &str, form: &Form) -> Result<CredentialDefinition> {
        let mut schema =
            anoncreds::issuer_create_schema(issuer, form.name, "1.0", form.attributes)?;
        let Schema::SchemaV1(parts) = &mut schema;
        parts.seq_no = Some(u32::try_from(self.schemas.len())? + 8);
        let config = CredentialDefinitionConfig {
            key: KeySource::Prepared(PreparedKey::from_json(form.key)?),
            ..CredentialDefinitionConfig::default()
        };
        let made = anoncreds::issuer_create_and_store_credential_def(
            &self.issuer,
            issuer,
            &schema,
            "TAG1",
            &config,
        );
        let cred_def = made.await?;
        let id = cred_def.id().to_string();
        let issuer_name = ISSUERS.iter().find(|(did, _)| *did == issuer).map(|(_, name)| *name);
        // the longer identifier first: it contains the DID
        let of_form = (id.clone(), format!("{}'s {}", issuer_name.unwrap_or(issuer), form.name));
        self.names.insert(0, of_form);
        let copy = anoncreds::issuer_get_credential_def(&self.issuer, cred_def.id()).await?;
        self.cred_defs.insert(id, copy);
        self.schemas.insert(schema.id().to_string(), schema);
        Ok(cred_def)
    }

    /// Gives a person a wallet, and credentials.
    async fn introduce(
        &mut self,
        name: &'static str,
        credentials: &[(&CredentialDefinition, &Vec<(&str, &str)>)],
    ) -> Result<()> {
        let wallet = wallet(&self.directory, name).await?;
        anoncreds::prover_create_master_secret(&wallet, LINK_SECRET).await?;
        for (cred_def, values) in credentials {
            let id = cred_def.id().to_string();
            let offer = anoncreds::issuer_create_credential_offer(&self.issuer, &id).await?;
            let (request, metadata) = anoncreds::prover_create_credential_req(
                &wallet,
                HOLDER,
                &offer,
                cred_def,
                LINK_SECRET,
            )
            .await?;
            let values = anoncreds::credential_values(values.iter().copied());
            let credential =
                anoncreds::issuer_create_credential(&self.issuer, &offer, &request, values).await?;
            // "identity" or "payslip", which a learner understands
            let named = self.names.iter().find(|(own, _)| *own == id);
            let own_name = named.and_then(|(_, name)| name.rsplit(' ').next());
            anoncreds::prover_store_credential(
                &wallet,
                own_name,
                &metadata,
                &credential,
                cred_def,
                None,
            )
            .await?;
        }
        self.people.push(Person { name, wallet });
        Ok(())
    }
}

/// Creates a wallet. Its key is drawn: deriving one from a passphrase takes longer than all else
/// here.
async fn wallet(directory: &TempDir, name: &str) -> Result<Wallet> {
    let storage = WalletStorage::Sqlite { directory: directory.path().to_owned() };
    let config = WalletConfig { id: name.to_owned(), storage };
    let credentials = WalletCredentials::raw(generate_wallet_key()?);
    create_wallet(&config, &credentials).await?;
    Ok(open_wallet(&config, &credentials).await?)
}

fn person(
    first: &'static str,
    last: &'static str,
    born: &'static str,
) -> Vec<(&'static str, &'static str)> {
    vec![
        ("first_name", first),
        ("last_name", last),
        ("birthdate_dateint", born),
        ("address", "7 Hill Road"),
    ]
}

fn pay(
    employee: &'static str,
    salary: &'static str,
    permanent: &'static str,
) -> Vec<(&'static str, &'static str)> {
    vec![
        ("employee", employee),
        ("employer", "Mill & Sons"),
        ("month", "2026-10"),
        ("net_salary", salary),
        ("permanent", permanent),
    ]
}

/// Checks that the learner's schema has the attributes for which there is a key, and the credential
/// a value for each.
pub(super) fn check_licence(own: &Own) -> Outcome {
    let wanted: BTreeSet<&str> = LICENCES.attributes.iter().copied().collect();
    let attributes: BTreeSet<&str> = own.attributes.iter().copied().collect();
    let values: BTreeSet<&str> = own.values.iter().map(|(name, _)| *name).collect();
    for (what, names) in [("the schema", &attributes), ("the credential", &values)] {
        let missing: Vec<&&str> = wanted.difference(names).collect();
        let unknown: Vec<&&str> = names.difference(&wanted).collect();
        if !missing.is_empty() || !unknown.is_empty() {
            return Err(NotYet::new(format!(
                "{what} lacks {missing:?}, and has {unknown:?} beyond what was asked for"
            )));
        }
    }
    let expires = own.values.iter().find(|(name, _)| *name == "expires_dateint");
    if expires.is_none_or(|(_, date)| *date != "20310617") {
        return Err(NotYet::new(
            "the licence expires on 17 June 2031: write the year, the month and the day as one number of eight digits",
        ));
    }
    if own.values.len() != values.len() {
        return Err(NotYet::new("the credential has two values for one attribute"));
    }
    Ok(())
}
