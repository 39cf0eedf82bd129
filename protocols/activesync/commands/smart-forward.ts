import { composeCommand } from './compose-mail/compose-command.ts';

/** SmartForward (MS-ASCMD §2.2.1.19): the original and its attachments go along, without the client having them. */
export const SMART_FORWARD = composeCommand('SmartForward');
