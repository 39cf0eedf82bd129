import { type Html, html, type Part } from '../html.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 2026-11-22 06:30 UTC. */
export function momentText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function agoText(ms: number): string {
  if (ms < MINUTE) return 'just now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h ago`;
  return `${Math.floor(ms / DAY)} days ago`;
}

function aheadText(ms: number): string {
  if (ms < MINUTE) return 'in less than a minute';
  if (ms < HOUR) return `in ${Math.ceil(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `in ${Math.ceil(ms / HOUR)} h`;
  return `in ${Math.ceil(ms / DAY)} days`;
}

/** A moment in milliseconds since 1970, as how long ago it is; the exact time is at hand. '–' for null. */
export function when(at: number | null | undefined, now: number): Part {
  if (at === null || at === undefined) return '–';
  const text = at > now ? aheadText(at - now) : agoText(now - at);
  return html`<time datetime="${new Date(at).toISOString()}" title="${momentText(at)}">${text}</time>`;
}

/** How long something lasts, in milliseconds. */
export function durationText(ms: number): string {
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} days`;
}

/** 1 device, 2 devices. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

export type Tone = 'good' | 'warn' | 'bad' | 'idle' | 'plain';

/** A state in a word; the colour says nothing that the word does not. */
export function badge(text: string, tone: Tone): Html {
  return html`<span class="badge ${tone}">${text}</span>`;
}

/** An address of a machine, whole where there is room: one of IPv6 breaks between its groups, one of IPv4 nowhere. */
export function host(address: string): Html {
  const groups = address.split(':').map((group, at) => (at === 0 ? group : html`:<wbr>${group}`));
  return html`<span class="mono host">${groups}</span>`;
}

/** Names with their values, in this order; those without a value are left out. */
export function facts(entries: readonly (readonly [label: string, value: Part])[]): Html {
  const known = entries.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '');
  return html`<dl class="facts">${known.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A part of a page with a heading of its own; `id` is where links lead. */
export function section(title: string, body: Part, id?: string): Html {
  const heading = `h-${id ?? idOf(title)}`;
  return html`<section${id !== undefined && html` id="${id}"`} aria-labelledby="${heading}"><h2 id="${heading}">${title}</h2>${body}</section>`;
}

/** Other titles have other ids, whatever their alphabet: a part is named by its own heading only. */
function idOf(title: string): string {
  return title.replace(/[^a-z0-9]/giu, (other) => (other === ' ' ? '-' : `_${other.codePointAt(0)!.toString(16)}`));
}
