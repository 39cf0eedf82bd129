import { GatewayError } from '../../../../../src/domain/errors.ts';
import { plainMail } from '../../commands/mail-samples.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

const request = (store: string) =>
  `<Search xmlns="Search:" xmlns:A="AirSync:" xmlns:E="Email:"><Store>${store}</Store></Search>`;
const options = (inner: string) => (inner === '' ? '' : `<Options>${inner}</Options>`);
const gal = (query: string, more = '') => request(`<Name>GAL</Name><Query>${query}</Query>${options(more)}`);
const mailbox = (conditions: string, more = '') =>
  request(`<Name>Mailbox</Name><Query><And>${conditions}</And></Query>${options(more)}`);
const text = (words: string) => `<A:Class>Email</A:Class><FreeText>${words}</FreeText>`;
const within = (id: string) => `<A:CollectionId>${id}</A:CollectionId>`;

const STORE = 'Search/Response/Store';
const NO_LIBRARIES = 'Only of document libraries, which are not served: 13.';
const NO_PHOTOS = 'Users have no photos: 173.';

const manyMails = async ({ server }: Scene): Promise<void> => {
  for (let n = 0; n < 120; n += 1) await server.put('inbox', `m${n}`, plainMail(`m${n}`, 'common'));
};

/** MS-ASCMD §2.2.3.177.13. */
export const SEARCH_ROWS: readonly StatusTable[] = [
  {
    name: 'Search/Search',
    command: 'Search',
    rows: [
      { value: 1, at: 'Search', asks: { people: gal('bert'), mail: mailbox(text('hello')) } },
      {
        value: 3,
        at: 'Search',
        asks: { 'a directory that cannot answer': gal('bert') },
        prepare: ({ faults }) =>
          void faults.set('directory.users', new GatewayError('store-unavailable', { reason: 'busy' })),
      },
      {
        value: 3,
        at: 'Search',
        asks: { 'a store that cannot answer': mailbox(text('hello')) },
        prepare: ({ faults }) => void faults.set('items.*', new GatewayError('store-unavailable', { reason: 'busy' })),
      },
    ],
  },
  {
    name: 'Search/Store',
    command: 'Search',
    rows: [
      { value: 1, at: STORE, asks: { people: gal('bert'), mail: mailbox(text('hello')) } },
      {
        value: 2,
        at: STORE,
        asks: {
          'missing: text of a name': gal(''),
          'missing: Query': request('<Name>Mailbox</Name>'),
          'missing: a condition': mailbox(''),
          'missing: text of mail': mailbox('<FreeText/>'),
          'missing: a date': mailbox(`${text('x')}<LessThan><E:DateReceived/></LessThan>`),
          'malformed: the name of the store': request('<Name>Attic</Name><Query>a</Query>'),
          'malformed: a Range': gal('bert', '<Range>5-1</Range>'),
          'malformed: a Range of mail': mailbox(text('x'), '<Range>some</Range>'),
          'malformed: a date': mailbox(`${text('x')}<GreaterThan><E:DateReceived/><Value>soon</Value></GreaterThan>`),
          'oversized: a name': gal('m'.repeat(257)),
          'oversized: a Range': gal('bert', `<Range>0-${'9'.repeat(20)}</Range>`),
          'oversized: CollectionId': mailbox(text('x') + within('1'.repeat(65))),
          'out of order: the query of another store': gal('<FreeText>bert</FreeText>'),
          'a property that is no condition': mailbox(`${text('x')}<E:To>anna</E:To>`),
          'out of order: two conversations': mailbox('<ConversationId>AAAA</ConversationId>'.repeat(2)),
          'a class that is not searched': mailbox('<A:Class>SMS</A:Class><FreeText>x</FreeText>'),
          'a collection of another class': mailbox(text('x') + within('{calendar}')),
        },
      },
      { value: 3, never: 'A store that cannot answer is 3 of the whole command.' },
      { value: 4, never: NO_LIBRARIES },
      { value: 5, never: NO_LIBRARIES },
      { value: 6, never: NO_LIBRARIES },
      { value: 7, never: NO_LIBRARIES },
      {
        value: 8,
        at: STORE,
        asks: {
          Or: mailbox(`<Or>${text('x')}</Or>`),
          'several And': request(`<Name>Mailbox</Name><Query>${`<And>${text('x')}</And>`.repeat(2)}</Query>`),
          'a condition beside And': request(
            `<Name>Mailbox</Name><Query><FreeText>x</FreeText><And>${text('x')}</And></Query>`,
          ),
          nested: mailbox(`<And>${text('x')}</And>`),
          'another property': mailbox('<EqualTo><E:Read/><Value>1</Value></EqualTo>'),
          'oversized: 33 words': mailbox(text(Array.from({ length: 33 }, (_, n) => `w${n}`).join(' '))),
          'oversized: text': mailbox(text('x'.repeat(5_000))),
        },
      },
      {
        value: 10,
        at: STORE,
        options: { limits: { maxSearchMs: 0 } },
        asks: { 'oversized: more new mail than is looked through in time': mailbox(text('common')) },
        prepare: manyMails,
      },
      {
        value: 11,
        at: STORE,
        asks: { unknown: mailbox(text('x') + within('999')), malformed: mailbox(text('x') + within('x')) },
      },
      {
        value: 12,
        at: STORE,
        asks: { people: gal('bert', '<Range>1-2</Range>'), mail: mailbox(text('hello'), '<Range>1-2</Range>') },
      },
      { value: 13, at: STORE, asks: { 'a document library': request('<Name>DocumentLibrary</Name><Query>x</Query>') } },
      { value: 14, never: NO_LIBRARIES },
    ],
  },
  {
    name: 'Search/Picture',
    command: 'Search',
    rows: [
      { value: 1, never: NO_PHOTOS },
      {
        value: 173,
        at: `${STORE}/Result/Properties/Picture`,
        versions: ['14.1'],
        asks: { 'a photo of a user': gal('bert', '<Picture/>') },
      },
      { value: 174, never: NO_PHOTOS },
      { value: 175, never: NO_PHOTOS },
    ],
  },
];
