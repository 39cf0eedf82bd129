import { shownLine } from '../../../observe/text-line.ts';
import { html } from '../html.ts';
import type { FileView } from '../page.ts';
import { logLine } from '../parts/log-lines.ts';
import { counted, momentText } from '../parts/texts.ts';

export interface SavedLines {
  readonly name: string;
  readonly grep: string | null;
  /** Marked in HTML; '' marks nothing. */
  readonly mark: string;
  /** JSON objects, oldest first. */
  readonly lines: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A file is opened far from this server, so its few styles are in it. */
const STYLE = html`<style>:root{color-scheme:light dark}body{font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:1rem;overflow-wrap:anywhere}.line{white-space:pre-wrap}.error{color:light-dark(#a3211b,#ff9c94)}.warn{color:light-dark(#7a5200,#f0c05a)}mark{background:#ffe58a;color:#000}</style>`;

/** The lines of a log as a file: text, or HTML that needs nothing else. */
export function savedLog(kind: 'text' | 'html', saved: SavedLines): FileView {
  const { name, grep, mark, lines, now } = saved;
  const stem = `causeway-${name}-${new Date(now).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}`;
  if (kind === 'text') {
    const content = lines.map((line) => `${shownLine(line)}\n`).join('');
    return { kind: 'file', name: `${stem}.txt`, type: 'text/plain; charset=utf-8', content };
  }
  const about = `${counted(lines.length, 'line')}${grep === null ? '' : ` with “${grep}”`}, saved ${momentText(now)}`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Causeway: log ${name}</title>${STYLE}</head>
<body><h1>Log ${name}</h1><p>${about}</p>
${lines.map((line) => logLine(line, mark))}</body></html>
`;
  return { kind: 'file', name: `${stem}.html`, type: 'text/html; charset=utf-8', content: page.text };
}
