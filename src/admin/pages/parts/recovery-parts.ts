import type { DeviceDetails } from '../../calls/devices.ts';
import type { ShownRecoveryPassword } from '../../calls/recovery-passwords.ts';
import { type Html, html, type Part } from '../html.ts';
import { type PageView, page, type Visit } from '../page.ts';
import { deviceName } from './device-parts.ts';
import { actionButton } from './forms.ts';
import { section, when } from './texts.ts';

/** That there is a recovery password, and the button that asks for it. The page has the action `recovery`. */
export function recoverySection(visit: Visit, device: DeviceDetails, mayShow: boolean): Part {
  const { recoveryPassword } = device;
  if (recoveryPassword === null) return null;
  return section('Recovery password', [
    html`<p>The device deposited one ${when(recoveryPassword.depositedAt, visit.now)}. It unlocks the device when its own password is forgotten; each look at it is written into the log.</p>`,
    mayShow && actionButton(visit, 'recovery', 'Show recovery password', {}),
  ]);
}

/** A page of its own, so that it is not on the screen of who looks for something else. */
export function recoveryPage(visit: Visit, device: DeviceDetails, shown: ShownRecoveryPassword): PageView {
  return page(`Recovery password of ${deviceName(device)}`, shownRecovery(visit, shown));
}

function shownRecovery(visit: Visit, { password, depositedAt }: ShownRecoveryPassword): Html {
  return html`<section aria-label="The recovery password"><p class="secret">${password}</p><p>Deposited ${when(depositedAt, visit.now)}. Type it on the locked device; it asks for a new password then, and most devices deposit another recovery password at their next sync.</p></section>
<p><a class="button" href="${visit.here}">Back to the device</a></p>`;
}
