import type { EasContext } from '../../command.ts';
import type { EasEnvironment } from '../../environment.ts';

const DAY_MS = 86_400_000;

interface Warned {
  readonly day: number;
  readonly names: Set<string>;
}

/** What was warned of today, for each endpoint of this process. */
const WARNED = new WeakMap<EasEnvironment, Warned>();

/** Says once a day for a device and collection that many of its items cannot be shown: somebody should look. */
export function warnOfQuarantine({ environment, principal, device }: EasContext, id: string, items: number): void {
  const day = Math.floor(environment.sync.clock.now() / DAY_MS);
  const known = WARNED.get(environment);
  const warned = known?.day === day ? known : { day, names: new Set<string>() };
  WARNED.set(environment, warned);
  const name = `${principal.mailboxId}/${device.id}/${id}`;
  if (warned.names.has(name)) return;
  warned.names.add(name);
  const fields = { mailboxId: principal.mailboxId, device: device.id, collection: id, items };
  environment.log.warn(fields, 'Many items of a collection are in quarantine for a device');
}
