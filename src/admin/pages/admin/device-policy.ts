import type { PolicyStanding } from '../../../devices/policy-standing.ts';
import type { DeviceDetails } from '../../calls/devices.ts';
import { html, type Part } from '../html.ts';
import type { Visit } from '../page.ts';
import { scopeLink } from '../parts/policy-scope.ts';
import { badge, facts, section, type Tone } from '../parts/texts.ts';

const STANDINGS: Readonly<Record<PolicyStanding, readonly [string, Tone]>> = {
  none: ['never fetched', 'idle'],
  current: ['in force on the device', 'good'],
  partly: ['in force in part', 'warn'],
  refused: ['refused by the device', 'bad'],
  external: ['managed elsewhere', 'warn'],
  outdated: ['fetches the new one at its next request', 'warn'],
};

/** How far the device and its policy have come. */
export function policySection(visit: Visit, { policy, policyStanding, protocol, owner, device }: DeviceDetails): Part {
  const { from, state } = policyStanding;
  const own = { kind: 'device', address: owner, device } as const;
  const links = visit.can('policySet') && html`<p>${scopeLink(own, 'A policy for this device alone')}</p>`;
  // A program that cannot be told a policy has none: it would read as a fault.
  if (protocol !== 'activesync') return null;
  return section('Policy', [
    facts([
      ['State', badge(...STANDINGS[state])],
      ['Policy of', visit.can('policyShow') ? scopeLink(from) : null],
      ['Key in force', policy.key !== null && html`<span class="mono">${policy.key}</span>`],
      // The key that was offered is kept behind the answer to it, for an acknowledgement that comes again.
      ['Sent', policy.offeredKey !== null && policy.answer === null && 'one that it has not acknowledged yet'],
    ]),
    links,
  ]);
}
