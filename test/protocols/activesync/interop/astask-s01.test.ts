import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

type Version = '12.1' | '14.0' | '14.1';

const START = '<t:Start>2026-01-02T09:00:00.000Z</t:Start>';
let lastClientId = 0;

async function add(server: EasServer, xml: string, version: Version) {
  const phone = syncPhone(server, { version });
  const id = String((await server.folder('tasks')).id);
  await phone.begin(id);
  const held = new Set(phone.items(id).keys());
  const data = `<t:Subject>Task</t:Subject>${xml}`;
  const command = `<Add><ClientId>${++lastClientId}</ClientId><ApplicationData>${data}</ApplicationData></Add>`;
  const told = await phone.sync([{ id, xml: `<Commands>${command}</Commands>` }]);
  await phone.begin(id);
  const made = [...phone.items(id)].find(([serverId]) => !held.has(serverId));
  return {
    status: told.collections[0]?.responses[0]?.status ?? null,
    shown: made?.[1].replace(/ xmlns="[^"]*"/g, '') ?? null,
  };
}

function recurrence(elements: Readonly<Record<string, number | string>>, start = START): string {
  const children = Object.entries(elements).map(([name, value]) => `<t:${name}>${value}</t:${name}>`);
  return `<t:Recurrence>${start}${children.join('')}</t:Recurrence>`;
}

for (const version of ['12.1', '14.0', '14.1'] as const) {
  test(`${version}: MS-ASTASK_R37011, R289, R132, R320, R532, R533: a Recurrence that is not whole, or more, is 6`, () =>
    withServer(async (server) => {
      const wrong = {
        'no Start': recurrence({ Type: 0, Occurrences: 2 }, ''),
        'no Type': recurrence({ DayOfWeek: 1 }),
        'a day of the month, daily': recurrence({ Type: 0, DayOfMonth: 10 }),
        'a day of the month, weekly': recurrence({ Type: 1, DayOfWeek: 1, DayOfMonth: 10 }),
        'a week of the month, monthly by date': recurrence({ Type: 2, DayOfMonth: 10, WeekOfMonth: 2 }),
        'a week of the month, yearly by date': recurrence({ Type: 5, DayOfMonth: 1, MonthOfYear: 2, WeekOfMonth: 2 }),
        'a weekday, monthly by date': recurrence({ Type: 2, DayOfMonth: 10, DayOfWeek: 1 }),
        'a weekday, yearly by date': recurrence({ Type: 5, DayOfMonth: 10, MonthOfYear: 5, DayOfWeek: 1 }),
      };
      for (const [name, xml] of Object.entries(wrong)) assert.equal((await add(server, xml, version)).status, 6, name);
    }));

  test(`${version}: MS-ASTASK_R37013: of Occurrences and Until the first counts`, () =>
    withServer(async (server) => {
      const both = recurrence({
        Type: 0,
        Until: '2026-02-01T00:00:00.000Z',
        Occurrences: 2,
        Interval: 1,
        DayOfWeek: 2,
      });
      const { status, shown } = await add(server, both, version);
      assert.equal(status, 1);
      assert.match(shown!, /Occurrences>2</);
      assert.doesNotMatch(shown!, /Until/);
    }));
}

for (const version of ['14.0', '14.1'] as const) {
  test(`${version}: MS-ASTASK_R82, R8211 to R8213, R204, R81: rules by month tell their calendar, others take none`, () =>
    withServer(async (server) => {
      for (const elements of [
        { Type: 2, DayOfMonth: 10 },
        { Type: 3, DayOfWeek: 1, WeekOfMonth: 2 },
        { Type: 5, DayOfMonth: 10, MonthOfYear: 2 },
        { Type: 6, DayOfWeek: 2, WeekOfMonth: 2, MonthOfYear: 10 },
      ]) {
        const { shown } = await add(server, recurrence({ ...elements, Occurrences: 3 }), version);
        assert.match(shown!, /<CalendarType>1</);
        if ('MonthOfYear' in elements) assert.match(shown!, /<IsLeapMonth>0</);
      }
      for (const elements of [{ Type: 0 }, { Type: 1, DayOfWeek: 1 }]) {
        assert.equal((await add(server, recurrence({ ...elements, CalendarType: 0 }), version)).status, 6);
      }
    }));
}
