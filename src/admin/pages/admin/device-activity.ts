import type { DeviceDetails } from '../../calls/devices.ts';
import { html, type Part } from '../html.ts';
import type { Visit } from '../page.ts';
import { badge, durationText, facts, section, type Tone, when } from '../parts/texts.ts';

const STATES: Readonly<Record<DeviceDetails['push']['state'], readonly [string, Tone]>> = {
  waiting: ['waits to be told', 'good'],
  away: ['does not wait now', 'idle'],
  never: ['has not waited yet', 'idle'],
};

/** Whether the device hears of a change at once, and why it woke lately. */
export function pushSection(visit: Visit, { push }: DeviceDetails): Part {
  const { state, since, heartbeatSeconds, wakeUps } = push;
  return section('Push', [
    facts([
      ['State', badge(...STATES[state])],
      ['Since', since !== null && when(since, visit.now)],
      ['Waits at most', heartbeatSeconds !== null && durationText(heartbeatSeconds * 1000)],
    ]),
    history(
      visit,
      'Wake-ups',
      wakeUps.map(({ at, why }) => ({ at, text: why })),
    ),
  ]);
}

/** What did not go well lately. */
export function errorsSection(visit: Visit, { errors }: DeviceDetails): Part {
  if (errors.length === 0) {
    return section('Errors', html`<p class="empty">Nothing went wrong.</p>`);
  }
  return section(
    'Errors',
    history(
      visit,
      'Errors',
      errors.map(({ at, what }) => ({ at, text: what })),
    ),
  );
}

function history(visit: Visit, name: string, entries: readonly { readonly at: number; readonly text: string }[]): Part {
  if (entries.length === 0) return null;
  return html`<ul class="history" tabindex="0" aria-label="${name}">${entries.map(({ at, text }) => html`<li>${when(at, visit.now)}: ${text}</li>`)}</ul>`;
}
