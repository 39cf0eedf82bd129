import type { RecordingSummary } from '../../../recorder/recording-types.ts';
import { html, type Part } from '../html.ts';
import { badge, when } from '../parts/texts.ts';

/** Why a recording ended, by the word it is kept with. */
const REASONS: Readonly<Record<string, string>> = {
  time: 'its time was over',
  exchanges: 'it had as many exchanges as one may',
  bytes: 'it was as large as one may be',
  stopped: 'it was stopped',
  'user removed': 'the user was removed',
  'server stopped': 'the server stopped',
  interrupted: 'the server was killed',
  error: 'it could not be written; the error log has the reason',
};

/** Whether it goes on, else why it ended. */
export function recordingState({ endedAt, endsAt, reason }: RecordingSummary, now: number): Part {
  if (endedAt === null) return html`${badge('goes on', 'good')} ends ${when(endsAt, now)}`;
  return html`${badge('over', 'idle')} ${REASONS[reason ?? ''] ?? reason}`;
}
