// Writes the pictures of the page that README shows: `screenshots.mjs DIRECTORY`.

import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { MALLORY, PROVED, VERIFIED, hash, launch, open } from './browser.mjs'

const [directory] = process.argv.slice(2)
if (!directory) throw new Error('name the directory for the pictures')

const browser = await launch()

/** Returns a picture as WebP, which Chromium writes smaller than PNG. */
async function asWebp(png) {
  const page = await browser.newPage()
  const url = await page.evaluate(async (source) => {
    const image = new Image()
    image.src = source
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
    canvas.getContext('2d').drawImage(image, 0, 0)
    return canvas.toDataURL('image/webp', 0.8)
  }, `data:image/png;base64,${png.toString('base64')}`)
  await page.close()
  return Buffer.from(url.split(',')[1], 'base64')
}

/** Writes what the page shows in a state, with the open message beside the board as on a large screen. */
async function picture(name, state) {
  const { page, close } = await open(browser, { hash: state, width: 1600, height: 1060 })
  const webp = await asWebp(await page.screenshot())
  await close()
  writeFileSync(path.join(directory, `${name}.webp`), webp)
  console.log(`${name}.webp: ${webp.length} bytes`)
}

await picture('lab-proof', hash(PROVED, 'presentation'))
await picture('lab-tampered', hash(VERIFIED, 'presentation', { edits: [MALLORY] }))
await browser.close()
