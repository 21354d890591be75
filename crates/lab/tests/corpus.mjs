// Gives the corpus to the adapter `bigint`, line by line, and compares the answers.

import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import readline from 'node:readline'

const vectors = new URL('../../../tests/vectors/', import.meta.url)
const adapter = spawn(process.execPath, [new URL('adapters/bigint/main.mjs', vectors).pathname], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const lines = readline.createInterface({ input: adapter.stdout })[Symbol.asyncIterator]()

async function ask(question) {
  adapter.stdin.write(`${JSON.stringify(question)}\n`)
  const { value, done } = await lines.next()
  if (done) throw new Error(`no answer to ${question.id}`)
  return JSON.parse(value)
}

const { features } = await ask({ start: { version: 1 } })
const wrong = []
let right = 0
for (const file of readdirSync(vectors).filter((name) => name.endsWith('.json'))) {
  const { testGroups } = JSON.parse(readFileSync(new URL(file, vectors)))
  for (const group of testGroups) {
    for (const test of group.tests) {
      if (!test.features.every((feature) => features.includes(feature))) continue
      const said = await ask({ ...test, kind: group.type, public: group.public })
      const allowed = test.result === 'acceptable' ? ['valid', 'invalid'] : [test.result]
      const isRight = allowed.includes(said.verdict) && (!test.output || said.output?.encoded === test.output.encoded)
      if (isRight) right++
      else wrong.push(`${test.id}: ${JSON.stringify(said)} instead of ${test.result}`)
    }
  }
}
adapter.stdin.end()
console.log(`${right} right, ${wrong.length} wrong`)
for (const line of wrong) console.log(line)
// that the corpus is there, and was given
process.exit(wrong.length > 0 || right < 400 ? 1 : 0)
