import type { Html, Part } from './html.ts';
import { html } from './html.ts';
import { STYLES, type StaticFiles } from './http/static-files.ts';
import type { Page, Visit } from './page.ts';

/** No style of its own, nothing evaluated, nothing from elsewhere; an answer that is a refusal does not replace what is shown. */
const HTMX = JSON.stringify({
  includeIndicatorCSS: false,
  noSwap: [204, 304, '4xx', '5xx'],
  mode: 'same-origin',
  history: 'reload',
  // What somebody opened stays open when its part of the page shows itself anew.
  morphIgnore: ['data-htmx-powered', 'open'],
});

/** What is said above a page: what was done, or why it was not. */
export interface Message {
  readonly kind: 'notice' | 'problem';
  readonly text: string;
}

function messageBox(message: Message | null): Html {
  // Always there, so that a reader of screens notices what comes into it.
  if (message === null) return html`<div id="message" role="status"></div>`;
  const role = message.kind === 'problem' ? 'alert' : 'status';
  return html`<div id="message" role="${role}"><p class="box ${message.kind}">${message.text}</p></div>`;
}

function frame(files: StaticFiles, title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="htmx-config" content="${HTMX}">
<title>${title} · Causeway</title><link rel="icon" href="${files.path('icon.svg')}">${STYLES.map((name) => html`<link rel="stylesheet" href="${files.path(name)}">`)}
<script src="${files.path('htmx.min.js')}" defer></script></head>
${body}</html>
`;
}

/** A page for people who are not signed in: one box in the middle. */
export function plainPage(files: StaticFiles, title: string, message: Message | null, body: Part): Html {
  return frame(
    files,
    title,
    html`<body class="plain"><main id="main" tabindex="-1"><p class="brand"><img src="${files.path('icon.svg')}" alt="" width="28" height="28"> Causeway</p>
<h1>${title}</h1>${messageBox(message)}${body}</main></body>`,
  );
}

export interface FramedPage {
  readonly files: StaticFiles;
  readonly visit: Visit;
  /** The pages of the menu. */
  readonly pages: readonly Page[];
  readonly path: string;
  readonly title: string;
  readonly message: Message | null;
  readonly body: Html;
}

/** A page with the menu of its site, of which everybody sees what they may use. */
export function framedPage(framed: FramedPage): Html {
  const { files, visit, path, title, message, body } = framed;
  const isAdmin = visit.authority.scopes.size > 0;
  const home = path.startsWith('/me') ? '/me' : '/admin';
  return frame(
    files,
    title,
    html`<body><a class="skip" href="#main">Skip to the content</a>
<header class="top"><button type="button" class="menu-button" popovertarget="menu">Menu</button>
<a class="brand" href="${home}"><img src="${files.path('icon.svg')}" alt="" width="24" height="24"> Causeway</a>
<span class="who">${visit.authority.address}</span>
<form method="post" action="/me/sign-out"><input type="hidden" name="token" value="${visit.token}"><button class="quiet">Sign out</button></form></header>
<nav id="menu" popover aria-label="Pages">${menuOf(framed)}<h2>You</h2><p class="muted">${visit.authority.address}</p>${
      isAdmin &&
      html`<ul><li>${
        home === '/me' ? html`<a href="/admin">Administration</a>` : html`<a href="/me">My devices</a>`
      }</li></ul>`
    }</nav>
<main id="main" tabindex="-1"><h1>${title}</h1>${messageBox(message)}${body}</main></body>`,
  );
}

function menuOf({ pages, path, visit }: FramedPage): Part {
  const shown = pages.filter(({ menu, needs }) => menu !== undefined && (needs === null || visit.can(needs)));
  const groups = [...new Set(shown.map(({ menu }) => menu!.group))];
  return groups.map((group) => {
    const entries = shown.filter(({ menu }) => menu!.group === group);
    return html`<h2>${group}</h2><ul>${entries.map((entry) => {
      const isHere = path === entry.path || path.startsWith(`${entry.path}/`);
      const isRoot = entry.path.split('/').length === 2;
      const current = isHere && (!isRoot || path === entry.path) && html` aria-current="page"`;
      return html`<li><a href="${entry.path}"${current}>${entry.menu!.label}</a></li>`;
    })}</ul>`;
  });
}
