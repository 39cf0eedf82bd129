import type { ProgramSetup } from '../admin/calls/app-passwords.ts';
import { programSetups } from '../admin/program-setup.ts';

// Colours come from the browser's own light or dark theme; long addresses wrap on a phone.
const STYLE = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1.5rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:0 0 .5rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:minmax(6rem,auto) 1fr;gap:.4rem 1rem;margin:.5rem 0}
dt{opacity:.75}
dd{margin:0}
code{font:.95em ui-monospace,monospace;background:rgb(128 128 128/.18);border-radius:.25em;padding:.1em .35em;user-select:all}
.note{border-left:.25rem solid #b8860b;padding:.1rem .8rem}
`;

/** Makes text safe between tags and in quoted attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    `<title>${title}</title><style>${STYLE}</style></head><body>${body}</body></html>\n`
  );
}

function setupSection({ program, hint, fields }: ProgramSetup): string {
  const list = fields.map(
    ({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd><code>${escapeHtml(value)}</code></dd>`,
  );
  const told = hint === '' ? '' : `<p>${escapeHtml(hint)}</p>`;
  return `<h2>${escapeHtml(program)}</h2>${told}<dl>${list.join('')}<dt>Password</dt><dd>the one you just used</dd></dl>`;
}

/** What a browser shows when the sign-in dialog was cancelled. */
export function challengePage(): string {
  return page(
    'Causeway: sign in',
    '<h1>Causeway</h1><p>Sign in with your whole user name, like <code>ana@example.com</code>, and your password. ' +
      'Load this page again to be asked.</p><p>Whoever runs this server can tell you your user name and give you a new password.</p>',
  );
}

/** What a browser shows at `/`: this address is meant for programs, and how to enter it there. */
export function welcomePage(user: string, origin: string): string {
  const clear = origin.startsWith('http:')
    ? '<p class="note">This connection is not encrypted: others on the way can read the password.</p>'
    : '';
  return page(
    'Causeway',
    `<h1>Causeway</h1><p>You are signed in as <b>${escapeHtml(user)}</b>. The sign-in works.</p>${clear}` +
      '<p>There is nothing to see here: mail, calendars, tasks, notes and contacts are used on a phone or in a program. Enter this there.</p>' +
      // The Host header may be anything; of one that is no host nothing can be told.
      programSetups({ server: URL.canParse(origin) ? origin : null, userName: user, password: null, protocols: null })
        .map(setupSection)
        .join('') +
      '<p>Your devices and app passwords are at <a href="/me">/me</a>. Administrators go to <a href="/admin">/admin</a>.</p>',
  );
}
