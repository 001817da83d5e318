// What a form holds, as a server without this script would get it.

const OWN = new Set(['csrf_token']);

/** URLSearchParams of all fields but files, the CSRF token and the names left out. */
export function fields(form, without = []) {
  const pairs = [...new FormData(form)].filter(
    ([name, value]) => typeof value === 'string' && !OWN.has(name) && !without.includes(name));
  return new URLSearchParams(pairs);
}

export const token = (form) => form.elements.csrf_token?.value ?? '';
