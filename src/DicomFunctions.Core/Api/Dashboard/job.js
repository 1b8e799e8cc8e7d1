// The page of a job: how far it is and how fast, why inputs failed, its settings, its records.

import { call } from './api.js';
import { act, actionsOf, nameOf } from './actions.js';
import { barChart, progressBar } from './charts.js';
import { attribute, h, KeyedList, show, text } from './dom.js';
import { bytes, duration, exactly, isActive, kinds, number, plural, rate, secondsLeft, stateName, toneOf, when } from './format.js';
import { digest, readRecords } from './records.js';
import { recordsTable } from './recordstable.js';
import { explain } from './reasons.js';
import { saveLinks } from './save.js';

const mostSamples = 5;
const mostBars = 150;

export function jobView(id, parameters, frame) {
  const [kind, badge] = [h('span'), h('span.badge')];
  const actions = h('div.buttons');
  const failure = h('p.note.bad', { hidden: true });
  const dropped = h('p.note', { hidden: true },
    'The drop folder made this job, and continues and retries its files itself. ',
    'To try files that failed again, move them from drop/failed back to drop/incoming.');
  const bar = progressBar();
  const figures = h('dl.figures');
  const readable = h('p.hint');
  const chart = barChart({
    title: 'Records a second since the start',
    heading: 'h2',
    least: 0.01,
    columns: ['From', 'To', 'A second', 'Succeeded', 'Failed'],
    value: one => one.rate,
    describe: one => `${span(one)}: ${rate(one.rate)}, ${number(one.succeeded)} succeeded, ${number(one.failed)} failed`,
    cells: one => [clock(one.from), clock(one.to), rate(one.rate), number(one.succeeded), number(one.failed)],
    summary(bars) {
      const most = bars.reduce((best, one) => one.rate > (best?.rate ?? 0) ? one : best, null);
      return most ? `Each section is a part of the results. Fastest: ${rate(most.rate)}, from ${span(most)}.` : '';
    },
  });
  const chartCard = h('div.card', {}, chart.element);
  const reasons = reasonList();
  const facts = h('dl.facts');
  const records = recordsTable(id, frame);
  const content = h('div', {}, failure, dropped,
    h('section.card', { 'aria-label': 'Progress' }, bar.element, figures, readable),
    chartCard, reasons.element, records.element, saveLinks(id),
    h('section', { 'aria-labelledby': 'facts' }, h('h2', { id: 'facts' }, 'Settings'), h('div.card', {}, facts)));
  const gone = h('p.note', { hidden: true },
    'There is no such job. It may have been deleted, or its retention may have ended. ', h('a', { href: '#/' }, 'All jobs'));
  const element = h('div', {},
    h('p.crumbs', {}, h('a', { href: '#/' }, 'Overview'), ' / ', 'Job'),
    h('div.heading', {}, h('h1', {}, kind, ' ', h('code', {}, id)), badge, actions), gone, content);

  let job = null;
  const buttons = new KeyedList(actions, action => ({
    element: h(`button${action === 'delete' ? '.danger' : ''}`, {
      type: 'button',
      async onclick() {
        const { isDone, newId } = await act(job, action);
        if (isDone && action === 'delete')
          frame.go('#/');
        else if (newId)
          frame.go(`#/jobs/${newId}`);
        else if (isDone)
          frame.refresh();
      },
    }, nameOf(action)),
    update() { },
  }));
  const figureList = definitions(figures);
  const factList = definitions(facts);

  function draw(now) {
    const progress = job.progress;
    text(kind, job.kind ? `${kinds[job.kind]} job` : 'Job');
    text(badge, stateName(job.state));
    attribute(badge, 'class', `badge ${toneOf(job)}`);
    buttons.update(actionsOf(job), action => action);
    text(failure, job.failure);
    show(failure, Boolean(job.failure));
    show(dropped, job.of_drop === true);
    bar.update(progress, 'Progress');
    const seconds = secondsLeft(job);
    figureList([
      ['Done', progress.total > 0 ? `${number(progress.done)} of ${number(progress.total)}` : isActive(job) ? 'Counting the inputs' : '0'],
      ['Succeeded', number(progress.succeeded)],
      ['Failed', number(progress.failed), progress.failed > 0 ? 'bad' : null],
      ['Not attempted', progress.not_attempted > 0 && number(progress.not_attempted)],
      ['Rate', rate(job.rate)],
      ['Time left', seconds !== null && `about ${duration(seconds)}`],
      ['Took', job.summary && duration((Date.parse(job.summary.finished_at) - Date.parse(job.summary.started_at)) / 1000)],
    ]);
    const committed = progress.committed ?? 0;
    text(readable, committed < progress.done
      ? `${number(committed)} records can be read${job.records_at ? `; the next at about ${when(job.records_at, now)}` : ''}.`
      : isActive(job) && job.records_at ? `${number(committed)} records can be read; the next at about ${when(job.records_at, now)}.`
        : progress.done > 0 ? isActive(job) ? 'All records so far can be read.' : 'All its records can be read.' : '');
    drawRate(now);
    reasons.update(job);
    const summary = job.summary;
    factList([
      ['Accepted', exactly(job.created_at)],
      ['Started', summary && exactly(summary.started_at)],
      ['Finished', summary && exactly(summary.finished_at)],
      ['Submitted by', job.submitted_by ?? 'not known'],
      ['Labels', job.labels?.join(', ')],
      ['Retries', job.retry_of, null, job.retry_of && `#/jobs/${job.retry_of}`],
      ['Destination', job.destination],
      ['Server', job.service_root ?? job.base_url],
      ['Workers', job.max_workers && `at most ${plural(job.max_workers, 'request')} at once`],
      ['Batch', job.buffer_size && `up to ${plural(job.buffer_size, 'input')}`],
      ['Requests sent', summary && number(summary.attempts)],
      [job.kind === 'upload' ? 'DICOM sent' : 'Size of the records', summary && bytes(summary.bytes)],
    ]);
  }

  function drawRate(now) {
    const start = Date.parse(job.summary?.started_at ?? job.created_at);
    const sections = [];
    let from = 0;
    let [good, bad] = [job.progress.succeeded, job.progress.failed];
    const length = Math.max(1, isActive(job) ? now - start : job.part_records?.at(-1)?.[2] ?? 0);
    for (const [all, failed, to] of job.part_records ?? []) {
      const last = sections.at(-1);
      // Parts too short to be seen are drawn as one.
      if (last && to - last.from < length / mostBars) {
        last.to = Math.max(to, last.to);
        last.succeeded += all - failed;
        last.failed += failed;
      } else {
        sections.push({ from, to: Math.max(to, from + 1), succeeded: all - failed, failed });
      }
      from = sections.at(-1).to;
      good -= all - failed;
      bad -= failed;
    }
    if (isActive(job) && good + bad > 0 && now - start > from)
      sections.push({ from, to: now - start, succeeded: Math.max(0, good), failed: Math.max(0, bad), isOpen: true });
    // One section tells no more than the rate does.
    show(chartCard, sections.length > 1);
    if (sections.length < 2)
      return;
    for (const one of sections) {
      one.key = one.from;
      one.rate = 1000 * (one.succeeded + one.failed) / Math.max(1, one.to - one.from);
    }
    const end = sections.at(-1).to;
    const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800]
      .map(one => 1000 * one).find(one => end / one <= 8) ?? end / 4;
    const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => ({ at: i * step, label: i === 0 ? '0' : duration(i * step / 1000) }));
    chart.update(sections, { from: 0, to: end, ticks });
  }

  records.apply(parameters);
  return {
    element,
    title: id,
    accepts(path, query) {
      if (path !== `/jobs/${id}`)
        return false;
      records.apply(query);
      return true;
    },
    async refresh() {
      try {
        const found = await call(`jobs/${id}`);
        if (job && isActive(job) && !isActive(found)) {
          const { succeeded, failed } = found.progress;
          frame.say(`The job is ${stateName(found.state).toLowerCase()}: ${number(succeeded)} succeeded, ${number(failed)} failed.`);
        }
        job = found;
      } catch (error) {
        if (error.status !== 404)
          throw error;
        show(gone, true);
        show(content, false);
        show(badge, false);
        buttons.update([]);
        return null;
      }
      draw(Date.now());
      await reasons.sample(job);
      await records.refresh(job);
      return isActive(job) ? 2 : 15;
    },
  };
}

