import { LOG_NAMES, type LogName } from '../../../observe/log-names.ts';
import { shownLine } from '../../../observe/text-line.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton } from '../parts/forms.ts';
import { table } from '../parts/table.ts';
import { badge, section } from '../parts/texts.ts';
import { LOG_PATH } from './log.ts';
import { CATEGORY_WORDS, LOG_WORDS } from './log-words.ts';

/** Every log with its newest line, and what the debug log is told. */
export const LOGS_PAGE: Page = {
  path: '/admin/logs',
  needs: 'logShow',
  menu: { group: 'Server', label: 'Logs' },
  async show(visit) {
    const logs = await Promise.all(LOG_NAMES.map((name) => newestOf(visit, name)));
    return page('Logs', html`${logsSection(logs)}${visit.can('logDebug') && (await debugSection(visit))}`);
  },
  actions: {
    async debug(visit, sent) {
      const [category, isOn] = [sent.text('category'), sent.text('on') === 'yes'];
      await visit.calls.logDebug({ category, isOn });
      return done(`The debug log is ${isOn ? 'told' : 'no longer told'} about ${category}.`);
    },
  },
};

interface Newest {
  readonly name: LogName;
  readonly line: string | null;
}

async function newestOf(visit: Visit, name: LogName): Promise<Newest> {
  const { lines } = await visit.calls.logShow({ name, lines: 1, grep: null, after: null });
  return { name, line: lines.at(-1) ?? null };
}

function logsSection(logs: readonly Newest[]): Part {
  return html`<section aria-label="Logs">${table(
    'Logs',
    [
      {
        label: 'Log',
        cell: ({ name }) => html`<a class="whole" href="${pathTo(LOG_PATH, name)}">${LOG_WORDS[name][0]}</a>`,
      },
      { label: 'What is in it', cell: ({ name }) => LOG_WORDS[name][1] },
      {
        label: 'Newest line',
        kind: 'long' as const,
        cell: ({ line }) =>
          line === null
            ? html`<span class="muted">empty</span>`
            : html`<span class="mono">${shortened(shownLine(line))}</span>`,
      },
    ],
    logs,
  )}</section>`;
}

function shortened(text: string): string {
  const first = text.split('\n')[0]!;
  return first.length > 160 ? `${first.slice(0, 160)}…` : first;
}

async function debugSection(visit: Visit): Promise<Part> {
  const categories = await visit.calls.logDebug({ category: null, isOn: false });
  const words: Readonly<Record<string, string>> = CATEGORY_WORDS;
  return section('Debug categories', [
    html`<p>Each switch works at once and stays after a restart. Debug lines may have names and addresses of people in them; switch them off when you have seen enough.</p>`,
    table(
      'Debug categories',
      [
        { label: 'Category', cell: ({ category }) => category },
        { label: 'What it tells', cell: ({ category }) => words[category] ?? '' },
        { label: 'State', cell: ({ isOn }) => (isOn ? badge('on', 'warn') : badge('off', 'idle')) },
        {
          label: 'Actions',
          kind: 'actions' as const,
          cell: ({ category, isOn }) =>
            actionButton(
              visit,
              'debug',
              isOn ? 'Switch off' : 'Switch on',
              { category, on: isOn ? 'no' : 'yes' },
              { about: category },
            ),
        },
      ],
      categories,
    ),
  ]);
}
