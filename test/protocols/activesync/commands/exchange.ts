import { type Captured, crossCheck, expectXml, needsCrossCheck } from '../../../support/eas/cross-check.ts';
import type { Phone, PhoneRequest } from '../../../support/eas/phone.ts';

/**
 * Sends a request written by hand and compares the whole answer with one written by hand: by `crossCheck` where libwbxml is
 * installed, else by our own codec alone. Gives what stands for `{name}`.
 */
export async function exchange(
  phone: Phone,
  command: string,
  request: string,
  expected: string,
  options: PhoneRequest = {},
): Promise<Captured> {
  if (!('skip' in needsCrossCheck)) return crossCheck(phone, command, request, expected, options);
  return expectXml(await phone.post(command, request, options), expected);
}
