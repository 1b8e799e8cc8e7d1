// The overview: what runs, how fast, what fails and why, how the host is; below it, all jobs.

import { call } from './api.js';
import { barChart, progressBar } from './charts.js';
import { attribute, h, KeyedList, show, text } from './dom.js';
import { ago, atClock, compact, duration, kinds, number, plural, rate, secondsLeft, stateName, toneOf } from './format.js';
import { jobList } from './jobs.js';
import { explain } from './reasons.js';
import { gettingStarted } from './start.js';

export function overviewView(parameters, frame) {
  const tiles = new Map([
    ['now', 'Running'], ['hour', 'Last hour'], ['failed', 'Failed, last day'], ['drop', 'Drop folder'],
    ['subscription', 'Subscription'], ['stores', 'Stores'], ['health', 'Health'],
  ].map(([name, label]) => [name, tile(label)]));
  const running = runningList();
  const start = gettingStarted();
  const hour = barChart(chartOf('Records a minute, last hour', 'Minute', bucket => atClock(bucket.from)));
  const day = barChart(chartOf('Records an hour, last 24 hours', 'Hour', bucket => `${atClock(bucket.from)}–${atClock(bucket.to)}`));
  const more = h('p.hint');
  const reasons = reasonList();
  const jobs = jobList(parameters, frame);
  const known = new Map();

  const activity = h('section', { 'aria-labelledby': 'activity' }, h('h2', { id: 'activity' }, 'Activity'),
    h('div.charts', {}, h('div.card', {}, hour.element), h('div.card', {}, day.element)), more);
  const element = h('div', {},
    h('h1', {}, 'Overview'),
    h('ul.tiles', { 'aria-label': 'At a glance' }, [...tiles.values()].map(one => one.element)),
    start.element,
    running.element, activity, reasons.element, jobs.element);

  return {
    element,
    title: 'Overview',
    accepts: (path, query) => !path.startsWith('/jobs/') && jobs.apply(query),
    async refresh() {
      const report = await call('overview');
      frame.version(report.version);
      const isEmpty = report.jobs === 0;
      show(start.element, isEmpty);
      show(running.element, !isEmpty);
      show(activity, !isEmpty);
      start.update(report);
      fillTiles(tiles, report);
      running.update(report);
      drawBuckets(hour, report.hour, 60_000, 10);
      drawBuckets(day, report.day, 3600_000, 4);
      show(more, report.has_more);
      text(more, `The last day had more jobs than the ${number(report.jobs)} newest, which these charts and reasons are made of.`);
      reasons.update(report);
      announce(known, report, frame);
      await jobs.refresh(report);
      return report.running.length > 0 ? 2 : 5;
    },
  };
}

/** Says which jobs have ended since the last look; nothing else changes often enough to matter, and seldom enough to be heard. */
function announce(known, report, frame) {
  const now = new Map(report.running.map(job => [job.id, job]));
  for (const [id, job] of known) {
    if (!now.has(id))
      frame.say(`The ${(kinds[job.kind] ?? 'damaged').toLowerCase()} job ${id} is no longer running.`);
  }
  known.clear();
  now.forEach((job, id) => known.set(id, job));
}

function tile(label) {
  const [value, hint] = [h('p.value'), h('p.hint')];
  const element = h('li.tile', {}, h('p.label', {}, label), value, hint);
  return {
    element,
    update(tone, main, more = '', link = null) {
      attribute(element, 'class', `tile ${tone}`);
      if (link) {
        const anchor = value.querySelector('a') ?? value.appendChild(h('a'));
        [...value.childNodes].filter(node => node !== anchor).forEach(node => node.remove());
        attribute(anchor, 'href', link);
        text(anchor, main);
      } else {
        text(value, main);
      }
      text(hint, more);
    },
  };
}

