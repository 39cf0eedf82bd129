import { GatewayError } from '../../../domain/errors.ts';
import type { DeviceSummary } from '../../calls/devices.ts';
import { deviceName } from './device-parts.ts';

/**
 * What cannot be undone is confirmed by typing what it is about.
 * @throws GatewayError 'object-invalid'
 */
export function requireTyped(typed: string, wanted: string, what: string): void {
  if (typed.toLowerCase() === wanted.toLowerCase()) return;
  throw notTyped(typed, wanted, what);
}

/**
 * A device is confirmed by its name as far as a keyboard has it, since phones are called “Ann’s iPhone” by themselves, or by its
 * id, which any keyboard has.
 * @throws GatewayError 'object-invalid'
 */
export function requireDeviceTyped(typed: string, device: DeviceSummary): void {
  const name = deviceName(device);
  if ([name, device.device].some((wanted) => typeable(typed) === typeable(wanted))) return;
  throw notTyped(typed, name === device.device ? name : `${name}, nor ${device.device}`, 'the name of the device');
}

/** What may be typed in place of the name; nothing where that is the id. */
export function confirmHint(device: DeviceSummary): string {
  return deviceName(device) === device.device ? '' : `Or its id, ${device.device}.`;
}

/** Quotes and dashes as keys have them, one space for many, and nothing that cannot be seen. */
function typeable(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019\u02bc`\u00b4]/gu, "'")
    .replace(/[\u201c-\u201e]/gu, '"')
    .replace(/\p{Pd}/gu, '-')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
}

function notTyped(typed: string, wanted: string, what: string): GatewayError {
  const reason = `${what} was not typed as it is`;
  const message = `Nothing was done: "${typed}" is not ${wanted}. Type it to confirm.`;
  return new GatewayError('object-invalid', { reason }, message);
}
