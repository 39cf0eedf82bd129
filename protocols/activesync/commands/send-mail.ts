import { composeCommand } from './compose-mail/compose-command.ts';

/** SendMail (MS-ASCMD §2.2.1.17): a message as the client wrote it. */
export const SEND_MAIL = composeCommand('SendMail');
