// The page: what its controls do, and when what is shown again.
//
//   model.js         the recorded run, the state, and what is computed from both
//   timeline.js      the row of actions, and the current action with what it changed
//   verdict-view.js  the verdict at the top, with the failing check and the changes
//   board.js         what each party has; wires.js draws arrows and lets messages fly
//   inspector.js     the open message; value-view.js one value of it, with its field and its computation
//   experiments-view.js, numbers-view.js   the experiments; the verifier's equations and checks
//   describe.js      the values of a message: meanings.js what they mean, computations.js how they are recomputed,
//                    editable.js which can be changed, typeset.js how formulas are written
//   refusals.js      what holder and issuer check before a credential is issued
//   paper.js, settings.js, keys.js, copy.js   paper; theme and projector; keyboard and help; the link
//   dom.js, pointer.js, base58.js             elements, JSON pointers, DIDs

import { renderBoard } from './board.js'
import { copyLink } from './copy.js'
import { byId, fill } from './dom.js'
import { renderExperiments } from './experiments-view.js'
import { renderInspector } from './inspector.js'
import { startKeys } from './keys.js'
import { ACTIONS, CHECKED, Model, NUMBERS } from './model.js'
import { computation } from './numbers-view.js'
import { startPaper } from './paper.js'
import { at } from './pointer.js'
import { startSettings } from './settings.js'
import { toHash } from './state.js'
import { PARTIES, itemsOf, mainItemOf } from './story.js'
import { renderAction, renderTimeline } from './timeline.js'
import { renderVerdict, titleOf } from './verdict-view.js'
import { renderWires } from './wires.js'

/** The time for each action while the page plays them. */
const PLAY_MS = 3200

const model = new Model()
/** The timer of the player. @type {ReturnType<typeof setInterval> | undefined} */
let playing

/**
 * Changes the state, and shows it.
 * @param {Partial<import('./state.js').State>} change
 */
function go(change) {
  const before = model.state
  model.state = { ...before, ...change }
  // a scenario's request may have no answer, and so no verdict
  model.state.action = Math.min(model.state.action, ACTIONS.length)
  history.replaceState(null, '', toHash(model.state, NUMBERS))
  render(model.state.action !== before.action)
  if (change.item && change.item !== before.item && change.action === undefined) showInspector()
}

/** @param {number} action */
function goTo(action) {
  const bounded = Math.min(Math.max(action, 1), ACTIONS.length)
  go({ action: bounded, item: mainItemOf(ACTIONS[bounded - 1])?.id ?? '' })
}

/** @param {() => void} then */
const byHand = (then) => () => {
  stop()
  then()
}

/** Where the receiver of a changed value looks at it. @param {string} pointer */
function checkedAt(pointer) {
  if (pointer.startsWith('/offer/')) return CHECKED.offer
  if (pointer.startsWith('/credential_request/')) return CHECKED.request
  if (/^\/presentation(_request)?\//.test(pointer)) return CHECKED.presentation
  return CHECKED.offer
}

/**
 * Changes a value of the case, or takes the change back.
 * @param {string} pointer
 * @param {any} value nothing to take it back
 */
function edit(pointer, value) {
  stop()
  const others = model.state.edits.filter(([other]) => other !== pointer)
  const isBack = value === undefined || JSON.stringify(value) === JSON.stringify(at(model.unedited(), pointer))
  go({ edits: isBack ? others : [...others, [pointer, value]], action: Math.max(model.state.action, checkedAt(pointer)) })
}

/** Scrolls to the open message, where it is not beside the board. */
function showInspector() {
  const inspector = byId('inspector')
  const { top } = inspector.getBoundingClientRect()
  if (top < 0 || top > window.innerHeight * 0.6) inspector.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
}

/** @param {boolean} [flies] */
function render(flies = false) {
  const { activeElement } = document
  const focused = activeElement instanceof HTMLElement ? activeElement.dataset.focus : undefined
  renderTimeline(model, (action) => byHand(() => goTo(action))())
  renderAction(model, go)
  renderBoard(model, go)
  renderExperiments(model, go)
  renderComputed()
  renderWires(model.state.action, flies)
  byId('back').disabled = byId('restart').disabled = model.state.action === 1
  byId('step').disabled = byId('run').disabled = model.state.action === ACTIONS.length
  // What was in use is made anew.
  const anew = focused && document.querySelector(`[data-focus="${CSS.escape(focused)}"]`)
  if (anew instanceof HTMLElement && !anew.matches(':disabled')) anew.focus({ preventScroll: true })
  else if (focused) byId('inspector').focus({ preventScroll: true })
  announce()
  if (model.missing.length) setTimeout(computeAndRender)
}

/** Shows what depends on the verdict. */
function renderComputed() {
  renderVerdict(model, edit)
  renderInspector(model, edit)
  const { verdict } = model.current()
  const shows = model.state.action >= CHECKED.presentation && verdict !== undefined && model.honest !== undefined
  byId('numbers').hidden = !shows
  if (shows && verdict && model.honest) fill('computation', ...computation(verdict, model.honest))
}

function computeAndRender() {
  if (model.missing.length === 0) return
  model.compute()
  render()
}

/** What was announced last. */
let announced = ''

/** Tells a screen reader the action, what was sent, and the verdict. */
function announce() {
  const { action, label } = ACTIONS[model.state.action - 1]
  const sent = itemsOf(ACTIONS[model.state.action - 1]).flatMap(({ from, at: where, title }) => (from ? [`${PARTIES[from]} to ${PARTIES[where]}: ${title}.`] : []))
  const text = [`Action ${action}: ${label.replace(/\.+$/, '')}.`, ...sent, `Verdict: ${titleOf(model)}.`].join(' ')
  if (text === announced) return
  announced = text
  fill('live', text)
}

function stop() {
  clearInterval(playing)
  playing = undefined
  fill('run', '▶ Run')
  byId('run').setAttribute('aria-pressed', 'false')
}

function play() {
  if (playing) return stop()
  fill('run', '⏸ Pause')
  byId('run').setAttribute('aria-pressed', 'true')
  const next = () => {
    goTo(model.state.action + 1)
    if (model.state.action === ACTIONS.length) stop()
  }
  playing = setInterval(next, PLAY_MS)
  next()
}

const step = byHand(() => goTo(model.state.action + 1))
const back = byHand(() => goTo(model.state.action - 1))
const restart = byHand(() => goTo(1))
const end = byHand(() => goTo(CHECKED.presentation))
for (const [id, action] of Object.entries({ step, back, restart, end, run: play, copy: copyLink })) byId(id).addEventListener('click', action)
startKeys({ ArrowRight: step, ArrowLeft: back, Home: restart, End: end })
startSettings(() => renderWires(model.state.action, false))
startPaper(model)
for (const [id, target] of [['skip', 'inspector'], ['badge', 'verdict']]) {
  byId(id).addEventListener('click', (/** @type {Event} */ event) => {
    // the part of the link after # is the state
    event.preventDefault()
    byId(target).focus()
    byId(target).scrollIntoView({ block: 'center' })
  })
}
const load = () => {
  model.read(location.hash)
  model.state.item ||= mainItemOf(ACTIONS[model.state.action - 1])?.id ?? ''
  render()
}
window.addEventListener('hashchange', load)
new ResizeObserver(() => renderWires(model.state.action, false)).observe(byId('board'))
load()
