import { commandOfText } from './commands.ts';
import { deviceIdOfText } from './device-id.ts';
import { EasQueryError } from './error.ts';
import { type EasRequestLine, isTrue, policyKeyOf } from './request-line.ts';

/**
 * `Cmd=Sync&User=…&DeviceId=…&DeviceType=…` (MS-ASHTTP §2.2.1.1.1.2): names in any order and case; of a repeated one the first
 * that is not empty counts. @throws EasQueryError
 */
export function parsePlainQuery(query: string): EasRequestLine {
  const parameters = parametersOf(query);
  const text = (name: string): string | null => parameters.get(name) ?? null;
  const commandText = text('cmd');
  if (commandText === null) throw new EasQueryError('command', 'The query names no command (Cmd).');
  const command = commandOfText(commandText);
  const device = deviceIdOfText(text('deviceid') ?? '');
  if (device === null) throw new EasQueryError('device-id', 'DeviceId is missing or not well formed.', { command });
  const deviceType = text('devicetype');
  if (deviceType === null || !isDeviceType(deviceType)) {
    throw new EasQueryError('device-type', 'DeviceType is missing or not well formed.', { command });
  }
  // One client puts the key into the query when it acknowledges a policy.
  const shownKey = text('policykey') ?? text('x-ms-policykey');
  return {
    form: 'plain',
    command,
    commandText,
    user: text('user'),
    ...device,
    deviceType,
    protocolVersion: null,
    policyKey: policyKeyOf(shownKey),
    showsPolicyKey: shownKey !== null,
    locale: null,
    attachmentName: text('attachmentname'),
    collectionId: text('collectionid'),
    itemId: text('itemid'),
    longId: text('longid'),
    occurrence: text('occurrence'),
    saveInSent: isTrue(text('saveinsent')),
    acceptMultipart: false,
  };
}

/** Up to 32 characters without controls; the specification has letters and digits, clients also write signs. */
export function isDeviceType(text: string): boolean {
  return /^[^\x00-\x1f\x7f]{1,32}$/.test(text);
}

function parametersOf(query: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = percentDecode(equals < 0 ? pair : pair.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? '' : percentDecode(pair.slice(equals + 1).replaceAll('+', ' '));
    if (value !== '' && !parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** Percent escapes as UTF-8. What is none stays as it is, bytes that are no UTF-8 become U+FFFD; nothing is refused. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}
