// The teacher's page: three views, of which the address says which one is shown.

import { byId } from '../dom.js'
import { mountHomes } from './homes.js'
import { COUNT, showAction } from './projector.js'
import { mountSchedule } from './schedule.js'

const VIEWS = ['schedule', 'homes', 'projector']

let action = 1

/** Shows what the address says: `#homes`, or `#projector/7`. */
function show() {
  const [view, number] = location.hash.slice(1).split('/')
  const shown = VIEWS.includes(view) ? view : 'schedule'
  action = Math.min(Math.max(Number.parseInt(number, 10) || action, 1), COUNT)
  for (const name of VIEWS) {
    byId(name).hidden = name !== shown
    const link = document.querySelector(`nav a[href="#${name}"]`)
    if (name === shown) link?.setAttribute('aria-current', 'page')
    else link?.removeAttribute('aria-current')
  }
  document.body.className = shown
  if (shown === 'projector') showAction(action)
}

/** @param {number} to */
function go(to) {
  history.replaceState(null, '', `#projector/${Math.min(Math.max(to, 1), COUNT)}`)
  show()
}

byId('previous').addEventListener('click', () => go(action - 1))
byId('following').addEventListener('click', () => go(action + 1))
document.addEventListener('keydown', (event) => {
  if (document.body.className !== 'projector' || event.altKey || event.ctrlKey || event.metaKey) return
  /** @type {Record<string, number>} */
  const to = { ArrowRight: action + 1, PageDown: action + 1, ArrowLeft: action - 1, PageUp: action - 1, Home: 1, End: COUNT }
  if (!(event.key in to)) return
  event.preventDefault()
  go(to[event.key])
})
window.addEventListener('hashchange', show)
show()
mountSchedule()
mountHomes()
