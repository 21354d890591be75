// Plans for a class, by their minutes: those of the book's page `teaching.md`.

/**
 * @typedef {object} Part
 * @property {number} minutes
 * @property {string} title
 * @property {string} what what the class does
 */

/** @type {Record<number, Part[]>} */
export const PLANS = {
  60: [
    { minutes: 10, title: 'Role play', what: 'Five people play steward, issuer, holder, verifier and doubter. What is on the wall is public.' },
    { minutes: 5, title: 'Actions 1 to 7', what: 'Open lab.html, and press Step until action 7. Each box is something that a party has; open one.' },
    { minutes: 10, title: 'Actions 8 to 17', what: 'Open the credential. Find the age; find how "Alex" became a number.' },
    { minutes: 5, title: 'Actions 18 and 19', what: 'Open the request. What will the verifier learn? Write it down before you go on.' },
    { minutes: 10, title: 'The presentation', what: 'Go to the verdict; open the presentation and look for the age. Which number would you have to know to get it?' },
    { minutes: 5, title: 'Picture 8', what: 'The proof in pictures: 28 - 18 = 10 = 9 + 1 + 0 + 0.' },
    { minutes: 10, title: 'Break it', what: 'In pairs: the six buttons. Before each click, write down which check will fail.' },
    { minutes: 5, title: 'What the verifier knows', what: 'Compare it with what you wrote down at action 18.' },
  ],
  120: [
    { minutes: 10, title: 'Role play', what: 'Five people play steward, issuer, holder, verifier and doubter. What is on the wall is public.' },
    { minutes: 10, title: 'The whole run', what: 'negotiate-proof --pause. Find the last action that prints 28.' },
    { minutes: 30, title: 'Step 2: issuance', what: 'negotiate-proof --home NAME --until 2. Which actions write to the ledger?' },
    { minutes: 5, title: 'Raw and encoded', what: 'Compute the encoding of your name.' },
    { minutes: 10, title: 'Break', what: 'Who knows what, on the projector.' },
    { minutes: 15, title: 'Step 3: request and search', what: 'negotiate-proof step 3 --home NAME; then ask for too much. What does --explain say?' },
    { minutes: 15, title: 'Step 4: the proof', what: 'negotiate-proof step 4 --home NAME, twice. What do both proofs have in common?' },
    { minutes: 5, title: 'Picture 8', what: '28 - 18 = 10 = 9 + 1 + 0 + 0; and what of 28 - 30?' },
    { minutes: 15, title: 'Step 5: break it', what: 'In pairs: first say which check will fail, then run it.' },
    { minutes: 5, title: 'Questions', what: 'Who could lie, and where would it be detected?' },
  ],
  240: [
    { minutes: 10, title: 'Role play', what: 'Five people play steward, issuer, holder, verifier and doubter. What is on the wall is public.' },
    { minutes: 10, title: 'The whole run', what: 'negotiate-proof --pause: this is what your own code will do today.' },
    { minutes: 15, title: 'The exercises', what: 'Begin, and read why the first one fails.' },
    { minutes: 40, title: 'step2_issuance', what: 'Fill the gaps. Before each call: who signs, and who is told?' },
    { minutes: 15, title: 'Break', what: 'Coffee.' },
    { minutes: 25, title: 'step3_request', what: 'Solve it; change the request.' },
    { minutes: 25, title: 'step4_proof', what: 'Solve it; try to prove something false.' },
    { minutes: 20, title: 'step5_verdict', what: 'true is not the end: what has been checked?' },
    { minutes: 15, title: 'Break', what: 'Coffee.' },
    { minutes: 25, title: 'Break it', what: 'In pairs: break_text, break_nonce, break_issuer. First say which check will fail.' },
    { minutes: 30, title: 'Your own credential', what: 'Issue one, and verify a neighbour\'s. What must your neighbour\'s verifier know about you?' },
    { minutes: 10, title: 'Questions', what: 'Who could lie, and where would it be detected? What would ten issuers change?' },
  ],
}
