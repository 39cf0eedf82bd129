import type { DeviceDetails } from '../../calls/devices.ts';
import type { WipeForecast } from '../../calls/wipe.ts';
import { html, type Part } from '../html.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { accessBadge, deviceIcon, deviceName, protocolName } from '../parts/device-parts.ts';
import { actionButton, button, check, field, form, guarded, hidden, wasRefused } from '../parts/forms.ts';
import { liveRegion } from '../parts/live-region.ts';
import { recoveryPage, recoverySection } from '../parts/recovery-parts.ts';
import { confirmHint, requireDeviceTyped } from '../parts/require-typed.ts';
import { table } from '../parts/table.ts';
import { counted, facts, host, section, when } from '../parts/texts.ts';
import { forecastView, KIND_WORDS, wipeView } from '../parts/wipe-parts.ts';

export const MY_DEVICE_PATH = '/me/devices/:device';

/** One of somebody's own devices: let in, read anew, wiped, forgotten. */
export const MY_DEVICE_PAGE: Page = {
  path: MY_DEVICE_PATH,
  needs: null,
  async show(visit) {
    const device = await visit.self.deviceShow(nameOf(visit));
    return page(
      deviceName(device),
      html`<p><a href="/me">All my devices</a></p>${liveRegion(visit, 'state', 5, [stateSection(visit, device), wipeNow(visit, device)])}
${approveSection(visit, device)}${foldersSection(visit, device)}${recoverySection(visit, device, true)}${await wipeSection(visit, device)}${removeSection(visit, device)}`,
    );
  },
  actions: {
    async approve(visit) {
      await visit.self.deviceApprove(nameOf(visit));
      return done('The device is let in. It goes on when it comes next.');
    },
    async resync(visit) {
      const count = await visit.self.deviceResync({ ...nameOf(visit), folderId: null });
      return done(`The device will read ${counted(count, 'folder')} anew when it comes next; nothing is lost.`);
    },
    async wipe(visit, sent) {
      const device = await visit.self.deviceShow(nameOf(visit));
      requireDeviceTyped(sent.text('confirm'), device);
      const kind = sent.text('kind') === 'account' ? 'account' : 'full';
      const { state } = await visit.self.wipeStart({ ...nameOf(visit), kind, why: sent.text('why') });
      const waits = state === 'waiting-for-consent';
      return done(waits ? 'An administrator has to consent now.' : 'The wipe begins as soon as the device comes.');
    },
    async cancel(visit) {
      await visit.self.wipeCancel({ ...nameOf(visit), why: 'cancelled by its user' });
      return done('The wipe is cancelled; nothing was sent.');
    },
    async recovery(visit) {
      const shown = await visit.self.recoveryPasswordShow(nameOf(visit));
      return recoveryPage(visit, await visit.self.deviceShow(nameOf(visit)), shown);
    },
    async remove(visit) {
      await visit.self.deviceRemove(nameOf(visit));
      return done('The device is forgotten. When it comes again it begins anew.', '/me');
    },
  },
};

function nameOf({ params }: Visit): { readonly device: string } {
  return { device: params.device ?? '' };
}

function stateSection(visit: Visit, device: DeviceDetails): Part {
  return section(
    'What it is',
    facts([
      ['Kind', html`${deviceIcon(device.kind)} ${device.type || '–'}`],
      ['Model', device.information.Model],
      ['System', device.information.OS],
      ['Program', device.agent],
      ['Protocol', `${protocolName(device.protocol)} ${device.version ?? ''}`],
      ['Access', accessBadge(device.access)],
      ['Status', device.status],
      ['First seen', when(device.firstSeenAt, visit.now)],
      ['Last contact', when(device.lastSeenAt, visit.now)],
      ['From', host(device.remoteAddress)],
      ['Device id', html`<span class="mono">${device.device}</span>`],
    ]),
  );
}

/** Whether its owner may let it in is decided where it is let in; here only whether to ask. */
function approveSection(visit: Visit, { access, decision }: DeviceDetails): Part {
  if (access !== 'quarantined') return null;
  if (decision?.approval !== 'user') {
    return section('Waiting', html`<p>This device gets nothing before an administrator lets it in.</p>`);
  }
  return section('Is this yours?', [
    html`<p>This device knows your password and waits to be let in. Let it in only when you set it up yourself just now; else change your password.</p>`,
    actionButton(visit, 'approve', 'It is mine: let it in', {}, { kind: 'primary' }),
  ]);
}

function foldersSection(visit: Visit, { synchronised }: DeviceDetails): Part {
  if (synchronised.length === 0) return null;
  return section('Folders it synchronises', [
    table(
      'Folders it synchronises',
      [
        { label: 'Folder', cell: ({ folder }) => folder },
        { label: 'Last sync', cell: ({ lastSyncAt }) => when(lastSyncAt, visit.now) },
      ],
      synchronised,
    ),
    html`<div class="buttons">${actionButton(visit, 'resync', 'Read everything anew', {})}</div><p class="hint">Helps when something is missing on the device. Nothing is lost.</p>`,
  ]);
}

function wipeNow(visit: Visit, { wipeDetails }: DeviceDetails): Part {
  return wipeDetails !== null && section('Wipe', wipeView(wipeDetails, visit.now), 'wipe-now');
}

async function wipeSection(visit: Visit, device: DeviceDetails): Promise<Part> {
  const { wipeDetails } = device;
  if (wipeDetails !== null && wipeDetails.state !== 'cancelled') {
    // Once the device was told, nothing takes it back.
    const mayCancel =
      wipeDetails.by === visit.authority.address && wipeDetails.sentAt === null && wipeDetails.endedAt === null;
    return (
      mayCancel &&
      section('I have it again', [
        html`<p>Nothing was sent to the device yet, so the wipe can be cancelled.</p>`,
        actionButton(visit, 'cancel', 'Cancel the wipe', {}),
      ])
    );
  }
  const forecast = await visit.self.wipeForecast(nameOf(visit));
  const isOpen = wasRefused(visit, 'wipe');
  return section('Lost it?', [
    html`<p>Wipe the device: it is erased when it comes to the server next.</p>`,
    guarded('Wipe this device', [forecastView(forecast), wipeForm(visit, device, forecast)], isOpen),
  ]);
}

function wipeForm(visit: Visit, device: DeviceDetails, { kinds, needsSecondPerson }: WipeForecast): Part {
  const choices = (own: Visit) =>
    kinds.map((kind, at) => check(own, 'kind', KIND_WORDS[kind], at === 0, { kind: 'radio', value: kind }));
  return form(visit, 'wipe', (own) => [
    kinds.length > 1
      ? html`<fieldset><legend>Erase</legend>${choices(own)}</fieldset>`
      : kinds.map((kind) => hidden('kind', kind)),
    field(own, 'why', 'What happened', { isRequired: true, placeholder: 'lost on the train' }),
    field(own, 'confirm', `Type ${deviceName(device)} to confirm`, { isRequired: true, hint: confirmHint(device) }),
    button(needsSecondPerson ? 'Ask for the wipe' : 'Wipe it', 'danger'),
  ]);
}

function removeSection(visit: Visit, { access }: DeviceDetails): Part {
  if (access !== 'allowed') return null;
  return section('Not in use any more?', [
    html`<p>Forgets the device here. Nothing is erased on it, and it may come again.</p>`,
    guarded(
      'Forget this device',
      form(visit, 'remove', [html`<p>Its app password ends with it.</p>`, button('Forget it', 'danger')]),
    ),
  ]);
}
