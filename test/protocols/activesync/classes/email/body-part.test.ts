import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readBodyPartPreference,
  readBodyPreference,
} from '../../../../../protocols/activesync/classes/body/read-preferences.ts';
import { ClassDataError } from '../../../../../protocols/activesync/classes/class-error.ts';
import { renderEmail } from '../../../../../protocols/activesync/classes/email/email-class.ts';
import { type Field, field, findField, type StreamedValue } from '../../../../../protocols/activesync/classes/field.ts';
import type { BodyPartPreference } from '../../../../../protocols/activesync/classes/options.ts';
import { plainFields } from '../samples.ts';
import { emailOptions, messageOf, NEW, storedMessage } from './messages.ts';

const WHOLE: BodyPartPreference = { truncationSize: null, allOrNone: false, preview: 0 };
const MESSAGE = messageOf(
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  '',
  'plain text',
  '--a',
  'Content-Type: text/html',
  '',
  '<p>html text</p>',
  '--a--',
);

async function part(change: Partial<BodyPartPreference>, version: '14.0' | '14.1' = '14.1'): Promise<unknown> {
  const options = emailOptions({ version, bodyPartPreference: { ...WHOLE, ...change } });
  return plainFields(await renderEmail(MESSAGE, NEW, options)).BodyPart;
}

test('MS-ASAIRS §2.2.2.10 BodyPart is the HTML of the message, whatever Body is', async () => {
  assert.deepEqual(await part({}), { Status: '1', Type: '2', EstimatedDataSize: '16', Data: '<p>html text</p>' });
  const bodyPreferences = [{ ...WHOLE, type: 1 }] as const;
  const fields = await renderEmail(MESSAGE, NEW, emailOptions({ bodyPreferences, bodyPartPreference: WHOLE }));
  assert.equal((plainFields(fields).Body as Record<string, string>).Data, 'plain text');
});

test('BodyPart is cut at its size and has a preview of its own, its children in the order of the standard', async () => {
  const shown = (await part({ truncationSize: 7, preview: 6 })) as Record<string, string>;
  assert.deepEqual(Object.entries(shown), [
    ['Status', '1'],
    ['Type', '2'],
    ['EstimatedDataSize', '16'],
    ['Truncated', '1'],
    ['Data', '<p>html'],
    ['Preview', 'html t'],
  ]);
});

test('MS-ASAIRS §2.2.2.37 a part that does not fit as a whole has status 176 and no Data', async () => {
  const shown = (await part({ truncationSize: 7, allOrNone: true })) as Record<string, string>;
  assert.deepEqual([shown.Status, shown.Data, shown.Truncated], ['176', undefined, '1']);
});

test('no BodyPart before 14.1, and none that was not asked for', async () => {
  assert.equal(await part({}, '14.0'), undefined);
  assert.equal(plainFields(await renderEmail(MESSAGE, NEW, emailOptions())).BodyPart, undefined);
});

function given(values: Readonly<Record<string, string>>): Field[] {
  return Object.entries(values).map(([name, value]) => field(`AirSyncBase:${name}`, value));
}

test('preferences are read with their defaults, RTF is none, BodyPartPreference is HTML or null for status 164', () => {
  const sizes = { TruncationSize: '512', AllOrNone: '1', Preview: '255' };
  const read = { truncationSize: 512, allOrNone: true, preview: 255 };
  assert.deepEqual(readBodyPreference(given({ Type: '4', ...sizes })), { type: 4, ...read });
  assert.deepEqual(readBodyPreference(given({ Type: '1' })), { type: 1, ...WHOLE });
  assert.equal(readBodyPreference(given({ Type: '3' })), null);
  assert.deepEqual(readBodyPartPreference(given({ Type: '2', ...sizes })), read);
  assert.deepEqual(
    readBodyPartPreference(given({ Type: '2', TruncationSize: '4294967295' }))?.truncationSize,
    2 ** 32 - 1,
  );
  for (const Type of ['1', '3', '4', '']) assert.equal(readBodyPartPreference(given({ Type })), null);
  for (const wrong of [{ Preview: '256' }, { TruncationSize: '-1' }, { AllOrNone: 'x' }]) {
    assert.throws(() => readBodyPartPreference(given({ Type: '2', ...wrong })), ClassDataError);
    assert.throws(() => readBodyPreference(given({ Type: '2', ...wrong })), ClassDataError);
  }
});

async function mime(message: ReturnType<typeof messageOf>, truncationSize: number | null): Promise<Buffer> {
  const bodyPreferences = [{ type: 4, truncationSize, allOrNone: false, preview: 0 }] as const;
  const fields = await renderEmail(message, NEW, emailOptions({ mimeSupport: 2, bodyPreferences }));
  const data = findField(findField(fields, 'AirSyncBase:Body')!.value as readonly Field[], 'AirSyncBase:Data')!;
  const { byteLength, open } = data.value as StreamedValue;
  const chunks: Uint8Array[] = [];
  for await (const chunk of open()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  assert.equal(bytes.length, byteLength);
  return bytes;
}

test('8-bit MIME crosses as text: the body encoded, the header telling so, the size exact', async () => {
  const header = 'Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n';
  const message = storedMessage(Buffer.from(`${header}\r\nGr\xfc\xdfe`, 'latin1'));
  const text = (await mime(message, null)).toString('utf8');
  assert.match(text, /\r\nContent-Transfer-Encoding: base64\r\n\r\nR3L832U=$/);
  assert.equal((await mime(message, text.length - 1)).toString('utf8'), text.slice(0, -1));
});

test('MIME that is cut inside of a character says so and keeps its size', async () => {
  const head = 'Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\n';
  const message = storedMessage(Buffer.from(`${head}äöü\r\n--s--`));
  for (const [size, rest] of [
    [1, '?'],
    [2, 'ä'],
    [3, 'ä?'],
  ] as const) {
    assert.equal((await mime(message, head.length + size)).toString('utf8'), head + rest);
  }
});
