// Asks for the key of the API.

import { h, newId } from './dom.js';

export function keyView(wasRefused, use) {
  const id = newId('key');
  const input = h('input', { id, type: 'password', autocomplete: 'off', spellcheck: 'false', required: true, 'aria-describedby': `${id}-hint` });
  const form = h('form', {
    onsubmit(event) {
      event.preventDefault();
      if (input.value)
        use(input.value.trim());
    },
  },
  h('label', { for: id }, 'API key'), h('div.row', {}, input, h('button.primary', { type: 'submit' }, 'Open')),
  wasRefused && h('p.note.bad', { role: 'alert' }, 'The host did not accept the key.'));
  const element = h('section.card.narrow', {},
    h('h1', {}, 'This host needs a key'),
    h('p', {}, 'Enter a function key of the app, or the API key that the local host was started with.'),
    form,
    h('p.hint', { id: `${id}-hint` },
      'The key stays in this browser tab and is gone when you close it. It is sent in a header, never as part of an address.'));
  return {
    element,
    title: 'Key',
    async refresh() {
      input.focus();
      return null;
    },
  };
}
