import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mail, syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

type Version = '12.1' | '14.0' | '14.1';

const TYPE = '<e:FlagType>for Follow Up</e:FlagType>';
const TO_DO = `<e:Status>2</e:Status>${TYPE}`;
const DATES = {
  StartDate: '2026-01-02T00:00:00.000Z',
  UtcStartDate: '2026-01-02T00:00:00.000Z',
  DueDate: '2026-01-09T00:00:00.000Z',
  UtcDueDate: '2026-01-09T00:00:00.000Z',
};

function datesOf(changes: Partial<Record<keyof typeof DATES, string | null>> = {}): string {
  return Object.entries({ ...DATES, ...changes })
    .map(([name, value]) => (value === null ? '' : `<t:${name}>${value}</t:${name}>`))
    .join('');
}

/** Changes a mail that a phone holds. The status is null where the server has nothing to say against it. */
async function changed(server: EasServer, version: Version, data: string) {
  const phone = syncPhone(server, { version });
  const id = String((await server.folder('inbox')).id);
  await phone.begin(id);
  const [serverId] = [...phone.items(id).keys()];
  const command = `<Change><ServerId>${serverId}</ServerId><ApplicationData>${data}</ApplicationData></Change>`;
  const told = await phone.sync([{ id, xml: `<Commands>${command}</Commands>` }]);
  await phone.begin(id);
  const shown = phone
    .items(id)
    .get(serverId!)!
    .replace(/ xmlns="[^"]*"/g, '');
  return { status: told.collections[0]?.responses[0]?.status ?? null, shown };
}

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: MS-ASEMAIL_R757, R702, R407, R851, R409, R92: a flag that lacks what belongs together is 6`, () =>
    withServer(async (server) => {
      await server.put('inbox', 'a', mail('Flagged'));
      const wrong = {
        'a status of 3': `<e:Status>3</e:Status>${TYPE}`,
        'a reminder without time': `${TO_DO}<t:ReminderSet>1</t:ReminderSet>`,
        'due before the start': TO_DO + datesOf({ DueDate: '2026-01-01T00:00:00.000Z' }),
        'due before the start, in UTC': TO_DO + datesOf({ UtcDueDate: '2026-01-01T00:00:00.000Z' }),
        'two dates of four': TO_DO + datesOf({ UtcStartDate: null, UtcDueDate: null }),
      };
      for (const [name, flag] of Object.entries(wrong)) {
        const { status, shown } = await changed(server, version, `<e:Flag>${flag}</e:Flag>`);
        assert.equal(status, 6, name);
        assert.match(shown, /<Flag\/>/, name);
      }
    }));

  test(`${version}: MS-ASEMAIL_R940, R941, R942, R86, R90, R88, R8800: flags are set, completed, renamed and cleared`, () =>
    withServer(async (server) => {
      await server.put('inbox', 'a', mail('Flagged'));
      const done = '<t:DateCompleted>2026-02-01T00:00:00.000Z</t:DateCompleted>';
      const completed = `<e:CompleteTime>2026-02-01T00:00:00.000Z</e:CompleteTime>${done}`;
      const reminder = '<t:ReminderSet>1</t:ReminderSet><t:ReminderTime>2026-01-05T00:00:00.000Z</t:ReminderTime>';
      const order = '<t:OrdinalDate>2026-01-01T00:00:00.000Z</t:OrdinalDate><t:SubOrdinalDate>5</t:SubOrdinalDate>';
      const task = `<t:Subject>Task</t:Subject>${TO_DO}${datesOf()}${reminder}${order}`;
      for (const [flag, expected] of [
        [TO_DO + datesOf(), /<FlagStatus>2<.*<UTCDueDate>/],
        [`${TO_DO}${completed}`, /<FlagStatus>2<.*<CompleteTime>/],
        [task, /<Subject>Task<.*<ReminderSet>1<.*<SubOrdinalDate>5</],
        ['<e:Status>2</e:Status><e:FlagType>Call</e:FlagType>', /<FlagType>Call<\/FlagType><\/Flag>/],
        [`<e:Status>1</e:Status>${completed}`, /<FlagStatus>1<.*<CompleteTime>.*<DateCompleted>/],
        ['<e:Status>0</e:Status>', /<Flag\/>/],
        [task, /<FlagStatus>2</],
        ['', /<Flag\/>/],
      ] as const) {
        const { status, shown } = await changed(server, version, `<e:Flag>${flag}</e:Flag>`);
        assert.equal(status, null, flag);
        assert.match(shown, expected);
      }
    }));

  test(`${version}: MS-ASEMAIL_R581 to R869: an element that a flag says twice is no error`, () =>
    withServer(async (server) => {
      await server.put('inbox', 'a', mail('Flagged'));
      for (const twice of ['<e:Status>2</e:Status>', `<t:DueDate>${DATES.DueDate}</t:DueDate>`]) {
        const { status } = await changed(server, version, `<e:Flag>${TO_DO}${datesOf()}${twice}</e:Flag>`);
        assert.equal(status, null, twice);
      }
    }));
}

for (const version of ['14.0', '14.1'] as const) {
  test(`${version}: MS-ASEMAIL_R347, R648, R723: what is not for a client to change is 6; R318: no categories are told`, () =>
    withServer(async (server) => {
      await server.put('inbox', 'a', mail('Fixed'));
      for (const name of ['ConversationId', 'ReceivedAsBcc', 'Sender']) {
        const fixed = `<m:${name} xmlns:m="Email2:">1</m:${name}>`;
        const { status, shown } = await changed(server, version, `<e:Read>1</e:Read>${fixed}`);
        assert.equal(status, 6, name);
        assert.match(shown, /<Read>0<.*<Categories\/>/);
      }
    }));
}
