// What the page does: steps, experiments, changes, links, paper.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { MALLORY, OFFERED, PROVED, VERIFIED, hash, launch, open, settled } from './browser.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

const headline = async (page) => {
  await settled(page)
  return page.locator('#verdict .headline').textContent()
}

/** Opens the page, and closes it with a look at what went wrong. */
async function withPage(options, work) {
  const opened = await open(browser, options)
  await work(opened.page)
  assert.deepEqual(opened.problems, [])
  await opened.close()
}

test('all actions can be stepped by keyboard', () => withPage({}, async (page) => {
  const seen = []
  for (let position = 1; ; position++) {
    seen.push(await page.locator('#action h2 .ordinal').textContent())
    assert.equal(await page.locator('#timeline [aria-current=step]').textContent(), seen.at(-1))
    assert.match(await page.locator('#live').textContent(), new RegExp(`^Action ${seen.at(-1)}: .* Verdict: `))
    assert.ok(await page.locator('#action .changes li').count() > 0, 'an action changes something')
    assert.ok(await page.locator('#board .item.is-new').count() > 0, 'what is new is marked')
    if (position === 25) break
    await page.keyboard.press('ArrowRight')
  }
  assert.deepEqual(seen, [...Array(24).keys()].flatMap((index) => (index === 10 ? ['11', '11b'] : [String(index + 1)])))
  await page.keyboard.press('ArrowLeft')
  assert.equal(await page.locator('#action h2 .ordinal').textContent(), '23')
  await page.keyboard.press('Home')
  assert.equal(await page.locator('#action h2 .ordinal').textContent(), '1')
  await page.keyboard.press('End')
  assert.equal(await headline(page), '✓ Verified')
  assert.match(await page.locator('#live').textContent(), /Verdict: Verified\.$/)
}))

test('every message opens with its values explained', () => withPage({ hash: hash(VERIFIED, 'verdict') }, async (page) => {
  const ids = await page.locator('#board .item').evaluateAll((items) => items.map(({ id }) => id))
  assert.ok(ids.length >= 25)
  for (const id of ids) {
    await page.locator(`#${id}`).click()
    assert.equal(await page.locator(`#${id}`).getAttribute('aria-pressed'), 'true')
    assert.notEqual(await page.locator('#message').textContent(), '')
  }
}))

test('the row of actions goes to any action, and Run plays them', () => withPage({}, async (page) => {
  await page.getByRole('button', { name: /^Action 14:/ }).click()
  assert.equal(await page.locator('#inspector-heading').textContent(), 'Credential offer Issuer → Holder')
  await page.locator('#run').click()
  assert.equal(await page.locator('#run').getAttribute('aria-pressed'), 'true')
  assert.equal(await page.locator('#action h2 .ordinal').textContent(), '15')
  await page.locator('#run').click()
  assert.equal(await page.locator('#run').getAttribute('aria-pressed'), 'false')
}))

const EXPERIMENTS = ['encoding', 'mathematics', 'restrictions', 'predicates', 'restrictions', 'same-holder']
for (const [index, check] of EXPERIMENTS.entries()) {
  test(`experiment ${index + 1} fails by ${check}`, () => withPage({}, async (page) => {
    await page.locator('#experiments button').nth(index).click()
    assert.equal(await headline(page), `✗ Rejected: ${check}`)
    assert.equal(await page.locator('#badge').textContent(), `✗ Rejected: ${check}`)
    await page.locator('#undo button').click()
    assert.equal(await headline(page), '✓ Verified')
  }))
}

test('a changed value changes the verdict, and the link reproduces it', async () => {
  let link
  await withPage({ hash: hash(PROVED, 'presentation') }, async (page) => {
    assert.equal(await headline(page), 'Nothing to check yet')
    const raw = page.getByLabel('attr1_referent, raw, can be changed')
    await raw.fill('Mallory')
    await raw.press('Enter')
    assert.equal(await headline(page), '✗ Rejected: encoding')
    assert.equal(await page.locator('#action h2 .ordinal').textContent(), '21')
    await page.locator('#copy').click()
    // it is said once the clipboard has answered
    await page.locator('#copied', { hasText: /./ }).waitFor({ state: 'attached' })
    link = new URL(page.url()).hash
  })
  assert.equal(link, hash(VERIFIED, 'presentation', { edits: [MALLORY] }))
  await withPage({ hash: link }, async (page) => {
    assert.equal(await headline(page), '✗ Rejected: encoding')
    assert.equal(await page.getByLabel('attr1_referent, raw, can be changed').inputValue(), 'Mallory')
    await page.getByRole('button', { name: 'Reset attr1_referent, raw' }).click()
    assert.equal(await headline(page), '✓ Verified')
  })
})

