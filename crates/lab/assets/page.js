// The page: it shows a state, and changes it.

import { RECORDED } from './case.js'
import { at, describe } from './describe.js'
import { byId, fill, h, number } from './dom.js'
import { EXPERIMENTS } from './experiments.js'
import { computation, honestNumbers, table } from './numbers-view.js'
import { applyEdits, fromHash, initial, toHash } from './state.js'
import { PARTIES, itemsOf } from './story.js'
import { verdictOf } from './verdict.js'

/** @typedef {import('./story.js').Item} Item */
/** @typedef {import('./story.js').Party} Party */
/** @typedef {import('./state.js').State} State */
/** @typedef {import('./verdict.js').Verdict} Verdict */

/** @type {import('./story.js').Action[]} */
const ACTIONS = RECORDED.actions
// a scenario's request may have no answer, and so no verdict
const VERDICT_ACTION = 1 + ACTIONS.findIndex(({ action }) => action === 21) || Infinity

let state = initial()
/** The last case and its verdict, with what it was made of. @type {{key: string, presented: any, verdict?: Verdict}} */
let last = { key: '', presented: undefined }
/** The numbers of the recorded run, once they are needed. @type {import('./numbers-view.js').Honest | undefined} */
let honestOnce

function honest() {
  honestOnce ??= honestNumbers(verdictOf(RECORDED.alex))
  return honestOnce
}

/** Returns the case that the state is about. */
function presented() {
  const key = JSON.stringify([state.experiment, state.edits])
  if (last.key !== key || !last.presented) {
    const [alex, bea] = [structuredClone(RECORDED.alex), structuredClone(RECORDED.bea)]
    const experiment = EXPERIMENTS.find(({ id }) => id === state.experiment)
    const made = experiment ? experiment.change(alex, bea) : alex
    applyEdits(made, state.edits)
    last = { key, presented: made }
  }
  return last.presented
}

/** Returns the verdict on that case. @returns {Verdict} */
function verdict() {
  const given = presented()
  last.verdict ??= verdictOf(given)
  return last.verdict
}

/**
 * Changes the state, and shows it.
 * @param {Partial<State>} change
 */
function go(change) {
  state = { ...state, ...change }
  state.action = Math.min(state.action, ACTIONS.length)
  history.replaceState(null, '', toHash(state))
  render()
}

/** @param {number} action */
function goTo(action) {
  const bounded = Math.min(Math.max(action, 1), ACTIONS.length)
  const newest = itemsOf(ACTIONS[bounded - 1]).at(-1)
  go({ action: bounded, item: newest?.id ?? state.item })
}

function render() {
  const { activeElement } = document
  const focused = activeElement instanceof HTMLElement ? activeElement.dataset.focus : undefined
  renderAction()
  renderVerdict()
  renderBoard()
  renderExperiments()
  renderMessage()
  const shows = state.action >= VERDICT_ACTION
  byId('numbers').hidden = !shows
  if (shows && isVerified()) fill('computation', ...computation(verdict(), honest()))
  // What was in use is made anew.
  const anew = focused && document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)
  if (anew instanceof HTMLElement && !anew.matches(':disabled')) anew.focus()
  else if (focused) byId('inspector').focus({ preventScroll: true })
}

function renderAction() {
  const { action, step, label } = ACTIONS[state.action - 1]
  const appeared = itemsOf(ACTIONS[state.action - 1]).map(({ title, at: where, from, note }) =>
    h('p', {}, h('em', {}, from ? `${PARTIES[from]} → ${PARTIES[where]}: ` : `${PARTIES[where]}: `), `${title}. `, h('span', { class: 'meaning' }, note)),
  )
  fill('action', h('p', {}, h('strong', {}, `${action}. ${label}`), h('span', { class: 'meaning' }, ` (step ${step})`)), ...appeared)
  fill('count', `${action} of ${ACTIONS[ACTIONS.length - 1].action}`)
  const slider = byId('slider')
  slider.max = ACTIONS.length
  slider.value = state.action
  slider.setAttribute('aria-valuetext', `${action}: ${label}`)
  byId('back').disabled = byId('restart').disabled = state.action === 1
  byId('step').disabled = state.action === ACTIONS.length
}

