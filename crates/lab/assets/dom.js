// Elements in few words.

/**
 * Makes an element.
 * @param {string} tag
 * @param {Record<string, any>} properties attributes; a function listens to the event of that name
 * @param {...(Node | string | undefined)} children
 * @returns {any}
 */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else if (typeof value === 'boolean') element.toggleAttribute(name, value)
    else if (value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

/**
 * Replaces what is in an element of the page, and returns it.
 * @param {string} id
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElement}
 */
export function fill(id, ...children) {
  const element = byId(id)
  element.replaceChildren(...children.filter((child) => child !== undefined))
  return element
}

/**
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  return document.getElementById(id) ?? document.body
}

/**
 * Returns a text of many digits in short, whole on demand.
 * @param {string} text
 */
export function number(text) {
  if (text.length <= 60) return h('span', { class: 'number' }, text)
  return h('details', { class: 'long' }, h('summary', { class: 'number' }, shortened(text)), h('span', { class: 'number' }, text))
}

/**
 * Returns the beginning and the end of a long text.
 * @param {string} text
 */
export function shortened(text) {
  return text.length <= 60 ? text : `${text.slice(0, 14)}…${text.slice(-6)}`
}

/** Paths of 24 by 24. @type {Record<string, string>} */
const ICONS = {
  lock: 'M7 10V7a5 5 0 0 1 10 0v3h2v11H5V10zm2.5 0h5V7a2.5 2.5 0 0 0-5 0z',
  message: 'M2 5h20v14H2zm2.4 2 7.6 6 7.6-6z',
}

/**
 * Returns a drawing.
 * @param {string} markup SVG, of our own texts and numbers only
 * @returns {Element}
 */
export function drawing(markup) {
  const template = document.createElement('template')
  template.innerHTML = markup
  return template.content.firstElementChild ?? template
}

/**
 * Returns a small picture in the colour of the text, which says nothing by itself.
 * @param {string} name
 */
export function icon(name) {
  return drawing(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path fill-rule="evenodd" d="${ICONS[name] ?? ''}"/></svg>`)
}
