import type { Scene } from '../scene.ts';
import type { Ask, StatusTable } from '../table.ts';

const request = (...inner: readonly string[]) =>
  `<MeetingResponse xmlns="MeetingResponse:">${inner.map((xml) => `<Request>${xml}</Request>`).join('')}</MeetingResponse>`;
const accept = (id: string, more = '') =>
  `<UserResponse>1</UserResponse><CollectionId>{inbox}</CollectionId><RequestId>${id}</RequestId>${more}`;
const one = (id: string, more = '') => request(accept(id, more));

const RESULT = 'MeetingResponse/Result';

/** A mail by which somebody invites anna. */
export function invitation(organizer: string): string {
  const calendar = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'METHOD:REQUEST', 'BEGIN:VEVENT', 'UID:meet'],
    ...['DTSTAMP:20260101T000000Z', 'DTSTART:20260504T100000Z', 'DTEND:20260504T110000Z', 'SUMMARY:Review'],
    ...[`ORGANIZER:mailto:${organizer}`, 'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna@example.org'],
    ...['END:VEVENT', 'END:VCALENDAR', ''],
  ];
  const head = ['From: bert@example.org', 'To: anna@example.org', 'Subject: Review', 'MIME-Version: 1.0'];
  const type = 'Content-Type: text/calendar; charset=utf-8; method=REQUEST';
  return [...head, type, '', ...calendar].join('\r\n');
}

/** Accepts an invitation that has just come. */
const invited =
  (organizer: string) =>
  async ({ server, folders }: Scene): Promise<Ask> =>
    one(`${folders.inbox.id}:${await server.put('inbox', 'invitation', invitation(organizer))}`);

const failing = (error: Error) => ({
  // Only of the engine’s store: the invitation still comes.
  prepare: ({ faults }: Scene): void => void faults.set('sync.write', error),
});

const full = async ({ server }: Scene): Promise<void> => {
  await server.environment.items.store.setQuota(server.anna.mailboxId, { bytes: null, items: 5 });
};

/** MS-ASCMD §2.2.3.177.9. */
export const MEETING_RESPONSE_ROWS: StatusTable = {
  name: 'MeetingResponse',
  command: 'MeetingResponse',
  rows: [
    {
      value: 1,
      at: RESULT,
      asks: { 'an invitation': invited('bert@example.org') },
      // The event is there, and the mail in Deleted Items.
      changes: ['+item', '~head', '~item', '~stamp of folder', '~stamps of item'],
    },
    {
      value: 2,
      at: RESULT,
      asks: {
        'unknown: RequestId': one('{inbox}:999'),
        'malformed: RequestId': one('nonsense'),
        'malformed: UserResponse': one('{mail}').replace('>1<', '>5<'),
        'oversized: RequestId': one('1'.repeat(256)),
        'unknown: CollectionId': one('{mail}').replace('{inbox}', '999'),
        'another folder’s: CollectionId': one('{mail}').replace('{inbox}', '{calendar}'),
        'a mail that invites to nothing': one('{mail}'),
        'a contact': one('{card}'),
        'an event without organizer': one('{event}'),
        'an invitation by oneself': invited('anna@example.org'),
      },
    },
    { value: 3, at: RESULT, asks: { 'oversized: a mailbox without room': invited('bert@example.org') }, prepare: full },
    {
      value: 4,
      at: RESULT,
      asks: { 'a mistake of ours': invited('bert@example.org') },
      ...failing(new Error('a mistake')),
    },
  ],
};
