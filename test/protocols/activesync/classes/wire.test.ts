import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeCalendar, renderCalendar } from '../../../../protocols/activesync/classes/calendar/calendar-class.ts';
import { mergeContact, renderContact } from '../../../../protocols/activesync/classes/contacts/contacts-class.ts';
import { renderEmail } from '../../../../protocols/activesync/classes/email/email-class.ts';
import { type Field, field } from '../../../../protocols/activesync/classes/field.ts';
import type { ClassVersion } from '../../../../protocols/activesync/classes/version.ts';
import { toElements, toFields } from '../../../../protocols/activesync/classes/wbxml-adapter.ts';
import { decodeWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { el } from '../../../../protocols/activesync/wbxml/element.ts';
import { encodeWbxml, streamWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { parseCards, serializeCard } from '../../../../src/formats/vcard/card.ts';
import { sharedFiles, skipWithout } from '../../../support/shared-data.ts';
import { randomEvents } from './calendar/random-events.ts';
import { emailOptions, messageOf, NEW, storedMessage } from './email/messages.ts';
import { calendarOf, options, textOfCalendar, VERSIONS } from './samples.ts';

/** The fields as a client of the version would read them; the encoder throws for what the version does not have. */
function overTheWire(fields: readonly Field[], version: ClassVersion): Field[] {
  const data = el('AirSync:ApplicationData', toElements(fields));
  return toFields(decodeWbxml(encodeWbxml(data, { version })));
}

test('events cross WBXML and come back without a change', () => {
  for (const lines of randomEvents(77, 100)) {
    const calendar = calendarOf(...lines);
    for (const version of VERSIONS) {
      const fields = renderCalendar(calendar, options({ version }));
      if (fields === null) continue;
      const merged = mergeCalendar(calendar, overTheWire(fields, version), options({ version }));
      assert.equal(textOfCalendar(merged), textOfCalendar(calendar), lines.join('\n'));
    }
  }
});

test('shared contacts cross WBXML and come back without a change', { skip: skipWithout('vcf') }, () => {
  for (const { name, bytes } of sharedFiles('vcf')) {
    for (const card of parseCards(bytes, { lenient: true })) {
      for (const version of VERSIONS) {
        const fields = renderContact(card, options({ version }));
        if (fields === null) continue;
        const merged = mergeContact(card, overTheWire(fields, version), options({ version }));
        assert.deepEqual(serializeCard(merged), serializeCard(card), name);
      }
    }
  }
});

test('shared messages have only elements of the version, with opaque conversation ids', {
  skip: skipWithout('eml'),
}, async () => {
  for (const { bytes } of sharedFiles('eml')) {
    for (const version of VERSIONS) {
      const fields = await renderEmail(storedMessage(bytes), NEW, emailOptions({ version }));
      assert.equal(overTheWire(fields, version).length, fields.length);
    }
  }
});

test('a MIME body is read while it is sent, as text without NUL', async () => {
  const text = 'Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\nYQBiDQplbmQ=';
  const mime = { type: 4, truncationSize: null, allOrNone: false, preview: 0 } as const;
  const given = emailOptions({ bodyPreferences: [mime], mimeSupport: 2 });
  const fields = await renderEmail(messageOf('Subject: x', '', 'a\0b', 'end'), NEW, given);
  const chunks: Uint8Array[] = [];
  const data = el('AirSync:ApplicationData', toElements(fields));
  for await (const chunk of streamWbxml(data, { version: '14.1' })) chunks.push(chunk);
  const body = toFields(decodeWbxml(chunks)).find(({ name }) => name === 'AirSyncBase:Body')!.value as Field[];
  assert.equal(body.find(({ name }) => name === 'AirSyncBase:Data')?.value, text);
});

test('a name that no code page has is a bug of ours', () => {
  assert.throws(() => toElements([field('Calendar:Nonsense', 'x')]), TypeError);
});
