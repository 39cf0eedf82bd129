import { GatewayError } from '../domain/errors.ts';
import type { Folder } from '../domain/folder.ts';
import type { Item } from '../domain/item.ts';
import { HOME_OF } from '../domain/item-class.ts';
import type { Principal } from '../domain/principal.ts';
import type { MailboxWriter } from '../store/mailbox-store.ts';
import { freeName } from './free-name.ts';
import { requireRight } from './require-right.ts';
import { checkUidIsFree } from './uid-rule.ts';

/**
 * Moves an item to another folder for a client that knows no names: it keeps its id, and its name where that is free. What
 * refuses does so before anything is written.
 * @throws GatewayError 'access-denied', 'component-unsupported', 'content-unsupported', 'uid-conflict'
 */
export async function relocateItem(
  tx: MailboxWriter,
  principal: Principal,
  item: Item,
  from: Folder,
  to: Folder,
): Promise<Item> {
  requireRight(principal, from, 'write');
  requireRight(principal, to, 'write');
  checkTaken(to, item);
  await checkUidIsFree(tx, to, item.uid, item.id);
  return tx.moveItem(item.id, to.id, await freeName(tx, to.id, item.name));
}

/** @throws GatewayError 'component-unsupported' | 'content-unsupported' when the folder does not take such an item. */
export function checkTaken(to: Folder, source: Item): void {
  const home = HOME_OF[to.itemClass];
  const fits =
    home === 'calendars'
      ? (to.components as readonly string[]).includes(source.kind)
      : home === 'addressbooks'
        ? source.kind === 'VCARD'
        : home === 'mail'
          ? source.kind === 'MESSAGE'
          : true;
  if (fits) return;
  if (home === 'calendars' && source.contentType === 'text/calendar') {
    throw new GatewayError('component-unsupported', { component: source.kind, allowed: to.components });
  }
  const { contentType } = source;
  throw new GatewayError('content-unsupported', { contentType }, `${to.name} does not take ${contentType}.`);
}
