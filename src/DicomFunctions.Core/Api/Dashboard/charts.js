// Bar charts in SVG: bars of records over time, those that failed on top. Each has a summary and a table for those who do not see it.

import { attribute, h, KeyedList, newId, show, text } from './dom.js';
import { compact, number } from './format.js';

const height = 148;
const margin = { top: 8, right: 4, bottom: 20, left: 44 };

/** A round number at or above a value, so that an axis ends with it, and half of it is round, too. */
function niceCeiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 6, 8, 10].map(step => step * power).find(step => step >= value);
}

/**
 * @param options { title, heading, least, value(bar), describe(bar), columns, cells(bar), summary(bars) }
 * where heading is the element of the title, and the axis reaches at least to the least.
 * A bar is { key, from, to, succeeded, failed, isOpen } with from and to on the axis of a domain { from, to, ticks: [{ at, label }] }.
 */
export function barChart(options) {
  const titleId = newId('chart');
  const grid = h('g.grid', { 'aria-hidden': 'true' });
  const axis = h('g.axis', { 'aria-hidden': 'true' });
  const marker = h('rect.marker', { y: margin.top, height: height - margin.top - margin.bottom, width: 0 });
  const barsGroup = h('g.bars');
  const svg = h('svg', { role: 'img', 'aria-labelledby': titleId, height }, grid, marker, barsGroup, axis);
  const summary = h('p.summary', { id: `${titleId}-summary` });
  const readout = h('p.readout', { 'aria-hidden': 'true' });
  const rows = h('tbody');
  const table = h('table.data', {},
    h('caption.sr', {}, options.title), h('thead', {}, h('tr', {}, options.columns.map(name => h('th', { scope: 'col' }, name)))), rows);
  const details = h('details.table', {}, h('summary', {}, 'As a table'),
    h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': `${options.title}, as a table` }, table));
  const element = h('figure.chart', {},
    h('div.chart-head', {}, h(options.heading ?? 'h3', { id: titleId }, options.title), legend(), readout),
    svg, h('figcaption', {}, summary), details);

  const barList = new KeyedList(barsGroup, () => {
    const [good, bad] = [h('rect.ok'), h('rect.bad')];
    return {
      element: h('g', {}, good, bad),
      update({ x, width, top, middle, bottom, isOpen }) {
        place(good, x, middle, width, bottom - middle);
        place(bad, x, top, width, middle - top);
        attribute(good, 'class', isOpen ? 'ok open' : 'ok');
        attribute(bad, 'class', isOpen ? 'bad open' : 'bad');
      },
    };
  });
  const rowList = new KeyedList(rows, () => {
    const cells = options.columns.map((_, i) => h(i === 0 ? 'th' : 'td', i === 0 ? { scope: 'row' } : {}));
    return {
      element: h('tr', {}, cells),
      update: bar => options.cells(bar).forEach((value, i) => text(cells[i], value)),
    };
  });
  const gridList = new KeyedList(grid, () => {
    const [line, label] = [h('line'), h('text', { x: margin.left - 8, 'text-anchor': 'end' })];
    return {
      element: h('g', {}, line, label),
      update({ y, label: name, right }) {
        for (const [key, value] of Object.entries({ x1: margin.left, x2: right, y1: y, y2: y }))
          attribute(line, key, value);
        attribute(label, 'y', y + 4);
        text(label, name);
      },
    };
  });
  const axisList = new KeyedList(axis, () => {
    const label = h('text', { y: height - 4 });
    return {
      element: label,
      update({ x, label: name, anchor }) {
        attribute(label, 'x', x.toFixed(1));
        attribute(label, 'text-anchor', anchor);
        text(label, name);
      },
    };
  });

  let drawn = null;
  let placed = [];

  function draw() {
    const width = svg.clientWidth || 600;
    if (!drawn)
      return;
    const { bars, domain } = drawn;
    const [left, right, bottom] = [margin.left, width - margin.right, height - margin.bottom];
    const top = niceCeiling(Math.max(options.least ?? 2, ...bars.map(bar => options.value(bar))));
    const x = at => left + (at - domain.from) / Math.max(1e-9, domain.to - domain.from) * (right - left);
    const y = value => bottom - value / top * (bottom - margin.top);
    attribute(svg, 'viewBox', `0 0 ${width} ${height}`);
    gridList.update([0, top / 2, top].map(value => ({
      id: value / top,
      y: Math.round(y(value)) + 0.5,
      label: value < 10 ? String(Number(value.toPrecision(2))) : compact(value),
      right,
    })));
    const room = Math.max(1, Math.floor((right - left) / 64));
    const step = Math.ceil(domain.ticks.length / room);
    axisList.update(domain.ticks.filter((_, i) => i % step === 0).map(tick => {
      const at = x(tick.at);
      return { id: tick.label, x: at, label: tick.label, anchor: at > right - 18 ? 'end' : at < left + 18 ? 'start' : 'middle' };
    }));
    placed = bars.map(bar => {
      const [from, to] = [x(bar.from), x(bar.to)];
      const gap = Math.min(2, (to - from) * 0.2);
      const total = bar.succeeded + bar.failed;
      const end = total > 0 ? Math.min(y(options.value(bar)), bottom - 2) : bottom;
      const failed = total > 0 && bar.failed > 0 ? Math.max(2, (bottom - end) * bar.failed / total) : 0;
      return {
        id: bar.key,
        bar,
        from,
        to,
        x: from + gap / 2,
        width: Math.max(0.75, to - from - gap),
        top: end,
        middle: Math.min(bottom, end + failed),
        bottom,
        isOpen: bar.isOpen,
      };
    });
    barList.update(placed);
  }

  function point(event) {
    const at = (event.clientX - svg.getBoundingClientRect().left);
    const found = placed.find(bar => at >= bar.from && at < bar.to);
    text(readout, found ? options.describe(found.bar) : '');
    place(marker, found?.from ?? 0, margin.top, found ? found.to - found.from : 0, height - margin.top - margin.bottom);
  }

  svg.addEventListener('pointermove', point);
  svg.addEventListener('pointerleave', () => {
    text(readout, '');
    attribute(marker, 'width', 0);
  });
  new ResizeObserver(draw).observe(svg);
  details.addEventListener('toggle', () => rowList.update(details.open ? drawn?.bars ?? [] : [], bar => bar.key));

  return {
    element,
    update(bars, domain) {
      drawn = { bars, domain };
      text(summary, options.summary(bars));
      attribute(svg, 'aria-describedby', summary.id);
      show(details, bars.length > 0);
      if (details.open)
        rowList.update(bars, bar => bar.key);
      draw();
    },
  };
}

function place(rect, x, y, width, tall) {
  attribute(rect, 'x', x.toFixed(1));
  attribute(rect, 'y', y.toFixed(1));
  attribute(rect, 'width', width.toFixed(2));
  attribute(rect, 'height', Math.max(0, tall).toFixed(1));
}

const legend = () => h('p.legend', { 'aria-hidden': 'true' },
  h('span.key.ok', {}), 'succeeded ', h('span.key.bad', {}), 'failed');

/** A bar of what succeeded, failed and was not attempted, of a total. */
export function progressBar() {
  const parts = ['ok', 'bad', 'skip'].map(name => h(`span.${name}`));
  const element = h('div.progress', { role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100 }, parts);
  return {
    element,
    update(progress, label) {
      const total = Math.max(1, progress.total);
      const counts = [progress.succeeded, progress.failed, progress.not_attempted];
      parts.forEach((part, i) => {
        const wanted = `${(100 * counts[i] / total).toFixed(2)}%`;
        if (part.style.width !== wanted)
          part.style.width = wanted;
      });
      attribute(element, 'aria-label', label);
      attribute(element, 'aria-valuenow', Math.floor(100 * progress.done / total));
      attribute(
        element, 'aria-valuetext', `${number(progress.done)} of ${number(progress.total)} inputs, ${number(progress.failed)} failed`);
    },
  };
}
