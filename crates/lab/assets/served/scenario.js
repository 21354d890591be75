// Scenarios of one's own: the panel that the server adds to the page. The program `negotiate-proof` examines and plays
// them on the server; the page of a run is this page again, with another recorded run.

import { RECORDED } from '../case.js'
import { h } from '../dom.js'
import { ROOT, ask, debounced } from './api.js'
import { droppedFiles, readFiles, text as jsonText } from './files.js'
import { requestForm } from './request-form.js'

/** @typedef {import('./files.js').Files} Files */

/** What the run on this page is of, if it is one of a scenario. @type {any} */
const OWN = RECORDED.own
const SESSION = 'lab-session'
const DRAFT = 'lab-draft'

/** @type {Files} */
let files = OWN?.files ?? {}
let selected = OWN ? `requests/${OWN.request}.json` : ''
let session = OWN ? (/\/run\/([^/]*)\//.exec(location.pathname)?.[1] ?? '') : sessionStorage.getItem(SESSION) ?? ''
/** What was issued on the server, as text; a preview needs no time if it is still the same. */
let issued = OWN ? issuedBy(files) : ''

const parts = {
  templates: h('select', { id: 'own-template' }),
  names: h('div', { class: 'controls', role: 'group', 'aria-label': 'Files of the scenario' }),
  form: h('div', {}),
  raw: h('textarea', { id: 'own-raw', rows: 14, spellcheck: 'false', input: () => edited(parts.raw.value) }),
  message: h('div', { role: 'alert' }),
  lint: h('div', { role: 'status', class: 'findings' }),
  preview: h('div', { role: 'status' }),
  outcome: h('div', {}),
  running: h('div', { role: 'status' }),
}

/** @param {Files} of */
function issuedBy(of) {
  return JSON.stringify(Object.entries(of).filter(([path]) => !path.startsWith('requests/')).sort())
}

/** Asks within the session, which begins with the first question. @param {string} what @param {any} [body] @param {AbortSignal} [signal] */
async function askInSession(what, body = {}, signal) {
  for (let attempt = 0; ; attempt++) {
    if (!session) {
      session = (await ask('sessions', { method: 'POST' })).session
      sessionStorage.setItem(SESSION, session)
    }
    try {
      return await ask(`sessions/${session}/${what}`, { method: 'POST', body, signal })
    } catch (error) {
      // the server was started anew, or the session was unused for long
      if (attempt > 0 || !String(error).includes('session has ended')) throw error
      session = ''
      issued = ''
    }
  }
}

/** @param {unknown} error */
function show(error) {
  parts.message.replaceChildren(h('p', { class: 'wrong' }, error instanceof Error ? error.message : String(error)))
}

/** @param {Files} read */
function load(read) {
  files = read
  const requests = Object.keys(files).filter((path) => path.startsWith('requests/'))
  selected = requests[0] ?? Object.keys(files)[0] ?? ''
  parts.preview.replaceChildren()
  parts.message.replaceChildren()
  renderEditor()
  changed()
}

/** After any change: the draft is kept for a reload, and the scenario is examined. */
function changed() {
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify({ files, selected }))
  } catch {
    // pictures may be too large to be kept
  }
  lint()
}

const lint = debounced(250, async (signal) => {
  if (Object.keys(files).length === 0) return
  try {
    const { findings, command, code } = await askInSession('lint', { files }, signal)
    parts.message.replaceChildren()
    renderFindings(findings, command)
    // a request without an answer is an error of lint, and the preview says why
    const isPlayable = code === 0 || findings.every((/** @type {any} */ { severity, lint: rule }) => severity !== 'error' || rule === 'unanswered')
    if (isPlayable && issued === issuedBy(files)) await preview(signal)
    else parts.preview.replaceChildren(previewButton())
  } catch (error) {
    if (!signal.aborted) show(error)
  }
})

/** @param {AbortSignal} [signal] */
async function preview(signal) {
  if (issued !== issuedBy(files)) parts.preview.replaceChildren(h('p', {}, 'Issuing the credentials …'))
  const of = issuedBy(files)
  const { previews, command } = await askInSession('preview', { files }, signal)
  issued = of
  renderPreviews(previews, command)
}

function previewButton() {
  const click = () => preview().catch((error) => { parts.preview.replaceChildren(previewButton()); show(error) })
  return h('p', {}, h('button', { type: 'button', 'data-own': 'preview', click }, 'Preview what the verifier would learn'), h('span', { class: 'meaning' }, ' (the credentials are issued for it)'))
}

/**
 * @param {any[]} findings
 * @param {string} command
 */
function renderFindings(findings, command) {
  const items = findings.filter(({ severity }) => severity).map(({ severity, lint: rule, file, pointer, found, why, remedy }) =>
    h(
      'li', { class: severity },
      h('strong', {}, `${severity}: ${rule}`), ` in ${file}${pointer ? ` at ${pointer}` : ''}: found ${found}. `,
      h('span', { class: 'meaning' }, `${why ?? ''} `), h('em', {}, remedy ?? ''),
    ),
  )
  const heading = h('h3', {}, items.length ? `Lint: ${items.length === 1 ? 'one finding' : `${items.length} findings`}` : 'Lint: nothing is wrong')
  parts.lint.replaceChildren(heading, h('ul', {}, ...items), terminal(command))
}

