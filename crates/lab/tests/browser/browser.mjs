// The page of the lab in Chromium, from a file.

import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

/** The packages are not beside these files. */
const require = createRequire(path.join(process.env.LAB_MODULES, 'package.json'))
const { chromium } = require('playwright-core')

export const AXE = require.resolve('axe-core/axe.min.js')

/** The page that was exported. */
export const PAGE = pathToFileURL(process.env.LAB_PAGE).href

export function launch() {
  // the sandbox does not work for root, nor in many containers; the page is our own
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] })
}

/**
 * Opens the page in a fresh profile without network. Errors of the page and requests for anything else are collected.
 * @param {any} browser
 * @param {{hash?: string, width?: number, height?: number, scale?: number, scheme?: string, motion?: string}} [options]
 */
export async function open(browser, { hash = '', width = 1280, height = 900, scale = 1, scheme = 'light', motion = 'reduce' } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, deviceScaleFactor: scale, colorScheme: scheme, reducedMotion: motion, offline: true,
  })
  const page = await context.newPage()
  const problems = []
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`))
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== PAGE && !request.url().startsWith('data:')) problems.push(`request: ${request.url()}`)
  })
  await page.goto(PAGE + hash)
  await settled(page)
  return { page, problems, close: () => context.close() }
}

/** Waits until everything is computed. */
export async function settled(page) {
  await page.waitForFunction(() => !document.getElementById('verdict').textContent.includes('Computing'))
}

/** A link's part after `#`, for a position in the row of actions. */
export function hash(position, item, { experiment, edits = [] } = {}) {
  const action = position <= 11 ? position : position === 12 ? '11b' : position - 1
  const parts = new URLSearchParams({ action, item })
  if (experiment) parts.set('experiment', experiment)
  for (const edit of edits) parts.append('edit', JSON.stringify(edit))
  return `#${parts}`
}

/** Positions in the row of actions: 11b comes after 11. */
export const OFFERED = 15
export const ASKED = 16
export const PROVED = 21
export const VERIFIED = 22

export const MALLORY = ['/presentation/requested_proof/revealed_attrs/attr1_referent/raw', 'Mallory']
