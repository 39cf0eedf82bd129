import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf, stateOf, syncPhone, withServer } from './support.ts';

const sms = (clientId: string, to: string): string =>
  `<Add><Class>SMS</Class><ClientId>${clientId}</ClientId><ApplicationData><e:To>${to}</e:To></ApplicationData></Add>`;

test('a short message that a phone adds among mail is let go of under a name of its own, once and for all', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('inbox')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const before = partsOf(await stateOf(server));
    const add = async (xml: string) => {
      const { responses } = (await phone.sync([{ id, xml: `<Commands>${xml}</Commands>` }])).collections[0]!;
      assert.deepEqual(
        responses.map(({ status }) => status),
        responses.map(() => 1),
      );
      return responses.map(({ serverId }) => serverId);
    };
    const [first, second] = await add(sms('c1', '1') + sms('c2', '2'));
    assert.match(first!, new RegExp(`^${id}:s[0-9a-f]{16}$`));
    assert.notEqual(first, second);
    // Its answer was lost: the name is the same.
    assert.deepEqual(await add(sms('c1', '1')), [first]);
    const told = `<Change><ServerId>${first}</ServerId><ApplicationData><e:Read>1</e:Read></ApplicationData></Change>`;
    const gone = `<Delete><ServerId>${second}</ServerId></Delete>`;
    // Of a Change or a Delete that is done nothing is said.
    const quiet = await phone.sync([{ id, xml: `<Commands>${told}${gone}</Commands>` }]);
    assert.deepEqual(
      quiet.collections.flatMap(({ responses }) => responses),
      [],
    );
    const asked = await phone.sync([{ id, xml: `<Commands><Fetch><ServerId>${first}</ServerId></Fetch></Commands>` }]);
    assert.equal(asked.collections[0]!.responses[0]!.status, 8);
    assert.deepEqual(partsOf(await stateOf(server)), before);
    assert.equal(phone.items(id).size, 0);
  }));

test('names of short messages are for mail only: elsewhere nothing is found under them', () =>
  withServer(async (server) => {
    const id = `${(await server.folder('contacts')).id}`;
    const phone = syncPhone(server);
    await phone.begin(id);
    const name = `${id}:s0123456789abcdef`;
    const { collections } = await phone.sync([
      { id, xml: `<Commands><Delete><ServerId>${name}</ServerId></Delete>${sms('c1', '1')}</Commands>` },
    ]);
    assert.deepEqual(
      collections[0]!.responses.map(({ status }) => status),
      [8, 6],
    );
  }));
