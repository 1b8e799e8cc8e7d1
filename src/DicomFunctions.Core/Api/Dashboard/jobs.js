// The list of all jobs, newest first, with filters. What is filtered is in the address, so that a list can be shared.

import { call } from './api.js';
import { actionsOf, act, nameOf } from './actions.js';
import { progressBar } from './charts.js';
import { attribute, h, KeyedList, newId, show, text } from './dom.js';
import { compact, exactly, isActive, kinds, rate, stateName, toneOf, when } from './format.js';

const page = 50;
const fullId = /^\d{8}-\d{6}-[0-9a-z]{6}$/;
const names = ['id', 'state', 'kind', 'label', 'since', 'until'];
const spans = { '1h': ['Last hour', 3600], '24h': ['Last 24 hours', 86400], '7d': ['Last 7 days', 604800] };
const states = {
  '': 'Any state', 'pending,running,cancelling': 'Under way', completed: 'Completed', cancelled: 'Cancelled',
  'failed,interrupted,damaged': 'Stopped or damaged', failed: 'Failed', interrupted: 'Interrupted', damaged: 'Damaged',
};

export function jobList(parameters, frame) {
  const fields = {
    id: h('input', { type: 'search', placeholder: 'id, or how it begins: 20261126-08', autocomplete: 'off', spellcheck: 'false' }),
    state: choice(states),
    kind: choice({ '': 'Any kind', ...kinds }),
    label: h('input', { type: 'search', placeholder: 'any', autocomplete: 'off', spellcheck: 'false' }),
    time: choice({ '': 'Any time', ...Object.fromEntries(Object.entries(spans).map(([key, [name]]) => [key, name])), custom: 'From … to …' }),
    since: h('input', { type: 'datetime-local' }),
    until: h('input', { type: 'datetime-local' }),
  };
  const custom = [labelled('From', fields.since), labelled('To', fields.until)];
  const clear = h('button.quiet', { type: 'button', onclick: () => frame.go('#/') }, 'Clear filters');
  const form = h('form.filters', { role: 'search', 'aria-label': 'Filter jobs', onsubmit: submit, onchange: share },
    labelled('Job', fields.id), labelled('State', fields.state), labelled('Kind', fields.kind), labelled('Label', fields.label),
    labelled('Accepted', fields.time), custom, clear);
  const body = h('div.body', { role: 'rowgroup' });
  const none = h('p.empty', { hidden: true });
  const older = h('button', { type: 'button', hidden: true }, 'Older jobs');
  const heads = ['Job', 'Kind', 'State', 'Progress', 'Inputs', 'Failed', 'Rate', 'Accepted', 'Actions'];
  const table = h('div.jobs', { role: 'table', 'aria-labelledby': 'jobs' },
    h('div.head', { role: 'rowgroup' }, h('div.row', { role: 'row' }, heads.map(name => h('span', { role: 'columnheader' }, name)))), body);
  const element = h('section', { 'aria-labelledby': 'jobs' }, h('h2', { id: 'jobs' }, 'Jobs'), form, table, none, h('p', {}, older));
  const rows = new KeyedList(body, job => row(job, frame, forget));

  let query = {};
  let known = new Map();
  // Jobs older than the one with this id are not known yet; null if all are known, undefined before the first look.
  let end;
  let generation = 0;

  function apply(given) {
    query = Object.fromEntries(names.map(name => [name, given.get(name) ?? '']).filter(([, value]) => value));
    fill();
    known = new Map();
    end = undefined;
    generation++;
    return true;
  }

  function fill() {
    for (const name of ['id', 'state', 'kind', 'label']) {
      if (fields[name] !== document.activeElement)
        fields[name].value = query[name] ?? '';
    }
    if (fields.state.value !== (query.state ?? ''))
      fields.state.append(new Option(query.state, query.state, false, true));
    const span = query.since in spans ? query.since : query.since || query.until ? 'custom' : '';
    fields.time.value = span;
    fields.since.value = span === 'custom' ? toLocal(query.since) : '';
    fields.until.value = span === 'custom' ? toLocal(query.until) : '';
    custom.forEach(field => show(field, span === 'custom'));
    show(clear, Object.keys(query).length > 0);
  }

  /** Puts the filters into the address, from where they are applied. */
  function share() {
    const id = fields.id.value.trim();
    if (fullId.test(id))
      return frame.go(`#/jobs/${id}`);
    const wanted = { id, state: fields.state.value, kind: fields.kind.value, label: fields.label.value.trim() };
    const time = fields.time.value;
    custom.forEach(field => show(field, time === 'custom'));
    if (time === 'custom') {
      wanted.since = fields.since.value && new Date(fields.since.value).toISOString();
      wanted.until = fields.until.value && new Date(fields.until.value).toISOString();
      if (!wanted.since && !wanted.until)
        return;
    } else {
      wanted.since = time;
    }
    const given = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    frame.go(given.size > 0 ? `#/?${given}` : '#/');
  }

  function submit(event) {
    event.preventDefault();
    share();
  }

  async function load(before) {
    const asked = new URLSearchParams({ limit: page });
    for (const name of ['state', 'kind', 'label']) {
      if (query[name])
        asked.set(name, query[name]);
    }
    const span = spans[query.since];
    const range = idRange(query.id);
    const since = [span ? new Date(Date.now() - 1000 * span[1]).toISOString() : query.since, range?.[0]].filter(Boolean).sort().at(-1);
    const until = [query.until, range?.[1]].filter(Boolean).sort()[0];
    for (const [name, value] of Object.entries({ since, until, before })) {
      if (value)
        asked.set(name, value);
    }
    const answer = await call(`jobs?${asked}`);
    return { jobs: answer.jobs, end: answer.next ? new URLSearchParams(answer.next.split('?')[1]).get('before') : null };
  }

  /** Takes in a page that reaches down to a job: what is known in its range, and not in it, is gone. */
  function take(found, from) {
    for (const id of known.keys()) {
      if ((!from || id < from) && (!found.end || id >= found.end) && !found.jobs.some(job => job.id === id))
        known.delete(id);
    }
    found.jobs.forEach(job => known.set(job.id, job));
  }

  function draw() {
    const shown = [...known.values()].filter(job => !query.id || job.id.includes(query.id)).sort((a, b) => a.id < b.id ? 1 : -1);
    rows.update(shown);
    show(table, shown.length > 0);
    show(older, Boolean(end));
    const isFiltered = Object.keys(query).length > 0;
    text(none, isFiltered ? end ? 'None of the jobs looked at so far match. Older ones may.' : 'No job matches.' : 'There are no jobs.');
    show(none, shown.length === 0);
  }

  function forget(id) {
    known.delete(id);
    draw();
    frame.refresh();
  }

  older.addEventListener('click', async () => {
    older.disabled = true;
    try {
      const [from, asked] = [end, generation];
      const found = await load(from);
      if (asked !== generation)
        return;
      take(found, from);
      end = found.end;
      draw();
      if (!end && known.size > 0)
        frame.say('All jobs are shown.');
    } catch (error) {
      text(none, error.message);
      show(none, true);
    } finally {
      older.disabled = false;
    }
  });

  apply(parameters);
  return {
    element,
    apply,
    async refresh(report) {
      const asked = generation;
      const found = await load();
      if (asked !== generation)
        return;
      const newest = [...known.keys()].sort().at(-1);
      // So many are new that the pages do not meet: begin again.
      if (newest && found.end && newest < found.end) {
        known.clear();
        end = undefined;
      }
      if (end === undefined || !found.end || found.end < end)
        end = found.end;
      take(found);
      // Of older pages only those change that run: most are in the report.
      report.running.filter(job => known.has(job.id)).forEach(job => known.set(job.id, job));
      const stale = [...known.values()].find(job =>
        isActive(job) && found.end && job.id < found.end && !report.running.some(other => other.id === job.id));
      if (stale) {
        const fresh = await call(`jobs/${stale.id}`).catch(() => null);
        if (fresh && asked === generation)
          known.set(fresh.id, fresh);
        else
          known.delete(stale.id);
      }
      draw();
    },
  };
}

