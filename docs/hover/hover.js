// Shows the meaning of a term when a reader points at it, moves the keyboard's focus to it, or taps it: at its
// first occurrence on each page. The terms are in terms.js, which a test writes from the glossary.
//
// Code, headings and links are left alone, and so is the glossary itself.

(function () {
    'use strict';

    const UNTOUCHED = 'pre, code, kbd, a, button, h1, h2, h3, h4, h5, h6, th, dfn, abbr, script, style, svg';

    /** What contains a term and is something else. */
    const OTHERS = 'JSON\\s+Schemas?';

    /** Returns a word as a pattern: a capital that only begins the entry may be small, and the plural counts. */
    function patternOf(term) {
        const escaped = term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
        const first = /^[A-Z][a-z]/.test(term) ? `[${term[0]}${term[0].toLowerCase()}]${escaped.slice(1)}` : escaped;
        if (first.endsWith('y')) return `${first.slice(0, -1)}(?:y|ies)`;
        if (/criterion$/i.test(term)) return `${first.slice(0, -2)}(?:on|a)`;
        return `${first}(?:s|es)?`;
    }

    /**
     * Returns the first occurrence of each term in texts, in order: which text, from where to where, which entry.
     * Of two terms that begin at the same place, the longer one is found.
     *
     * @param {string[]} texts
     * @param {[string, string][]} glossary
     */
    function firstOccurrences(texts, glossary) {
        const entries = glossary.map(([term], entry) => ({ entry, term }));
        entries.sort((a, b) => b.term.length - a.term.length);
        const words = entries.map(({ term }) => `(${patternOf(term)})`).join('|');
        const pattern = new RegExp(`(^|[^\\w-])(?:${OTHERS}|${words})(?![\\w-])`, 'g');
        const seen = new Set();
        const found = [];
        texts.forEach((text, index) => {
            for (const match of text.matchAll(pattern)) {
                const { entry } = entries[match.slice(2).findIndex((group) => group !== undefined)] ?? {};
                if (entry === undefined || seen.has(entry)) continue;
                seen.add(entry);
                found.push({ text: index, start: match.index + match[1].length, end: match.index + match[0].length, entry });
            }
        });
        return found;
    }

    /** Returns the pieces of text on the page that may be marked. */
    function textsOf(main) {
        const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT, (node) =>
            node.parentElement.closest(UNTOUCHED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
        );
        const nodes = [];
        while (walker.nextNode()) nodes.push(walker.currentNode);
        return nodes;
    }

    /** Marks the terms, and returns their elements. */
    function mark(main, glossary) {
        const nodes = textsOf(main);
        const found = firstOccurrences(nodes.map((node) => node.data), glossary);
        const meanings = document.createElement('div');
        meanings.hidden = true;
        // from the end, so that the places before stay where they are
        for (const { text, start, end, entry } of found.reverse()) {
            const [term, meaning] = glossary[entry];
            const word = nodes[text].splitText(start);
            word.splitText(end - start);
            const element = document.createElement('dfn');
            element.className = 'glossary-term';
            element.tabIndex = 0;
            element.dataset.term = term;
            element.dataset.meaning = meaning;
            element.setAttribute('aria-describedby', `glossary-${entry}`);
            word.replaceWith(element);
            element.append(word);
            // for screen readers, which read it when the word has the focus
            const description = document.createElement('span');
            description.id = `glossary-${entry}`;
            description.textContent = meaning;
            meanings.append(description);
        }
        main.append(meanings);
        return main.querySelectorAll('.glossary-term');
    }

    /** Shows the meaning of terms in a box below them. */
    function explain(elements) {
        const tip = document.createElement('div');
        tip.className = 'glossary-tip';
        tip.hidden = true;
        // the element's description says the same
        tip.setAttribute('aria-hidden', 'true');
        document.body.append(tip);
        let timer = 0;
        const hide = () => (tip.hidden = true);
        const hideSoon = () => (timer = window.setTimeout(hide, 200));
        const stay = () => window.clearTimeout(timer);
        const show = (element) => {
            stay();
            const term = document.createElement('strong');
            term.textContent = element.dataset.term;
            tip.replaceChildren(term, `: ${element.dataset.meaning}`);
            tip.hidden = false;
            const [word, box] = [element.getClientRects()[0], tip.getBoundingClientRect()];
            const isLow = word.bottom + box.height + 6 > window.innerHeight;
            tip.style.left = `${Math.max(8, Math.min(word.left, window.innerWidth - box.width - 8))}px`;
            tip.style.top = `${isLow ? word.top - box.height - 4 : word.bottom + 4}px`;
        };
        for (const element of elements) {
            element.addEventListener('mouseenter', () => show(element));
            element.addEventListener('mouseleave', hideSoon);
            element.addEventListener('focus', () => show(element));
            element.addEventListener('blur', hide);
        }
        // the pointer can move to the box, to select its text
        tip.addEventListener('mouseenter', stay);
        tip.addEventListener('mouseleave', hideSoon);
        window.addEventListener('scroll', hide, { passive: true });
        window.addEventListener('keydown', (event) => {
            if (event.key === 'Escape') hide();
        });
    }

    if (typeof module === 'object') {
        module.exports = { firstOccurrences };
    } else {
        const main = document.querySelector('main');
        if (main && !main.querySelector('h1#glossary')) explain(mark(main, GLOSSARY));
    }
})();
