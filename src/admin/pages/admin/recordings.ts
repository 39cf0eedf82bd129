import { bytesText } from '../../../config/byte-sizes.ts';
import { DEFAULT_MINUTES, KEEP_DAYS, MAX_MINUTES } from '../../../recorder/recorder.ts';
import type { RecordingSummary } from '../../../recorder/recording-types.ts';
import { mayRecordContents } from '../../authority/role-rules.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { actionButton, button, check, field, form } from '../parts/forms.ts';
import { liveRegion } from '../parts/live-region.ts';
import { table } from '../parts/table.ts';
import { badge, section, when } from '../parts/texts.ts';
import { RECORDING_PATH } from './recording.ts';
import { recordingState } from './recording-parts.ts';

/** What is recorded, and starting another one. */
export const RECORDINGS_PAGE: Page = {
  path: '/admin/recordings',
  needs: 'recordList',
  menu: { group: 'Server', label: 'Recorder' },
  async show(visit) {
    const recordings = await visit.calls.recordList();
    return page(
      'Recorder',
      html`<p>Keeps every exchange of a user with the server for a while, decoded, so that one sees what goes wrong and can send it again to a fresh server (<code>causeway replay</code>). Passwords and cookies are never kept; what people wrote is replaced by stand-ins of the same length.</p>
${visit.can('recordStart') && startSection(visit)}${liveRegion(visit, 'recordings', 5, listSection(visit, recordings))}`,
    );
  },
  actions: {
    async start(visit, sent) {
      const { id } = await visit.calls.recordStart({
        address: sent.text('address'),
        device: sent.optional('device'),
        minutes: sent.number('minutes', 'Minutes') ?? DEFAULT_MINUTES,
        withContents: sent.flag('contents'),
      });
      return done('The recording goes on. What comes is shown here.', pathTo(RECORDING_PATH, id));
    },
    async stop(visit, sent) {
      const { id, exchanges } = await visit.calls.recordStop({ id: sent.text('id') });
      return done(`The recording ${id} is over; it has ${exchanges} exchanges.`);
    },
  },
};

function startSection(visit: Visit): Part {
  const { query } = visit;
  return section('Record', [
    form(visit, 'start', (own) => [
      field(own, 'address', 'User', {
        value: query.get('address'),
        isRequired: true,
        placeholder: 'ana@example.com',
      }),
      field(own, 'device', 'Device', {
        value: query.get('device'),
        hint: 'Its id, or a part of the program’s name (User-Agent). Empty: all of the user’s.',
      }),
      field(own, 'minutes', 'Minutes', { value: DEFAULT_MINUTES, type: 'number', min: 1, max: MAX_MINUTES }),
      mayRecordContents(visit.authority) &&
        check(
          own,
          'contents',
          html`<b>Do not redact</b>: keep what this person reads and writes as it is. Whoever opens the recording reads their mail: ask them before. The security log tells that you did it.`,
          false,
        ),
      button('Start', 'primary'),
    ]),
  ]);
}

function listSection(visit: Visit, recordings: readonly RecordingSummary[]): Part {
  return section('Recordings', [
    table(
      'Recordings',
      [
        {
          label: 'Recording',
          cell: ({ id, startedAt }) => {
            const text = when(startedAt, visit.now);
            const name = visit.can('recordFiles') ? html`<a href="${pathTo(RECORDING_PATH, id)}">${id}</a>` : id;
            return html`${name}, ${text}`;
          },
        },
        { label: 'User', cell: ({ address }) => address },
        { label: 'Device', cell: ({ device }) => device ?? 'all' },
        {
          label: 'State',
          cell: (recording) => [
            recordingState(recording, visit.now),
            recording.withContents && [' ', badge('not redacted', 'bad')],
          ],
        },
        { label: 'Exchanges', kind: 'number' as const, cell: ({ exchanges }) => exchanges },
        { label: 'Size', kind: 'number' as const, cell: ({ bytes }) => bytesText(bytes) },
        {
          label: 'Actions',
          kind: 'actions' as const,
          cell: ({ id, endedAt, address }) =>
            endedAt === null &&
            visit.can('recordStop') &&
            actionButton(visit, 'stop', 'Stop', { id }, { about: `recording of ${address}` }),
        },
      ],
      recordings,
      'Nothing was recorded yet.',
    ),
    html`<p class="hint">A recording ends by itself, also when the server stops, and vanishes ${KEEP_DAYS} days after.</p>`,
  ]);
}