const clock = ms => ms === 0 ? 'the start' : duration(ms / 1000);
const span = one => `${clock(one.from)} to ${clock(one.to)}`;

/** A list of terms and values, of which those without a value are left out. */
function definitions(element) {
  const list = new KeyedList(element, ([term, , , link]) => {
    const value = link ? h('a', { href: link }) : h('span');
    const holder = h('dd', {}, value);
    return {
      element: h('div', {}, h('dt', {}, term), holder),
      update([, current, tone]) {
        text(value, current);
        attribute(holder, 'class', tone);
      },
    };
  });
  return rows => list.update(rows.filter(([, value]) => value || value === 0), ([term]) => term);
}

function reasonList() {
  const list = h('ol.reasons.samples');
  const hint = h('p.hint', { hidden: true });
  const element = h('section', { 'aria-labelledby': 'reasons' }, h('h2', { id: 'reasons' }, 'Why inputs failed'), list, hint);
  const samples = new Map();
  const rows = new KeyedList(list, failure => {
    const [count, bar] = [h('span.count'), h('span.weight', { 'aria-hidden': 'true' })];
    const [first, whole] = [h('span'), h('pre', { tabindex: 0, role: 'region', 'aria-label': `Sample of ${failure.code}` })];
    const sample = h('details.sample', { hidden: true }, h('summary', {}, first), whole);
    return {
      element: h('li', {}, bar, count, explain(failure.code, sample)),
      update(current) {
        text(count, number(current.count));
        const wanted = `${(100 * current.share).toFixed(1)}%`;
        if (bar.style.width !== wanted)
          bar.style.width = wanted;
        const known = samples.get(current.code);
        show(sample, Boolean(known));
        if (known) {
          text(first, known.outcome ? `${known.input}: ${known.outcome}` : known.input);
          text(whole, known.whole);
        }
      },
    };
  });

  function update(job) {
    const failures = job.progress.failures ?? [];
    show(element, failures.length > 0);
    const most = Math.max(1, ...failures.map(failure => failure.count));
    rows.update(failures.map(failure => ({ ...failure, share: failure.count / most })), failure => failure.code);
    const committed = job.progress.committed ?? 0;
    const isHidden = failures.some(failure => failure.first >= committed && !samples.has(failure.code));
    text(hint, 'A sample of each reason follows when its record can be read.');
    show(hint, isHidden && isActive(job));
  }

  return {
    element,
    update,
    /** Reads a record of each of the most frequent reasons, once. */
    async sample(job) {
      for (const failure of (job.progress.failures ?? []).slice(0, mostSamples)) {
        if (samples.has(failure.code) || failure.first >= (job.progress.committed ?? 0))
          continue;
        try {
          const { records } = await call(`jobs/${job.id}/results?from=${failure.first}&count=1`, { read: readRecords });
          if (records.length > 0)
            samples.set(failure.code, digest(records[0]));
        } catch (error) {
          if (error.status === 401 || error.status === 0)
            throw error;
          samples.set(failure.code, { input: 'The sample cannot be read', outcome: error.message, whole: '' });
        }
        update(job);
      }
    },
  };
}
