import assert from 'node:assert/strict';
import { childElements, requiredChild } from '../../../protocols/activesync/wbxml/read-element.ts';
import { textAt } from '../../support/eas/set-up.ts';
import type { SyncingPhone } from '../../support/eas/syncing-phone.ts';
import { type Cast, receive } from './cast.ts';
import { letter } from './samples.ts';

/** Search of the mailbox and of the address list. */
export async function playSearch(cast: Cast): Promise<void> {
  const { steps, phone, other } = cast;
  await steps.step('set-up and two messages', async () => {
    await phone.setUp();
    await other.setUp();
    await phone.begin(phone.folder(2));
    await receive(cast, letter({ subject: 'Holidays', id: 'holidays', text: 'We go to Marseille.' }));
    await receive(cast, letter({ subject: 'Bill', id: 'bill', text: 'Please pay.' }));
  });
  await steps.step('a word of the text finds one message of two', async () => {
    assert.deepEqual(await searchMailbox(phone, 'Marseille'), ['Holidays']);
  });
  await steps.step('a word that is nowhere finds none', async () => {
    assert.deepEqual(await searchMailbox(phone, 'Reykjavik'), []);
  });
  await steps.step('the address list finds the other person', async () => {
    const found = await searchPeople(phone, 'user0');
    assert.ok(found.includes('user02@example.com'), found.join(' '));
  });
}

/** Subjects of the messages found. */
export async function searchMailbox(phone: SyncingPhone, words: string): Promise<string[]> {
  const query = `<And><Class xmlns="AirSync:">Email</Class><FreeText>${words}</FreeText></And>`;
  const options = '<Options><RebuildResults/><DeepTraversal/><Range>0-9</Range></Options>';
  const root = await phone.wire.command(
    'Search',
    `<Search xmlns="Search:"><Store><Name>Mailbox</Name><Query>${query}</Query>${options}</Store></Search>`,
  );
  const store = requiredChild(requiredChild(root, 'Search:Response'), 'Search:Store');
  assert.deepEqual([textAt(root, 'Search:Status'), textAt(store, 'Search:Status')], ['1', '1']);
  return childElements(store, 'Search:Result')
    .filter(({ children }) => children.length > 0)
    .map((result) => textAt(result, 'Search:Properties', 'Email:Subject'));
}

/** Addresses of the people found. */
export async function searchPeople(phone: SyncingPhone, words: string): Promise<string[]> {
  const query = `<Name>GAL</Name><Query>${words}</Query><Options><Range>0-9</Range></Options>`;
  const root = await phone.wire.command('Search', `<Search xmlns="Search:"><Store>${query}</Store></Search>`);
  const store = requiredChild(requiredChild(root, 'Search:Response'), 'Search:Store');
  return childElements(store, 'Search:Result')
    .filter(({ children }) => children.length > 0)
    .map((result) => textAt(result, 'Search:Properties', 'GAL:EmailAddress'));
}