/** Returns whether the case is verified already. If not, that follows after what is shown now. */
function isVerified() {
  presented()
  if (last.verdict && honestOnce) return true
  setTimeout(() => {
    const waits = !last.verdict || !honestOnce
    verdict()
    honest()
    if (waits) render()
  })
  return false
}

function renderVerdict() {
  const element = byId('verdict')
  if (state.action < VERDICT_ACTION) {
    element.className = ''
    fill('verdict', h('p', {}, state.edits.length || state.experiment ? 'Changed, and not verified yet.' : 'Nothing is verified yet.'))
    return
  }
  if (!isVerified()) {
    element.className = ''
    fill('verdict', h('p', {}, 'Verifying …'))
    return
  }
  const { failures } = verdict()
  element.className = failures.length ? 'rejected' : 'verified'
  const title = failures.length ? `✗ rejected: ${failures.map(({ check }) => check).join(', ')}` : '✓ verified'
  const lines = failures.map(({ message, equation }) => h('p', {}, equation ? `${message} (equation ${equation})` : message))
  const different = differentEquations()
  if (failures.length && different) lines.push(h('p', {}, different))
  fill('verdict', h('p', {}, h('strong', {}, title)), ...lines)
}

/** Says which equations give another number than in the honest run. */
function differentEquations() {
  const { trace } = verdict()
  if (!trace || state.experiment === 'another-issuer' || state.experiment === 'two-holders') return ''
  const wrong = trace.hashInputs.filter(({ name, subProof, predicate, number: value }) => honest().get([name, subProof, predicate].join('/')) !== value)
  if (wrong.length === 0) return 'All equations give the numbers of the honest run.'
  const of = (/** @type {boolean} */ computed) => wrong.filter((input) => input.computed === computed).map(({ name }) => name).join(', ')
  const [equations, inputs] = [of(true), of(false)]
  return [equations && `Equations with another number than in the honest run: ${equations}.`, inputs && `Other numbers in the hash: ${inputs}.`].filter(Boolean).join(' ')
}

function renderBoard() {
  const done = ACTIONS.slice(0, state.action)
  for (const party of /** @type {Party[]} */ (Object.keys(PARTIES))) {
    const items = done.flatMap((action, index) =>
      itemsOf(action).filter(({ at: where }) => where === party).map((item) => itemNode(item, index === state.action - 1)),
    )
    const list = items.length ? h('ul', {}, ...items) : h('p', { class: 'meaning' }, 'nothing yet')
    fill(party, h('h2', {}, PARTIES[party]), list)
  }
}

/**
 * @param {Item} item
 * @param {boolean} isNew
 */
function itemNode(item, isNew) {
  const columns = Object.keys(PARTIES)
  const comesFrom = item.from && columns.indexOf(item.from) > columns.indexOf(item.at) ? '3rem' : '-3rem'
  const from = item.from ? `from the ${PARTIES[item.from].toLowerCase()}` : ''
  const button = h(
    'button',
    {
      type: 'button',
      'data-focus': `item-${item.id}`,
      'aria-pressed': String(state.item === item.id),
      class: isNew && item.from ? 'sent' : '',
      style: `--from: ${comesFrom}`,
      click: () => go({ item: item.id }),
    },
    item.title,
    h('small', {}, [from, isNew ? 'new' : ''].filter(Boolean).join(', ')),
  )
  return h('li', { class: isNew ? 'new' : '' }, button)
}

function renderExperiments() {
  const experiment = EXPERIMENTS.find(({ id }) => id === state.experiment)
  const buttons = EXPERIMENTS.map(({ id, title, opens }, index) =>
    h('button', {
      type: 'button',
      'data-focus': `experiment-${id}`,
      'aria-pressed': String(id === state.experiment),
      click: () => go({ experiment: id, edits: [], action: Math.max(state.action, VERDICT_ACTION), item: opens }),
    }, `${index + 1}. ${title}`),
  )
  const undo = h('button', {
    type: 'button',
    'data-focus': 'undo',
    disabled: !experiment && state.edits.length === 0,
    click: () => go({ experiment: '', edits: [] }),
  }, 'Undo all changes')
  fill('experiments', ...buttons, undo)
  fill('experiment-text', experiment?.text ?? '')
}

/** The value of an item in the recorded run, with what stands for an object of the case put in. @param {any} value @returns {any} */
function resolve(value) {
  const definition = Object.values(RECORDED.alex.cred_defs)[0]
  if (value === '$presentation') return presented().presentation
  if (value === '$presentation_request') return presented().presentation_request
  if (value === '$cred_def') return definition
  if (value === '$key') return definition.value.primary
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member)]))
}

