import { composeCommand } from './compose-mail/compose-command.ts';

/** SmartReply (MS-ASCMD §2.2.1.20): the original is quoted below what the client wrote. */
export const SMART_REPLY = composeCommand('SmartReply');
