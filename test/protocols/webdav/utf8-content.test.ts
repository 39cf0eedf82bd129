import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CALDAV } from '../../../protocols/webdav/xml/element.ts';
import { CALENDAR, event, readError, startServer, type TestServer } from './support.ts';

let dav: TestServer;
before(async () => {
  dav = await startServer();
});
after(() => dav.close());

const put = (name: string, type: string, body: Buffer) =>
  dav.request('PUT', `${CALENDAR}${name}.ics`, { headers: { 'Content-Type': type }, body });
const get = async (name: string): Promise<string> =>
  (await dav.request('GET', `${CALENDAR}${name}.ics`)).body as string;

const DECLARED: readonly [type: string, encoding: BufferEncoding, isAsSent: boolean][] = [
  ['text/calendar', 'utf8', true],
  ['text/calendar; charset=utf-8', 'utf8', true],
  ['text/calendar;charset="UTF-8";component=VEVENT', 'utf8', true],
  // Many programs name a charset and send UTF-8 all the same.
  ['text/calendar; charset=ISO-8859-1', 'utf8', true],
  ['text/calendar; charset=ISO-8859-1', 'latin1', false],
  ['TEXT/CALENDAR; Charset="windows-1252"', 'latin1', false],
  ['text/calendar; charset=utf-16le', 'utf16le', false],
];
for (const [at, [type, encoding, isAsSent]] of DECLARED.entries()) {
  const what = isAsSent ? 'are kept as sent, with their ETag' : 'are kept in UTF-8, without an ETag in the answer';
  test(`RFC 4791 §5.3.4 ${encoding} bytes as ${type} ${what}`, async () => {
    const name = `c${at}`;
    const answer = await put(name, type, Buffer.from(event(name, 'Caf\u00e9'), encoding));
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.etag !== undefined, isAsSent);
    assert.match(await get(name), /SUMMARY:Caf\u00e9\r\n/);
  });
}

test('RFC 4791 §5.3.2.1 a charset that is not known is supported-calendar-data, bytes that are not in it valid-calendar-data', async () => {
  const bytes = Buffer.from(event('x', 'Caf\u00e9'), 'latin1');
  const unknown = await put('x', 'text/calendar; charset=klingon', bytes);
  assert.equal(unknown.status, 403);
  assert.deepEqual(readError(unknown).conditions, [`{${CALDAV}}supported-calendar-data`]);
  const wrong = await put('x', 'text/calendar; charset=euc-jp', Buffer.concat([bytes, Buffer.from([0xff])]));
  assert.equal(wrong.status, 403);
  assert.deepEqual(readError(wrong).conditions, [`{${CALDAV}}valid-calendar-data`]);
});
