// JSON pointers.

/**
 * Returns what a JSON pointer points to.
 * @param {any} root
 * @param {string} pointer
 * @returns {any}
 */
export function at(root, pointer) {
  return names(pointer).reduce((value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined), root)
}

/**
 * Sets a value that exists; where there is none, it does nothing.
 * @param {any} root
 * @param {string} pointer
 * @param {any} value
 */
export function set(root, pointer, value) {
  const [holder, name] = [at(root, pointer.slice(0, pointer.lastIndexOf('/'))), names(pointer).at(-1) ?? '']
  if (isObject(holder) && Object.hasOwn(holder, name)) holder[name] = value
}

/** @param {string} pointer */
const names = (pointer) => pointer.split('/').slice(1).map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))

/** @param {any} value */
const isObject = (value) => typeof value === 'object' && value !== null
