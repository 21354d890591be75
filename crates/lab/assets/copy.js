// The link of the page, on the clipboard.

import { byId, fill, h } from './dom.js'

/** Copies the link; where a browser does not allow that, it shows the link to be copied by hand. */
export function copyLink() {
  const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error('there is no clipboard'))
  copied.then(() => fill('copied', 'The link is copied. It brings back what the page shows now.'), showLink).then(() => setTimeout(hide, 6000))
}

function showLink() {
  const field = h('input', { value: location.href, readonly: true, 'aria-label': 'The link' })
  fill('copied', 'Copy this link: ', field)
  field.select()
}

function hide() {
  if (!byId('copied').contains(document.activeElement)) fill('copied')
}
