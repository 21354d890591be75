// The verdict at the top of the page: what was accepted or refused, by which check, and why.

import { symbol } from './computations.js'
import { byId, fill, h, shortened } from './dom.js'
import { ACTIONS, CHECKED, after } from './model.js'
import { at } from './pointer.js'
import { PARTIES } from './story.js'
import { textOf } from './value-view.js'
import { learnedFrom } from './verdict.js'

/** @typedef {import('./model.js').Model} Model */
/** @typedef {import('./refusals.js').Answer} Answer */
/** @typedef {{tone: '' | 'verified' | 'rejected', title: string, lines: (Node | string)[]}} Shown */

/**
 * @param {Model} model
 * @param {import('./inspector.js').Edit} edit
 */
export function renderVerdict(model, edit) {
  const { tone, title, lines } = shownOf(model)
  const sign = { '': '', verified: '✓ ', rejected: '✗ ' }[tone]
  byId('verdict').className = tone
  byId('badge').className = `badge ${tone}`
  fill('badge', `${sign}${title}`)
  fill(
    'verdict',
    h('p', { class: 'headline' }, `${sign}${title}`),
    ...lines.map((line) => (typeof line === 'string' ? h('p', {}, line) : line)),
    ...earlierRefusals(model),
    changesNode(model, edit),
  )
}

/**
 * Returns the verdict in a few words.
 * @param {Model} model
 */
export function titleOf(model) {
  return shownOf(model).title
}

/**
 * @param {Model} model
 * @returns {Shown}
 */
function shownOf(model) {
  const { action } = model.state
  const { offer, request, verdict } = model.current()
  if (action >= CHECKED.presentation) return verdict && model.honest ? ofPresentation(model) : waiting()
  if (action === CHECKED.offer) return offer ? ofAnswer(offer) : waiting()
  if (action >= CHECKED.request && action <= after(17)) return request ? ofAnswer(request) : waiting()
  if (action === 1 && !model.isChanged) return { tone: '', title: 'Nothing to check yet', lines: [BEGIN] }
  const next = action < CHECKED.offer ? 'The holder checks the offer in action 15, the issuer the request in action 16, and the verifier the presentation in action 21.' : 'The verifier checks the presentation in action 21.'
  return { tone: '', title: model.isChanged ? 'Changed, not yet checked' : 'Nothing to check yet', lines: [next] }
}

const BEGIN = 'Press Step to go on by one action, or Run to see them all. To see the proof at once, press 20 in the row above. To see it fail, press one of the experiments below the ledger.'

/** @returns {Shown} */
const waiting = () => ({ tone: '', title: 'Computing …', lines: [] })

/**
 * @param {Answer} answer
 * @returns {Shown}
 */
function ofAnswer({ party, accepts, refusal }) {
  if (!refusal) return { tone: 'verified', title: `${PARTIES[party]} accepts`, lines: [accepts] }
  return { tone: 'rejected', title: `${PARTIES[party]} refuses: ${refusal.check}`, lines: [refusal.message, 'Here the exchange ends. What follows on this page is of the recorded run.'] }
}

/**
 * @param {Model} model
 * @returns {Shown}
 */
function ofPresentation(model) {
  const { verdict, presented } = model.current()
  if (!verdict) return waiting()
  const { failures, checks } = verdict
  const [passed, left] = ['passed', 'not reached'].map((outcome) => checks.filter((check) => check.outcome === outcome).length)
  if (failures.length === 0) {
    const { shown, proved, hidden } = learnedFrom(presented)
    const facts = [
      ...shown.map(({ name, raw }) => fact('shown', `${name} = ${raw}`)),
      ...proved.map((predicate) => fact('proved', predicate)),
      ...hidden.map((/** @type {string} */ name) => fact('hidden', `${name} = ?`)),
    ]
    return {
      tone: 'verified',
      title: 'Verified',
      lines: [h('p', {}, 'The verifier has learned:'), h('ul', { class: 'facts' }, ...facts), h('p', { class: 'meaning' }, `All ${passed} checks that this page makes passed.`)],
    }
  }
  const different = differentEquations(model)
  return {
    tone: 'rejected',
    title: `Rejected: ${failures.map(({ check }) => check).join(', ')}`,
    lines: [
      ...failures.map(({ message, equation }) => h('p', { class: 'reason' }, equation ? `${message} (equation ${equation})` : message)),
      ...(different ? [h('p', {}, different)] : []),
      h('p', { class: 'meaning' }, `${passed} other checks passed${left ? `, ${left} ${left === 1 ? 'was' : 'were'} not reached` : ''}.`),
    ],
  }
}