function fillTiles(tiles, report) {
  const sum = (buckets, key) => buckets.reduce((total, bucket) => total + bucket[key], 0);
  const [good, bad] = [sum(report.hour, 'succeeded'), sum(report.hour, 'failed')];
  const [dayGood, dayBad] = [sum(report.day, 'succeeded'), sum(report.day, 'failed')];
  const states = report.states;
  const active = (states.running ?? 0) + (states.cancelling ?? 0);
  const stuck = (states.failed ?? 0) + (states.interrupted ?? 0) + (states.damaged ?? 0);
  const perSecond = report.running.reduce((total, job) => total + (job.rate ?? 0), 0);
  tiles.get('now').update(
    active > 0 ? 'busy' : 'idle', active > 0 ? plural(active, 'job') : 'None',
    [states.pending > 0 && `${number(states.pending)} waiting`, perSecond > 0 && `${rate(perSecond)} together`].filter(Boolean).join(' · '));
  tiles.get('hour').update(
    'idle', compact(good + bad), bad > 0 ? `${number(bad)} of these records failed` : good > 0 ? 'records, none failed' : 'records');
  tiles.get('failed').update(
    dayBad > 0 || stuck > 0 ? 'warn' : 'idle', compact(dayBad),
    [dayBad + dayGood > 0 && `${percent(dayBad, dayBad + dayGood)} of the records`, stuck > 0 && `${plural(stuck, 'job')} stopped`]
      .filter(Boolean).join(' · '),
    stuck > 0 ? '#/?state=failed,interrupted,damaged' : null);

  const drop = report.drop;
  const counted = count => count >= 1000 ? '1,000 or more' : number(count);
  tiles.get('drop').update(
    drop?.failed > 0 ? 'warn' : 'idle', drop ? `${counted(drop.waiting)} waiting` : 'Off',
    drop ? drop.failed > 0 ? `${counted(drop.failed)} failed` : 'none failed' : 'no destination is set');
  const subscription = report.subscription;
  show(tiles.get('subscription').element, Boolean(subscription));
  if (subscription) {
    const { name, last_pull_at: pull, last_job: job, last_job_at: at } = subscription;
    const messages = at ? `messages ${ago(at)}` : 'no messages yet';
    tiles.get('subscription').update(
      'idle', name ? pull ? `Pulled ${ago(pull)}` : 'No pull here yet' : capital(messages),
      name ? `${messages} · ${name.split('/').pop()}` : 'by push',
      job ? `#/jobs/${job}` : null);
  }

  const slowed = report.slowed_stores;
  tiles.get('stores').update(
    slowed.length > 0 ? 'warn' : 'good',
    slowed.length === 0 ? 'Full pace' : slowed.length === 1 ? pace(slowed[0]) : `${slowed.length} slowed`,
    slowed.map(store => `${store.store.split('/').filter(Boolean).pop()}${slowed.length > 1 ? ` ${pace(store)}` : ' refused too much'}`)
      .join(' · ') || 'no store refuses requests');
  const problems = Object.entries(report.health).filter(([, state]) => state !== 'ok');
  tiles.get('health').update(
    problems.length > 0 ? 'bad' : 'good', problems.length > 0 ? plural(problems.length, 'problem') : 'Good',
    problems.map(([name, state]) => `${stateName(name)}: ${state}`).join(' ') || Object.keys(report.health).map(stateName).join(', '));
}

const capital = words => words.charAt(0).toUpperCase() + words.slice(1);
const pace = store => store.rate > 0 ? `At most ${rate(store.rate)}` : 'Paused';
const percent = (part, whole) => {
  const share = 100 * part / whole;
  return part === 0 ? '0 %' : share < 0.1 ? 'under 0.1 %' : `${share < 10 ? share.toFixed(1) : Math.round(share)} %`;
};

