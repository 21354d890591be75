"""The pictures of the page `picture-story.md`, in order."""

from drawing import INK, LEDGER, MARGIN, MONO, PALE, SHOWN, WIDTH, Picture, digits, shortened

PRESENTATION = {"fill": "#e9f4e8", "stroke": "#a8cda5", "colour": SHOWN}


def long(name, number, meaning, *kind):
    """Returns a row of a long number."""
    return (name, shortened(number), digits(number), meaning, *kind)


def schema(run):
    picture = Picture(1, "schema", "The schema: which attributes a credential has")
    picture.message("Issuer", "Ledger", "schema", "actions 8 to 10", {"Issuer": "Steward"})
    steward, found = run.actions["4"]["Steward DID"], run.schema
    picture.rows("Public, on the ledger", [
        ("name", found["name"], "", "what such credentials are called"),
        ("version", found["version"], "", "another list of names needs another version"),
        ("attributes", ", ".join(sorted(found["attrNames"])), f"{len(found['attrNames'])} names", "names only: a schema contains no values"),
        ("author", steward, f"{len(steward)} characters", "the DID of the steward: 16 bytes in base58"),
        ("seqNo", str(run.schema_number), "", "the position of the transaction on the ledger"),
        ("id", found["id"], "", ""),
    ])
    picture.equations(["id = author : 2 : name : version", "✓ the four parts give the id; the 2 stands for “schema”"])
    return picture


def key(run):
    picture = Picture(2, "key", "The key: what the issuer signs with")
    picture.message("Issuer", "Ledger", "public key", "actions 11, 11b")
    picture.rows("Secret, with the issuer", [
        ("p, q", "never shown", "1,024 bits", "two safe primes: taking roots modulo n needs them", "secret"),
        ("x_{Z}, x_{age} …", "needed once", "2,046 bits", "exponents: every base below is a power of S", "secret"),
    ], "#fdf3ec", "#e0b89c")
    public = run.key
    names = sorted(set(public.r) - {"master_secret"})
    picture.rows("Public, on the ledger: the credential definition " + run.cred_def["id"], [
        long("n", public.n, "the modulus, p·q: 2,048 bits"),
        long("S", public.s, "a square modulo n, from which the others are made"),
        long("Z", public.z, "the right side of the equation of every signature"),
        *(long(f"R_{{{name}}}", public.r[name], f"the base of the attribute {name}") for name in names),
        long("R_{link secret}", public.r["master_secret"], "the base of the link secret"),
        long("R_{ctxt}", public.rctxt, "the base of the context of a credential"),
    ])
    picture.equations(["n = p · q          Z = S^{x_{Z}}          R_{age} = S^{x_{age}},  and so on,  modulo n"])
    return picture


def offer(run):
    picture = Picture(3, "offer", "The offer: a proof that the key is well formed")
    picture.message("Issuer", "Holder", "offer", "action 14")
    proof = run.offer["key_correctness_proof"]
    responses = {name: int(number) for name, number in proof["xr_cap"]}
    picture.rows("In the offer", [
        long("nonce", int(run.offer["nonce"]), "a random number for this offer: 80 bits"),
        long("c", int(proof["c"]), "the challenge: a SHA-256 hash"),
        long("x̂_{Z}", int(proof["xz_cap"]), "response: x_{Z}, masked by a random number"),
        *(
            long(f"x̂_{{{name.replace('master_secret', 'link secret')}}}", number, "response: likewise")
            for name, number in sorted(responses.items(), key=lambda item: (item[0] == "master_secret", item[0]))
        ),
    ])
    picture.equations([
        "Z̃ = Z^{−c} · S^{x̂_{Z}}          R̃_{age} = R_{age}^{−c} · S^{x̂_{age}},  and so on",
        "SHA-256( Z | R …| Z̃ | R̃ … ) = c",
        "✓ computed from the recorded numbers: the hash is c, so the issuer knows the exponents",
    ])
    return picture


