import { DEVICE_CONFLICT_RULES } from '../../../store/device-store.ts';
import type { DeviceDetails } from '../../calls/devices.ts';
import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { accessBadge, deviceIcon, deviceName, protocolName } from '../parts/device-parts.ts';
import { actionButton, button, choice, field, form, guarded } from '../parts/forms.ts';
import { liveRegion } from '../parts/live-region.ts';
import { recoveryPage, recoverySection } from '../parts/recovery-parts.ts';
import { table } from '../parts/table.ts';
import { counted, facts, host, section, when } from '../parts/texts.ts';
import { CONFLICT_RULE_WORDS, QUARANTINE_WORDS } from '../parts/words.ts';
import { errorsSection, pushSection } from './device-activity.ts';
import { DEVICE_PATH, nameOf } from './device-path.ts';
import { policySection } from './device-policy.ts';
import { wipeSection } from './wipe-section.ts';

/** All that is known of a device, and what can be done about it. */
export const DEVICE_PAGE: Page = {
  path: DEVICE_PATH,
  needs: 'deviceShow',
  async show(visit) {
    const device = await visit.calls.deviceShow(nameOf(visit));
    return page(
      `${deviceName(device)} of ${device.owner}`,
      html`${liveRegion(visit, 'state', 10, [stateOf(visit, device), html`<div class="grid">${pushSection(visit, device)}${errorsSection(visit, device)}</div>`])}
<div class="grid">${accessSection(visit, device)}${conflictSection(visit, device)}</div>
${foldersSection(visit, device)}${quarantineSection(visit, device)}${policySection(visit, device)}${recoverySection(visit, device, visit.can('recoveryPasswordShow'))}${wipeSection(visit, device)}${removeSection(visit, device)}`,
    );
  },
  actions: {
    async decide(visit, form) {
      const access = DECISIONS.find(([state]) => state === form.text('access'))?.[0] || null;
      const now = await visit.calls.deviceDecide({ ...nameOf(visit), access, why: form.text('why') });
      return done(`The device is ${now.state === 'quarantined' ? 'waiting for approval' : now.state} now.`);
    },
    async resync(visit, form) {
      const count = await visit.calls.deviceResync({ ...nameOf(visit), folderId: form.number('folder', 'The folder') });
      return done(`The device will read ${counted(count, 'folder')} anew when it comes next; nothing is lost.`);
    },
    async rule(visit, form) {
      await visit.calls.conflictRuleSet({ ...nameOf(visit), domain: null, rule: form.optional('rule') });
      return done('The conflict rule of this device is set.');
    },
    async retry(visit, form) {
      const count = await visit.calls.quarantineRetry({ ...nameOf(visit), itemId: form.number('item', 'The item') });
      return done(`${counted(count, 'item')} will be tried again when the device comes next.`);
    },
    async clear(visit, form) {
      const count = await visit.calls.quarantineClear({ ...nameOf(visit), itemId: form.number('item', 'The item') });
      return done(`The device goes without ${counted(count, 'item')} until it changes.`);
    },
    async recovery(visit) {
      const shown = await visit.calls.recoveryPasswordShow(nameOf(visit));
      return recoveryPage(visit, await visit.calls.deviceShow(nameOf(visit)), shown);
    },
    async remove(visit) {
      await visit.calls.deviceRemove(nameOf(visit));
      const { address = '', device = '' } = visit.params;
      return done(`${device} of ${address} is forgotten. When it comes again it begins anew.`, '/admin/devices');
    },
  },
};

function stateOf(visit: Visit, device: DeviceDetails): Part {
  const { now } = visit;
  const { Model, OS, ...others } = device.information;
  return section(
    'What it is',
    facts([
      ['Kind', html`${deviceIcon(device.kind)} ${device.type || '–'}`],
      ['Model', Model],
      ['System', OS],
      ['Program', device.agent],
      ['Device id', html`<span class="mono">${device.device}</span>`],
      ['Protocol', `${protocolName(device.protocol)} ${device.version ?? ''}`],
      ['User', html`<a href="/admin/users/${encodeURIComponent(device.owner)}">${device.owner}</a>`],
      ['Status', device.status],
      ['Access', accessBadge(device.access)],
      ['Registered', when(device.firstSeenAt, now)],
      ['Last contact', when(device.lastSeenAt, now)],
      ['Last sync', when(device.lastSyncAt, now)],
      ['From', host(device.remoteAddress)],
      ...Object.entries(others).map(([label, value]): [string, string] => [label, value]),
    ]),
  );
}