function renderMessage() {
  const action = ACTIONS.slice(0, state.action).find((each) => itemsOf(each).some(({ id }) => id === state.item))
  const item = action && itemsOf(action).find(({ id }) => id === state.item)
  if (!action || !item) {
    fill('inspector-heading', 'Message')
    fill('message', h('p', { class: 'meaning' }, 'Open something above to see its values.'))
    return
  }
  const value = resolve(item.member ? action.value[item.member] : action.value)
  const rows = describe(value).flatMap((described, index, all) => {
    const { group } = described
    const heading = h('tr', { class: 'group' }, h('th', { colspan: 6, scope: 'colgroup' }, group || 'Other'))
    return group === (all[index - 1]?.group ?? '') ? [valueRow(described, item)] : [heading, valueRow(described, item)]
  })
  const way = item.from ? ` (${PARTIES[item.from]} → ${PARTIES[item.at]})` : ` (${PARTIES[item.at]})`
  fill('inspector-heading', item.title + way)
  const hint = item.editable ? h('p', {}, 'Every value can be changed: the verifier gets what you write.') : undefined
  fill('message', h('p', {}, item.note), hint, table(['name', 'meaning', 'length', 'comes from', 'value', 'computation'], rows))
}

/**
 * @param {import('./describe.js').Described} described
 * @param {Item} item
 */
function valueRow(described, item) {
  const { pointer, name, meaning, size, source, value, computation: computed } = described
  const root = item.editable === 'request' ? '/presentation_request' : '/presentation'
  const changed = item.editable && JSON.stringify(at(RECORDED.alex, root + pointer)) !== JSON.stringify(value)
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  return h(
    'tr', { class: changed ? 'changed' : '' },
    h('th', { scope: 'row' }, name),
    h('td', { class: 'meaning', title: pointer }, meaning),
    h('td', { class: 'short' }, size),
    h('td', { class: 'short' }, source),
    h('td', { class: 'value' }, item.editable ? editor(root + pointer, described, shown) : number(shown)),
    h('td', { class: computed.includes('NO') ? 'wrong' : '' }, computed),
  )
}

/**
 * @param {string} pointer
 * @param {import('./describe.js').Described} described
 * @param {string} shown
 */
function editor(pointer, { name, value, pointer: place }, shown) {
  const isLong = shown.length > 40
  const change = (/** @type {Event} */ event) => {
    const written = /** @type {HTMLInputElement} */ (event.target).value
    const edited = typeof value === 'string' ? written.trim() === shown.trim() ? value : written : parsed(written)
    const others = state.edits.filter(([other]) => other !== pointer)
    const before = state.experiment ? undefined : at(RECORDED.alex, pointer)
    go({ edits: edited === before ? others : [...others, [pointer, edited]], action: Math.max(state.action, VERDICT_ACTION) })
  }
  const properties = { 'data-focus': pointer, 'aria-label': `${name}, at ${place}`, spellcheck: 'false', autocomplete: 'off', change }
  if (isLong) return h('textarea', properties, shown)
  return h('input', { ...properties, value: shown })
}

/** Returns what a JSON text means, or the text itself. @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

byId('step').addEventListener('click', () => goTo(state.action + 1))
byId('back').addEventListener('click', () => goTo(state.action - 1))
byId('restart').addEventListener('click', () => goTo(1))
byId('end').addEventListener('click', () => goTo(VERDICT_ACTION))
byId('slider').addEventListener('input', (/** @type {any} */ event) => goTo(Number(event.target.value)))
document.addEventListener('keydown', (event) => {
  const target = event.target instanceof HTMLElement ? event.target.tagName : ''
  if (['INPUT', 'TEXTAREA'].includes(target) || event.altKey || event.ctrlKey || event.metaKey) return
  /** @type {Record<string, number>} */
  const actions = { ArrowRight: state.action + 1, ArrowLeft: state.action - 1, Home: 1, End: VERDICT_ACTION }
  if (!(event.key in actions)) return
  event.preventDefault()
  goTo(actions[event.key])
})
const load = () => {
  state = fromHash(location.hash, ACTIONS.length)
  render()
}
window.addEventListener('hashchange', load)
load()
