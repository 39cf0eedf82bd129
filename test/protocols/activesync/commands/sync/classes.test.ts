import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FolderRole } from '../../../../../src/domain/item-class.ts';
import { calendarObject, card, event, mail, syncPhone, withServer } from './support.ts';

interface Sample {
  readonly role: FolderRole;
  /** What another client puts, and what a phone sees of it. */
  readonly content: string;
  readonly shown: RegExp;
  /** What a phone makes of it, and what another client sees then. */
  readonly change: string;
  readonly stored: RegExp;
  /** Stays, though no phone can say it. */
  readonly kept: RegExp | null;
  /** A new item of a phone's; null: none can be added. */
  readonly add: string | null;
  readonly versions: readonly ('12.1' | '14.0' | '14.1')[];
}

const ALL = ['12.1', '14.0', '14.1'] as const;
const SAMPLES: readonly Sample[] = [
  {
    role: 'contacts',
    content: card('u1', 'Ada Lovelace').replace('END:', 'X-OWN:stays\r\nEND:'),
    shown: /<FirstName[^>]*>Ada<\/FirstName>/,
    change: '<c:FirstName>Augusta</c:FirstName><c:LastName>Lovelace</c:LastName>',
    stored: /N:Lovelace;Augusta/,
    kept: /X-OWN:stays/,
    add: '<c:FirstName>Grace</c:FirstName><c:LastName>Hopper</c:LastName>',
    versions: ALL,
  },
  {
    role: 'calendar',
    content: event('u1', 'Meeting').replace('END:VEVENT', 'X-OWN:stays\r\nEND:VEVENT'),
    shown: /<Subject[^>]*>Meeting<\/Subject>/,
    change:
      '<cal:Subject>Moved</cal:Subject><cal:StartTime>20260105T120000Z</cal:StartTime><cal:EndTime>20260105T130000Z</cal:EndTime>',
    stored: /SUMMARY:Moved/,
    kept: /X-OWN:stays/,
    add: '<cal:Subject>New</cal:Subject><cal:StartTime>20260106T120000Z</cal:StartTime><cal:EndTime>20260106T130000Z</cal:EndTime>',
    versions: ALL,
  },
  {
    role: 'tasks',
    content: calendarObject('VTODO', 'u1', 'SUMMARY:Shop', 'X-OWN:stays'),
    shown: /<Subject[^>]*>Shop<\/Subject>/,
    change: '<t:Subject>Shop more</t:Subject><t:Complete>0</t:Complete>',
    stored: /SUMMARY:Shop more/,
    kept: /X-OWN:stays/,
    add: '<t:Subject>New</t:Subject><t:Complete>0</t:Complete>',
    versions: ALL,
  },
  {
    role: 'notes',
    content: calendarObject('VJOURNAL', 'u1', 'SUMMARY:Idea', 'X-OWN:stays'),
    shown: /<Subject[^>]*>Idea<\/Subject>/,
    change: '<n:Subject>Better idea</n:Subject>',
    stored: /SUMMARY:Better idea/,
    kept: /X-OWN:stays/,
    add: '<n:Subject>New</n:Subject><n:MessageClass>IPM.StickyNote</n:MessageClass>',
    versions: ['14.0', '14.1'],
  },
  {
    role: 'inbox',
    content: mail('Greetings'),
    shown: /<Subject[^>]*>Greetings<\/Subject>.*<Read[^>]*>0<\/Read>/,
    change: '<e:Read>1</e:Read>',
    stored: /Subject: Greetings/,
    kept: null,
    add: null,
    versions: ALL,
  },
];

for (const sample of SAMPLES) {
  for (const version of sample.versions) {
    test(`${version}: ${sample.role} both ways`, () =>
      withServer(async (server) => {
        const id = `${(await server.folder(sample.role)).id}`;
        const phone = syncPhone(server, { version });
        await phone.begin(id);
        const item = await server.put(sample.role, 'one', sample.content);
        const serverId = `${id}:${item}`;
        await phone.sync([{ id }]);
        assert.match(phone.items(id).get(serverId)!, sample.shown);
        const reader = server.environment.sync.store.read(server.anna.mailboxId);
        const stored = async (itemId: number): Promise<string> => {
          const chunks: Uint8Array[] = [];
          for await (const chunk of reader.content(itemId)) chunks.push(chunk);
          return Buffer.concat(chunks).toString();
        };
        const change = `<Change><ServerId>${serverId}</ServerId><ApplicationData>${sample.change}</ApplicationData></Change>`;
        const [changed] = (await phone.sync([{ id, xml: `<Commands>${change}</Commands>` }])).collections;
        assert.deepEqual([changed!.status, changed!.responses, changed!.commands], [1, [], []]);
        assert.match(await stored(item), sample.stored);
        if (sample.kept !== null) assert.match(await stored(item), sample.kept);
        else assert.equal((await reader.item(item))!.flags.read, true);
        if (sample.add !== null) {
          const add = `<Add><ClientId>c1</ClientId><ApplicationData>${sample.add}</ApplicationData></Add>`;
          const [added] = (await phone.sync([{ id, xml: `<Commands>${add}</Commands>` }])).collections;
          assert.equal(added!.responses[0]!.status, 1);
          const other = syncPhone(server, { version, deviceId: 'B1' });
          await other.begin(id);
          assert.equal(other.items(id).size, 2);
        }
        await server.remove(item);
        const [removed] = (await phone.sync([{ id }])).collections;
        assert.deepEqual(
          removed!.commands.map(({ kind, serverId }) => [kind, serverId]),
          [['Delete', serverId]],
        );
        assert.deepEqual(
          server.lines.filter(({ level }) => level === 'error'),
          [],
        );
      }));
  }
}

test('12.1 knows no notes: such a collection is not there', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('notes')).id}`;
    const phone = syncPhone(server, { version: '12.1' });
    const [told] = (await phone.sync([{ id }])).collections;
    assert.ok(told!.status === 8 || told!.status === 12);
    assert.deepEqual(await server.environment.sync.store.read(server.anna.mailboxId).partnerships(), []);
  }));
