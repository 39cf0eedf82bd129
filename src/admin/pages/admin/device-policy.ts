import type { DeviceDetails } from '../../calls/devices.ts';
import { html, type Part } from '../html.ts';
import type { Visit } from '../page.ts';
import { badge, facts, section, type Tone } from '../parts/texts.ts';

/** What a device last said of its policy (MS-ASPROV §2.2.2.54). */
const ANSWERS: Readonly<Record<number, readonly [string, Tone]>> = {
  1: ['applied', 'good'],
  2: ['applied in part', 'warn'],
  3: ['refused', 'bad'],
  4: ['managed elsewhere', 'warn'],
};

/** How far the device and its policy have come. */
export function policySection(visit: Visit, { policy, protocol }: DeviceDetails): Part {
  if (protocol !== 'activesync') return null;
  const { key, offeredKey, answer } = policy;
  const state: readonly [string, Tone] =
    offeredKey !== null
      ? ['sent, not acknowledged yet', 'warn']
      : key !== null
        ? ['acknowledged', 'good']
        : ['never fetched', 'idle'];
  const said = answer === null ? null : (ANSWERS[answer] ?? ([`answer ${answer}`, 'plain'] as const));
  return section('Policy', [
    facts([
      ['State', badge(...state)],
      ['What it says', said !== null && badge(...said)],
      ['Key in force', key !== null && html`<span class="mono">${key}</span>`],
    ]),
    visit.can('policyShow') && html`<p><a href="/admin/policies">Policies</a></p>`,
  ]);
}
