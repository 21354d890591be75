// Questions to the server, and where the page is on it.

/** The address behind which everything of a learner is: `/TOKEN/`. */
export const ROOT = import.meta.url.replace(/(run\/[^/]*\/[^/]*\/[^/]*\/)?served\/[^/]*$/, '')

/**
 * Asks the server. An error has what it said.
 * @param {string} path below `api/`
 * @param {{method?: string, body?: any, signal?: AbortSignal}} [options]
 * @returns {Promise<any>}
 */
export async function ask(path, { method = 'GET', body, signal } = {}) {
  let response
  try {
    response = await fetch(`${ROOT}api/${path}`, { method, signal, body: body && JSON.stringify(body) })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Error('the lab does not answer; see whether it still runs')
  }
  const text = await response.text()
  let answer
  try {
    answer = JSON.parse(text)
  } catch {
    throw new Error(text || `the lab answered with ${response.status}`)
  }
  if (!response.ok) throw new Error(answer.error)
  return answer
}

/**
 * Returns a function that runs another one once it is not called for a while. What still runs by then is given up.
 * @param {number} milliseconds
 * @param {(signal: AbortSignal) => Promise<void>} work
 */
export function debounced(milliseconds, work) {
  /** @type {number | undefined} */
  let timer
  let running = new AbortController()
  return () => {
    clearTimeout(timer)
    running.abort()
    timer = window.setTimeout(() => {
      running = new AbortController()
      void work(running.signal)
    }, milliseconds)
  }
}
