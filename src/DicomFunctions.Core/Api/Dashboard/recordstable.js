// The records of a job, page by page.

import { call } from './api.js';
import { h, KeyedList, newId, show, text } from './dom.js';
import { number } from './format.js';
import { digest, readRecords } from './records.js';
import { reason } from './reasons.js';

const size = 25;
const outcomes = { '': 'All', failed: 'Failed', succeeded: 'Succeeded' };

export function recordsTable(id, frame) {
  const outcome = h('select', { id: newId('outcome') }, Object.entries(outcomes).map(([value, name]) => h('option', { value }, name)));
  const rows = h('tbody');
  const note = h('p.hint');
  const problem = h('p.note.bad', { hidden: true, role: 'alert' });
  const [newer, next] = [h('button', { type: 'button' }, 'Previous'), h('button', { type: 'button' }, 'Next')];
  const table = h('div.scroll.card', { tabindex: 0, role: 'region', 'aria-label': 'Table of records' },
    h('table.records', {}, h('caption.sr', {}, 'Records'),
      h('thead', {}, h('tr', {}, ['No.', 'Outcome', 'Input', 'Result'].map(name => h('th', { scope: 'col' }, name)))), rows));
  const element = h('section', { 'aria-labelledby': 'records' }, h('h2', { id: 'records' }, 'Records'),
    h('form.filters.one', { onsubmit: event => event.preventDefault() },
      h('span.field', {}, h('label', { for: outcome.id }, 'Outcome'), outcome)),
    note, problem, table, h('nav.pages', { 'aria-label': 'Pages of records' }, newer, next));
  const list = new KeyedList(rows, recordRow);

  let wanted = { outcome: '', from: 0 };
  let loaded = null;

  const go = change => {
    const to = { ...wanted, ...change };
    const given = new URLSearchParams(Object.entries({ outcome: to.outcome, from: to.from || '' }).filter(([, value]) => value));
    frame.go(given.size > 0 ? `#/jobs/${id}?${given}` : `#/jobs/${id}`);
  };
  outcome.addEventListener('change', () => go({ outcome: outcome.value, from: 0 }));
  newer.addEventListener('click', () => go({ from: Math.max(0, wanted.from - size) }));
  next.addEventListener('click', () => go({ from: wanted.from + loaded.count }));

  async function load(committed) {
    const query = new URLSearchParams({ from: wanted.from, count: size, format: 'ndjson' });
    if (wanted.outcome)
      query.set('success', wanted.outcome === 'succeeded');
    const key = `${wanted.outcome} ${wanted.from}`;
    try {
      const { records, isWhole } = await call(`jobs/${id}/results?${query}`, { read: readRecords });
      loaded = { key, committed, count: records.length, isWhole };
      list.update(records.map((record, i) => ({ ...digest(record), id: `${key} ${i} ${record.text.length}`, place: wanted.from + i })));
      show(problem, false);
    } catch (error) {
      if (error.status === 401 || error.status === 0)
        throw error;
      loaded = { key, committed, count: 0, isWhole: true };
      list.update([]);
      text(problem, error.message);
      show(problem, true);
    }
  }

  return {
    element,
    apply(query) {
      wanted = {
        outcome: query.get('outcome') in outcomes ? query.get('outcome') : '',
        from: Math.max(0, Number.parseInt(query.get('from'), 10) || 0),
      };
      outcome.value = wanted.outcome;
    },
    /** Reads the page if it is another one, or if it was not full and there is more by now. */
    async refresh(job) {
      const progress = job.progress;
      const committed = progress.committed ?? 0;
      const isNew = loaded?.key !== `${wanted.outcome} ${wanted.from}`;
      // Nobody knows how many records a damaged job has.
      const mayHave = committed > 0 || job.state === 'damaged';
      if (mayHave && (isNew || (loaded.count < size && loaded.isWhole && loaded.committed !== committed)))
        await load(committed);
      const count = mayHave ? loaded?.count ?? 0 : 0;
      const total = wanted.outcome === 'failed' ? progress.failed : wanted.outcome === 'succeeded' ? progress.succeeded : committed;
      const isAll = committed === progress.done;
      text(note, count > 0
        ? `Records ${number(wanted.from + 1)} to ${number(wanted.from + count)}${isAll && total > 0 ? ` of ${number(total)}` : ''}.`
          + (loaded.isWhole ? '' : ' They are large: the page ends here, and the next one goes on.')
        : mayHave ? 'There is no such record.' : 'No record can be read yet.');
      show(table, count > 0);
      newer.disabled = wanted.from === 0;
      next.disabled = count === 0 || (count < size && loaded.isWhole) || (isAll && total > 0 && wanted.from + count >= total);
      show(newer.parentElement, count > 0 || wanted.from > 0);
    },
  };
}

function recordRow(record) {
  const whole = h('pre', { tabindex: 0, role: 'region', 'aria-label': `Record ${record.place + 1}` }, record.whole);
  const details = h('details', {}, h('summary', {}, record.outcome), whole);
  const badge = record.success === true ? h('span.badge.good', {}, 'Succeeded')
    : record.success === false ? h('span.badge.bad', {}, record.code ? reason(record.code) : 'Failed') : h('span.badge.idle', {}, 'Not known');
  return {
    element: h('tr', {},
      h('th', { scope: 'row' }, number(record.place + 1)), h('td', {}, badge), h('td.input', {}, record.input), h('td', {}, details)),
    update() { },
  };
}