def blinded(run):
    picture = Picture(4, "blinded-link-secret", "The blinded link secret: signed without being seen")
    picture.message("Holder", "Issuer", "request", "action 15")
    picture.rows("Secret, with the holder", [
        ("m", "never shown", "256 bits", "the link secret: one for all credentials of the holder", "secret"),
        ("v′", "never shown", "2,128 bits", "a random number that blinds it, for this request only", "secret"),
    ], "#fdf3ec", "#e0b89c")
    blinded, proof = (run.credential_request[name] for name in ["blinded_ms", "blinded_ms_correctness_proof"])
    picture.rows("In the request", [
        long("U", int(blinded["u"]), "the blinded link secret"),
        long("c", int(proof["c"]), "the challenge: a SHA-256 hash"),
        long("m̂", int(proof["m_caps"]["master_secret"]), "response: m, masked by a random number"),
        long("v̂′", int(proof["v_dash_cap"]), "response: v′, masked by a random number"),
        long("nonce", int(run.credential_request["nonce"]), "the holder’s own, for the proof of the signature"),
    ])
    picture.equations([
        "U = R_{link secret}^{m} · S^{v′}          Ũ = U^{−c} · R_{link secret}^{m̂} · S^{v̂′}",
        "SHA-256( U | Ũ | nonce of the offer ) = c",
        f"✓ computed: Ũ = {shortened(run.blinded_mask)}, and the hash is c",
    ])
    return picture


def credential(run):
    picture = Picture(5, "credential", "The credential: values as integers, and a signature on them")
    picture.message("Issuer", "Holder", "credential", "actions 16, 17")
    rows = []
    for name in sorted(run.values):
        value = run.values[name]
        how = "a number encodes as itself" if value["raw"] == value["encoded"] else "a text encodes as its SHA-256 hash"
        rows.append(long(name, int(value["encoded"]), f"“{value['raw']}”: {how}"))
    picture.rows("The values, which issuer and holder know", rows)
    picture.rows("Secret, with the holder: left out of the record", [
        ("A", "left out", "2,048 bits", "the signature: a root that only the issuer can take", "secret"),
        ("e", "left out", "597 bits", "a prime just above 2^{596}", "secret"),
        ("v", "left out", "2,724 bits", "the issuer’s v″ and the holder’s v′ together", "secret"),
        ("m_{2}", "left out", "256 bits", "the context of the credential", "secret"),
    ], "#fdf3ec", "#e0b89c")
    name = int(run.values["name"]["encoded"])
    picture.equations([
        "A^{e} · S^{v} · R_{age}^{28} · R_{height}^{175} · R_{name}^{m_{name}} · R_{sex}^{m_{sex}} · R_{link secret}^{m} · R_{ctxt}^{m_{2}} = Z   modulo n",
        f"SHA-256( Alex ) = {shortened(name)}",
        "✓ the four encoded values are computed; only the holder can compute the first line",
    ])
    return picture


def request(run):
    picture = Picture(6, "request", "The request, and which credentials can answer")
    picture.message("Verifier", "Holder", "proof request", "actions 18, 19")
    asked = run.request["requested_attributes"]["attr1_referent"]
    proved = run.request["requested_predicates"]["predicate1_referent"]
    picture.rows("In the request", [
        ("nonce", run.request["nonce"], digits(run.request["nonce"]), "the answer is made for this number"),
        ("attr1_referent", asked["name"], "", "show the value of this attribute"),
        ("predicate1_referent", f"{proved['name']} {proved['p_type']} {proved['p_value']}", "", "prove this, and do not show the value"),
        ("restrictions", run.issuer, "", "issuer_did, of both: this issuer must have signed"),
        ("", asked["restrictions"]["schema_id"], "", "schema_id, of attr1_referent"),
    ])
    (candidate,) = run.candidates["attr1_referent"]
    assert [candidate] == run.candidates["predicate1_referent"]
    info = candidate["cred_info"]
    picture.rows("In the holder’s wallet: one candidate, which answers both", [
        ("id", info["referent"][:23] + "…", "36 characters", "the name of the credential in the wallet"),
        ("name", info["attrs"]["name"], "", "answers attr1_referent: it will be shown", "shown"),
        ("age", info["attrs"]["age"], "", "answers predicate1_referent: it stays hidden"),
        ("height", info["attrs"]["height"], "", "not asked for: it stays hidden"),
        ("sex", info["attrs"]["sex"], "", "not asked for: it stays hidden"),
    ])
    age, bound = int(info["attrs"]["age"]), proved["p_value"]
    assert info["cred_def_id"] == run.cred_def["id"] and age >= bound
    picture.equations([f"{age} ≥ {bound}", "✓ the credential satisfies the restrictions and the predicate"])
    return picture


