import type { DeviceContact } from '../../../src/devices/contact.ts';
import type { EasRequestLine } from '../query/request-line.ts';

/** The word for this protocol in the register of devices. */
export const EAS_PROTOCOL = 'activesync';

/** Characters of a User-Agent that are kept. */
const LONGEST_AGENT = 256;

/** What a request tells of the device it comes from. Spellings of one id are one device. */
export function easContact(line: EasRequestLine, userAgent: string, remoteAddress: string): DeviceContact {
  const [first, ...others] = line.deviceIdAliases;
  return {
    protocol: EAS_PROTOCOL,
    aliases: [first!, ...others],
    shownId: line.deviceId,
    type: line.deviceType,
    agent: userAgent.slice(0, LONGEST_AGENT),
    version: line.protocolVersion,
    remoteAddress,
  };
}
