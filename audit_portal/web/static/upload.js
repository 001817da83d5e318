// Sends files one by one with progress: <form data-upload-url="…"> holding one input[type=file].
// PUT of the raw bytes; X-File-Name is the name, percent-encoded; X-Form-Fields the other fields, URL-encoded
// (a header, so that they stay out of access logs). Success is {"location": "…"}, failure {"error": "…"}.
// Without XMLHttpRequest the form is posted plainly. All words come from data attributes.
import { settle } from './autosave.js';
import { fields, token } from './form-data.js';

export function upload(form) {
  const input = form.querySelector('input[type=file]');
  const panel = form.querySelector('[data-upload-panel]');
  if (!input || !panel || !window.XMLHttpRequest || !input.files) return;
  const bar = panel.querySelector('progress');
  const status = panel.querySelector('[data-upload-status]');
  const cancel = panel.querySelector('[data-upload-cancel]');
  const buttons = [...form.querySelectorAll('button[type=submit], button:not([type])')];
  const words = form.dataset;
  const numbers = new Map(); // each file has a key of its own, the same when it is tried again
  const arrived = new Set(); // files that need not go again after an error or a cancel
  let current = null;
  let cancelled = false;

  const group = input.closest('.govuk-form-group');
  const control = () => group.querySelector('.govuk-file-upload-button') ?? input; // the drawn or the plain one
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  function clearError() {
    group.classList.remove('govuk-form-group--error');
    group.querySelector('.govuk-error-message')?.remove();
  }

  function showError(reason) {
    clearError();
    const message = document.createElement('p');
    message.className = 'govuk-error-message';
    message.id = `${input.name}-error`;
    const prefix = document.createElement('span');
    prefix.className = 'govuk-visually-hidden';
    prefix.textContent = `${words.uploadError} `;
    message.append(prefix, reason);
    (group.querySelector('.govuk-file-upload-wrapper, .govuk-drop-zone') ?? input).before(message);
    group.classList.add('govuk-form-group--error');
    for (const element of new Set([input, control()])) {
      const ids = new Set((element.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean));
      element.setAttribute('aria-describedby', [...ids.add(message.id)].join(' '));
    }
    control().focus();
  }

  function send(file) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const others = fields(form);
      if (!numbers.has(file)) numbers.set(file, numbers.size || '');
      if (others.has('idempotency_key')) others.set('idempotency_key', others.get('idempotency_key') + numbers.get(file));
      request.open('PUT', words.uploadUrl);
      request.responseType = 'json';
      request.setRequestHeader('Accept', 'application/json');
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.setRequestHeader('X-CSRFToken', token(form));
      request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
      request.setRequestHeader('X-Form-Fields', others.toString());
      let told = -1;
      request.upload.addEventListener('progress', (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor((100 * event.loaded) / event.total);
        bar.value = percent;
        if (Math.floor(percent / 10) > told) { // a reader is told every tenth, not every packet
          told = Math.floor(percent / 10);
          status.textContent = fill(percent < 100 ? words.uploadProgress : words.uploadChecking, { name: file.name, percent });
        }
      });
      request.addEventListener('load', () => {
        const answer = request.response ?? {};
        if (request.status >= 200 && request.status < 300 && answer.location) resolve(answer.location);
        else reject(new Error(answer.error ?? words.uploadFailed));
      });
      request.addEventListener('error', () => reject(new Error(words.uploadFailed)));
      request.addEventListener('abort', () => reject(new Error(words.uploadCancelled)));
      current = request;
      request.send(file);
    });
  }

  function busy(on) {
    panel.hidden = !on && !status.textContent;
    bar.hidden = cancel.hidden = !on;
    buttons.forEach((button) => { button.disabled = on; });
  }

  cancel.addEventListener('click', () => { cancelled = true; current?.abort(); });

  form.addEventListener('submit', async (event) => {
    const files = [...input.files];
    if (!files.length) return; // the server says what is missing
    event.preventDefault();
    clearError();
    cancelled = false;
    let location = null;
    for (const file of files) {
      if (arrived.has(file)) continue;
      bar.value = 0;
      status.textContent = fill(words.uploadProgress, { name: file.name, percent: 0 });
      busy(true);
      try {
        if (file.size > Number(words.uploadMax || Infinity)) throw new Error(words.uploadTooLarge);
        location = await send(file);
        arrived.add(file);
      } catch (problem) {
        status.textContent = cancelled ? words.uploadCancelled : '';
        busy(false);
        if (cancelled) (event.submitter ?? control()).focus();
        else showError(files.length > 1 ? `${file.name}: ${problem.message}` : problem.message);
        return;
      }
    }
    const unsaved = await settle(); // what stands in the answer beside must not go with the page
    if (unsaved) { unsaved.requestSubmit(); return; } // the server shows both, or says what is wrong
    const next = new URL(location ?? window.location.href, window.location.href);
    if (next.origin === window.location.origin) window.location.assign(next);
  });
}
