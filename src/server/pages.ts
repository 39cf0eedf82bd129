const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em}code{background:#eee;padding:.1em .3em}';

/** Makes text safe between tags and in quoted attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body>${body}</body></html>\n`;
}

/** What a browser shows when the sign-in dialog was cancelled. */
export function challengePage(): string {
  return page('Causeway: sign in', '<h1>Causeway</h1><p>Sign in with your user name and password.</p>');
}

/** What a browser shows at `/`: this address is meant for programs, and how to enter it there. */
export function welcomePage(user: string, origin: string): string {
  const url = `<code>${escapeHtml(origin)}/</code>`;
  return page(
    'Causeway',
    `<h1>Causeway</h1><p>You are signed in as <b>${escapeHtml(user)}</b>. The sign-in works.</p>` +
      `<p>This address is for calendar and contact programs. Enter it there as the server: ${url}, with the same user name and password.</p>`,
  );
}
