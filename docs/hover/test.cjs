// Tests which words of a page get hover texts: node docs/hover/test.cjs

const assert = require('node:assert');
const { firstOccurrences } = require('./hover.js');

const GLOSSARY = [
    ['Credential', 'one'],
    ['Credential definition', 'two'],
    ['DID', 'three'],
    ['DID document', 'four'],
    ['Registry', 'five'],
    ['Sub-proof', 'six'],
    ['Criterion', 'seven'],
    ['Class', 'eight'],
    ['Schema', 'nine'],
];

/** Returns the words that are marked, with their entries. */
function marked(...texts) {
    return firstOccurrences(texts, GLOSSARY).map(({ text, start, end, entry }) => `${texts[text].slice(start, end)}=${GLOSSARY[entry][1]}`);
}

for (const [what, texts, wanted] of [
    ['the first occurrence only', ['A credential, a credential.', 'Credentials'], ['credential=one']],
    ['small letters, capitals and plurals', ['Credentials'], ['Credentials=one']],
    ['plurals that change the word', ['registries, criteria, classes'], ['registries=five', 'criteria=seven', 'classes=eight']],
    ['the longer of two terms', ['a credential definition and a credential'], ['credential definition=two', 'credential=one']],
    ['a term over the end of a line', ['a credential\n  definition'], ['credential\n  definition=two']],
    ['an abbreviation in capitals only', ['they did so; DIDs, did documents'], ['DIDs=three']],
    ['whole words only', ['credentialed non-credential credential-based classic'], []],
    ['no JSON Schema', ['a JSON Schema and a schema'], ['schema=nine']],
    ['at the beginning and before punctuation', ['DID.', '(sub-proof)'], ['DID=three', 'sub-proof=six']],
]) {
    assert.deepStrictEqual(marked(...texts), wanted, what);
}
