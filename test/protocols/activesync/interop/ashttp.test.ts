import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { withServer } from '../mail-support.ts';

const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';
const LONG = '123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

test('MS-ASHTTP_R197, R214 the first FolderSync of a new account is packed for who asks; R199 its length is said', () =>
  withServer(async (server) => {
    const plain = await server.phone().post('FolderSync', FOLDER_SYNC);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.headers['content-length'], `${plain.body.length}`);
    const headers = { 'Accept-Encoding': 'gzip' };
    const packed = await server.phone().post('FolderSync', FOLDER_SYNC, { headers });
    assert.equal(packed.headers['content-encoding'], 'gzip');
    assert.equal(packed.headers['content-type'], 'application/vnd.ms-sync.wbxml');
    assert.equal(packed.headers['content-length'], `${packed.body.length}`);
    assert.ok(packed.body.length < plain.body.length);
    assert.equal(gunzipSync(packed.body).length, plain.body.length);
  }));

test('MS-ASCMD_R4828, R4830 a device id of more than 32 characters is 108, a device type 109; HTTP 400 in 12.1', () =>
  withServer(async (server) => {
    const statusOf = async (phone: Parameters<typeof server.phone>[0]) => {
      const { status, xml } = await server.phone(phone).post('FolderSync', FOLDER_SYNC);
      return /<Status>(\d+)</.exec(xml)?.[1] ?? status;
    };
    assert.equal(await statusOf({ deviceId: LONG.slice(0, 32), deviceType: LONG.slice(0, 32) }), '1');
    for (const version of ['14.0', '14.1'] as const) {
      assert.equal(await statusOf({ version, deviceId: LONG }), '108');
      assert.equal(await statusOf({ version, deviceType: LONG }), '109');
    }
    assert.equal(await statusOf({ version: '12.1', deviceId: LONG }), 400);
    assert.equal(await statusOf({ version: '12.1', deviceType: LONG }), 400);
  }));