/**
 * @param {any[]} previews
 * @param {string} command
 */
function renderPreviews(previews, command) {
  const nodes = previews.map(({ request, disclosure, unanswered }) => {
    const lines = disclosure.credentials.flatMap((/** @type {any} */ { credential, origin, revealed, proved, withheld, hidden }) => [
      h('li', {}, `From the credential ${credential} (schema ${origin.schema_name} ${origin.schema_version}):`, h(
        'ul', {},
        ...revealed.map((/** @type {any} */ { name, raw }) => h('li', {}, h('strong', {}, 'shows '), `${name} = ${raw}`)),
        ...proved.map((/** @type {any} */ { name, p_type: type, p_value: value }) => h('li', {}, h('strong', {}, 'proves '), `${name} ${type} ${value}`)),
        ...withheld.map((/** @type {any} */ { names }) => h('li', {}, h('strong', {}, 'shows only that there is '), names.join(', '))),
        h('li', { class: 'meaning' }, h('strong', {}, 'hides '), hidden.join(', ') || 'nothing'),
      )),
    ])
    const said = disclosure.self_attested.filter((/** @type {any} */ { value }) => value !== undefined).map((/** @type {any} */ { names, value }) =>
      h('li', {}, h('strong', {}, 'says without a credential '), `${names.join(', ')} = ${value}`))
    const open = Object.entries(unanswered).map(([referent, reason]) => h('li', { class: 'wrong' }, h('strong', {}, `${referent}: no answer. `), String(reason)))
    return h('div', {}, h('h4', {}, `The request ${request}`), h('ul', {}, ...lines, ...said, ...open))
  })
  parts.preview.replaceChildren(h('h3', {}, 'What the verifier would learn'), ...nodes, terminal(command))
}

/** The command that gives the same answer. @param {string} command */
function terminal(command) {
  return h('p', { class: 'command' }, 'In a terminal: ', h('code', {}, command))
}

function renderEditor() {
  const buttons = Object.keys(files).sort().map((path) =>
    h('button', { type: 'button', 'aria-pressed': String(path === selected), click: () => { selected = path; renderEditor() } }, path),
  )
  parts.names.replaceChildren(...buttons)
  const content = files[selected]
  parts.raw.hidden = content === undefined
  parts.raw.readOnly = typeof content !== 'string'
  parts.raw.value = typeof content === 'string' ? content : content ? `(${selected} is not text)` : ''
  parts.raw.setAttribute('aria-label', `${selected} as JSON`)
  renderForm()
}

/** Shows the form of a request that can be read. */
function renderForm() {
  const content = files[selected]
  parts.form.replaceChildren()
  if (!selected.startsWith('requests/') || typeof content !== 'string') return
  const value = parsed(content)
  if (!value?.proof_request) return
  const form = requestForm({
    request: value.proof_request,
    ...choices(),
    changed: (structure) => {
      files[selected] = parts.raw.value = jsonText(value)
      if (structure) renderForm()
      changed()
    },
  })
  parts.form.replaceChildren(form)
}

/** The attributes and the restrictions that the scenario has. */
function choices() {
  /** @type {string[]} */
  const names = []
  const restrictions = []
  for (const [path, content] of Object.entries(files)) {
    const issuer = /^issuers\/(.*)\.json$/.exec(path)?.[1]
    if (!issuer || typeof content !== 'string') continue
    for (const { name, attributes } of parsed(content)?.schemas ?? []) {
      names.push(...(Array.isArray(attributes) ? attributes : []))
      restrictions.push({ cred_def_id: `\${cred_def.${issuer}.${name}}` })
    }
    restrictions.push({ issuer_did: `\${issuer.${issuer}}` })
  }
  return { names: [...new Set(names)], restrictions: restrictions.map((each) => JSON.stringify(each)) }
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @param {string} text */
function edited(text) {
  files[selected] = text
  renderForm()
  changed()
}

/**
 * Plays the scenario, and goes to the page of its run.
 * @param {'run' | 'run-anew'} how
 * @param {boolean} stays whether the same action is shown as now
 */
async function run(how, stays) {
  const buttons = document.querySelectorAll('.own button')
  const action = stays ? new URLSearchParams(location.hash.slice(1)).get('action') ?? '1' : '1'
  parts.running.replaceChildren(h('p', {}, 'Playing … If others are first, this takes a moment.'))
  buttons.forEach((button) => button.toggleAttribute('disabled', true))
  try {
    const { run: number, requests } = await askInSession(how, { files })
    const index = Math.max(requests.indexOf(selected.replace(/^requests\/|\.json$/g, '')), 0)
    location.assign(`${ROOT}run/${session}/${number}/${index}/#action=${action}`)
  } catch (error) {
    show(error)
  }
  parts.running.replaceChildren()
  buttons.forEach((button) => button.toggleAttribute('disabled', false))
}

/** Reads what was chosen or dropped. @param {() => Promise<{path: string, file: File}[]>} choose */
async function take(choose) {
  try {
    const chosen = await choose()
    if (chosen.length > 0) load(await readFiles(chosen))
  } catch (error) {
    show(error)
  }
}

/** @param {string} label @param {Record<string, any>} properties */
function chooser(label, properties) {
  const change = (/** @type {any} */ { target }) =>
    take(async () => [...target.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })))
  return h('label', { class: 'chooser' }, `${label} `, h('input', { type: 'file', multiple: true, change, ...properties }))
}