test('a digit of a proof makes other numbers and another hash', () => withPage({ hash: hash(VERIFIED, 'presentation') }, async (page) => {
  await page.getByRole('button', { name: '+1: change the last digit of m̂_height' }).click()
  assert.equal(await headline(page), '✗ Rejected: mathematics')
  assert.match(await page.locator('#verdict').textContent(), /another number than in the honest run: T\./)
}))

test('holder and issuer refuse what is changed before', async () => {
  await withPage({ hash: hash(OFFERED, 'offer') }, async (page) => {
    await page.getByRole('button', { name: '+1: change the last digit of x̂_Z' }).click()
    assert.equal(await headline(page), '✗ Holder refuses: key-correctness-proof')
    await page.keyboard.press('End')
    assert.match(await page.locator('#verdict').textContent(), /Action 15: the holder refuses the offer/)
  })
  const edits = [['/credential_request/blinded_ms/u', '12345']]
  await withPage({ hash: hash(17, 'credential-request', { edits }) }, async (page) => {
    assert.equal(await headline(page), '✗ Issuer refuses: blinded-link-secret-proof')
  })
})

test('a message that has no computed effect says so', () => withPage({ hash: hash(17, 'credential') }, async (page) => {
  assert.match(await page.locator('#message .hint').textContent(), /^Nothing here can be changed\. The holder checks the signature/)
  assert.equal(await page.locator('#message input, #message textarea').count(), 0)
}))

test('messages fly only where motion is wanted', async () => {
  for (const [motion, expected] of [['no-preference', 1], ['reduce', 0]]) {
    await withPage({ hash: hash(PROVED - 1, 'candidates'), motion }, async (page) => {
      await page.locator('#step').click()
      assert.equal(await page.locator('.flyer').count(), expected, motion)
      assert.equal(await page.locator('.arrow').count(), 1)
    })
  }
})

test('? opens the help, and the settings stay', () => withPage({}, async (page) => {
  await page.keyboard.press('?')
  assert.ok(await page.locator('#help').isVisible())
  await page.keyboard.press('Escape')
  assert.ok(!(await page.locator('#help').isVisible()))
  await page.locator('#theme').click()
  await page.locator('#theme').click()
  await page.locator('#projector').click()
  await page.reload()
  assert.deepEqual(await page.evaluate(() => ({ ...document.documentElement.dataset })), { theme: 'dark', projector: '' })
}))

test('a link of another form is as none', () => withPage({ hash: '#action=99&item=nothing&experiment=x&edit=[1]&edit={' }, async (page) => {
  assert.equal(await headline(page), '✓ Verified')
  assert.equal(await page.locator('#inspector-heading').textContent(), 'Open a message')
}))

test('paper has all actions and no controls', () => withPage({ hash: hash(VERIFIED, 'presentation', { edits: [MALLORY] }) }, async (page) => {
  await page.emulateMedia({ media: 'print' })
  const visible = await page.locator('button, input, textarea, select, #timeline, .bar').evaluateAll((elements) => elements.filter((element) => element.checkVisibility()).length)
  assert.equal(visible, 0)
  const headings = await page.locator('#paper .paper-action h3').allTextContents()
  assert.equal(headings.length, 25)
  assert.ok(await page.locator('#verdict .headline', { hasText: '✗ Rejected: encoding' }).isVisible())
  const pdf = await page.pdf({ format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' } })
  const pages = pdf.toString('latin1').split(/\/Type\s*\/Page\b/).length - 1
  console.log(`paper: ${pages} pages of A4`)
  assert.ok(pages > 3 && pages <= 16, `${pages} pages`)
  await page.emulateMedia({ media: 'screen' })
  assert.equal(await page.locator('#paper').textContent(), '')
}))
