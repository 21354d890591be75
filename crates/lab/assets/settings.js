// The settings of the page: light or dark, and large type for a projector. A browser keeps them.

import { byId } from './dom.js'

const THEMES = ['system', 'light', 'dark']

/** @param {string} name */
function kept(name) {
  try {
    return localStorage.getItem(`lab-${name}`) ?? ''
  } catch {
    // a browser may have no storage for files
    return ''
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
function keep(name, value) {
  try {
    localStorage.setItem(`lab-${name}`, value)
  } catch {
    // then it is only for now
  }
}

/** @param {string} theme */
function setTheme(theme) {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  byId('theme').textContent = `Theme: ${theme}`
}

/** @param {boolean} isOn */
function setProjector(isOn) {
  document.documentElement.toggleAttribute('data-projector', isOn)
  byId('projector').setAttribute('aria-pressed', String(isOn))
}

/**
 * Sets what was kept, and listens.
 * @param {() => void} changed is called when sizes have changed
 */
export function startSettings(changed) {
  let theme = THEMES.includes(kept('theme')) ? kept('theme') : 'system'
  let projector = kept('projector') === 'on'
  setTheme(theme)
  setProjector(projector)
  byId('theme').addEventListener('click', () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]
    setTheme(theme)
    keep('theme', theme)
  })
  byId('projector').addEventListener('click', () => {
    projector = !projector
    setProjector(projector)
    keep('projector', projector ? 'on' : 'off')
    changed()
  })
}
