// Seen elsewhere: of 20 items that one device added while another synchronised after each, the other saw one to three.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { freshGateway, PASSWORD } from '../../../../replay/gateway.ts';
import { Phone, type PhoneOptions } from '../../../../support/eas/phone.ts';
import { SyncPhone } from '../../../../support/eas/sync-phone.ts';
import { startEas } from '../../support.ts';

const ITEMS = 20;
const CONTACTS = 9;

interface Place {
  readonly store: string;
  readonly open: (t: TestContext) => Promise<Pick<PhoneOptions, 'origin' | 'user' | 'password'>>;
}

const PLACES: readonly Place[] = [
  {
    store: 'memory',
    async open(t) {
      const server = await startEas();
      t.after(() => server.close());
      return { origin: server.origin, user: 'anna', password: 'x' };
    },
  },
  {
    store: 'sqlite',
    open: async (t) => ({
      origin: `http://127.0.0.1:${await freshGateway(t)}`,
      user: 'user01@example.com',
      password: PASSWORD,
    }),
  },
];

/** A device of its own that knows the folders and has fetched the contacts; with the id of the folder. */
async function device(options: PhoneOptions): Promise<{ phone: SyncPhone; id: string }> {
  const wire = new Phone(options);
  const root = await wire.post('FolderSync', '<FolderSync xmlns="FolderHierarchy:"><SyncKey>0</SyncKey></FolderSync>');
  const contacts = new RegExp(`<ServerId>(\\w+)</ServerId>(?:(?!</Add>).)*<Type>${CONTACTS}</Type>`).exec(root.xml);
  assert.ok(contacts, root.xml);
  const phone = new SyncPhone(wire);
  await phone.begin(contacts[1]!);
  return { phone, id: contacts[1]! };
}

const add = (name: string) =>
  `<Commands><Add><ClientId>${name}</ClientId><ApplicationData><c:FirstName>${name}</c:FirstName></ApplicationData></Add></Commands>`;

for (const { store, open } of PLACES) {
  for (const asks of ['leave the rest for later', 'ask for changes too'] as const) {
    test(`of ${ITEMS} items that a second device adds back to back, told to ${asks}, each is seen exactly once (${store})`, async (t) => {
      const account = await open(t);
      const first = await device({ ...account, deviceId: 'FIRST' });
      const second = await device({ ...account, deviceId: 'SECOND' });
      const rest = asks === 'ask for changes too' ? '<GetChanges>1</GetChanges>' : '<GetChanges>0</GetChanges>';
      const seen: string[] = [];
      const added: string[] = [];
      for (let n = 0; n < ITEMS; n += 1) {
        const sent = await second.phone.sync([{ id: second.id, xml: `${rest}${add(`item${n}`)}` }]);
        assert.deepEqual(
          sent.collections.map(({ responses, commands }) => [responses.map(({ status }) => status), commands]),
          [[[1], []]],
        );
        added.push(sent.collections[0]!.responses[0]!.serverId);
        const got = await first.phone.sync([{ id: first.id }]);
        seen.push(...got.collections.flatMap(({ commands }) => commands.map(({ kind, serverId }) => kind + serverId)));
      }
      assert.deepEqual(
        seen,
        added.map((serverId) => `Add${serverId}`),
      );
      assert.ok((await first.phone.sync([{ id: first.id }])).isEmpty);
      assert.ok((await second.phone.sync([{ id: second.id }])).isEmpty);
    });
  }
}

test('of 20 items added while the first device’s requests are under way, each is seen exactly once (sqlite)', async (t) => {
  const account = await PLACES[1]!.open(t);
  const first = await device({ ...account, deviceId: 'FIRST' });
  const second = await device({ ...account, deviceId: 'SECOND' });
  const seen: string[] = [];
  const look = async () => {
    const got = await first.phone.sync([{ id: first.id }]);
    seen.push(...got.collections.flatMap(({ commands }) => commands.map(({ kind, serverId }) => kind + serverId)));
  };
  const added: string[] = [];
  for (let n = 0; n < ITEMS; n += 1) {
    // Both at once: which of them the server takes first is left to chance.
    const [sent] = await Promise.all([second.phone.sync([{ id: second.id, xml: add(`item${n}`) }]), look()]);
    added.push(sent.collections[0]!.responses[0]!.serverId);
  }
  await look();
  assert.deepEqual(
    seen,
    added.map((serverId) => `Add${serverId}`),
  );
});
