// The homes of the learners, which are only read.

import { fill, h } from '../dom.js'
import { ask } from './api.js'

const INTERVAL = 3000

/**
 * Returns how long ago a time was.
 * @param {string | undefined} time
 * @param {number} now
 */
export function ago(time, now) {
  if (!time) return ''
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86400)} days ago`
}

/** @param {any} home @param {number} now */
function row(home, now) {
  const verdict = home.verdict ? `${home.verdict}${home.check ? `: ${home.check}` : ''}` : ''
  return h(
    'tr', {},
    h('th', { scope: 'row' }, home.name, home.scenario ? h('small', {}, ' scenario') : undefined),
    h('td', {}, home.action ?? '–'),
    h('td', {}, home.label || (home.step ? `the end of step ${home.step}` : '')),
    h('td', {}, ago(home.begun_at, now)),
    h('td', { class: home.verdict ?? '', title: home.found ?? '' }, verdict),
    h('td', {}, ago(home.verdict_at, now)),
  )
}

/** @param {any} answer */
function render({ homes, advice, learners }) {
  fill('learners', 'Learners open ', h('code', {}, new URL(learners, location.href).href), '.')
  if (!homes) {
    fill('homes-list', h('p', {}, `No homes are watched: ${advice}. Learners then use negotiate-proof --home DIR/NAME.`))
    return
  }
  const now = Date.now()
  const count = (/** @type {string} */ verdict) => homes.filter((/** @type {any} */ home) => home.verdict === verdict).length
  const columns = ['home', 'action', 'what', 'begun', 'last verdict', 'when']
  fill(
    'homes-list',
    h('p', {}, `${homes.length} homes; last verdicts: ${count('verified')} verified, ${count('rejected')} rejected, ${count('undecided')} undecided.`),
    h('table', {}, h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, name)))), h('tbody', {}, ...homes.map((/** @type {any} */ home) => row(home, now)))),
  )
}

/** Shows the homes, and asks for them again while somebody may look. */
export function mountHomes() {
  const refresh = async () => {
    try {
      render(await ask('homes'))
    } catch (error) {
      fill('homes-list', h('p', { class: 'late' }, error instanceof Error ? error.message : String(error)))
    }
    setTimeout(() => void (document.hidden ? later() : refresh()), INTERVAL)
  }
  const later = () => document.addEventListener('visibilitychange', () => void refresh(), { once: true })
  void refresh()
}
