// What can be done with a job: what the API would do, and no more.

import { call } from './api.js';
import { confirm } from './confirm.js';

const actions = {
  cancel: {
    title: 'Cancel this job?',
    text: 'Requests in flight are finished. Inputs with a record keep it; the others are listed as not attempted.',
    action: 'Cancel the job',
    run: id => call(`jobs/${id}/cancel`, { method: 'POST' }),
  },
  end: {
    title: 'End this job at once?',
    text: 'For a job that is cancelled and does not stop. Committed records stay, and it can be resumed; requests in flight leave none.',
    action: 'End the job',
    isDanger: true,
    run: id => call(`jobs/${id}/cancel?force=true`, { method: 'POST' }),
  },
  resume: {
    title: 'Resume this job?',
    text: 'It continues after its last committed records.',
    action: 'Resume the job',
    run: id => call(`jobs/${id}/resume`, { method: 'POST' }),
  },
  retry: {
    title: 'Retry what has no success?',
    text: 'A new job is made of every input that failed or was not attempted. This one stays as it is.',
    action: 'Make the new job',
    run: async id => (await call(`jobs/${id}/retry`, { method: 'POST' })).id,
  },
  delete: {
    title: 'Delete this job?',
    text: 'Its records, inputs and history are removed. This cannot be undone.',
    action: 'Delete the job',
    isDanger: true,
    run: (id, withFiles) => call(`jobs/${id}${withFiles ? '?files=true' : ''}`, { method: 'DELETE' }),
  },
};

const names = { cancel: 'Cancel', end: 'End now', resume: 'Resume', retry: 'Retry', delete: 'Delete' };

export const nameOf = action => names[action];

/** The actions that apply to a job, the likeliest first. */
export function actionsOf(job) {
  const canRetry = job.progress.failed + job.progress.not_attempted > 0;
  const of = {
    pending: ['cancel'],
    running: ['cancel'],
    cancelling: ['end'],
    completed: canRetry ? ['retry', 'delete'] : ['delete'],
    cancelled: canRetry ? ['retry', 'delete'] : ['delete'],
    failed: ['resume', 'delete'],
    interrupted: ['resume', 'delete'],
    damaged: job.max_workers === undefined ? ['delete'] : ['resume', 'delete'],
  }[job.state] ?? [];
  // The drop folder continues its jobs itself.
  return job.of_drop ? of.filter(action => action !== 'resume' && action !== 'retry') : of;
}

/** Asks, and does it. Gives what was done: { isDone, newId }. */
export async function act(job, action) {
  const question = { ...actions[action] };
  if (action === 'delete' && job.kind === 'retrieve')
    question.choice = 'Also delete the files it retrieved';
  let newId = null;
  const isDone = await confirm(question, async isTicked => {
    const made = await actions[action].run(job.id, isTicked);
    newId = action === 'retry' ? made : null;
  });
  return { isDone, newId };
}
