import { type Html, html, type Part } from '../html.ts';
import type { Visit } from '../page.ts';

/**
 * A part of a page that shows itself anew every some seconds, where scripts may run: the page is asked for and this part of it
 * put in place. Fields and open parts in it keep their state. Give it an id of its own.
 */
export function liveRegion(visit: Visit, id: string, seconds: number, body: Part): Html {
  return html`<div id="${id}" hx-get="${visit.here}" hx-trigger="every ${seconds}s" hx-select="#${id}" hx-swap="outerMorph">${body}</div>`;
}

/** Leads to the page after this one. */
export function pager(visit: Visit, next: string | null): Html {
  const path = visit.here.split('?')[0]!;
  const first = new URLSearchParams(visit.query);
  first.delete('after');
  const more = new URLSearchParams(first);
  if (next !== null) more.set('after', next);
  const isFirst = !visit.query.has('after');
  if (isFirst && next === null) return html``;
  return html`<nav class="pager" aria-label="Pages of this list">${!isFirst && html`<a href="${path}?${first.toString()}">First page</a>`} ${
    next !== null && html`<a href="${path}?${more.toString()}" rel="next">Next page</a>`
  }</nav>`;
}
