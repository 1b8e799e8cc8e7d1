// How numbers, times, states and reasons are written.

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' });

export const number = value => whole.format(value ?? 0);
export const compact = value => value < 10000 ? whole.format(value) : short.format(value);
export const atClock = value => clock.format(new Date(value));
export const exactly = value => full.format(new Date(value));
export const plural = (count, word, words = `${word}s`) => `${number(count)} ${count === 1 ? word : words}`;

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined)
    return '';
  return perSecond >= 10 ? `${compact(Math.round(perSecond))}/s`
    : perSecond >= 1 ? `${perSecond.toFixed(1)}/s`
      : perSecond * 60 >= 1 ? `${(perSecond * 60).toFixed(perSecond * 60 < 10 ? 1 : 0)}/min`
        : `${(perSecond * 3600).toFixed(1)}/h`;
}

/** Today by the clock, otherwise with the day. */
export function when(value, now = Date.now()) {
  const date = new Date(value);
  return date.toDateString() === new Date(now).toDateString() ? clockSeconds.format(date) : day.format(date);
}

export function duration(seconds) {
  if (!(seconds >= 0) || !Number.isFinite(seconds))
    return '';
  const s = Math.round(seconds);
  return s < 1 ? 'under a second'
    : s < 60 ? `${s} s`
      : s < 3600 ? `${Math.floor(s / 60)} min${s < 600 && s % 60 ? ` ${s % 60} s` : ''}`
        : s < 86400 ? `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`
          : `${Math.floor(s / 86400)} d ${Math.floor(s % 86400 / 3600)} h`;
}

export function ago(value, now = Date.now()) {
  const seconds = (now - new Date(value)) / 1000;
  return seconds < 10 ? 'just now' : `${duration(seconds < 120 ? seconds : Math.floor(seconds / 60) * 60)} ago`;
}

export function bytes(count) {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  let value = count;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? plural(count, 'byte') : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export const isActive = job => ['pending', 'running', 'cancelling'].includes(job.state);

/** The seconds a running job still needs at its rate; null if that is not known. */
export const secondsLeft = job => {
  const left = job.progress.total - job.progress.done - job.progress.not_attempted;
  return job.state === 'running' && job.rate > 0 && left > 0 ? left / job.rate : null;
};

/** The colour of a state: a job that completed with failures is no plain success. */
export const toneOf = job => ({
  pending: 'idle', running: 'busy', cancelling: 'warn', cancelled: 'idle', failed: 'bad', interrupted: 'warn', damaged: 'bad',
})[job.state] ?? (job.progress.failed > 0 ? 'warn' : 'good');

export const kinds = { search: 'Search', upload: 'Upload', retrieve: 'Retrieve', notifications: 'Notifications' };

const sentence = code => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ');
export const stateName = sentence;
