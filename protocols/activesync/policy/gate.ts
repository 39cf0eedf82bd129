import type { Device } from '../../../src/store/device-store.ts';
import type { EasCommand } from '../command.ts';
import { EasStatusError } from '../status.ts';
import type { PolicyRules } from './policy-rules.ts';

/**
 * Whether a request may pass as far as policies go (MS-ASPROV §3.1.5.1, MS-ASCMD §2.2.2). A client that never provisions passes
 * unless policies are demanded; one that shows a key must show the right one, so that it learns of new settings.
 * @throws EasStatusError 142 no policy yet, 143 there is a newer one, 144 the key is another's
 */
export function checkPolicy(command: EasCommand, device: Device, shownKey: number | null, rules: PolicyRules): void {
  if (command.passesWithoutPolicy === true) return;
  const { key, hash } = device.policy;
  if (shownKey === null) {
    if (rules.isRequired) throw new EasStatusError(142, 'the device shows no policy key');
    return;
  }
  if (shownKey !== key) throw new EasStatusError(144, 'the policy key is not the device’s');
  if (hash !== rules.hash) throw new EasStatusError(143, 'the device’s policy is out of date');
}
