// Progressive enhancement only: every page works without this file.
import { initAll } from './vendor/govuk-frontend/govuk-frontend.min.js';
import { autosave } from './autosave.js';
import { upload } from './upload.js';

initAll();
document.querySelectorAll('form[data-autosave]').forEach(autosave);
document.querySelectorAll('form[data-upload-url]').forEach(upload);

// The account menu closes with Escape (focus goes back to it) and with a click elsewhere.
const menu = document.querySelector('.app-menu');
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && menu?.open) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
document.addEventListener('click', (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});

document.querySelectorAll('[data-print]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
});
