// Plans for a class, by their minutes.

/**
 * @typedef {object} Part
 * @property {number} minutes
 * @property {string} title
 * @property {string} what what the class does
 */

/** @type {Record<number, Part[]>} */
export const PLANS = {
  60: [
    { minutes: 5, title: 'Who is who', what: 'Four people play issuer, holder, verifier and ledger; a sheet of paper on the wall is the ledger.' },
    { minutes: 10, title: 'The whole run', what: 'All go through the lab to the verdict, one action after the other.' },
    { minutes: 10, title: 'Actions 1 to 17', what: 'What is on the ledger, and what is in which wallet? Open the credential definition and the credential.' },
    { minutes: 10, title: 'Actions 18 to 20', what: 'Open the proof request and the presentation. Look for the age.' },
    { minutes: 10, title: 'The verdict', what: 'What the verifier computes. Why does the nonce come from the verifier?' },
    { minutes: 10, title: 'Break it', what: 'The six experiments: first say which check will fail, then try.' },
    { minutes: 5, title: 'Questions', what: 'Who could lie, and where would it be detected?' },
  ],
  120: [
    { minutes: 10, title: 'Who is who', what: 'Four people play issuer, holder, verifier and ledger; a sheet of paper on the wall is the ledger.' },
    { minutes: 15, title: 'The whole run', what: 'All go through the lab to the verdict, or run negotiate-proof --pause with a home of their own.' },
    { minutes: 20, title: 'Step 2: issuance', what: 'Actions 1 to 17. Compute one encoded value by hand.' },
    { minutes: 15, title: 'Step 3: request and search', what: 'Actions 18 and 19. Which credentials can answer, and why not the others?' },
    { minutes: 10, title: 'Break', what: 'Coffee.' },
    { minutes: 15, title: 'Step 4: the proof', what: 'Action 20. Make two presentations and compare them.' },
    { minutes: 20, title: 'Step 5: break it', what: 'Actions 21 to 24, and the six experiments: first say which check will fail, then try.' },
    { minutes: 10, title: 'A request of your own', what: 'In the lab: ask something else, with lint and preview, and run it.' },
    { minutes: 5, title: 'Questions', what: 'The verifier and the issuer combine their records: what can they find out?' },
  ],
  240: [
    { minutes: 15, title: 'Who is who', what: 'Four people play issuer, holder, verifier and ledger; a sheet of paper on the wall is the ledger.' },
    { minutes: 15, title: 'The whole run', what: 'All run negotiate-proof --pause with a home of their own, to the end.' },
    { minutes: 35, title: 'Step 2: issuance', what: 'Actions 1 to 17. Compute one encoded value by hand.' },
    { minutes: 20, title: 'Step 3: request and search', what: 'Actions 18 and 19, and search --explain.' },
    { minutes: 15, title: 'Break', what: 'Coffee.' },
    { minutes: 25, title: 'Step 4: the proof', what: 'Action 20. Make two presentations and compare them.' },
    { minutes: 35, title: 'Step 5: break it', what: 'Actions 21 to 24, and the six experiments.' },
    { minutes: 15, title: 'Break', what: 'Coffee.' },
    { minutes: 35, title: 'A scenario of your own', what: 'In the lab or with files: issuers, credentials and requests of another story.' },
    { minutes: 20, title: 'The numbers', what: 'What the verifier computes: follow one equation to the challenge.' },
    { minutes: 10, title: 'Questions', what: 'Who could lie, and where would it be detected? What would ten issuers change?' },
  ],
}
