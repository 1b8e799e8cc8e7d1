// What to do where there is nothing yet.

import { addressOf, hasKey } from './api.js';
import { h, text } from './dom.js';

const example = JSON.stringify({
  project_id: 'P', region: 'L', dataset_id: 'D', dicom_store_id: 'S', search_type: 'studies', params: { limit: 3 },
});

export function gettingStarted() {
  const drop = h('p');
  const element = h('section.card.start', { hidden: true, 'aria-labelledby': 'start' },
    h('h2', { id: 'start' }, 'Nothing has run yet'),
    h('p', {},
      'A job searches, uploads or retrieves, and leaves one record for every input. Submit one in any of these ways, and it appears here.'),
    h('h3', {}, 'See it work, with synthetic images and a store of its own'),
    command('dicomfn demo', 'See it work'),
    h('h3', {}, 'Search a store'),
    command(`curl '${addressOf('search?wait=10')}' ${hasKey() ? "-H 'x-functions-key: KEY' " : ''}-d '${example}'`, 'Search'),
    h('h3', {}, 'Upload files'),
    command('dicomfn upload --store projects/P/locations/L/datasets/D/dicomStores/S FOLDER', 'Upload'),
    drop);
  return {
    element,
    update(report) {
      text(drop, report.drop
        ? 'Or copy DICOM files into drop/incoming: they are uploaded, and removed once the store has confirmed them.'
        : 'The drop folder is off. Set DicomFunctions:Drop:Destination to a store, and files copied into drop/incoming are uploaded.');
    },
  };
}

function command(line, purpose) {
  const code = h('code', {}, line);
  const button = h('button', {
    type: 'button',
    async onclick() {
      await navigator.clipboard.writeText(line);
      text(button, 'Copied');
      setTimeout(() => text(button, 'Copy'), 2000);
    },
    'aria-label': `Copy the command: ${purpose}`,
  }, 'Copy');
  return h('div.command', {}, h('pre', { tabindex: 0, role: 'region', 'aria-label': `Command: ${purpose}` }, code), button);
}