async function loadTemplate() {
  try {
    load((await askInSession(`template/${parts.templates.value}`)).files)
  } catch (error) {
    show(error)
  }
}

/** What the page says of a run of one's own, in the place of the tutorial's story. */
function renderOwn() {
  document.title = `${OWN.request}: the lab`
  document.querySelector('.break')?.setAttribute('hidden', '')
  const links = OWN.requests.map((/** @type {string} */ name, /** @type {number} */ index) =>
    name === OWN.request ? h('strong', {}, name) : h('a', { href: `../${index}/#action=1` }, name))
  const outcome = OWN.outcomes.find((/** @type {any} */ { request }) => request === OWN.request) ?? {}
  const said = outcome.learned?.join('; ') ?? outcome.reason ?? ''
  const story = document.querySelector('header p')
  story?.replaceChildren(
    'A run of your own scenario. Requests: ', ...links.flatMap((/** @type {any} */ link, /** @type {number} */ index) => (index ? [', ', link] : [link])), '. ',
    h('a', { href: ROOT }, 'To the tutorial’s run'), '.',
  )
  parts.outcome.replaceChildren(
    h('p', {}, h('strong', {}, `${OWN.request}: ${outcome.verdict ?? 'no outcome'}. `), said), terminal(OWN.command))
}

/** @param {string[]} templates */
function panel(templates) {
  parts.templates.append(...templates.map((name) => h('option', {}, name)))
  const drop = {
    dragover: (/** @type {Event} */ event) => event.preventDefault(),
    drop: (/** @type {DragEvent} */ event) => {
      event.preventDefault()
      const { dataTransfer } = event
      if (dataTransfer) void take(() => droppedFiles(dataTransfer))
    },
  }
  const button = (/** @type {string} */ label, /** @type {() => void} */ click, /** @type {Record<string, any>} */ more = {}) =>
    h('button', { type: 'button', click, ...more }, label)
  const body = h(
    'div', drop,
    h('p', {}, 'Issuers, credentials, holders and requests, a JSON file each. Begin with a template, or drop here a scenario’s directory, or a proof request and a credential’s values.'),
    h(
      'div', { class: 'controls' },
      h('label', {}, 'Template ', parts.templates), button('Load', loadTemplate, { id: 'own-load' }),
      chooser('Files', { id: 'own-files' }), chooser('Directory', { webkitdirectory: true }),
    ),
    parts.message, parts.names,
    h('div', { class: 'columns' }, h('div', {}, parts.form, parts.raw), h('div', {}, parts.lint, parts.preview)),
    h(
      'div', { class: 'controls' },
      button('Run', () => run('run', false), { id: 'own-run', class: 'primary' }),
      button('Run, and stay at this action', () => run('run', true), { id: 'own-run-here' }),
      button('Run with new keys', () => run('run-anew', false)),
    ),
    h('p', { class: 'meaning' }, 'Where only requests have changed, they are answered again from action 18 on, and what was issued stays.'),
    parts.running, parts.outcome,
  )
  const details = h('details', { open: Boolean(OWN) }, h('summary', {}, h('h2', {}, 'Your own scenario')), body)
  details.addEventListener('toggle', () => {
    if (details.open && Object.keys(files).length === 0) void begin()
  })
  return h('section', { class: 'own', id: 'own', 'aria-label': 'Your own scenario' }, details)
}

/** Begins with the draft of before a reload, or with the tutorial's own scenario. */
async function begin() {
  const draft = parsed(sessionStorage.getItem(DRAFT) ?? '')
  if (draft?.files && Object.keys(draft.files).length > 0) {
    load(draft.files)
    return
  }
  await loadTemplate()
}

async function mount() {
  const { program, templates } = await ask('lab')
  const section = panel(templates)
  const before = document.querySelector('#numbers')
  if (before) before.before(section)
  else document.querySelector('main')?.append(section)
  if (!program) {
    section.replaceChildren(h('h2', {}, 'Your own scenario'), h('p', {}, 'The program negotiate-proof is not beside the lab. Build it with ', h('code', {}, 'cargo build --release'), ', and start the lab again.'))
    return
  }
  for (const paragraph of document.querySelectorAll('footer p')) {
    paragraph.textContent = (paragraph.textContent ?? '').replace('Nothing is sent anywhere.', 'Nothing is sent anywhere but a scenario of your own, to the lab that served this page.')
  }
  if (OWN) {
    renderOwn()
    renderEditor()
    changed()
  }
}

void mount()
