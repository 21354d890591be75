// That the page can be read: by a screen reader, on small and large screens, in both themes.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ASKED, AXE, MALLORY, OFFERED, PROVED, VERIFIED, hash, launch, open } from './browser.mjs'

let browser
before(async () => { browser = await launch() })
after(() => browser.close())

const STATES = {
  beginning: '',
  'an offer': hash(OFFERED, 'offer'),
  'a credential request': hash(ASKED, 'credential-request'),
  'an open proof': hash(PROVED, 'presentation'),
  'a verified proof': hash(VERIFIED, 'public-data'),
  'a changed proof': hash(VERIFIED, 'presentation', { edits: [MALLORY] }),
  'an experiment': hash(VERIFIED, 'presentation', { experiment: 'two-holders' }),
}

/** States whose folded parts are looked at as well; this takes long. */
const UNFOLDED = ['an offer', 'a changed proof']

async function findings(page) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.addScriptTag({ path: AXE })
  const { violations } = await page.evaluate(() => globalThis.axe.run(document))
  const counted = violations.filter(({ impact }) => impact !== 'minor')
  return counted.flatMap(({ id, impact, nodes }) => nodes.map(({ target, any }) => `${impact} ${id}: ${target} ${any[0]?.message ?? ''}`))
}

/** Unfolds all that can be unfolded. */
const unfold = (page) => page.locator('details').evaluateAll((all) => all.forEach((each) => { each.open = true }))

for (const [name, state] of Object.entries(STATES)) {
  test(`axe finds nothing on ${name}, light and dark, at 360 and 1280 px`, async () => {
    const { page, problems, close } = await open(browser, { hash: state })
    if (UNFOLDED.includes(name)) await unfold(page)
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme })
        assert.deepEqual(await findings(page), [], `${width} px, ${colorScheme}`)
      }
    }
    assert.deepEqual(problems, [])
    await close()
  })
}

test('axe finds nothing in the help', async () => {
  const { page, close } = await open(browser)
  await page.keyboard.press('?')
  assert.deepEqual(await findings(page), [])
  await close()
})

test('nothing makes the page scroll sideways', async () => {
  for (const [name, state] of Object.entries(STATES)) {
    const { page, close } = await open(browser, { hash: state })
    for (const isUnfolded of [false, true]) {
      if (isUnfolded) await unfold(page)
      for (const width of [320, 360, 768, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 })
        // the page follows a new width in the next frame
        const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth
        await page.waitForFunction(fits, undefined, { timeout: 5000 }).catch(() => {
          assert.fail(`${name} at ${width} px is too wide${isUnfolded ? ', unfolded' : ''}`)
        })
      }
    }
    await close()
  }
})

test('on a projector the open message is beside the board', async () => {
  const { page, close } = await open(browser, { hash: hash(PROVED, 'presentation'), width: 1920, height: 1080 })
  const [board, inspector] = await Promise.all(['#board', '#inspector'].map((selector) => page.locator(selector).boundingBox()))
  assert.ok(inspector.x >= board.x + board.width && inspector.y + 200 < 1080)
  await page.locator('#projector').click()
  assert.ok(await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize) >= 20))
  await close()
})