const DECISIONS = [
  ['allowed', 'Let it in'],
  ['quarantined', 'Hold it for approval'],
  ['blocked', 'Block it'],
  ['', 'Leave it to the access rules'],
] as const;

function accessSection(visit: Visit, device: DeviceDetails): Part {
  const { decision } = device;
  const by =
    decision?.by === 'rule'
      ? 'by the access rules'
      : `by ${decision?.who ?? 'an administrator'}${decision?.by === 'user' ? ', its user' : ''}`;
  const told =
    decision === null
      ? html`<p>${accessBadge(device.access)} Nothing was decided yet.</p>`
      : html`<p>${accessBadge(decision.state)} ${by}, ${when(decision.at, visit.now)}${decision.why !== '' && html`: “${decision.why}”`}</p>`;
  const chosen = decision?.by === 'administrator' ? decision.state : '';
  return section('Access', [
    told,
    visit.can('deviceDecide') &&
      form(visit, 'decide', (own) => [
        choice(own, 'access', 'Decision', DECISIONS, chosen),
        field(own, 'why', 'Reason', { hint: 'Written into the log, and shown here.' }),
        button('Decide'),
      ]),
  ]);
}

function conflictSection(visit: Visit, device: DeviceDetails): Part {
  const inForce = device.conflictRuleInForce;
  const words = inForce === null ? 'The program chooses, else the server wins.' : CONFLICT_RULE_WORDS[inForce];
  const options = DEVICE_CONFLICT_RULES.map((rule): [string, string] => [rule, CONFLICT_RULE_WORDS[rule]]);
  return section('Conflicts', [
    html`<p>In force: ${words} <a href="/admin/conflicts?address=${encodeURIComponent(device.owner)}">What lost a conflict</a></p>`,
    visit.can('conflictRuleSet') &&
      form(visit, 'rule', (own) => [
        choice(
          own,
          'rule',
          'Rule of this device',
          [['', 'As for the user or the domain'], ...options],
          device.conflictRule ?? '',
        ),
        button('Set the rule'),
      ]),
  ]);
}

function foldersSection(visit: Visit, device: DeviceDetails): Part {
  const mayResync = visit.can('deviceResync');
  return section('Folders it synchronises', [
    table(
      'Folders it synchronises',
      [
        { label: 'Folder', cell: ({ folder }) => folder },
        { label: 'Last sync', cell: ({ lastSyncAt }) => when(lastSyncAt, visit.now) },
        {
          label: 'Actions',
          kind: 'actions' as const,
          cell: ({ folderId, folder, hasState }) =>
            mayResync &&
            hasState &&
            actionButton(visit, 'resync', 'Read anew', { folder: folderId }, { about: folder }),
        },
      ],
      device.synchronised,
      'It synchronises no folder yet.',
    ),
    mayResync &&
      device.synchronised.filter(({ hasState }) => hasState).length > 1 &&
      html`<div class="buttons">${actionButton(visit, 'resync', 'Read all folders anew', {})}</div>`,
  ]);
}

function quarantineSection(visit: Visit, device: DeviceDetails): Part {
  if (device.quarantine.length === 0) return null;
  const [mayRetry, mayClear] = [visit.can('quarantineRetry'), visit.can('quarantineClear')];
  return section('Items it does not get', [
    table(
      'Items it does not get',
      [
        { label: 'Item', cell: ({ folder, itemId }) => `${folder} ${itemId}` },
        { label: 'Why', cell: ({ reason }) => QUARANTINE_WORDS[reason] },
        { label: 'It holds', cell: ({ isHeld }) => (isHeld ? 'an earlier version' : 'nothing of it') },
        {
          label: 'Actions',
          kind: 'actions' as const,
          cell: ({ itemId }) => [
            mayRetry && actionButton(visit, 'retry', 'Try again', { item: itemId }, { about: `item ${itemId}` }),
            ' ',
            mayClear && actionButton(visit, 'clear', 'Do without', { item: itemId }, { about: `item ${itemId}` }),
          ],
        },
      ],
      device.quarantine,
    ),
    mayRetry && html`<div class="buttons">${actionButton(visit, 'retry', 'Try all again', {})}</div>`,
  ]);
}

function removeSection(visit: Visit, device: DeviceDetails): Part {
  if (!visit.can('deviceRemove')) return null;
  return section('Remove', [
    html`<p>Forgets the device and what it holds. It is not erased and not locked out: when it comes again it begins anew.</p>`,
    guarded(
      'Remove this device',
      form(visit, 'remove', [
        html`<p>Forget ${deviceName(device)} of ${device.owner}?</p>`,
        button('Remove', 'danger'),
      ]),
    ),
  ]);
}