function row(first, frame, forget) {
  const cells = Object.fromEntries(['kind', 'state', 'inputs', 'failed', 'rate', 'at'].map(name => [name, h('span.cell', { role: 'cell' })]));
  const badge = h('span.badge');
  cells.state.append(badge);
  const [kind, labels] = [h('span'), h('span.hint')];
  cells.kind.append(kind, ' ', labels);
  const bar = progressBar();
  const buttons = h('span.cell.actions', { role: 'cell' });
  let job = first;
  const list = new KeyedList(buttons, action => ({
    element: h('button.small', {
      type: 'button',
      'aria-label': `${nameOf(action)} ${first.id}`,
      async onclick() {
        const { isDone, newId: made } = await act(job, action);
        if (!isDone)
          return;
        frame.say(`${nameOf(action)}: done.`);
        if (action === 'delete')
          forget(job.id);
        else if (made)
          frame.go(`#/jobs/${made}`);
        else
          frame.refresh();
      },
    }, nameOf(action)),
    update() { },
  }));
  return {
    element: h('div.row', { role: 'row' },
      h('span.cell.id', { role: 'rowheader' }, h('a', { href: `#/jobs/${first.id}` }, first.id)),
      cells.kind, cells.state, h('span.cell.bar', { role: 'cell' }, bar.element), cells.inputs, cells.failed, cells.rate, cells.at, buttons),
    update(current) {
      job = current;
      const progress = current.progress;
      text(kind, kinds[current.kind] ?? '–');
      text(labels, current.labels?.join(', ') ?? '');
      text(badge, stateName(current.state));
      attribute(badge, 'class', `badge ${toneOf(current)}`);
      attribute(badge, 'title', current.failure);
      bar.update(progress, `Progress of ${current.id}`);
      text(cells.inputs, compact(progress.total));
      attribute(cells.inputs, 'data-label', 'inputs');
      text(cells.failed, compact(progress.failed));
      attribute(cells.failed, 'data-label', 'failed');
      attribute(cells.failed, 'class', progress.failed > 0 ? 'cell bad' : 'cell');
      text(cells.rate, rate(current.rate));
      text(cells.at, when(current.created_at));
      attribute(cells.at, 'title', exactly(current.created_at));
      // Deleting is for the page of the job, unless nothing else is left to do with it.
      list.update(actionsOf(current).slice(0, 1).filter(action => action !== 'delete' || current.state === 'damaged'), action => action);
    },
  };
}

