import type { DeviceDetails } from '../../calls/devices.ts';
import { html, type Part } from '../html.ts';
import { pathTo } from '../match-page.ts';
import type { Visit } from '../page.ts';
import { section } from '../parts/texts.ts';
import { wipeView } from '../parts/wipe-parts.ts';
import { WIPE_PATH } from './device-path.ts';

/** The part of the device's own page. */
export function wipeSection(visit: Visit, device: DeviceDetails): Part {
  if (!visit.can('wipeForecast')) return null;
  const path = pathTo(WIPE_PATH, device.owner, device.device);
  const { wipeDetails } = device;
  return section('Wipe', [
    wipeDetails === null ? html`<p>The device was not asked to erase anything.</p>` : wipeView(wipeDetails, visit.now),
    html`<p><a class="button danger" href="${path}">${wipeDetails === null ? 'Wipe this device …' : 'The wipe …'}</a></p>`,
  ]);
}
