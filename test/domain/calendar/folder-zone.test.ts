import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personZone, zoneOfFolder } from '../../../src/domain/calendar/folder-zone.ts';
import { UTC } from '../../../src/domain/calendar/iana-zone.ts';
import type { Folder } from '../../../src/domain/folder.ts';
import type { FolderRole } from '../../../src/domain/item-class.ts';

const PROPERTY = '{urn:ietf:params:xml:ns:caldav}calendar-timezone';

function calendar(inner: string | null, role: FolderRole | null = null): Folder {
  const properties: Record<string, string> = inner === null ? {} : { [PROPERTY]: inner };
  const names = { parentId: null, itemClass: 'calendar', name: 'x', displayName: null, components: [] } as const;
  return { ...{ mailboxId: 1, id: 1, role, properties, createdAt: 0, rev: 1, last: 1, pruned: 0 }, ...names };
}

function zoneText(tzid: string): string {
  const rules = ['BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0530', 'TZOFFSETTO:+0530', 'END:STANDARD'];
  const zone = ['BEGIN:VTIMEZONE', `TZID:${tzid}`, ...rules, 'END:VTIMEZONE'];
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...zone, 'END:VCALENDAR', ''].join('&#13;\n');
}

test('a calendar’s zone is the one that a client set on it', () => {
  assert.equal(zoneOfFolder(calendar(zoneText('America/New_York')))?.id, 'America/New_York');
});

test('a zone of its own making, its name with escaped characters, is known by its rules', () => {
  const zone = zoneOfFolder(calendar(zoneText('Home &amp; &lt;work&gt;')));
  assert.deepEqual([zone?.id, zone?.isPrivate, zone?.offsetAt(0)], ['Home & <work>', true, 19_800]);
});

test('a calendar has no zone where none was set, or nothing that can be read', () => {
  for (const inner of [null, '', 'x', 'BEGIN:VCALENDAR\nEND:VCALENDAR']) {
    assert.equal(zoneOfFolder(calendar(inner)), null, String(inner));
  }
});

test('a person’s zone is the folder’s, else the main calendar’s, else the server’s', () => {
  const own = calendar(zoneText('Asia/Tokyo'));
  const main = calendar(zoneText('Europe/Berlin'), 'calendar');
  const plain = calendar(null);
  assert.equal(personZone([plain, main, own], own, UTC).id, 'Asia/Tokyo');
  assert.equal(personZone([plain, main, own], plain, UTC).id, 'Europe/Berlin');
  assert.equal(personZone([plain, main, own], null, UTC).id, 'Europe/Berlin');
  assert.equal(personZone([plain, own], plain, UTC), UTC);
});
