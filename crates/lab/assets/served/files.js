// The files of a scenario in the browser: chosen, dropped, or made of a request and a credential's values.

/** @typedef {string | {base64: string}} Content */
/** @typedef {Record<string, Content>} Files by path */

const KINDS = ['issuers', 'credentials', 'holders', 'requests']

/**
 * Reads what was chosen or dropped. A scenario's directory is taken as it is; loose files are understood by what they say.
 * @param {{path: string, file: File}[]} chosen
 * @returns {Promise<Files>}
 */
export async function readFiles(chosen) {
  const kind = new RegExp(`(^|/)(${KINDS.join('|')})/[^/]+\\.json$`)
  const inDirectory = chosen.find(({ path }) => kind.test(path))
  const contents = await Promise.all(chosen.map(async ({ path, file }) => ({ path, content: await contentOf(file) })))
  if (!inDirectory) return scenarioOf(contents)
  const root = inDirectory.path.replace(new RegExp(`(${KINDS.join('|')})/[^/]+$`), '')
  const inside = contents.filter(({ path }) => path.startsWith(root) && !/(^|\/)\./.test(path))
  return Object.fromEntries(inside.map(({ path, content }) => [path.slice(root.length), content]))
}

/**
 * @param {File} file
 * @returns {Promise<Content>}
 */
async function contentOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (file.name.endsWith('.json')) return new TextDecoder().decode(bytes)
  let text = ''
  for (let index = 0; index < bytes.length; index += 4096) text += String.fromCharCode(...bytes.subarray(index, index + 4096))
  return { base64: btoa(text) }
}

/**
 * Makes a scenario of a proof request, a credential's values, and a schema if there is one.
 * @param {{path: string, content: Content}[]} loose
 * @returns {Files}
 */
function scenarioOf(loose) {
  /** @type {{request?: any, values?: any, schema?: any}} */
  const found = {}
  /** @type {Files} */
  const others = {}
  for (const { path, content } of loose) {
    if (typeof content !== 'string') {
      others[`files/${path.split('/').at(-1)}`] = content
      continue
    }
    const value = JSON.parse(content)
    const request = requestIn(value)
    if (request) found.request = request
    else if (Array.isArray(value.attributes ?? value.attrNames)) found.schema = value
    else found.values = value.values ?? value
  }
  if (!found.request && !found.values) throw new Error('there is neither a proof request nor a credential’s values in these files')
  const asked = found.request ? namesIn(found.request) : []
  const attributes = found.schema?.attributes ?? found.schema?.attrNames ?? Object.keys(found.values ?? Object.fromEntries(asked.map((name) => [name, ''])))
  const name = found.schema?.name ?? 'own'
  const values = found.values ?? Object.fromEntries(attributes.map((/** @type {string} */ attribute) => [attribute, attribute.endsWith('_dateint') ? '2000-01-31' : 'a value']))
  for (const value of Object.values(values)) if (value?.file) value.file = `files/${String(value.file).split('/').at(-1)}`
  const credDef = `\${cred_def.issuer.${name}}`
  const request = found.request ?? {
    name: 'request',
    version: '1.0',
    requested_attributes: { value: { name: attributes[0], restrictions: { cred_def_id: credDef } } },
    requested_predicates: {},
  }
  return {
    'issuers/issuer.json': text({ label: 'The issuer', schemas: [{ name, version: found.schema?.version ?? '1.0', attributes }] }),
    'holders/holder.json': text({ name: 'The holder' }),
    'credentials/credential.json': text({ issuer: 'issuer', schema: name, holder: 'holder', values }),
    'requests/request.json': text({ holder: 'holder', proof_request: request }),
    ...others,
  }
}

/**
 * Returns a proof request, with or without what an agent puts around it.
 * @param {any} value
 */
function requestIn(value) {
  const inside = [value, value?.proof_request, value?.presentation_request, value?.indy, value?.anoncreds]
  return inside.find((each) => each?.requested_attributes || each?.requested_predicates)
}

/**
 * @param {any} request
 * @returns {string[]}
 */
function namesIn(request) {
  const asked = [...Object.values(request.requested_attributes ?? {}), ...Object.values(request.requested_predicates ?? {})]
  return [...new Set(asked.flatMap((each) => /** @type {any} */ (each).names ?? [/** @type {any} */ (each).name]))]
}

/** @param {any} value */
export function text(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

/**
 * Returns the files of a drop, those in directories too.
 * @param {DataTransfer} dropped
 * @returns {Promise<{path: string, file: File}[]>}
 */
export async function droppedFiles(dropped) {
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  return (await Promise.all(entries.map(filesOf))).flat()
}

/**
 * @param {any} entry
 * @returns {Promise<{path: string, file: File}[]>}
 */
async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
    return [{ path: entry.fullPath.slice(1), file }]
  }
  const reader = entry.createReader()
  const found = []
  for (;;) {
    // a reader gives a hundred at a time
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return (await Promise.all(found.map(filesOf))).flat()
    found.push(...some)
  }
}
