import {
  DEVICE_POLICY_SETTING,
  DevicePolicyError,
  OPEN_DEVICE_POLICY,
  readDevicePolicy,
} from '../config/device-policy.ts';
import { GatewayError } from '../domain/errors.ts';
import { acting } from '../observe/acting.ts';
import type { Administration } from './administration.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';

/** The calls about what is asked of devices. */
export function policyCalls({
  stores: { directory },
  log,
}: AdministrationParts): Pick<Administration, 'policyShow' | 'policySet'> {
  return {
    async policyShow() {
      try {
        return { policy: readDevicePolicy(await directory.setting(DEVICE_POLICY_SETTING)), problems: [] };
      } catch (error) {
        if (!(error instanceof DevicePolicyError)) throw error;
        return { policy: OPEN_DEVICE_POLICY, problems: error.problems };
      }
    },

    async policySet({ policy }) {
      const read = checked(policy);
      await directory.setSetting(DEVICE_POLICY_SETTING, read, acting().user);
      configLog(log)({ required: read.required, settings: Object.keys(read.settings) }, 'device policy set');
      return read;
    },
  };
}

/** @throws GatewayError 'object-invalid' */
function checked(policy: unknown) {
  try {
    return readDevicePolicy(policy);
  } catch (error) {
    if (!(error instanceof DevicePolicyError)) throw error;
    throw new GatewayError('object-invalid', { reason: error.problems.join('; ') }, error.message);
  }
}
