import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { certificateCheck, certificateFindings } from '../../src/admin/check.ts';
import { createSelfSigned } from '../../src/server/certificate/self-signed.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { seededRandom } from '../support/random.ts';
import { ANN, adminBench, event, inFolder } from './bench.ts';

const DAY = 24 * 60 * 60_000;
const MADE = Date.UTC(2026, 0, 1);

test('a certificate is found when it is not valid yet, ends soon, has ended or is none', async () => {
  const { cert } = await createSelfSigned(['localhost'], MADE, seededRandom(1).bytes);
  const end = Date.parse(new X509Certificate(cert).validTo);
  assert.deepEqual(certificateFindings(cert, fakeClock(MADE + DAY)), []);
  assert.deepEqual(certificateFindings(cert, fakeClock(end - 30 * DAY)), []);
  assert.match(certificateFindings(cert, fakeClock(end - 30 * DAY + 1))[0]!, /ends on \d{4}-\d\d-\d\d, in 29 days/);
  assert.match(certificateFindings(cert, fakeClock(end))[0]!, /ended on .* Replace it\./);
  assert.match(certificateFindings(cert, fakeClock(MADE - 10 * DAY))[0]!, /valid only from/);
  assert.match(certificateFindings('nonsense', fakeClock(MADE))[0]!, /cannot be read .* replace it/);
});

test('the file of an own certificate may be missing, a configured one may not', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'certificate.pem');
    const clock = fakeClock(MADE + DAY);
    assert.deepEqual(await certificateCheck({ path, isOwn: true }, clock).run(), []);
    assert.match((await certificateCheck({ path, isOwn: false }, clock).run())[0]!, /certificate\.pem cannot be read/);
    await writeFile(path, (await createSelfSigned(['localhost'], MADE, seededRandom(1).bytes)).cert);
    assert.deepEqual(await certificateCheck({ path, isOwn: false }, clock).run(), []);
  }));

test('the store is looked through, with progress, and its findings are told', async () => {
  const { administration, stores } = adminBench();
  await administration.userAdd(ANN);
  const folderId = (await administration.folderList({ address: ANN.address })).find(
    ({ role }) => role === 'calendar',
  )!.id;
  const entries = [{ content: Buffer.from(event('1')), contentType: 'text/calendar' }];
  await administration.importBatch({ address: ANN.address, folderId, entries });
  const seen: number[] = [];
  assert.deepEqual(await administration.check({}, (done) => seen.push(done)), []);
  assert.ok(seen.length > 0, 'progress was told');
  stores.mailboxes.verify = async () => ['Item 1 has no content.'];
  assert.deepEqual(await administration.check({}), [{ area: 'store', message: 'Item 1 has no content.' }]);
});
