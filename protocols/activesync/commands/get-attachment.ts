import { isAtLeast } from '../classes/version.ts';
import type { EasCommand } from '../command.ts';
import { EasStatusError } from '../status.ts';
import { findAttachment } from '../translate/find-attachment.ts';

/** RFC 6838 §4.2; a message may say anything. */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;

/**
 * GetAttachment (MS-ASCMD §2.2.1.7), of 12.1: the bytes themselves. Later versions fetch by ItemOperations. There is no
 * document, so that every refusal is an HTTP status.
 */
export const GET_ATTACHMENT: EasCommand = {
  name: 'GetAttachment',
  protocolError: null,
  takes: { empty: true },
  async handle(context) {
    const { version, line } = context;
    if (isAtLeast(version, '14.0')) throw new EasStatusError(138, `GetAttachment in version ${version}`);
    const name = line.attachmentName ?? '';
    if (name === '' || name.length > 512) throw new EasStatusError(103, 'GetAttachment without AttachmentName');
    const found = await findAttachment(context, name);
    // What the specification says of an attachment that is gone.
    if (found === null) throw new EasStatusError(150, `no attachment ${name}`, 500);
    const contentType = MEDIA_TYPE.test(found.contentType) ? found.contentType : 'application/octet-stream';
    return { kind: 'bytes', contentType, body: found.open() };
  },
};
