import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Phone } from '../support/eas/phone.ts';
import { startWhole } from './support/whole.ts';

const ANN = 'ann@example.org';
const FOLDER_SYNC = '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>';
const sync = (id: string) =>
  `<Sync xmlns="AirSync:"><Collections><Collection><SyncKey>0</SyncKey><CollectionId>${id}</CollectionId></Collection></Collections></Sync>`;
const ping = (id: string) =>
  `<Ping xmlns="Ping:"><HeartbeatInterval>3000</HeartbeatInterval><Folders><Folder><Id>${id}</Id><Class>Email</Class></Folder></Folders></Ping>`;

test('when a user is removed, a phone that waits is answered at once, its next request is refused, and recordings end', async (t) => {
  const { administration, origin, logged } = await startWhole(t);
  const user = { address: ANN, password: 'the first Ann', isAdmin: false, displayName: null };
  await administration.userAdd(user);
  const phone = new Phone({ origin, user: ANN, password: user.password });
  const folders = (await phone.post('FolderSync', FOLDER_SYNC)).xml;
  const inbox = /<ServerId>([^<]+)<\/ServerId><ParentId>0<\/ParentId><DisplayName>Inbox</.exec(folders)![1]!;
  await phone.post('Sync', sync(inbox));
  const { id } = await administration.recordStart({ address: ANN, device: null, minutes: 5, withContents: false });
  const answer = phone.post('Ping', ping(inbox));
  for (let isWaiting = false; !isWaiting; ) {
    const connections = await administration.connectionList({ address: ANN });
    isWaiting = connections.some((connection) => connection.isWaiting);
  }
  await administration.userRemove({ address: ANN });
  assert.match((await answer).xml, /<Ping/);
  assert.equal((await phone.post('FolderSync', FOLDER_SYNC)).status, 401);
  const [recording] = await administration.recordList();
  assert.deepEqual([recording?.id, recording?.reason], [id, 'user removed']);
  assert.deepEqual(
    logged.lines.filter(({ level }) => level === 'error').map(({ message }) => message),
    [],
  );
  await administration.userAdd({ ...user, password: 'the second Ann' });
  const other = new Phone({ origin, user: ANN, password: 'the second Ann' });
  assert.equal((await other.post('FolderSync', FOLDER_SYNC)).status, 200);
  assert.equal(
    (await administration.recordList())[0]?.exchanges,
    recording?.exchanges,
    'somebody else is not recorded',
  );
});
