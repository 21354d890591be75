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
 * Returns a number of many digits in short, whole on demand.
 * @param {string} text
 */
export function number(text) {
  if (text.length <= 60) return h('span', { class: 'number' }, text)
  const short = `${text.slice(0, 12)}…${text.slice(-6)}`
  return h('details', {}, h('summary', { class: 'number' }, short), h('span', { class: 'number' }, text))
}
