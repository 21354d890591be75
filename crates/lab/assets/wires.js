// Arrows between the cards of the parties, and messages that fly along them. They only show what the
// texts say too.

import { byId, drawing, h, icon } from './dom.js'
import { ACTIONS } from './model.js'
import { itemsOf } from './story.js'

/** @typedef {import('./story.js').Item} Item */
/** @typedef {{x: number, y: number}} Point */

/** Cards that are farther apart have no arrow. */
const MAX_DISTANCE = 140
const FLIGHT_MS = 1100

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high)

/**
 * The two ends of an arrow between two cards, in the board's coordinates; nothing if they are not neighbours.
 * @param {DOMRect} sender
 * @param {DOMRect} receiver
 * @param {DOMRect} item
 * @param {DOMRect} board
 * @returns {[Point, Point] | undefined}
 */
function ends(sender, receiver, item, board) {
  const place = (/** @type {number} */ x, /** @type {number} */ y) => ({ x: x - board.x, y: y - board.y })
  const [right, left] = [receiver.left - sender.right, sender.left - receiver.right]
  if (right >= 0 || left >= 0) {
    if (Math.max(right, left) > MAX_DISTANCE) return undefined
    const y = clamp(item.top + item.height / 2, sender.top + 24, sender.bottom - 24)
    return right >= 0 ? [place(sender.right, y), place(receiver.left, y)] : [place(sender.left, y), place(receiver.right, y)]
  }
  const [below, above] = [receiver.top - sender.bottom, sender.top - receiver.bottom]
  if (Math.max(below, above) < 0 || Math.max(below, above) > MAX_DISTANCE) return undefined
  const [low, high] = [Math.max(sender.left, receiver.left) + 24, Math.min(sender.right, receiver.right) - 24]
  const x = clamp(item.left + item.width / 2, low, high)
  return below >= 0 ? [place(x, sender.bottom), place(x, receiver.top)] : [place(x, sender.top), place(x, receiver.bottom)]
}

/**
 * @param {Item} item
 * @param {[Point, Point]} between
 * @returns {string} SVG
 */
function arrow(item, [from, to]) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length]
  const tip = { x: to.x - dx * 3, y: to.y - dy * 3 }
  const neck = { x: tip.x - dx * 11, y: tip.y - dy * 11 }
  const head = [tip, { x: neck.x - dy * 6, y: neck.y + dx * 6 }, { x: neck.x + dy * 6, y: neck.y - dx * 6 }]
  const points = head.map(({ x, y }) => `${x},${y}`).join(' ')
  return `<g class="arrow" data-party="${item.from}"><line x1="${from.x + dx * 3}" y1="${from.y + dy * 3}" x2="${neck.x}" y2="${neck.y}"/><polygon points="${points}"/></g>`
}

/**
 * Draws the arrows of an action.
 * @param {number} position how many actions are done
 * @param {boolean} flies whether its messages fly, because the action has just been done
 */
export function renderWires(position, flies) {
  const wires = byId('wires')
  wires.replaceChildren()
  const board = byId('board').getBoundingClientRect()
  /** @type {string[]} */
  const arrows = []
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches
  itemsOf(ACTIONS[position - 1]).forEach((item, index) => {
    const button = document.getElementById(`item-${item.id}`)
    if (!item.from || !button) return
    const [sender, receiver, target] = [byId(item.from), byId(item.at), button].map((element) => element.getBoundingClientRect())
    const between = ends(sender, receiver, target, board)
    if (!between) return
    arrows.push(arrow(item, between))
    if (flies && !isStill) fly(wires, item, between[0], { x: target.x - board.x, y: target.y + target.height / 2 - board.y }, index * 250)
  })
  wires.append(drawing(`<svg width="${board.width}" height="${board.height}">${arrows.join('')}</svg>`))
}

/**
 * @param {HTMLElement} wires
 * @param {Item} item
 * @param {Point} from where the arrow begins
 * @param {Point} to the middle of the left side of the item
 * @param {number} delay
 */
function fly(wires, item, from, to, delay) {
  const message = h('div', { class: 'flyer', 'data-party': item.from }, icon('message'), ` ${item.title}`)
  wires.append(message)
  const [width, height] = [message.offsetWidth, message.offsetHeight]
  const start = { x: from.x < to.x ? from.x - width : from.x, y: from.y }
  const move = (/** @type {Point} */ { x, y }) => `translate(${x}px, ${y - height / 2}px)`
  const flight = message.animate(
    [
      { transform: `${move(start)} scale(.8)`, opacity: 0 },
      { transform: move(start), opacity: 1, offset: 0.2 },
      { transform: move(to), opacity: 1, offset: 0.85 },
      { transform: move(to), opacity: 0 },
    ],
    { duration: FLIGHT_MS, delay, easing: 'ease-in-out', fill: 'both' },
  )
  flight.onfinish = () => message.remove()
}
