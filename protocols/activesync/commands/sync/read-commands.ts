import { createHash } from 'node:crypto';
import { toFields } from '../../classes/wbxml-adapter.ts';
import { EasStatusError } from '../../status.ts';
import type { WbxElement } from '../../wbxml/element.ts';
import { encodeWbxml } from '../../wbxml/encode.ts';
import { child, childElements, childText, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { checkIdLength } from '../id-length.ts';
import type { AskedCommand, AskedContent } from './asked.ts';

/** What a device did in one collection, in its order. @throws WbxValueError, EasStatusError 103 */
export function readCommands(collection: WbxElement): AskedCommand[] {
  const commands = child(collection, 'AirSync:Commands');
  if (commands === null) return [];
  return childElements(commands).flatMap((element): AskedCommand[] => {
    switch (element.name) {
      case 'AirSync:Add': {
        const easClass = childText(element, 'AirSync:Class');
        const clientId = idIn(requiredChild(element, 'AirSync:ClientId'));
        if (clientId === '') throw new EasStatusError(103, 'an Add without ClientId');
        return [{ kind: 'add', clientId, easClass, content: contentOf(element) }];
      }
      case 'AirSync:Change':
        return [{ kind: 'change', serverId: serverIdIn(element), content: contentOf(element) }];
      case 'AirSync:Delete':
        return [{ kind: 'delete', serverId: serverIdIn(element) }];
      case 'AirSync:Fetch':
        return [{ kind: 'fetch', serverId: serverIdIn(element) }];
      default:
        throw new EasStatusError(103, `${element.name} is no command of a client`);
    }
  });
}

/** The id in an element. @throws WbxValueError */
export function idIn(element: WbxElement): string {
  const id = textOf(element);
  checkIdLength(element.name, id);
  return id;
}

function serverIdIn(command: WbxElement): string {
  return idIn(requiredChild(command, 'AirSync:ServerId'));
}

function contentOf(command: WbxElement): AskedContent {
  const data = requiredChild(command, 'AirSync:ApplicationData');
  return { fields: toFields(data), hash: hashOf(data) };
}

/** Equal for elements that are written alike. */
export function hashOf(element: WbxElement): string {
  return createHash('sha256')
    .update(encodeWbxml(element, { version: 'any' }))
    .digest('base64url');
}
