import { createHash } from 'node:crypto';
import type { Collection } from '../../translate/view.ts';
import type { AskedCommand } from './asked.ts';

/**
 * Short messages among mail (MS-ASMS) are not kept. Some phones send theirs though they were never asked for, and send them again for as
 * long as they are refused; so each is taken by name and let go of, and stays where it is, on the phone.
 */
export function isShortMessage({ easClass }: Extract<AskedCommand, { kind: 'add' }>, collection: Collection): boolean {
  return easClass === 'SMS' && collection.easClass === 'Email';
}

/** The ServerId of a message that was let go of: of no item, and the same however often it comes. */
export function nameOfShortMessage({ id }: Collection, clientId: string): string {
  return `${id}:s${createHash('sha256').update(clientId).digest('hex').slice(0, 16)}`;
}

/** Whether a ServerId was given to a short message of this collection. */
export function isNameOfShortMessage({ id, easClass }: Collection, serverId: string): boolean {
  return easClass === 'Email' && serverId.startsWith(`${id}:`) && /^s[0-9a-f]{16}$/.test(serverId.slice(id.length + 1));
}
