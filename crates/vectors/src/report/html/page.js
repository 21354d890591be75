"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const panel = byId("cases");
  const list = byId("cases-list");
  const onlyUnexpected = byId("only-unexpected");
  // how many cases are added at a time, so that a page of thousands answers at once
  const AT_A_TIME = 200;
  let shown = [];

  // Text is only ever set as text: what implementations say must not become part of the page.
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const colour = (standing) => {
    if (data.unexpected[standing]) return "bad";
    return { "right": "good", "known failure": "known" }[data.standings[standing]] || "none";
  };

  const fits = (test, by, key, run) => {
    switch (by) {
      case "standing": return data.standings[test.results[run].standing] === key;
      case "file": return test.file === key;
      case "flag": return test.flags.includes(key);
      default: return test.features.includes(key);
    }
  };

  const isUnexpected = (test, run) => test.results.some((result, index) =>
    (run === null || run === index) && data.unexpected[result.standing]);

  const entry = (list, name, text, className) => {
    if (!text) return;
    list.append(element("dt", name), element("dd", text, className));
  };

  const fill = (place, test) => {
    const facts = element("dl");
    entry(facts, "comment", test.comment);
    entry(facts, "expected", test.expected);
    entry(facts, "importance", test.importance);
    for (const flag of test.flags) {
      const note = data.notes[test.file][flag];
      const effect = note && note.effect ? " " + note.effect : "";
      entry(facts, "flag", note ? `${flag}: ${note.description}${effect}` : flag);
    }
    entry(facts, "features", test.features.join(", "));
    test.results.forEach((result, index) => {
      const standing = data.standings[result.standing];
      const said = [result.got === standing ? "" : result.got, result.detail].filter(Boolean).join(": ");
      const known = result.known ? ` (listed: ${result.known})` : "";
      const text = `${standing}${said ? ", " + said : ""}${known}, ${result.milliseconds} ms`;
      entry(facts, data.runs[index], text, colour(result.standing));
    });
    entry(facts, "made from", test.base);
    place.append(facts);
    for (const change of test.changes || []) {
      const diff = element("div", undefined, "diff");
      diff.append(element("code", `${change.operation} ${change.path}`));
      if (change.old !== undefined) diff.append(element("pre", "- " + change.old, "old"));
      if (change.new !== undefined) diff.append(element("pre", "+ " + change.new, "new"));
      place.append(diff);
    }
  };

  const caseOf = (test, run) => {
    const made = element("details");
    const head = element("summary");
    const at = run === null ? test.results.find((result) => data.unexpected[result.standing]) : test.results[run];
    const result = at || test.results[0];
    head.append(element("span", data.standings[result.standing], colour(result.standing)), " ",
      element("span", test.id, "id"), " ", test.comment);
    made.append(head);
    made.addEventListener("toggle", () => {
      if (made.open && made.children.length === 1) {
        const place = element("div");
        fill(place, test);
        made.append(place);
      }
    });
    return made;
  };

  const more = (tests, run, from) => {
    const added = tests.slice(from, from + AT_A_TIME).map((test) => caseOf(test, run));
    list.append(...added);
    const left = tests.length - from - added.length;
    if (left > 0) {
      const button = element("button", `${left} more`);
      button.type = "button";
      button.addEventListener("click", () => {
        button.remove();
        more(tests, run, from + AT_A_TIME);
      });
      list.append(button);
    }
  };

  const render = () => {
    const { tests, run, title } = shown;
    const chosen = onlyUnexpected.checked ? tests.filter((test) => isUnexpected(test, run)) : tests;
    byId("cases-title").textContent = `${title}: ${chosen.length} ${chosen.length === 1 ? "case" : "cases"}`;
    list.replaceChildren();
    more(chosen, run, 0);
    panel.hidden = false;
  };

  const show = (tests, run, title) => {
    // what is not as expected comes first
    const sorted = tests.slice().sort((a, b) => isUnexpected(b, run) - isUnexpected(a, run));
    shown = { tests: sorted, run, title };
    render();
  };

  document.addEventListener("click", (event) => {
    const cell = event.target.closest("button.cell");
    if (cell) {
      const { by, key } = cell.dataset;
      const run = Number(cell.dataset.run);
      show(data.tests.filter((test) => fits(test, by, key, run)), run, `${data.runs[run]}, ${key}`);
      panel.scrollIntoView({ block: "start" });
      panel.focus({ preventScroll: true });
      return;
    }
    const sort = event.target.closest("button.sort");
    if (sort) sortBy(sort.closest("th"));
  });

  const sortBy = (head) => {
    const heads = [...head.parentElement.children];
    const column = heads.indexOf(head);
    const ascends = head.getAttribute("aria-sort") === "descending" || (column === 0 && !head.hasAttribute("aria-sort"));
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", ascends ? "ascending" : "descending");
    const body = head.closest("table").tBodies[0];
    const value = (row) => row.children[column].dataset.sort;
    const compare = (a, b) => column === 0
      ? a.children[0].textContent.localeCompare(b.children[0].textContent)
      : Number(value(a)) - Number(value(b));
    const rows = [...body.rows].sort((a, b) => (ascends ? compare(a, b) : compare(b, a)));
    body.append(...rows);
  };

  onlyUnexpected.addEventListener("change", render);
  byId("open-all").addEventListener("click", () => {
    for (const one of list.querySelectorAll("details")) one.open = true;
  });
  const wrong = data.tests.filter((test) => isUnexpected(test, null));
  if (wrong.length > 0) show(wrong, null, "Not as expected");
})();