def equality(run):
    picture = Picture(7, "sub-proof", "The sub-proof: “I know a signature on these attributes”")
    picture.message("Holder", "Verifier", "presentation", "action 20")
    eq = run.equality
    picture.rows("Shown", [
        long("m_{name}", int(eq["revealed_attrs"]["name"]), "the encoded value of name, and beside it the text “Alex”", "shown"),
    ], "#e9f4e8", "#a8cda5")
    hidden = [name for name in sorted(eq["m"]) if name != "master_secret"]
    picture.rows("Sent instead of the signature and of what is hidden", [
        long("A′", int(eq["a_prime"]), "A · S^{r}, with a new random number r for each proof"),
        long("ê", int(eq["e"]), "response: e − 2^{596}, masked"),
        long("v̂", int(eq["v"]), "response: v − e·r, masked"),
        *(long(f"m̂_{{{name}}}", int(eq["m"][name]), f"response: the encoded {name}, masked") for name in hidden),
        long("m̂_{link secret}", int(eq["m"]["master_secret"]), "response: the link secret, masked"),
        long("m̂_{2}", int(eq["m2"]), "response: the context, masked"),
    ])
    picture.equations([
        "masked:   m̂_{age} = m̃_{age} + c · 28,   with a random m̃_{age} of 592 bits and the challenge c",
        "T = A′^{ê + c·2^{596}} · R_{name}^{c·m_{name}} · R_{age}^{m̂_{age}} · R_{height}^{m̂_{height}} · R_{sex}^{m̂_{sex}} · R_{link secret}^{m̂_{link secret}} · S^{v̂} · R_{ctxt}^{m̂_{2}} · Z^{−c}",
        f"✓ computed: T = {shortened(run.recomputed['T'])} ({digits(run.recomputed['T'])})",
    ], **PRESENTATION)
    return picture


def predicate(run):
    picture = Picture(8, "predicate", "The predicate: a difference that is a sum of four squares")
    picture.message("Holder", "Verifier", "presentation", "action 20")
    ge = run.predicate
    # the squares
    top, height = picture.y, 128
    picture.box(MARGIN, top, WIDTH - 2 * MARGIN, height, "#fdf3ec", "#e0b89c")
    picture.text(MARGIN + 14, top + 21, "Secret, with the holder", 13.5, PALE, weight="bold")
    picture.text(MARGIN + 14, top + 62, "Δ = 28 − 18 = 10 = 3² + 1² + 0² + 0²", 17, "#8a3b12")
    picture.text(MARGIN + 14, top + 90, "The holder finds four roots; these are an example. A negative number has none.", 13)
    cell = 26
    for root, left in [(3, 590), (1, 690)]:
        for row in range(root):
            for column in range(root):
                picture.box(left + column * cell, top + 104 - (row + 1) * cell, cell, cell, "#f6d9c5", "#8a3b12", 1)
        picture.text(left + root * cell / 2, top + 122, f"u = {root}", 12.5, "#8a3b12", "middle")
    picture.text(765, top + 122, "u = 0", 12.5, "#8a3b12", "middle")
    picture.text(815, top + 122, "u = 0", 12.5, "#8a3b12", "middle")
    picture.say("Secret: Δ = 28 − 18 = 10 = 3² + 1² + 0² + 0², for example.")
    picture.y += height + 14
    # the commitments and responses
    columns = ["0", "1", "2", "3", "DELTA"]
    top, height = picture.y, 138
    picture.box(MARGIN, top, WIDTH - 2 * MARGIN, height, "#fff", "#c3cad1")
    for index, column in enumerate(columns):
        label = "for Δ" if column == "DELTA" else f"for the root u_{{{column}}}"
        picture.text(150 + index * 140, top + 21, label, 13, PALE, weight="bold")
    for row, (name, member, meaning) in enumerate([
        ("t", "t", "commitment"),
        ("û", "u", "response"),
        ("r̂", "r", "response"),
    ]):
        y = top + 46 + row * 34
        picture.text(MARGIN + 14, y, name, 14, weight="bold")
        picture.text(MARGIN + 40, y, meaning, 12.5, PALE)
        for index, column in enumerate(columns):
            if column not in ge[member]:
                continue
            number = ge[member][column]
            picture.text(150 + index * 140, y, f"{number[:9]}…{number[-5:]}", 11.5, INK, font=MONO)
            picture.text(150 + index * 140, y + 14, digits(number), 11, PALE)
            picture.say(f"{name}_{column.replace('DELTA', 'Δ')}: {shortened(number)}, {digits(number)}.")
    picture.y += height + 14
    picture.rows("And", [
        long("α̂", int(ge["alpha"]), "response: r_{Δ} − Σ u·r, masked"),
        long("m̂_{age}", int(ge["mj"]), "the response of picture 7 again: it is about the signed age"),
    ])
    found = {name: shortened(number) for name, number in run.recomputed.items()}
    picture.equations([
        "T_{i} = t_{i}^{−c} · Z^{û_{i}} · S^{r̂_{i}}     for the four roots: each t contains a root that the holder knows",
        "T_{Δ} = (Z^{18} · t_{Δ})^{−c} · Z^{m̂_{age}} · S^{r̂_{Δ}}     what t_{Δ} contains is the age less 18",
        "Q = t_{Δ}^{−c} · S^{α̂} · t_{0}^{û_{0}} · t_{1}^{û_{1}} · t_{2}^{û_{2}} · t_{3}^{û_{3}}     and it is the sum of the squares of the roots",
        f"✓ computed: T_{{0}} = {found['T_{0}']}   T_{{Δ}} = {found['T_{Δ}']}   Q = {found['Q']}",
    ], **PRESENTATION)
    return picture


