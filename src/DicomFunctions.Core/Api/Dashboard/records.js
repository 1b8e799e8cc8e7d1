// Reading records: one may be gigabytes, so of each only the beginning and a little of the end is kept, and of a page no more than a few
// megabytes are read.

import { bytes } from './format.js';

const newline = 0x0a;
const noBytes = new Uint8Array();

/** The end of a record has its outcome. */
const mostTail = 2048;

/** The most of a record that is shown. */
const mostShown = 64 * 1024;

const mostRead = 4 * 1024 * 1024;

/**
 * Reads records of an answer in NDJSON, and then lets go of it.
 * @returns { records: [{ text, tail, isCut, length }], isWhole } where isWhole says that all of the answer was read
 */
export async function readRecords(answer, stop) {
  const reader = answer.body.getReader();
  const records = [];
  let pieces = [];
  let kept = 0;
  let length = 0;
  let total = 0;
  let tail = noBytes;

  const finish = async isUnfinished => {
    const text = await new Blob(pieces).text();
    const isCut = isUnfinished || length > kept;
    records.push({ text, isCut, length: isUnfinished ? null : length, tail: isCut && !isUnfinished ? new TextDecoder().decode(tail) : '' });
    pieces = [];
    kept = length = 0;
    tail = noBytes;
  };

  for (; ;) {
    const { done, value } = await reader.read();
    if (done) {
      if (length > 0)
        await finish(false);
      return { records, isWhole: true };
    }
    total += value.length;
    for (let from = 0; from < value.length;) {
      const at = value.indexOf(newline, from);
      const to = at < 0 ? value.length : at;
      const room = Math.min(to - from, mostShown - kept);
      if (room > 0)
        pieces.push(value.slice(from, from + room));
      kept += Math.max(0, room);
      length += to - from;
      if (length > kept)
        tail = endOf(tail, value.subarray(Math.max(from, to - mostTail), to));
      if (at >= 0)
        await finish(false);
      from = to + 1;
    }
    if (total > mostRead) {
      if (length > 0)
        await finish(true);
      stop.abort();
      return { records, isWhole: false };
    }
  }
}

function endOf(tail, piece) {
  const both = new Uint8Array(tail.length + piece.length);
  both.set(tail);
  both.set(piece, tail.length);
  return both.slice(-mostTail);
}

/** What a record says, in short: { success, code, input, outcome, whole } with whole as text to show. */
export function digest({ text, tail, isCut, length }) {
  if (isCut) {
    const success = tail.match(/"success":(true|false)/g)?.at(-1);
    return {
      success: success ? success.endsWith('true') : null,
      code: /"code":"([a-z_]+)"/.exec(tail)?.[1] ?? null,
      input: beginningOf(text),
      outcome: `${length ? bytes(length) : 'Very large'}; the beginning is shown`,
      whole: `${text}…`,
    };
  }
  let record;
  try {
    record = JSON.parse(text);
  } catch {
    return { success: null, code: null, input: cut(text), outcome: 'This record is not JSON.', whole: text };
  }
  return {
    success: record.success,
    code: record.error?.code ?? null,
    input: inputOf(record),
    outcome: outcomeOf(record),
    whole: JSON.stringify(record, null, 2),
  };
}

const cut = (text, most = 160) => text.length > most ? `${text.slice(0, most)}…` : text;

/** The input of a record that cannot be parsed as a whole. */
function beginningOf(text) {
  const end = text.search(/,"(result|success)":/);
  try {
    return inputOf(JSON.parse(`${text.slice(0, end)}}`));
  } catch {
    return cut(text);
  }
}

function inputOf(record) {
  if (typeof record.source === 'string')
    return record.source;
  const input = record.input;
  if (typeof input !== 'object' || input === null)
    return cut(String(input ?? ''));
  const what = input.search_type ?? input.retrieve_type;
  if (!what)
    return cut(JSON.stringify(input));
  const parameters = Object.entries(input.params ?? {}).map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : value}`);
  return cut([what, ...parameters].join(' '));
}

function outcomeOf(record) {
  if (record.success !== true)
    return cut([record.error?.message ?? record.error?.reason, record.status].filter(Boolean).join(' · ') || 'Failed', 300);
  if (record.instance)
    return record.instance.sop_instance_uid;
  const count = Array.isArray(record.result) ? record.result.length : null;
  return count === null ? 'Succeeded' : count === 0 ? 'No match' : `${count.toLocaleString('en')} ${count === 1 ? 'result' : 'results'}`;
}
