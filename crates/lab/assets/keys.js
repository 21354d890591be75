// The keyboard, and the help that lists its keys.

import { byId } from './dom.js'

/** @param {Record<string, () => void>} actions what keys do, by their names */
export function startKeys(actions) {
  const help = byId('help')
  byId('help-button').addEventListener('click', () => help.showModal())
  document.addEventListener('keydown', (event) => {
    const target = event.target instanceof HTMLElement ? event.target.tagName : ''
    if (['INPUT', 'TEXTAREA', 'PRE'].includes(target) || event.altKey || event.ctrlKey || event.metaKey || help.open) return
    if (event.key === '?') {
      event.preventDefault()
      help.showModal()
    } else if (Object.hasOwn(actions, event.key)) {
      event.preventDefault()
      actions[event.key]()
    }
  })
}
