import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../../../src/domain/errors.ts';
import { type EasServer, type EasServerOptions, startEas } from '../support.ts';
import { exchange } from './exchange.ts';

/** A server whose domain has more people, and a namesake in another domain. */
async function startWithPeople(options: EasServerOptions = {}): Promise<EasServer> {
  const server = await startEas(options);
  const { directory } = server.environment;
  const people = [
    ['jürgen', 'example.org', 'Jürgen Müller'],
    ['mona', 'example.org', 'Mona Lisa Muller-Lüdenscheidt'],
    ['muller', 'example.net', 'Mia Müller'],
  ] as const;
  for (const [localPart, domain, displayName] of people) {
    const user = { localPart, domain, displayName, role: null, mailboxId: 99, passwordHash: '' };
    await directory.addUser(user);
  }
  return server;
}

const search = (store: string, query: string, options = '') => `
  <Search xmlns="Search:"><Store>
    <Name>${store}</Name><Query>${query}</Query>${options === '' ? '' : `<Options>${options}</Options>`}
  </Store></Search>`;

const refused = (status: number) => `
  <Search xmlns="Search:"><Status>1</Status><Response><Store><Status>${status}</Status></Store></Response></Search>`;

const entry = (displayName: string, alias: string, first: string, last: string, more = '') => `
  <Result><Properties>
    <DisplayName xmlns="Gal:">${displayName}</DisplayName><Alias xmlns="Gal:">${alias}</Alias>
    ${first === '' ? '<FirstName xmlns="Gal:"/>' : `<FirstName xmlns="Gal:">${first}</FirstName>`}
    ${last === '' ? '<LastName xmlns="Gal:"/>' : `<LastName xmlns="Gal:">${last}</LastName>`}
    <EmailAddress xmlns="Gal:">${alias}@example.org</EmailAddress>${more}
  </Properties></Result>`;

const found = (results: string, range: string, total: number) => `
  <Search xmlns="Search:"><Status>1</Status><Response><Store><Status>1</Status>
    ${results}<Range>${range}</Range><Total>${total}</Total>
  </Store></Response></Search>`;

const MULLERS = found(
  entry('Jürgen Müller', 'jürgen', 'Jürgen', 'Müller') +
    entry('Mona Lisa Muller-Lüdenscheidt', 'mona', 'Mona Lisa', 'Muller-Lüdenscheidt'),
  '0-1',
  2,
);

test('MS-ASCMD §2.2.1.16 the address list is searched by the beginnings of words, without regard to case and accents', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  for (const query of ['müller', 'MULL', 'mu']) {
    await exchange(server.phone(), 'Search', search('GAL', query, '<Range>0-99</Range>'), MULLERS);
  }
  const one = found(entry('Jürgen Müller', 'jürgen', 'Jürgen', 'Müller'), '0-0', 1);
  await exchange(server.phone(), 'Search', search('GAL', 'mül jür'), one);
  await exchange(server.phone({ version: '12.1' }), 'Search', search('GAL', 'jürgen@exa'), one);
});

test('people of another domain of the server are never found, by nobody', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  const none = `
    <Search xmlns="Search:"><Status>1</Status><Response><Store><Status>1</Status><Result/><Total>0</Total></Store></Response></Search>`;
  await exchange(server.phone(), 'Search', search('GAL', 'mia'), none);
  await exchange(server.phone({ user: 'bert' }), 'Search', search('GAL', 'muller@example.net'), none);
});

test('a name of one word: FirstName is there, and empty, which Nokia needs', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  await exchange(server.phone(), 'Search', search('GAL', 'bert'), found(entry('bert', 'bert', '', ''), '0-0', 1));
});

test('MS-ASCMD §2.2.3.143 a range gives that part of the results; Total counts all', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  const mona = entry('Mona Lisa Muller-Lüdenscheidt', 'mona', 'Mona Lisa', 'Muller-Lüdenscheidt');
  await exchange(server.phone(), 'Search', search('GAL', 'mu', '<Range>1-1</Range>'), found(mona, '1-1', 2));
  await exchange(server.phone(), 'Search', search('GAL', 'mu', '<Range>1-999999</Range>'), found(mona, '1-1', 2));
});