/**
 * @param {string} how
 * @param {string} what
 */
const fact = (how, what) => h('li', { class: how }, h('span', { class: 'how' }, how), ' ', h('strong', {}, what))

/** Says which equations give another number than in the honest run. @param {Model} model */
function differentEquations(model) {
  const { verdict } = model.current()
  const { honest, state } = model
  if (!verdict?.trace || !honest || state.experiment === 'another-issuer' || state.experiment === 'two-holders') return ''
  const wrong = verdict.trace.hashInputs.filter(({ name, subProof, predicate, number }) => honest.get([name, subProof, predicate].join('/')) !== number)
  if (wrong.length === 0) return 'All equations give the numbers of the honest run.'
  const of = (/** @type {boolean} */ computed) => wrong.filter((input) => input.computed === computed).map(({ name }) => symbol(name)).join(', ')
  const [equations, inputs] = [of(true), of(false)]
  return [equations && `Equations with another number than in the honest run: ${equations}.`, inputs && `Other numbers in the hash: ${inputs}.`].filter(Boolean).join(' ')
}

/** What was refused before the current action. @param {Model} model */
function earlierRefusals(model) {
  const { action } = model.state
  const { offer, request } = model.current()
  const earlier = [
    action > CHECKED.offer && offer?.refusal ? `Action ${ACTIONS[CHECKED.offer - 1].action}: the holder refuses the offer, by ${offer.refusal.check}: ${offer.refusal.message}.` : '',
    action > after(17) && request?.refusal ? `Action ${ACTIONS[CHECKED.request - 1].action}: the issuer refuses the request, by ${request.refusal.check}: ${request.refusal.message}.` : '',
  ]
  const lines = earlier.filter(Boolean).map((text) => h('p', { class: 'reason' }, `✗ ${text}`))
  return lines.length ? [...lines, h('p', { class: 'meaning' }, 'There the exchange would have ended. What follows is of the recorded run.')] : []
}

/**
 * Lists what is changed.
 * @param {Model} model
 * @param {import('./inspector.js').Edit} edit
 */
function changesNode(model, edit) {
  const { experiment, edits } = model.state
  if (!model.isChanged) return undefined
  const unedited = model.unedited()
  const lines = edits.map(([pointer, value]) =>
    h(
      'li', {},
      h('code', { title: pointer }, pathOf(pointer)), ': ',
      h('del', {}, shortened(textOf(at(unedited, pointer)))), ' → ', h('ins', {}, shortened(textOf(value))), ' ',
      h('button', { type: 'button', class: 'mini', 'data-focus': `undo-${pointer}`, 'aria-label': `Reset ${pathOf(pointer)}`, click: () => edit(pointer, undefined) }, 'Reset'),
    ),
  )
  const tried = experiment && model.experiment ? [h('li', {}, `Experiment: ${model.experiment.title}`)] : []
  return h('div', { class: 'edits' }, h('h3', { class: 'small' }, 'What is changed'), h('ul', {}, ...tried, ...lines))
}

/** The last names of a pointer. @param {string} pointer */
function pathOf(pointer) {
  const names = pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
  return names.length <= 3 ? names.join(' › ') : `${names[0]} … ${names.slice(-2).join(' › ')}`
}
