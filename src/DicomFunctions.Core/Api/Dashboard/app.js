// The frame of the page: which view is shown, when it looks again, and what is said of the connection.

import { hasKey, setKey, takeKeyFromAddress } from './api.js';
import { h, show, text } from './dom.js';

import { jobView } from './job.js';
import { keyView } from './key.js';
import { overviewView } from './overview.js';

const get = id => document.getElementById(id);
const main = get('main');
const hiddenSeconds = 60;
const longestPause = 60;

let view = null;
let timer = null;
let failures = 0;
let isBusy = false;
let wantsMore = false;

const frame = {
  /** Tells users of a screen reader something that matters; said once. */
  say(words) {
    get('live').append(h('span', {}, `${words} `));
    while (get('live').childElementCount > 3)
      get('live').firstElementChild.remove();
  },
  go: hash => { location.hash = hash; },
  refresh,
  version: value => text(get('version'), value ? `Version ${value.replace(/(\+.{7}).*/, '$1')}` : ''),
};

function route() {
  const [path, query] = location.hash.replace(/^#/, '').split('?');
  const job = /^\/jobs\/([0-9a-z-]+)$/.exec(path);
  const parameters = new URLSearchParams(query ?? '');
  if (view?.accepts?.(path, parameters))
    return refresh();
  open(job ? jobView(job[1], parameters, frame) : overviewView(parameters, frame));
}

function open(next) {
  const isFirst = view === null;
  view?.close?.();
  view = next;
  failures = 0;
  main.replaceChildren(view.element);
  document.title = view.title ? `${view.title} · DicomFunctions` : 'DicomFunctions';
  if (!isFirst) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  show(get('forget'), hasKey());
  refresh();
}

/** Has the view look again, now; only ever one look at a time. */
async function refresh() {
  if (isBusy) {
    wantsMore = true;
    return;
  }
  clearTimeout(timer);
  isBusy = true;
  const current = view;
  let seconds;
  try {
    seconds = await current.refresh();
    if (failures > 2)
      frame.say('The connection is back.');
    failures = 0;
    // A link has no key.
    show(get('openapi'), seconds !== null && !hasKey());
    if (seconds !== null)
      link('good', `Updated ${new Date().toLocaleTimeString('en-GB')}`);
  } catch (error) {
    seconds = fail(error, current);
  } finally {
    isBusy = false;
  }
  if (wantsMore || current !== view) {
    wantsMore = false;
    return refresh();
  }
  schedule(seconds);
}

function schedule(seconds) {
  clearTimeout(timer);
  if (seconds !== null && seconds !== undefined)
    timer = setTimeout(refresh, 1000 * (document.hidden ? Math.max(seconds, hiddenSeconds) : seconds));
}

/** Gives how long to wait before the next look; null for never. */
function fail(error, current) {
  if (current !== view)
    return 0;
  if (error.status === 401) {
    const wasGiven = hasKey();
    setKey(null);
    open(keyView(wasGiven, key => {
      setKey(key);
      view = null;
      route();
    }));
    link('idle', 'Key needed');
    return null;
  }
  failures++;
  const seconds = Math.min(longestPause, 2 ** Math.min(failures, 6));
  link('bad', `${error.message} Trying again in ${seconds} s.`);
  if (failures === 3)
    frame.say(`${error.message} Trying again.`);
  return seconds;
}

function link(tone, words) {
  get('link').className = `link ${tone}`;
  text(get('link-text'), words);
}

takeKeyFromAddress();
addEventListener('hashchange', route);
document.addEventListener('visibilitychange', () => document.hidden ? schedule(hiddenSeconds) : refresh());
get('forget').addEventListener('click', () => {
  setKey(null);
  show(get('forget'), false);
  view = null;
  route();
});
get('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
route();

