// The schedule: a plan with a clock.

import { fill, h } from '../dom.js'
import { PLANS } from './plans.js'

/**
 * @typedef {object} Clock
 * @property {number} plan the minutes of the plan
 * @property {number} elapsed milliseconds before the last start
 * @property {number | null} since when it was started last; `null` if it does not run
 */

const KEY = 'lab-clock'
const MINUTE = 60_000

/** @type {Clock} */
let clock = read()

/** @returns {Clock} */
function read() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '')
    if (stored.plan in PLANS && typeof stored.elapsed === 'number') return stored
  } catch {
    // there is none yet
  }
  return { plan: 60, elapsed: 0, since: null }
}

/** @param {Partial<Clock>} change */
function set(change) {
  clock = { ...clock, ...change }
  localStorage.setItem(KEY, JSON.stringify(clock))
  render()
}

/**
 * Returns how long the class has lasted.
 * @param {Clock} of
 * @param {number} now
 */
export function elapsed({ elapsed: before, since }, now) {
  return before + (since === null ? 0 : now - since)
}

/**
 * Returns the part of a plan at a time, and when it ends; the last one after its end.
 * @param {import('./plans.js').Part[]} parts
 * @param {number} time milliseconds from the beginning
 */
export function partAt(parts, time) {
  let end = 0
  for (const [index, { minutes }] of parts.entries()) {
    end += minutes * MINUTE
    if (time < end || index === parts.length - 1) return { index, begin: end - minutes * MINUTE, end }
  }
  return { index: 0, begin: 0, end: 0 }
}

/** @param {number} milliseconds */
function minutesAndSeconds(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000)
  return `${milliseconds < 0 ? '−' : ''}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Moves the clock to the beginning of another part. @param {number} by */
function move(by) {
  const parts = PLANS[clock.plan]
  const index = Math.min(Math.max(partAt(parts, elapsed(clock, Date.now())).index + by, 0), parts.length - 1)
  const before = parts.slice(0, index).reduce((sum, { minutes }) => sum + minutes, 0)
  set({ elapsed: before * MINUTE, since: clock.since === null ? null : Date.now() })
}

function tick() {
  const now = Date.now()
  const [parts, time] = [PLANS[clock.plan], elapsed(clock, now)]
  const { index, end } = partAt(parts, time)
  const next = parts[index + 1]
  const left = end - time
  fill('now', h('p', { class: 'label' }, clock.since === null ? (time === 0 ? 'Not started' : 'Paused') : 'Now'), h('p', { class: 'title' }, parts[index].title), h('p', {}, parts[index].what))
  fill('left', h('p', { class: 'label' }, left < 0 ? 'Over time' : 'Left'), h('p', { class: left < 0 ? 'title late' : 'title' }, minutesAndSeconds(left)))
  const whole = clock.plan * MINUTE
  const at = new Date(now + whole - time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  fill('next', h('p', { class: 'label' }, 'Next'), h('p', { class: 'title' }, next ? next.title : 'The end'), h('p', {}, clock.since === null ? '' : `The class ends at ${at}.`))
}

function render() {
  const parts = PLANS[clock.plan]
  const runs = clock.since !== null
  const start = () => (runs ? set({ elapsed: elapsed(clock, Date.now()), since: null }) : set({ since: Date.now() }))
  const button = (/** @type {string} */ label, /** @type {() => void} */ click) => h('button', { type: 'button', click }, label)
  fill(
    'clock-controls',
    ...Object.keys(PLANS).map((minutes) =>
      h('button', { type: 'button', 'aria-pressed': String(clock.plan === Number(minutes)), click: () => set({ plan: Number(minutes), elapsed: 0, since: null }) }, `${minutes} minutes`)),
    h('button', { type: 'button', class: 'primary', id: 'start', click: start }, runs ? 'Pause' : 'Start'),
    button('Part before', () => move(-1)), button('Next part', () => move(1)), button('Back to zero', () => set({ elapsed: 0, since: null })),
  )
  const current = partAt(parts, elapsed(clock, Date.now())).index
  let from = 0
  const rows = parts.map(({ minutes, title, what }, index) => {
    const row = h('tr', { class: index === current ? 'current' : '' }, h('td', {}, `${from}–${from + minutes}`), h('th', { scope: 'row' }, title), h('td', {}, what))
    if (index === current) row.setAttribute('aria-current', 'step')
    from += minutes
    return row
  })
  fill('plan', h('table', {}, h('thead', {}, h('tr', {}, ...['minutes', 'part', 'what'].map((name) => h('th', { scope: 'col' }, name)))), h('tbody', {}, ...rows)))
  tick()
}

/** Shows the schedule, and keeps it going. */
export function mountSchedule() {
  render()
  let shown = -1
  setInterval(() => {
    const { index } = partAt(PLANS[clock.plan], elapsed(clock, Date.now()))
    if (index !== shown) render()
    else tick()
    shown = index
  }, 1000)
}