function runningList() {
  const none = h('p.hint', {}, 'Nothing is running.');
  const list = h('ul.running');
  const element = h('section', { 'aria-labelledby': 'running' }, h('h2', { id: 'running' }, 'Running now'), none, list);
  const jobs = new KeyedList(list, job => {
    const [kind, labels, count, speed, left] = [h('span.kind'), h('span.hint'), h('span'), h('span'), h('span')];
    const bar = progressBar();
    const badge = h('span.badge');
    return {
      element: h('li.card', {},
        h('div.line', {}, kind, badge, h('a.id', { href: `#/jobs/${job.id}` }, job.id), labels),
        bar.element, h('div.line.figures', {}, count, speed, left)),
      update(current) {
        const progress = current.progress;
        text(kind, kinds[current.kind] ?? 'Job');
        text(badge, stateName(current.state));
        attribute(badge, 'class', `badge ${toneOf(current)}`);
        text(labels, current.labels?.join(', ') ?? '');
        bar.update(progress, `Progress of ${current.id}`);
        text(count, progress.total > 0
          ? `${number(progress.done)} of ${number(progress.total)}${progress.failed > 0 ? `, ${number(progress.failed)} failed` : ''}`
          : 'Counting the inputs');
        text(speed, rate(current.rate));
        const seconds = secondsLeft(current);
        text(left, seconds === null ? '' : `about ${duration(seconds)} left`);
      },
    };
  });
  return {
    element,
    update(report) {
      show(none, report.running.length === 0);
      jobs.update(report.running);
    },
  };
}

function reasonList() {
  const list = h('ol.reasons');
  const element = h('section', { 'aria-labelledby': 'reasons' }, h('h2', { id: 'reasons' }, 'Why inputs failed, last day'), list);
  const rows = new KeyedList(list, failure => {
    const [count, where, bar] = [h('span.count'), h('a'), h('span.weight', { 'aria-hidden': 'true' })];
    return {
      element: h('li', {}, bar, count, explain(failure.code), where),
      update(current) {
        text(count, compact(current.count));
        attribute(where, 'href', `#/jobs/${current.job}`);
        text(where, current.jobs === 1 ? 'See the job' : `See the newest of ${number(current.jobs)} jobs`);
        const wanted = `${(100 * current.share).toFixed(1)}%`;
        if (bar.style.width !== wanted)
          bar.style.width = wanted;
      },
    };
  });
  return {
    element,
    update(report) {
      show(element, report.failures.length > 0);
      const most = Math.max(1, ...report.failures.map(failure => failure.count));
      rows.update(report.failures.map(failure => ({ ...failure, share: failure.count / most })), failure => failure.code);
    },
  };
}

const chartOf = (title, unit, name) => ({
  title,
  columns: [unit, 'Succeeded', 'Failed'],
  value: bar => bar.succeeded + bar.failed,
  describe: bar => `${name(bar)}: ${number(bar.succeeded)} succeeded, ${number(bar.failed)} failed`,
  cells: bar => [name(bar), number(bar.succeeded), number(bar.failed)],
  summary(bars) {
    const [good, bad] = [bars.reduce((sum, bar) => sum + bar.succeeded, 0), bars.reduce((sum, bar) => sum + bar.failed, 0)];
    if (good + bad === 0)
      return 'No records.';
    const most = bars.reduce((best, bar) => bar.succeeded + bar.failed > best.succeeded + best.failed ? bar : best);
    return `${plural(good + bad, 'record')}, ${number(bad)} failed. Most at ${name(most)}: ${number(most.succeeded + most.failed)}.`;
  },
});

function drawBuckets(chart, buckets, length, every) {
  const bars = buckets.map((bucket, i) => {
    const from = Date.parse(bucket.at);
    return { key: bucket.at, from, to: from + length, succeeded: bucket.succeeded, failed: bucket.failed, isOpen: i === buckets.length - 1 };
  });
  const ticks = bars.filter(bar => Math.round(bar.from / length) % every === 0).map(bar => ({ at: bar.from, label: atClock(bar.from) }));
  chart.update(bars, { from: bars[0].from, to: bars.at(-1).to, ticks });
}

