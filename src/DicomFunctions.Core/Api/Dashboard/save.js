// Saving all records of a job. Without a key, by plain links. With one, the key must not be in a link, where histories and logs keep it:
// the page asks for the records itself, and writes them to a file as they come, so that their size does not matter.

import { addressOf, hasKey, open } from './api.js';
import { h, show, text } from './dom.js';
import { bytes } from './format.js';

const formats = { ndjson: 'NDJSON', json: 'JSON', csv: 'CSV', parquet: 'Parquet' };

/** What a browser that cannot write to a file as it comes may hold in memory. */
const mostHeld = 256 * 1000 * 1000;

export function saveLinks(id) {
  const status = h('p.hint', { role: 'status' });
  const problem = h('p.note.bad', { role: 'alert', hidden: true });
  const groups = [['All records', ''], ['Failed only', '&success=false']].map(([name, filter]) =>
    h('li', {}, h('span', {}, `${name}: `), Object.entries(formats).map(([format, label]) => {
      const path = `jobs/${id}/results?format=${format}${filter}`;
      const file = `${id}${filter ? '-failed' : ''}.${format}`;
      const described = `${name} as ${label}`;
      return hasKey()
        ? h('button.small', { type: 'button', 'aria-label': described, onclick: () => save(path, file, status, problem) }, label)
        : h('a.small', { href: addressOf(path), download: file, 'aria-label': described }, label);
    })));
  return h('section', { 'aria-labelledby': 'save' }, h('h2', { id: 'save' }, 'Save the records'), h('ul.saves', {}, groups), status, problem);
}

async function save(path, name, status, problem) {
  show(problem, false);
  const stop = new AbortController();
  const cancel = h('button.small', { type: 'button', onclick: () => stop.abort() }, 'Stop');
  try {
    const handle = window.showSaveFilePicker ? await window.showSaveFilePicker({ suggestedName: name }) : null;
    const answer = await open(path, stop.signal);
    const count = h('span');
    status.replaceChildren(`Saving ${name}: `, count, ' ', cancel);
    let written = 0;
    const counted = answer.body.pipeThrough(new TransformStream({
      transform(piece, controller) {
        written += piece.length;
        if (!handle && written > mostHeld)
          throw new Error(`This browser cannot save more than ${bytes(mostHeld)}. Use: ${command(path, name)}`);
        text(count, bytes(written));
        controller.enqueue(piece);
      },
    }));
    if (handle)
      await counted.pipeTo(await handle.createWritable(), { signal: stop.signal });
    else
      offer(await new Response(counted).blob(), name);
    text(status, `Saved ${name}: ${bytes(written)}.`);
  } catch (error) {
    text(status, '');
    if (error.name === 'AbortError' || stop.signal.aborted)
      return;
    text(problem, error.message);
    show(problem, true);
  }
}

const command = (path, name) => `curl -H 'x-functions-key: KEY' '${addressOf(path)}' -o ${name}`;

function offer(blob, name) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
