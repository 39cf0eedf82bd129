import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EasServer, startEas } from '../support.ts';
import { plainMail } from './mail-samples.ts';

/** A name as it is written, and ways to type it. */
const NAMES = [
  ['Møller', ['moller', 'MØL', 'møller']],
  ['Straße', ['strasse', 'straße', 'STRASSE']],
  ['Łódź', ['lodz', 'łódź', 'Łodz']],
] as const;

const search = (store: string, query: string) =>
  `<Search xmlns="Search:" xmlns:A="AirSync:"><Store><Name>${store}</Name><Query>${query}</Query><Options><Range>0-9</Range></Options></Store></Search>`;
const resolve = (name: string) => `<ResolveRecipients xmlns="ResolveRecipients:"><To>${name}</To></ResolveRecipients>`;

async function started(t: { after(work: () => unknown): void }, displayName: string): Promise<EasServer> {
  const server = await startEas();
  t.after(() => server.close());
  const user = { localPart: 'x', domain: 'example.org', displayName, role: null, mailboxId: 99, passwordHash: '' };
  await server.environment.directory.addUser(user);
  return server;
}

function texts(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)<`, 'g'))].map(([, text]) => text!);
}

for (const [name, ways] of NAMES) {
  for (const version of ['12.1', '14.0', '14.1'] as const) {
    test(`${version}: ${name} is found by ${ways.join(', ')}: a user, a mail, a contact`, async (t) => {
      const server = await started(t, `Ida ${name}`);
      await server.put('inbox', 'm', plainMail('Hello', `from ${name} and others`));
      await server.put('inbox', 'n', plainMail('Other', 'nothing of it'));
      const lines = ['BEGIN:VCARD', 'VERSION:3.0', 'UID:c', `FN:Ove ${name}`, `N:${name};Ove;;;`];
      await server.put('contacts', 'c.vcf', [...lines, 'EMAIL:ove@example.net', 'END:VCARD', ''].join('\r\n'));
      const phone = server.phone({ version });
      for (const way of ways) {
        const users = await phone.post('Search', search('GAL', way));
        assert.deepEqual(texts(users.xml, 'DisplayName'), [`Ida ${name}`], way);
        const mails = await phone.post(
          'Search',
          search('Mailbox', `<And><A:Class>Email</A:Class><FreeText>${way}</FreeText></And>`),
        );
        assert.deepEqual(texts(mails.xml, 'Subject'), ['Hello'], way);
        const contacts = await phone.post(
          'Search',
          search('Mailbox', `<And><A:Class>Contacts</A:Class><FreeText>${way}</FreeText></And>`),
        );
        assert.deepEqual(texts(contacts.xml, 'LastName'), [name], way);
        if (version === '12.1') continue;
        const found = await phone.post('ResolveRecipients', resolve(way));
        assert.deepEqual(texts(found.xml, 'DisplayName'), [`Ida ${name}`, `Ove ${name}`], way);
      }
    });
  }
}

test('an address beyond ASCII is found by its beginning in plain letters', async (t) => {
  const server = await started(t, 'Ida');
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'UID:c',
    'FN:Ove',
    'EMAIL:ove@other.example',
    'EMAIL:ove@møller.example',
  ];
  await server.put('contacts', 'c.vcf', [...lines, 'END:VCARD', ''].join('\r\n'));
  const found = await server.phone().post('ResolveRecipients', resolve('ove@mol'));
  assert.deepEqual(texts(found.xml, 'EmailAddress'), ['ove@møller.example']);
});