/** The times between which ids with this beginning were made; null if it is none. */
function idRange(beginning) {
  const digits = /^(\d{4,8})(?:-(\d{0,6}))?/.exec(beginning ?? '');
  if (!digits || (digits[2] !== undefined && digits[1].length < 8))
    return null;
  const given = digits[1] + (digits[2] ?? '');
  const [least, most] = ['00000101000000', '99991231235959'].map(rest => given + rest.slice(given.length));
  const time = all => `${all.slice(0, 4)}-${all.slice(4, 6)}-${all.slice(6, 8)}T${all.slice(8, 10)}:${all.slice(10, 12)}:${all.slice(12, 14)}Z`;
  const range = [new Date(time(least)), new Date(time(most))];
  // A beginning such as 202602 may have no 31st: the filter of the page decides then.
  return range.some(date => Number.isNaN(date.getTime())) ? null : [range[0].toISOString(), new Date(range[1].getTime() + 1000).toISOString()];
}

const choice = options => h('select', {}, Object.entries(options).map(([value, name]) => h('option', { value }, name)));

function labelled(name, field) {
  field.id = newId('filter');
  return h('span.field', {}, h('label', { for: field.id }, name), field);
}

function toLocal(value) {
  const date = new Date(value ?? '');
  return Number.isNaN(date.getTime()) ? '' : new Date(date - 60_000 * date.getTimezoneOffset()).toISOString().slice(0, 16);
}

