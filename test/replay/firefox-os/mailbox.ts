import type { Administration } from '../../../src/admin/administration.ts';
import { addUser } from '../gateway.ts';

/** The recorded phone’s owner, who writes to itself. */
export const OWNER = 'u1@example.test';
/** Whom the recorded search for `User` finds. */
export const COLLEAGUE = { address: 'u2@example.test', name: 'User Two' };

const DAY_MS = 86_400_000;
/** Beside the two that the phone sends: two of this month, one with a file, and three of last year. */
const AGES_DAYS = [2, 10, 300, 310, 320];

export const RECENT_PREPARED = 2;
export const OLD_PREPARED = 3;

/** What the recorded requests take for granted: an owner, a colleague, and mail from before. */
export async function prepareMailbox(administration: Administration, now: number): Promise<void> {
  await addUser(administration, OWNER, 'User One');
  await addUser(administration, COLLEAGUE.address, COLLEAGUE.name);
  const folders = await administration.folderList({ address: OWNER });
  const inbox = folders.find(({ role }) => role === 'inbox')!;
  const entries = AGES_DAYS.map((days, n) => ({
    content: message(n, new Date(now - days * DAY_MS)),
    contentType: 'message/rfc822',
  }));
  await administration.importBatch({ address: OWNER, folderId: inbox.id, entries });
}

function message(n: number, date: Date): Buffer {
  const lines = [
    ...['From: Someone <someone@example.net>', `To: <${OWNER}>`, `Subject: from before ${n}`],
    ...[`Date: ${date.toUTCString().replace('GMT', '+0000')}`, `Message-ID: <before-${n}@example.net>`],
    ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', ''],
    ...['--b', 'Content-Type: text/plain; charset=utf-8', '', 'See the file.'],
    ...[
      '--b',
      'Content-Type: application/pdf; name=report.pdf',
      'Content-Disposition: attachment; filename=report.pdf',
    ],
    ...['Content-Transfer-Encoding: base64', '', 'JVBERi0=', '--b--', ''],
  ];
  return Buffer.from(lines.join('\r\n'));
}
