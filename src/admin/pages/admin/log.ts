import { MOST_LINES } from '../../../observe/files/read-log.ts';
import { isLogName, type LogName } from '../../../observe/log-names.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { done, type FileView, type Page, type PageView, page, type Visit } from '../page.ts';
import { button, choice, field, form, guarded, search } from '../parts/forms.ts';
import { logLine } from '../parts/log-lines.ts';
import { savedLog } from './log-save.ts';
import { LOG_WORDS } from './log-words.ts';

export const LOG_PATH = '/admin/logs/:name';

const COUNTS = ['100', '500', '2000'];
/** So many lines may come to those that are shown before the page begins anew with the last ones. */
const MOST_ADDED = 3000;

/** One log: its last lines, those with a text, a word marked; goes on by itself. */
export const LOG_PAGE: Page = {
  path: LOG_PATH,
  needs: 'logShow',
  show: async (visit) => (visit.query.has('save') ? save(visit) : shown(visit)),
  actions: {
    async clear(visit) {
      const name = visit.params.name ?? '';
      await visit.calls.logClear({ name });
      return done(`The log ${name} is empty now. Who did it stands in the config log.`, pathTo(LOG_PATH, name));
    },
  },
};

/** What the query asks for. */
interface Wanted {
  readonly name: string;
  readonly grep: string | null;
  readonly mark: string;
  readonly lines: number;
  readonly after: string | null;
  /** Lines that came to those shown first. */
  readonly added: number;
}

function wantedOf({ params, query }: Visit): Wanted {
  const lines = COUNTS.find((count) => count === query.get('lines')) ?? COUNTS[0];
  return {
    name: params.name ?? '',
    ...{ grep: query.get('grep') || null, mark: query.get('mark') ?? '', lines: Number(lines) },
    ...{ after: query.get('after') || null, added: Number(query.get('added')) || 0 },
  };
}

async function save(visit: Visit): Promise<FileView> {
  const { name, grep, mark } = wantedOf(visit);
  const { lines } = await visit.calls.logShow({ name, lines: MOST_LINES, grep, after: null });
  return savedLog(visit.query.get('save') === 'html' ? 'html' : 'text', { name, grep, mark, lines, now: visit.now });
}

async function shown(visit: Visit): Promise<PageView> {
  const wanted = wantedOf(visit);
  const { name, grep, after, mark } = wanted;
  const { lines, next } = await visit.calls.logShow({ name, lines: wanted.lines, grep, after });
  const [title, holds] = isLogName(name) ? LOG_WORDS[name as LogName] : [name, ''];
  const isPaused = visit.query.has('pause');
  return page(
    `${title} log`,
    html`<p>${holds}. Times are UTC. <a href="/admin/logs">All logs</a></p>${looking(visit, wanted)}
<div class="log" role="log" aria-label="${title} log" tabindex="0"><div id="lines">${lines.map((line) => logLine(line, mark))}</div></div>
${lines.length === 0 && after === null && html`<p class="muted">There is no line${grep !== null && ` with “${grep}”`} yet.</p>`}
${!isPaused && tail(visit, wanted, next, lines.length)}<div class="buttons">${buttons(visit)}</div>`,
  );
}

/**
 * Asks for what came after what is shown, and for itself with the next place. When much has come, the next answer is the
 * last lines alone, so that a page left open does not grow for ever.
 */
function tail(visit: Visit, wanted: Wanted, next: string, count: number): Part {
  const added = wanted.after === null ? 0 : wanted.added + count;
  const anew = added > MOST_ADDED;
  const here = withQuery(visit, anew ? {} : { after: next, added: String(added) });
  return html`<div id="tail" hx-get="${here}" hx-trigger="every 2s" hx-target="#lines" hx-select="#lines > .line" hx-swap="${anew ? 'innerHTML' : 'beforeend'}" hx-select-oob="#tail"></div>`;
}

/** This page with other parts in its query; null takes one out. */
function withQuery(visit: Visit, parts: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(visit.query);
  for (const name of ['after', 'added', 'save']) query.delete(name);
  for (const [name, value] of Object.entries(parts)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return `${visit.here.split('?')[0]!}${text === '' ? '' : `?${text}`}`;
}

function looking(visit: Visit, { grep, mark, lines }: Wanted): Part {
  return search(visit, (own) => [
    field(own, 'grep', 'Only lines with', { value: grep, type: 'search', accesskey: 's' }),
    field(own, 'mark', 'Mark', { value: mark, type: 'search' }),
    choice(
      own,
      'lines',
      'At first',
      COUNTS.map((count): [string, string] => [count, `${count} lines`]),
      String(lines),
    ),
    visit.query.has('pause') && html`<input type="hidden" name="pause" value="yes">`,
    html`<button>Show</button>`,
  ]);
}

function buttons(visit: Visit): Part {
  const isPaused = visit.query.has('pause');
  const clear = [
    html`<p>All lines of this log and its older parts are removed. This cannot be undone; save it first when in doubt.</p>`,
    button('Empty it', 'danger'),
  ];
  return [
    html`<a class="button" href="${withQuery(visit, { pause: isPaused ? null : 'yes' })}">${isPaused ? 'Follow' : 'Pause'}</a>`,
    html`<a class="button" href="${withQuery(visit, { save: 'text' })}">Save as text</a>`,
    html`<a class="button" href="${withQuery(visit, { save: 'html' })}">Save as HTML</a>`,
    visit.can('logClear') && guarded('Empty this log', form(visit, 'clear', clear)),
  ];
}
