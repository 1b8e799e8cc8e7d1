// Asks before something is done, in one dialog that stays open until it is done or refused.

import { show, text } from './dom.js';

const get = id => document.getElementById(id);

/**
 * @param question { title, text, action, isDanger, choice } where choice is the label of a box to tick
 * @param run does it, with whether the box is ticked; if it throws, the dialog shows why
 */
export function confirm(question, run) {
  const dialog = get('confirm');
  const [yes, no, problem, check] = [get('confirm-yes'), get('confirm-no'), get('confirm-problem'), get('confirm-check')];
  text(get('confirm-title'), question.title);
  text(get('confirm-text'), question.text);
  text(get('confirm-label'), question.choice ?? '');
  text(yes, question.action);
  yes.classList.toggle('danger', question.isDanger === true);
  show(get('confirm-choice'), Boolean(question.choice));
  show(problem, false);
  check.checked = false;
  return new Promise(resolve => {
    const listeners = new AbortController();
    const { signal } = listeners;
    const end = isDone => {
      listeners.abort();
      if (dialog.open)
        dialog.close();
      resolve(isDone);
    };
    // Escape closes it, too. The event comes late: by then the dialog may be open for another question.
    dialog.addEventListener('close', () => dialog.open || end(false), { signal });
    no.addEventListener('click', () => end(false), { signal });
    yes.addEventListener('click', async () => {
      yes.disabled = true;
      show(problem, false);
      try {
        await run(check.checked);
        end(true);
      } catch (error) {
        text(problem, error.message);
        show(problem, true);
      } finally {
        yes.disabled = false;
      }
    }, { signal });
    dialog.showModal();
    no.focus();
  });
}
