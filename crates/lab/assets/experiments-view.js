// The six experiments as buttons.

import { byId, fill, h } from './dom.js'
import { CHECKED, TRIED } from './model.js'

/**
 * @param {import('./model.js').Model} model
 * @param {(change: Partial<import('./state.js').State>) => void} go
 */
export function renderExperiments(model, go) {
  const { state } = model
  const buttons = TRIED.map(({ id, title, opens }, index) => {
    const isOn = id === state.experiment
    const button = h('button', {
      type: 'button',
      'data-focus': `experiment-${id}`,
      'aria-pressed': String(isOn),
      click: () => go(isOn ? { experiment: '', edits: [] } : { experiment: id, edits: [], action: Math.max(state.action, CHECKED.presentation), item: opens }),
    }, h('span', { class: 'ordinal' }, String(index + 1)), ` ${title}`)
    return h('li', {}, button)
  })
  const undo = h('button', {
    type: 'button',
    'data-focus': 'undo',
    disabled: !model.isChanged,
    click: () => go({ experiment: '', edits: [] }),
  }, 'Undo all changes')
  const { experiment } = model
  fill('experiments', h('ol', { class: 'experiments' }, ...buttons), experiment && h('p', {}, h('strong', {}, `${experiment.title}. `), experiment.text))
  fill('undo', undo)
  byId('break').hidden = TRIED.length === 0
}
