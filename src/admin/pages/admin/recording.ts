import { bytesText } from '../../../config/byte-sizes.ts';
import { GatewayError } from '../../../domain/errors.ts';
import { KEEP_DAYS } from '../../../recorder/recorder.ts';
import type { RecordingSummary } from '../../../recorder/recording-types.ts';
import { html, type Part } from '../html.ts';
import { done, type FileView, type Page, type PageView, page, type Visit } from '../page.ts';
import { actionButton, button, form, guarded } from '../parts/forms.ts';
import { liveRegion } from '../parts/live-region.ts';
import { facts, section, when } from '../parts/texts.ts';
import { recordingArchive } from './recording-archive.ts';
import { readExchange } from './recording-exchange.ts';
import { recordingState } from './recording-parts.ts';

export const RECORDING_PATH = '/admin/recordings/:id';

/** Exchanges of one page. */
const SHOWN = 25;

/** One recording: its exchanges, decoded, as they come; as an archive to be taken along. */
export const RECORDING_PAGE: Page = {
  path: RECORDING_PATH,
  needs: 'recordFiles',
  show: async (visit) => (visit.query.has('save') ? save(visit) : shown(visit)),
  actions: {
    async stop(visit) {
      const { exchanges } = await visit.calls.recordStop({ id: idOf(visit) });
      return done(`The recording is over; it has ${exchanges} exchanges.`);
    },
    async remove(visit) {
      await visit.calls.recordRemove({ id: idOf(visit) });
      return done(`The recording ${idOf(visit)} is removed.`, '/admin/recordings');
    },
  },
};

function idOf({ params }: Visit): string {
  return params.id ?? '';
}

async function save(visit: Visit): Promise<FileView> {
  const id = idOf(visit);
  const files = await visit.calls.recordFiles({ id });
  const content = recordingArchive(visit.calls, id, files, visit.now);
  return { kind: 'file', name: `causeway-recording-${id}.tar`, type: 'application/x-tar', content };
}

async function shown(visit: Visit): Promise<PageView> {
  const id = idOf(visit);
  const files = await visit.calls.recordFiles({ id });
  const recording = (await visit.calls.recordList()).find((one) => one.id === id);
  if (recording === undefined) throw new GatewayError('item-not-found', { item: id }, `There is no recording ${id}.`);
  const before = Number(visit.query.get('before')) || Number.POSITIVE_INFINITY;
  const numbers = numbersOf(files.map(({ name }) => name)).filter((number) => Number(number) < before);
  const newest = numbers.slice(0, SHOWN);
  const rest = numbers.length - newest.length;
  const body = [
    stateSection(visit, recording),
    section('Exchanges', [
      newest.length === 0
        ? html`<p class="empty">${recording.endedAt === null ? 'Nothing came yet. What comes is shown here by itself.' : 'There are no exchanges.'}</p>`
        : await exchangeList(visit, id, newest, new Set(files.map(({ name }) => name))),
      rest > 0 &&
        html`<nav class="pager" aria-label="Older exchanges"><a href="${path(visit)}?before=${newest.at(-1)!}" rel="next">Older exchanges (${rest})</a></nav>`,
    ]),
  ];
  const isLive = recording.endedAt === null && !visit.query.has('before');
  const here = `${path(visit)}?known=${newest.join('.')}`;
  return page(
    `Recording of ${recording.address}`,
    html`${warning(recording)}${isLive ? liveRegion({ ...visit, here }, 'exchanges', 2, body) : html`<div id="exchanges">${body}</div>`}${buttons(visit, recording)}`,
  );
}

function path({ here }: Visit): string {
  return here.split('?')[0]!;
}

/** The numbers of exchanges that are there with both sides, the newest first. */
function numbersOf(names: readonly string[]): string[] {
  const numbers = names.filter((name) => name.endsWith('.response')).map((name) => name.slice(0, -'.response'.length));
  return numbers.sort((a, b) => Number(b) - Number(a));
}

/**
 * What was recorded does not change: of exchanges that the asking page has already only the place is given, and the page
 * keeps what it has, opened or not.
 */
async function exchangeList(
  visit: Visit,
  id: string,
  numbers: readonly string[],
  names: ReadonlySet<string>,
): Promise<Part> {
  const known = new Set((visit.query.get('known') ?? '').split('.'));
  return Promise.all(
    numbers.map(async (number) => {
      const content = known.has(number) ? null : await readExchange(visit.calls, id, number, names);
      return html`<details class="exchange" id="x-${number}" hx-morph-skip>${content}</details>\n`;
    }),
  );
}

function warning({ withContents, address }: RecordingSummary): Part {
  if (!withContents) return null;
  return html`<p class="box warning"><b>This recording is not redacted.</b> It holds mail, events and contacts of ${address} as they are. Do not pass it on, and remove it when you have seen enough.</p>`;
}

function stateSection(visit: Visit, recording: RecordingSummary): Part {
  const { id, address, device, startedAt, exchanges, bytes, unanswered } = recording;
  return section(
    'Recording',
    facts([
      ['State', recordingState(recording, visit.now)],
      ['User', address],
      ['Device', device ?? 'all of the user’s'],
      ['Started', when(startedAt, visit.now)],
      ['Exchanges', `${exchanges}, ${bytesText(bytes)}`],
      ['Left before the answer', unanswered === 0 ? null : unanswered],
      ['Number', html`<span class="mono">${id}</span>`],
    ]),
  );
}

function buttons(visit: Visit, { endedAt, withContents }: RecordingSummary): Part {
  const download = html`<a class="button" href="${path(visit)}?save=tar">Download${withContents && ' (not redacted)'}</a>`;
  const remove = [
    html`<p>Removes the recording with all it has. It would vanish by itself ${KEEP_DAYS} days after its end.</p>`,
    button('Remove it', 'danger'),
  ];
  return html`<div class="buttons">${endedAt === null && visit.can('recordStop') && actionButton(visit, 'stop', 'Stop', {}, { kind: 'primary' })}${download}${
    visit.can('recordRemove') && guarded('Remove this recording', form(visit, 'remove', remove))
  }</div><p class="hint">The download is a tar archive in the format of <code>causeway record save</code>: unpack it into an empty folder, and <code>causeway replay</code> sends it again.</p>`;
}
