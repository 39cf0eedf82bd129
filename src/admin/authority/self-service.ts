import { GatewayError } from '../../domain/errors.ts';
import type { Administration } from '../administration.ts';
import type { InputOf, ResultOf } from './call-rule.ts';

/** What people may do about themselves, without any role. */
const SELF_CALLS = [
  ...['userShow', 'deviceList', 'deviceShow', 'deviceApprove', 'deviceResync', 'deviceRemove'],
  ...['appPasswordList', 'appPasswordAdd', 'appPasswordRevoke'],
  ...['recoveryPasswordShow', 'wipeForecast', 'wipeStart', 'wipeCancel', 'usageShow'],
] as const;

type SelfCall = (typeof SELF_CALLS)[number];

/** The calls with the address filled in. */
export type SelfService = {
  readonly [C in SelfCall]: (input: Omit<InputOf<C>, 'address' | 'domain'>) => Promise<ResultOf<C>>;
};

/** The administration as a user may use it: for their own mailbox and devices. */
export function selfService(administration: Administration, address: string): SelfService {
  const own = <C extends SelfCall>(name: C) => {
    const call = administration[name].bind(administration) as unknown as (input: object) => Promise<ResultOf<C>>;
    return (input: Omit<InputOf<C>, 'address' | 'domain'>) => call({ ...input, address, domain: null });
  };
  return {
    userShow: own('userShow'),
    deviceList: own('deviceList'),
    deviceShow: own('deviceShow'),
    deviceApprove: own('deviceApprove'),
    deviceResync: own('deviceResync'),
    appPasswordList: own('appPasswordList'),
    appPasswordAdd: own('appPasswordAdd'),
    appPasswordRevoke: own('appPasswordRevoke'),
    usageShow: own('usageShow'),
    recoveryPasswordShow: own('recoveryPasswordShow'),
    wipeForecast: own('wipeForecast'),
    wipeStart: own('wipeStart'),
    async wipeCancel(input) {
      await requireOwnWipe(administration, address, input.device);
      return own('wipeCancel')(input);
    },
    async deviceRemove(input) {
      await requireOwnDecision(administration, address, input.device);
      return own('deviceRemove')(input);
    },
  };
}

/** A wipe that an administrator asked for is not the user's to call off: the user may not be who has the device. */
async function requireOwnWipe(administration: Administration, address: string, device: string): Promise<void> {
  const { wipeDetails } = await administration.deviceShow({ address, device });
  if (wipeDetails === null || wipeDetails.by === address) return;
  const message = `${wipeDetails.by} asked for this wipe, so only an administrator can cancel it.`;
  throw new GatewayError('access-denied', { right: 'wipe' }, message);
}

/** A device that was kept out would come in again as a new one, if its user could make the server forget it. */
async function requireOwnDecision(administration: Administration, address: string, device: string): Promise<void> {
  const { access } = await administration.deviceShow({ address, device });
  if (access === 'allowed') return;
  const message = `The device ${device} is not let in, so only an administrator can remove it.`;
  throw new GatewayError('access-denied', { right: 'helpdesk' }, message);
}
