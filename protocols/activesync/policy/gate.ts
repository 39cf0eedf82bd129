import { CLIENT_ORIGIN } from '../../../src/domain/mailbox.ts';
import type { Device } from '../../../src/store/device-store.ts';
import type { EasContext } from '../command.ts';
import { EasStatusError } from '../status.ts';
import { type PolicyRules, refusalOfAnswer } from './policy-rules.ts';

/** For how long a device that shows no key at all is told to fetch a policy before it is told that it cannot go on. */
const PATIENCE_MS = 10 * 60_000;

/** The document in which it stands since when a device did not fetch the policy that it needs. */
export function unprovisionedDocument(deviceId: string): string {
  return `${deviceId}/unprovisioned`;
}

/**
 * Whether a request may pass as far as policies go (MS-ASPROV §3.1.5.1, MS-ASCMD §2.2.2). A client that never provisions passes
 * unless policies are demanded; one that shows a key must show the right one, so that it learns of new settings.
 * @throws EasStatusError 141 the device does not know of policies, 142 no policy yet, 143 there is a newer one, 144 the key is
 *   another's
 */
export async function checkPolicy(
  context: Pick<EasContext, 'environment' | 'principal' | 'device' | 'line'>,
  rules: PolicyRules,
): Promise<void> {
  const { device, line } = context;
  const { key, hash, answer } = device.policy;
  if (line.policyKey === null) {
    if (!rules.isRequired) return;
    throw new EasStatusError(await statusWithoutKey(context), 'the device shows no policy key');
  }
  if (line.policyKey !== key) throw new EasStatusError(144, 'the policy key is not the device’s');
  if (hash !== rules.hash) throw new EasStatusError(143, 'the device’s policy is out of date');
  // What was enough when it answered is not any more, or it came back to a policy after it refused another.
  if (refusalOfAnswer(answer, rules) !== null) throw new EasStatusError(143, `its answer ${answer} is not enough now`);
}

/**
 * Whether the device has to fetch a policy before it goes on. For requests that show no key though the device has one: AOSP sends
 * none with Ping.
 */
export function isPolicyDue({ policy: { key, hash, answer } }: Pick<Device, 'policy'>, rules: PolicyRules): boolean {
  if (key === null) return rules.isRequired;
  return hash !== rules.hash || refusalOfAnswer(answer, rules) !== null;
}

/**
 * 142 sends a client to Provision, 141 makes it give up. A client that shows the key 0 knows what to do; of one that shows
 * nothing it is known only when it was told for a while and did nothing: some show no key until they have one.
 */
async function statusWithoutKey({
  environment,
  principal,
  device,
  line,
}: Pick<EasContext, 'environment' | 'principal' | 'device' | 'line'>): Promise<141 | 142> {
  if (line.showsPolicyKey || line.isProbe) return 142;
  const { store, clock } = environment.sync;
  const name = unprovisionedDocument(device.id);
  const now = clock.now();
  const since = await store.read(principal.mailboxId).document(name);
  if (typeof since === 'number') return now - since < PATIENCE_MS ? 142 : 141;
  await store.write(principal.mailboxId, CLIENT_ORIGIN, (tx) => tx.putDocument(name, now));
  return 142;
}