test('one answer has at most 100 results, whatever is asked; the others come by further ranges', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  for (let at = 0; at < 130; at += 1) {
    const user = { localPart: `z${at}`, domain: 'example.org', displayName: `Zed ${1000 + at}`, role: null };
    await server.environment.directory.addUser({ ...user, mailboxId: 99, passwordHash: '' });
  }
  const facts = async (options: string) => {
    const { xml } = await server.phone().post('Search', search('GAL', 'zed', options));
    const shown = /<Range>(.*)<\/Range><Total>(.*)<\/Total>/.exec(xml);
    return [xml.split('<Result>').length - 1, shown?.[1], shown?.[2]];
  };
  assert.deepEqual(await facts(''), [100, '0-99', '130']);
  assert.deepEqual(await facts('<Range>0-999</Range>'), [100, '0-99', '130']);
  assert.deepEqual(await facts('<Range>100-199</Range>'), [30, '100-129', '130']);
});

test('status 12 a range that begins behind the last result', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  await exchange(server.phone(), 'Search', search('GAL', 'mu', '<Range>2-5</Range>'), refused(12));
});

test('status 2 a range or query that is none', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  for (const range of ['5-1', '1', '-', 'a-b', '0-99999999999999999999']) {
    await exchange(server.phone(), 'Search', search('GAL', 'mu', `<Range>${range}</Range>`), refused(2));
  }
  await exchange(server.phone(), 'Search', search('GAL', ''), refused(2));
  await exchange(server.phone({ version: '12.1' }), 'Search', search('GAL', 'm'.repeat(257)), refused(2));
  await exchange(server.phone(), 'Search', search('GAL', '<FreeText>mu</FreeText>'), refused(2));
  await exchange(server.phone(), 'Search', search('Attic', 'mu'), refused(2));
});

test('status 13 document libraries are not reached', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  await exchange(server.phone(), 'Search', search('DocumentLibrary', 'mu'), refused(13));
});

test('status 3 a directory that cannot answer, in every version', async (t) => {
  const down = async () => {
    throw new GatewayError('store-unavailable', { reason: 'closed' });
  };
  const change = (environment: EasServer['environment']) => ({
    ...environment,
    directory: { ...environment.directory, users: down },
  });
  const server = await startEas({ change });
  t.after(() => server.close());
  const failed = '<Search xmlns="Search:"><Status>3</Status></Search>';
  await exchange(server.phone(), 'Search', search('GAL', 'mu'), failed);
  await exchange(server.phone({ version: '12.1' }), 'Search', search('GAL', 'mu'), failed);
});

test('a document without Store or Name is 103, by HTTP in 12.1; an empty body 101', async (t) => {
  const server = await startEas();
  t.after(() => server.close());
  for (const xml of ['<Search xmlns="Search:"/>', '<Search xmlns="Search:"><Store><Query>a</Query></Store></Search>']) {
    await exchange(server.phone(), 'Search', xml, '<Search xmlns="Search:"><Status>103</Status></Search>');
    assert.equal((await server.phone({ version: '12.1' }).post('Search', xml)).status, 400);
  }
  assert.match((await server.phone().post('Search', null)).xml, /<Status>101</);
});

test('MS-ASCMD §2.2.3.135 pictures are asked for from 14.1 on, in the form of iOS too: nobody has one', async (t) => {
  const server = await startWithPeople();
  t.after(() => server.close());
  const picture = '<Picture xmlns="Gal:"><Status>173</Status></Picture>';
  const jurgen = (more: string) => found(entry('Jürgen Müller', 'jürgen', 'Jürgen', 'Müller', more), '0-0', 1);
  for (const wish of ['<Picture/>', '<Picture><MaxSize>4096</MaxSize><MaxPictures>1</MaxPictures></Picture>']) {
    await exchange(server.phone(), 'Search', search('GAL', 'jürg', wish), jurgen(picture));
    await exchange(server.phone({ version: '14.0' }), 'Search', search('GAL', 'jürg', wish), jurgen(''));
  }
  const odd = search('GAL', 'jürg', '<Picture><MaxSize>big</MaxSize></Picture>');
  await exchange(server.phone(), 'Search', odd, '<Search xmlns="Search:"><Status>103</Status></Search>');
});
