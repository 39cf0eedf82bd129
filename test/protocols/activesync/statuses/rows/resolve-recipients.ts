import { GatewayError } from '../../../../../src/domain/errors.ts';
import type { Scene } from '../scene.ts';
import type { Row, StatusTable } from '../table.ts';

const request = (names: readonly string[], options = '') =>
  `<ResolveRecipients xmlns="ResolveRecipients:">${names.map((name) => `<To>${name}</To>`).join('')}${
    options === '' ? '' : `<Options>${options}</Options>`
  }</ResolveRecipients>`;
const span = (start: string, end: string) =>
  `<Availability><StartTime>${start}</StartTime><EndTime>${end}</EndTime></Availability>`;
const DAY = span('2026-01-06T00:00:00Z', '2026-01-07T00:00:00Z');
const CERTIFICATES = '<CertificateRetrieval>2</CertificateRetrieval>';

const RESPONSE = 'ResolveRecipients/Response';
const NO_CERTIFICATES = 'Certificates are not kept: 7.';

const contacts = async ({ server }: Scene): Promise<void> => {
  const card = (uid: string, name: string, more = '') =>
    `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${uid}\r\nFN:${name}\r\nN:;${name};;;\r\nEMAIL:${uid}@example.net\r\n${more}END:VCARD\r\n`;
  const photo = `PHOTO;ENCODING=b;TYPE=JPEG:${Buffer.from('a photo').toString('base64')}\r\n`;
  await server.put('contacts', 'zoe', card('zoe', 'Zoe', photo));
  await server.put('contacts', 'zora', card('zora', 'Zora', photo));
  await server.put('contacts', 'yan', card('yan', 'Yan'));
};

const picture = (value: number, name: string, limits = ''): Row => ({
  value,
  at: `${RESPONSE}/Recipient/Picture`,
  versions: ['14.1'],
  prepare: contacts,
  asks: { [name]: request([name], `<Picture>${limits}</Picture>`) },
});
const response = (value: number, asks: Readonly<Record<string, string>>): Row => ({
  ...{ value, at: RESPONSE, asks, prepare: contacts },
});

/** MS-ASCMD §2.2.3.177.12. */
export const RESOLVE_RECIPIENTS_ROWS: readonly StatusTable[] = [
  {
    name: 'ResolveRecipients/ResolveRecipients',
    command: 'ResolveRecipients',
    rows: [
      { value: 1, at: 'ResolveRecipients', asks: { 'a name': request(['bert']) } },
      {
        value: 5,
        at: 'ResolveRecipients',
        asks: {
          'missing: To': request([]),
          'oversized: 101 names': request(new Array<string>(101).fill('bert')),
          'oversized: a name': request(['b'.repeat(257)]),
          'malformed: MaxAmbiguousRecipients': request(
            ['bert'],
            '<MaxAmbiguousRecipients>some</MaxAmbiguousRecipients>',
          ),
          'out of range: CertificateRetrieval': request(['bert'], '<CertificateRetrieval>4</CertificateRetrieval>'),
          'malformed: another root': '<Ping xmlns="Ping:"/>',
        },
      },
      {
        value: 5,
        at: 'ResolveRecipients',
        versions: ['14.0', '14.1'],
        asks: {
          'missing: StartTime': request(['anna'], '<Availability/>'),
          'malformed: StartTime': request(['anna'], span('today', '2026-01-07T00:00:00Z')),
          'undersized: 29 minutes': request(['anna'], span('2026-01-06T00:00:00Z', '2026-01-06T00:29:00Z')),
          'oversized: 43 days': request(['anna'], span('2026-01-06T00:00:00Z', '2026-02-18T00:00:00Z')),
          'out of order: the end before the start': request(
            ['anna'],
            span('2026-01-06T00:00:00Z', '2026-01-05T00:00:00Z'),
          ),
        },
      },
      {
        value: 6,
        at: 'ResolveRecipients',
        asks: { 'a directory that cannot answer': request(['bert']) },
        prepare: ({ faults }) =>
          void faults.set('directory.users', new GatewayError('store-unavailable', { reason: 'busy' })),
      },
    ],
  },
  {
    name: 'ResolveRecipients/Response',
    command: 'ResolveRecipients',
    rows: [
      response(1, { 'a user': request(['bert']), 'a contact': request(['zoe']) }),
      response(2, { 'an ambiguous name': request(['zo']) }),
      response(3, {
        'an ambiguous name, one suggestion': request(['zo'], '<MaxAmbiguousRecipients>1</MaxAmbiguousRecipients>'),
      }),
      response(4, { 'a name of nobody': request(['nobody']), 'missing: text': request(['']) }),
    ],
  },
  {
    name: 'ResolveRecipients/Availability',
    command: 'ResolveRecipients',
    rows: [
      {
        value: 1,
        at: `${RESPONSE}/Recipient/Availability`,
        versions: ['14.0', '14.1'],
        asks: { oneself: request(['anna'], DAY) },
      },
      { value: 160, never: 'More than 100 names are 5 of the whole command.' },
      { value: 161, never: 'There are no groups of people.' },
      { value: 162, never: 'A store that cannot answer is 6 of the whole command.' },
      {
        value: 163,
        at: `${RESPONSE}/Recipient/Availability`,
        versions: ['14.0', '14.1'],
        prepare: contacts,
        asks: { 'another user': request(['bert'], DAY), 'a contact': request(['zoe'], DAY) },
      },
    ],
  },
  {
    name: 'ResolveRecipients/Certificates',
    command: 'ResolveRecipients',
    rows: [
      { value: 1, never: NO_CERTIFICATES },
      {
        value: 7,
        at: `${RESPONSE}/Recipient/Certificates`,
        asks: { 'a certificate wanted': request(['bert'], CERTIFICATES) },
      },
      { value: 8, never: NO_CERTIFICATES },
    ],
  },
  {
    name: 'ResolveRecipients/Picture',
    command: 'ResolveRecipients',
    rows: [
      picture(1, 'zoe'),
      picture(173, 'yan'),
      picture(174, 'zoe', '<MaxSize>6</MaxSize>'),
      picture(175, 'zo', '<MaxPictures>0</MaxPictures>'),
    ],
  },
];
