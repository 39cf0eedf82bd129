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

function rows(entries: readonly (readonly [string, string])[]): string {
  const list = entries.map(([name, value]) => `<dt>${name}</dt><dd><code>${escapeHtml(value)}</code></dd>`);
  return `<dl>${list.join('')}<dt>Password</dt><dd>the one you just used</dd></dl>`;
}

/** Apple's dialogs ask for the parts of an address one by one. */
function appleSection(url: URL, user: string): string {
  const isSecure = url.protocol === 'https:';
  const entries = [
    ['Server', url.hostname],
    ['User name', user],
    ['Port', url.port || (isSecure ? '443' : '80')],
  ] as const;
  return (
    '<h2>Mac, or without mail</h2><p>Add an account of type “Other”: CalDAV for calendars and tasks, CardDAV for contacts. ' +
    `The port is under “Advanced settings”, with SSL ${isSecure ? 'on' : 'off'}.</p>${rows(entries)}`
  );
}

/** Phones have a dialog of their own for servers of this kind; some take the port with the server’s name only. */
function phoneSection(url: URL, user: string): string {
  return (
    '<h2>iPhone, iPad, Android</h2><p>Add an account of type “Exchange” or “ActiveSync”: it has mail, calendar, contacts, ' +
    `tasks and notes at once. Leave the domain empty.</p>${rows([
      ['Server', url.host],
      ['User name', user],
    ])}`
  );
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
      // The Host header may be anything; one that is no host is only shown.
      (URL.canParse(origin) ? phoneSection(new URL(origin), user) : '') +
      '<h2>Thunderbird, Evolution, Android (DAVx⁵) and most others</h2>' +
      rows([
        ['Address', `${origin}/`],
        ['User name', user],
      ]) +
      (URL.canParse(origin) ? appleSection(new URL(origin), user) : ''),
  );
}
