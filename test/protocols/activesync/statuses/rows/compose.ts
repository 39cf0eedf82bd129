import { event } from '../../commands/sync/support.ts';
import type { Scene } from '../scene.ts';
import type { Ask } from '../table.ts';

export type Smart = 'SmartReply' | 'SmartForward';

/** In the words of a query of 12.1; documents say FolderId and InstanceId. */
export interface Source {
  readonly CollectionId?: string;
  readonly ItemId?: string;
  readonly LongId?: string;
  readonly Occurrence?: string;
}

export interface Draft {
  readonly mime?: string;
  readonly source?: Source;
  readonly more?: string;
  readonly clientId?: string;
}

export const HEAD = ['From: anna@example.org', 'To: bert@example.org', 'Subject: Hello'];
export const MESSAGE = [...HEAD, '', 'Hi Bert', ''].join('\r\n');
export const ENCRYPTED = [
  ...HEAD,
  'Content-Type: application/pkcs7-mime; smime-type=enveloped-data',
  '',
  'MIIB',
  '',
].join('\r\n');
/** The message of the scene. */
export const ORIGINAL: Source = { CollectionId: '{inbox}', ItemId: '{mail}' };

const DOCUMENT_NAMES = { CollectionId: 'FolderId', ItemId: 'ItemId', LongId: 'LongId', Occurrence: 'InstanceId' };
export const AS_MESSAGE = { 'Content-Type': 'message/rfc822' };

/** What sends a message in the version at hand: a document from 14.0 on, the message itself before. */
export function composed(
  command: 'SendMail' | Smart,
  { mime = MESSAGE, source, more = '', clientId = 'c1' }: Draft = {},
): (scene: Scene) => Ask {
  const names = Object.entries(source ?? {}) as [keyof Source, string][];
  return ({ version, fill }) => {
    if (version === '12.1') {
      const query = Object.fromEntries(names.map(([name, text]) => [name, fill(text)]));
      return { command, body: Buffer.from(mime), request: { headers: AS_MESSAGE, query } };
    }
    const inner = names.map(([name, text]) => `<${DOCUMENT_NAMES[name]}>${text}</${DOCUMENT_NAMES[name]}>`).join('');
    const sourceXml = command === 'SendMail' ? '' : `<Source>${inner}</Source>`;
    const body = `<${command} xmlns="ComposeMail:"><ClientId>${clientId}</ClientId><SaveInSentItems/>${more}${sourceXml}<MIME>${Buffer.from(mime).toString('base64')}</MIME></${command}>`;
    return { command, body };
  };
}

/** The id of an event that recurs daily. */
export async function series({ server, folders }: Scene): Promise<string> {
  const content = event('u7', 'Daily').replace('SUMMARY', 'RRULE:FREQ=DAILY;COUNT=5\r\nSUMMARY');
  return `${folders.calendar.id}:${await server.put('calendar', 'series', content)}`;
}
