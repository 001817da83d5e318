// Saves a draft while the person types: <form data-autosave data-autosave-url="…">.
// Posts the fields (with the row's `version`) and expects {"version": n}. 409 means somebody else
// was first: the text stays in the page, saving stops, and [data-autosave-compare] (a button that sends
// the form, so that the server shows both) appears. All words come from data attributes.
import { fields, token } from './form-data.js';

const PAUSE = 1500; // ms without typing
const open = []; // of every form on the page: saves it at once, and tells whether all of it is saved

// Before something else leaves the page: saves what was typed. Gives the form that couldn't be saved, or null.
export async function settle() {
  for (const each of open) if (!await each.settled()) return each.form;
  return null;
}

export function autosave(form) {
  const url = form.dataset.autosaveUrl;
  const status = form.querySelector('[data-autosave-status]');
  if (!url || !window.fetch || !status || !form.elements.version) return;
  const compare = form.querySelector('[data-autosave-compare]');
  const words = form.dataset;
  const typed = () => fields(form, ['idempotency_key', 'version']).toString();
  let saved = typed();
  let timer = null;
  let running = null;
  let stopped = false;

  const say = (text) => { status.textContent = text; };
  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });

  async function post() {
    const sent = typed();
    say(words.autosaveSaving);
    try {
      const answer = await fetch(url, {
        method: 'POST', body: fields(form, ['idempotency_key']), credentials: 'same-origin', redirect: 'error',
        headers: { 'X-CSRFToken': token(form), Accept: 'application/json' },
      });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok && 'version' in told) {
        form.elements.version.value = told.version;
        saved = sent;
        say(words.autosaveSaved.replace('{time}', clock()));
      } else {
        stopped = answer.status === 409;
        if (stopped) compare?.removeAttribute('hidden');
        say(told.error ?? (stopped ? words.autosaveConflict : words.autosaveFailed));
      }
    } catch {
      say(words.autosaveFailed);
    }
  }

  async function save() {
    clearTimeout(timer);
    if (stopped || running || typed() === saved) return;
    const before = typed();
    running = post();
    await running;
    running = null;
    if (typed() !== before) schedule(); // typed on while it was under way
  }

  function schedule() {
    clearTimeout(timer);
    if (!stopped && !running) timer = setTimeout(save, PAUSE);
  }

  open.push({ form, settled: async () => { await running; await save(); return typed() === saved; } });
  form.addEventListener('input', schedule);
  form.addEventListener('change', schedule);
  document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
  // A submit while a draft is on its way would carry a stale version: let the draft arrive first.
  form.addEventListener('submit', (event) => {
    clearTimeout(timer);
    if (running) {
      event.preventDefault();
      const { submitter } = event;
      running.finally(() => { stopped = true; form.requestSubmit(submitter); });
    } else {
      stopped = true;
    }
  });
  window.addEventListener('pageshow', (event) => { if (event.persisted) stopped = false; });
}
