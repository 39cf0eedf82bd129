import type { DeviceDetails } from '../../calls/devices.ts';
import type { WipeForecast } from '../../calls/wipe.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import { done, type Page, page, type Visit } from '../page.ts';
import { deviceIcon, deviceName } from '../parts/device-parts.ts';
import { actionButton, button, check, field, form, guarded } from '../parts/forms.ts';
import { liveRegion } from '../parts/live-region.ts';
import { confirmHint, requireDeviceTyped } from '../parts/require-typed.ts';
import { table } from '../parts/table.ts';
import { facts, host, section, when } from '../parts/texts.ts';
import { userLink } from '../parts/user-parts.ts';
import { forecastView, KIND_WORDS, wipeBadge, wipeView } from '../parts/wipe-parts.ts';
import { DEVICE_PATH, nameOf, WIPE_PATH } from './device-path.ts';

/** A wipe of one device: what it will erase, the decision, what became of it. */
export const WIPE_PAGE: Page = {
  path: WIPE_PATH,
  needs: 'wipeForecast',
  async show(visit) {
    const device = await visit.calls.deviceShow(nameOf(visit));
    const forecast = await visit.calls.wipeForecast(nameOf(visit));
    const back = pathTo(DEVICE_PATH, device.owner, device.device);
    return page(
      `Wipe ${deviceName(device)} of ${device.owner}`,
      html`<p><a href="${back}">The device</a></p>${whichSection(visit, device)}${liveRegion(visit, 'wipe-state', 3, presentSection(visit, device))}
${isOpen(device) && section('What this client will erase', forecastView(forecast))}${startSection(visit, device, forecast)}${historySection(visit, device)}`,
    );
  },
  actions: {
    async start(visit, sent) {
      const device = await visit.calls.deviceShow(nameOf(visit));
      requireDeviceTyped(sent.text('confirm'), device);
      const kind = sent.text('kind') === 'account' ? 'account' : 'full';
      const { state } = await visit.calls.wipeStart({ ...nameOf(visit), kind, why: sent.text('why') });
      const waits = state === 'waiting-for-consent';
      return done(waits ? 'A second person has to consent now.' : 'The wipe begins as soon as the device comes.');
    },
    async consent(visit) {
      await visit.calls.wipeConsent(nameOf(visit));
      return done('You consented: the wipe begins as soon as the device comes.');
    },
    async cancel(visit, sent) {
      await visit.calls.wipeCancel({ ...nameOf(visit), why: sent.text('why') });
      return done('The wipe is cancelled; nothing was sent.');
    },
    async clear(visit, sent) {
      await visit.calls.wipeClear({ ...nameOf(visit), why: sent.text('why') });
      return done('The device may come again; it begins anew.');
    },
  },
};

/** Whether it is still to be decided, or can be taken back: what would be erased is of interest. */
function isOpen({ wipeDetails: wipe }: DeviceDetails): boolean {
  return wipe === null || wipe.state === 'cancelled' || wipe.sentAt === null;
}

/** Somebody may have two phones of one name: what tells them apart stands where the decision is made. */
function whichSection(visit: Visit, device: DeviceDetails): Part {
  const { type, information, agent, lastSeenAt, remoteAddress } = device;
  return section(
    'Which device',
    facts([
      ['Device id', html`<span class="mono">${device.device}</span>`],
      ['Kind', html`${deviceIcon(device.kind)} ${type || agent}`],
      ['Model', information.Model],
      ['User', userLink(device.owner)],
      ['Last contact', when(lastSeenAt, visit.now)],
      ['From', host(remoteAddress)],
    ]),
  );
}

function presentSection(visit: Visit, { wipeDetails: wipe }: DeviceDetails): Part {
  if (wipe === null) return null;
  const reason = (own: Visit) => field(own, 'why', 'Reason', { isRequired: true, id: 'f-end-why' });
  const mayCancel = wipe.state === 'waiting-for-consent' || wipe.state === 'pending' || wipe.state === 'silent';
  const mayClear = wipe.state === 'acknowledged' || wipe.state === 'failed' || wipe.state === 'silent';
  return section('The wipe now', [
    wipeView(wipe, visit.now),
    html`<div class="buttons">${
      wipe.state === 'waiting-for-consent' &&
      visit.can('wipeConsent') &&
      actionButton(visit, 'consent', 'Consent', {}, { kind: 'danger' })
    }${
      mayCancel &&
      wipe.sentAt === null &&
      visit.can('wipeCancel') &&
      guarded(
        'Cancel the wipe',
        form(visit, 'cancel', (own) => [reason(own), button('Cancel it')]),
      )
    }${
      mayClear &&
      (wipe.state !== 'silent' || wipe.sentAt !== null) &&
      visit.can('wipeClear') &&
      guarded(
        'Let the device come again',
        form(visit, 'clear', (own) => [reason(own), button('Let it come')]),
      )
    }</div>`,
  ]);
}

function startSection(visit: Visit, device: DeviceDetails, forecast: WipeForecast): Part {
  const state = device.wipeDetails?.state ?? 'cancelled';
  if (!visit.can('wipeStart') || state !== 'cancelled') return null;
  const name = deviceName(device);
  const kinds = (own: Visit) =>
    forecast.kinds.map((kind, at) => check(own, 'kind', KIND_WORDS[kind], at === 0, { kind: 'radio', value: kind }));
  const others = forecast.notOffered.map(({ kind, why }) => html`<p class="hint">Not ${KIND_WORDS[kind]}: ${why}.</p>`);
  return section(
    'Wipe it',
    form(visit, 'start', (own) => [
      html`<fieldset><legend>Erase</legend>${kinds(own)}${others}</fieldset>`,
      field(own, 'why', 'Reason', { isRequired: true, hint: 'Written into the log, with your name.' }),
      field(own, 'confirm', `Type ${name} to confirm`, { isRequired: true, hint: confirmHint(device) }),
      button(forecast.needsSecondPerson ? 'Ask for the wipe' : 'Wipe it', 'danger'),
    ]),
  );
}

function historySection(visit: Visit, { wipeHistory }: DeviceDetails): Part {
  if (wipeHistory.length === 0) return null;
  return section(
    'Earlier wipes',
    table(
      'Earlier wipes',
      [
        { label: 'Asked for', cell: ({ at, by }) => html`${when(at, visit.now)} by ${by}` },
        { label: 'Reason', cell: ({ why }) => why },
        { label: 'State', cell: ({ state }) => wipeBadge(state) },
        {
          label: 'Ended',
          cell: ({ endedAt, endedBy }) => html`${when(endedAt, visit.now)}${endedBy !== null && html` by ${endedBy}`}`,
        },
        { label: 'Because', cell: ({ endedWhy }) => endedWhy ?? '–' },
      ],
      wipeHistory.toReversed(),
    ),
  );
}
