import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listMembers } from '../../../protocols/webdav/list-members.ts';
import type { DavPlugin } from '../../../protocols/webdav/registry.ts';
import { CALENDAR, event, startServer, TEST_PLUGIN } from './support.ts';

const ITEMS = 1_150;
const pages: { readonly names: readonly string[]; readonly turn: number }[] = [];

/** A report that only lists, and notes how often others had their turn before each page. */
const LISTING: DavPlugin = {
  name: 'listing',
  davTokens: [],
  reports: [
    {
      ns: 'urn:t',
      name: 'list',
      appliesTo: (resource) => resource.kind === 'collection',
      run: async (context, resource) => {
        if (resource.kind !== 'collection') throw new TypeError('a collection');
        let turn = 0;
        let pending = setImmediate(function others() {
          turn += 1;
          pending = setImmediate(others);
        });
        for await (const members of listMembers(context, resource, { withContent: true })) {
          pages.push({ names: members.map(({ item }) => item.name), turn });
        }
        clearImmediate(pending);
        context.koa.status = 204;
      },
    },
  ],
};

test('members are listed whole, five hundred at most at a time, and others have their turn in between', async (t) => {
  const server = await startServer({ plugins: [TEST_PLUGIN, LISTING] });
  t.after(() => server.close());
  const folder = await server.folder('Calendar');
  const names = Array.from({ length: ITEMS }, (_, n) => `e${n}.ics`);
  await server.services.store.write(folder.mailboxId, { kind: 'import', by: null }, async (tx) => {
    for (const name of names) {
      const index = { kind: 'VEVENT', uid: name, rangeStart: 0, rangeEnd: 1, filterKey: 1 } as const;
      const content = Buffer.from(event(name));
      await tx.createItem({ folderId: folder.id, name, content, contentType: 'text/calendar', index });
    }
  });
  const answer = await server.request('REPORT', CALENDAR, { body: '<t:list xmlns:t="urn:t"/>' });
  assert.equal(answer.status, 204);
  assert.deepEqual(
    pages.flatMap((page) => page.names),
    names,
  );
  assert.equal(pages.length, 3);
  assert.ok(pages.every((page) => page.names.length <= 500));
  for (const [at, { turn }] of pages.entries()) assert.ok(at === 0 || turn > pages[at - 1]!.turn);
});