def challenge(run):
    picture = Picture(9, "challenge", "The challenge: one hash over everything")
    picture.message("Verifier", "Verifier", "computes", "action 21")
    groups = [
        ("Computed by the verifier: pictures 7 and 8", run.recomputed, "#e8f1f8", "#a9c6dc", LEDGER),
        ("Sent in the presentation", run.sent, "#e9f4e8", "#a8cda5", SHOWN),
    ]
    width, gap = 196, 9
    for heading, numbers, fill, stroke, colour in groups:
        picture.text(MARGIN, picture.y + 12, heading, 13.5, PALE, weight="bold")
        picture.y += 22
        for index, (name, number) in enumerate(numbers.items()):
            x = MARGIN + index % 4 * (width + gap)
            y = picture.y + index // 4 * 34
            picture.box(x, y, width, 28, fill, stroke)
            picture.text(x + 8, y + 19, name, 13.5, colour, weight="bold")
            picture.text(x + 36, y + 18, shortened(number), 12, font=MONO)
            picture.say(f"{name}: {shortened(number)}, {digits(number)}.")
        picture.y += (len(numbers) + 3) // 4 * 34 + 10
    picture.text(MARGIN, picture.y + 12, "From the verifier’s own request", 13.5, PALE, weight="bold")
    picture.y += 22
    picture.box(MARGIN, picture.y, 240, 28)
    picture.text(MARGIN + 8, picture.y + 19, "nonce", 13.5, weight="bold")
    picture.text(MARGIN + 60, picture.y + 18, run.request["nonce"], 12, font=MONO)
    picture.say(f"nonce: {run.request['nonce']}.")
    picture.y += 42
    picture.equations([
        f"SHA-256( all of these, in this order, as bytes: {run.hashed_bytes:,} in all ) = {shortened(run.challenge)} ({digits(run.challenge)})",
        f"c in the presentation = {shortened(run.aggregated['c_hash'])}",
        "✓ they are equal: the verifier has computed the numbers that the holder had hashed",
    ])
    return picture


def verdict(run):
    picture = Picture(10, "verdict", "The verdict: twenty checks, and what was learned")
    picture.message("Verifier", "Verifier", "decides", "action 21")
    signs = {"passed": ("✓", SHOWN), "not reached": ("–", PALE)}
    checks = run.verdict["checks"]
    rows = (len(checks) + 3) // 4
    picture.box(MARGIN, picture.y, WIDTH - 2 * MARGIN, 16 + rows * 27, "#fff", "#c3cad1")
    for index, check in enumerate(checks):
        sign, colour = signs[check["outcome"]]
        x, y = MARGIN + 14 + index // rows * 200, picture.y + 26 + index % rows * 27
        picture.text(x, y, sign, 15, colour, weight="bold")
        picture.text(x + 20, y, f"{index + 1}  {check['check']}", 13)
        picture.say(f"{index + 1} {check['check']}: {check['outcome']}.")
    picture.y += 30 + rows * 27
    learned = run.verdict["learned"]
    picture.rows("What the verifier knows now", [
        ("name", learned["attr1_referent"]["shown"]["name"], "", "shown, and signed by the issuer " + run.issuer[:8] + "…", "shown"),
        ("age", learned["predicate1_referent"]["proved"], "", "proved, and nothing else about the age", "shown"),
    ], "#e9f4e8", "#a8cda5")
    picture.rows("What it does not know", [
        ("age", "hidden", "", "whether it is 18, 28 or 98", "secret"),
        ("height, sex", "hidden", "", "their responses look like random numbers", "secret"),
        ("link secret", "hidden", "", "likewise; another proof has another response", "secret"),
        ("A, e, v", "hidden", "", "A′ is another number in each proof", "secret"),
    ], "#fdf3ec", "#e0b89c")
    return picture


PICTURES = [schema, key, offer, blinded, credential, request, equality, predicate, challenge, verdict]
