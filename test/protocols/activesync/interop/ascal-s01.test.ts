import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

type Version = '12.1' | '14.0' | '14.1';

const VERSIONS: readonly Version[] = ['12.1', '14.0', '14.1'];
/** An hour of the second day from now on. */
const TIMES = '<cal:StartTime>20260103T000000Z</cal:StartTime><cal:EndTime>20260103T010000Z</cal:EndTime>';

interface Added {
  readonly status: number | null;
  /** What another phone is then shown; null where nothing was added. */
  readonly shown: string | null;
}

let lastClientId = 0;

/** Adds one event to an empty calendar and reads it from the beginning. */
async function add(server: EasServer, xml: string, version: Version): Promise<Added> {
  const phone = syncPhone(server, { version, deviceId: 'WRITER' });
  const id = String((await server.folder('calendar')).id);
  await phone.begin(id);
  for (const held of phone.items(id).keys())
    await phone.sync([{ id, xml: `<Commands><Delete><ServerId>${held}</ServerId></Delete></Commands>` }]);
  const data = `<cal:Subject>Event</cal:Subject>${xml}`;
  const command = `<Add><ClientId>${++lastClientId}</ClientId><ApplicationData>${data}</ApplicationData></Add>`;
  const told = await phone.sync([{ id, xml: `<GetChanges>0</GetChanges><Commands>${command}</Commands>` }]);
  const reader = syncPhone(server, { version, deviceId: 'READER' });
  await reader.begin(id);
  return {
    status: told.collections[0]?.responses[0]?.status ?? null,
    shown: [...reader.items(id).values()][0]?.replace(/ xmlns="[^"]*"/g, '') ?? null,
  };
}

function recurrence(elements: Readonly<Record<string, number | string>>): string {
  const children = Object.entries(elements).map(([name, value]) => `<cal:${name}>${value}</cal:${name}>`);
  return `<cal:Recurrence>${children.join('')}</cal:Recurrence>`;
}

function timesOf(shown: string | null): (string | undefined)[] {
  return ['StartTime', 'EndTime'].map((name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(shown ?? '')?.[1]);
}

for (const version of VERSIONS) {
  test(`${version}: MS-ASCAL_R52511 to R52518: times that an Add leaves out are now, to the half hour`, () =>
    withServer(async (server) => {
      server.clock.advance((12 * 60 + 20) * 60_000);
      const rounded = '20260101T123000Z';
      const cases: readonly (readonly [string, readonly [string, string] | null])[] = [
        ['', [rounded, '20260101T130000Z']],
        ['<cal:EndTime>20251201T000000Z</cal:EndTime>', null],
        ['<cal:EndTime>20260109T000000Z</cal:EndTime>', [rounded, '20260109T000000Z']],
        ['<cal:StartTime>20251223T000000Z</cal:StartTime>', ['20251223T000000Z', '20260101T130000Z']],
        ['<cal:StartTime>20260109T000000Z</cal:StartTime>', null],
      ];
      for (const [xml, times] of cases) {
        const { status, shown } = await add(server, xml, version);
        assert.equal(status, times === null ? 6 : 1, xml);
        if (times === null) assert.equal(shown, null);
        else assert.deepEqual(timesOf(shown), times, xml);
      }
    }));

  test(`${version}: MS-ASCAL_R53916 to R53919: a Recurrence with what its type has no use for is 6`, () =>
    withServer(async (server) => {
      const whole: readonly Record<string, number>[] = [
        { Type: 0 },
        { Type: 1, DayOfWeek: 1 },
        { Type: 2, DayOfMonth: 1 },
        { Type: 3, WeekOfMonth: 1, DayOfWeek: 1 },
        { Type: 5, DayOfMonth: 1, MonthOfYear: 4 },
        { Type: 6, WeekOfMonth: 1, DayOfWeek: 1, MonthOfYear: 4 },
      ];
      for (const elements of whole) {
        assert.equal((await add(server, TIMES + recurrence(elements), version)).status, 1, JSON.stringify(elements));
        for (const stray of ['DayOfWeek', 'DayOfMonth', 'WeekOfMonth', 'MonthOfYear']) {
          if (stray in elements || (stray === 'DayOfWeek' && elements.Type === 0)) continue;
          const { status } = await add(server, TIMES + recurrence({ ...elements, [stray]: 3 }), version);
          assert.equal(status, 6, `${stray} of type ${elements.Type}`);
        }
      }
    }));

  test(`${version}: MS-ASCAL_R53911, R345: of Occurrences and Until the first counts; more than 999 is 6`, () =>
    withServer(async (server) => {
      const both = await add(
        server,
        TIMES + recurrence({ Type: 0, Occurrences: 5, Until: '20270101T000000Z' }),
        version,
      );
      assert.match(both.shown!, /Occurrences>5</);
      assert.doesNotMatch(both.shown!, /Until/);
      assert.equal((await add(server, TIMES + recurrence({ Type: 0, Occurrences: 1_000 }), version)).status, 6);
    }));

  test(`${version}: MS-ASCAL_R52529: an Email that is no address comes back as it was sent`, () =>
    withServer(async (server) => {
      const attendee = '<cal:Attendee><cal:Email>wrongFormat</cal:Email><cal:Name>Bert</cal:Name></cal:Attendee>';
      const { status, shown } = await add(server, `${TIMES}<cal:Attendees>${attendee}</cal:Attendees>`, version);
      assert.equal(status, 1);
      assert.match(shown!, /<Attendee_Email>wrongFormat</);
    }));

  test(`${version}: MS-ASCAL_R457: every day mask of an nth day comes back as type 3`, () =>
    withServer(async (server) => {
      for (const DayOfWeek of [1, 62, 65, 127]) {
        const { shown } = await add(server, TIMES + recurrence({ Type: 3, WeekOfMonth: 1, DayOfWeek }), version);
        assert.match(shown!, new RegExp(`Type>3<.*WeekOfMonth>1<.*DayOfWeek>${DayOfWeek}<`));
      }
    }));
}

for (const version of ['14.0', '14.1'] as const) {
  test(`${version}: MS-ASCAL_R143, R14311 to R14313, R290: rules by month tell their calendar`, () =>
    withServer(async (server) => {
      const leap = { Type: 5, DayOfMonth: 1, MonthOfYear: 6, CalendarType: 1, IsLeapMonth: 1 };
      assert.match((await add(server, TIMES + recurrence(leap), version)).shown!, /CalendarType>1<.*IsLeapMonth>0</);
      const monthly = await add(server, TIMES + recurrence({ Type: 2, DayOfMonth: 1 }), version);
      assert.match(monthly.shown!, /<CalendarType>1</);
      const weekly = await add(server, TIMES + recurrence({ Type: 1, DayOfWeek: 1 }), version);
      assert.doesNotMatch(weekly.shown!, /CalendarType/);
    }));

  test(`${version}: MS-ASCAL_R53912, R53913: two calendars, or one that is none, are 6`, () =>
    withServer(async (server) => {
      const monthly = recurrence({ Type: 2, DayOfMonth: 1, CalendarType: 1 });
      const twice = monthly.replace('</cal:Recurrence>', '<cal:CalendarType>1</cal:CalendarType></cal:Recurrence>');
      assert.equal((await add(server, TIMES + twice, version)).status, 6);
      for (const CalendarType of [13, 16, 17, 18, 19, 21, 22, 23]) {
        const { status } = await add(server, TIMES + recurrence({ Type: 2, DayOfMonth: 1, CalendarType }), version);
        assert.equal(status, 6, String(CalendarType));
      }
    }));
}
