// The API next to the page. Requests are sent one after another, so at most one is in flight, whatever the page wants at once.

const base = new URL('../', import.meta.url);
const keyName = 'dicom-functions-key';
const patience = 60_000;

let key = sessionStorage.getItem(keyName);
let queue = Promise.resolve();

/** An answer that is not a success, or none. */
class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Takes a key from the address, and removes it there, so that it is neither bookmarked nor shared. */
export function takeKeyFromAddress() {
  const address = new URL(location.href);
  const given = address.searchParams.get('code');
  if (given === null)
    return;
  setKey(given);
  address.searchParams.delete('code');
  history.replaceState(history.state, '', address);
}

/** Keeps a key for as long as the tab is open; null forgets it. */
export function setKey(value) {
  key = value || null;
  if (key)
    sessionStorage.setItem(keyName, key);
  else
    sessionStorage.removeItem(keyName);
}

export const hasKey = () => key !== null;

export const addressOf = path => new URL(path, base).href;

/** Sends a request and reads its answer: by default JSON, or null if there is none. */
export function call(path, { method = 'GET', read = json } = {}) {
  const result = queue.then(async () => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    try {
      return await read(await send(path, method, stop.signal), stop);
    } finally {
      clearTimeout(timer);
    }
  });
  queue = result.catch(() => { });
  return result;
}

/** Opens an answer that is read for as long as it takes, aside from the others: a download that somebody asked for. */
export const open = (path, signal) => send(path, 'GET', signal);

const json = answer => answer.status === 204 ? null : answer.json();

async function send(path, method, signal) {
  let answer;
  try {
    answer = await fetch(new URL(path, base), { method, signal, cache: 'no-store', headers: key ? { 'x-functions-key': key } : {} });
  } catch {
    throw new ApiError(0, signal?.aborted ? 'The host did not answer in time.' : 'The host cannot be reached.');
  }
  if (answer.ok)
    return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new ApiError(answer.status, problem.detail ?? `The host answered ${answer.status}.`);
}
