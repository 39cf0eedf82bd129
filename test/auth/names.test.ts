import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBasicCredentials } from '../../src/auth/basic-credentials.ts';
import { outcome, signInBench } from './sign-in.ts';

const DOMAINS = { primaryDomain: 'example.org' };

async function people() {
  const bench = signInBench(DOMAINS);
  await bench.addUser('ann@example.org', 'org');
  await bench.addUser('ann@example.net', 'net');
  await bench.addUser('bob@example.net', 'bob');
  await bench.addUser('j\u00f6rg@example.net', 'gr\u00fc\u00df');
  return bench;
}

const NAMES = [
  ['ann@example.net', 'net', 'ann@example.net'],
  ['ANN@Example.NET', 'net', 'ann@example.net'],
  ['  ann@example.net ', 'net', 'ann@example.net'],
  ['ann%40example.net', 'net', 'ann@example.net'],
  ['%20ann@example.net', 'net', 'ann@example.net'],
  ['ann', 'org', 'ann@example.org'],
  ['ann', 'net', 'wrong-credentials'],
  ['bob', 'bob', 'bob@example.net'],
  ['\\bob', 'bob', 'bob@example.net'],
  ['EXAMPLE.NET\\ann', 'net', 'ann@example.net'],
  ['EXAMPLE\\bob', 'bob', 'bob@example.net'],
  ['example.net%5Cann', 'net', 'ann@example.net'],
  ['EXAMPLE\\ann', 'org', 'wrong-credentials'],
  ['ANYTHING\\ann@example.net', 'net', 'ann@example.net'],
  ['OTHER\\bob', 'bob', 'wrong-credentials'],
  ['bob@example.org', 'bob', 'wrong-credentials'],
  ['@example.net', 'net', 'wrong-credentials'],
  ['', 'net', 'wrong-credentials'],
] as const;

for (const [name, password, expected] of NAMES) {
  test(`the name ${JSON.stringify(name)} with the password ${password} is ${expected}`, async () => {
    const { signIn } = await people();
    assert.equal(outcome(await signIn(name, password)), expected);
  });
}

test('a bare name of several domains is nobody without a primary domain, or when that has no such user', async () => {
  const { signIn, addUser } = signInBench({ primaryDomain: null });
  await addUser('ann@example.org', 'same');
  await addUser('ann@example.net', 'same');
  assert.equal(outcome(await signIn('ann', 'same')), 'wrong-credentials');
  const other = signInBench({ primaryDomain: 'example.com' });
  await other.addUser('ann@example.org', 'same');
  await other.addUser('ann@example.net', 'same');
  assert.equal(outcome(await other.signIn('ann', 'same')), 'wrong-credentials');
});

test('a bare name that was unique is asked again when another domain gets one like it', async () => {
  const { signIn, addUser } = signInBench({ primaryDomain: 'example.net' });
  await addUser('ann@example.org', 'org');
  assert.equal(outcome(await signIn('ann', 'org')), 'ann@example.org');
  await addUser('ann@example.net', 'net');
  assert.equal(outcome(await signIn('ann', 'org')), 'wrong-credentials');
});

for (const encoding of ['utf8', 'latin1'] as const) {
  for (const form of ['NFC', 'NFD'] as const) {
    if (encoding === 'latin1' && form === 'NFD') continue;
    test(`credentials in ${encoding}, ${form}, are understood`, async () => {
      const { send } = await people();
      const text = 'J\u00d6RG@example.net:gr\u00fc\u00df'.normalize(form);
      assert.equal(outcome(await send(Buffer.from(text, encoding))), 'j\u00f6rg@example.net');
    });
  }
}

test('credentials of old Windows programs are understood, the euro sign included', async () => {
  const { send, addUser } = signInBench();
  await addUser('ann@example.org', '5 € für „das\u201c');
  const bytes = Buffer.from('ann@example.org:5 \x80 f\xfcr \x84das\x93', 'latin1');
  assert.equal(outcome(await send(bytes)), 'ann@example.org');
});

test('the first colon ends the name, so a password may have colons', () => {
  const read = readBasicCredentials(`Basic ${Buffer.from('ann:a:b:').toString('base64')}`);
  assert.deepEqual(read, { kind: 'credentials', credentials: { name: 'ann', password: 'a:b:' } });
});

const HEADERS = [
  [undefined, 'missing'],
  ['', 'missing'],
  ['Bearer abc', 'unsupported-scheme'],
  ['Digest username="x"', 'unsupported-scheme'],
  ['Basic', 'malformed'],
  ['Basic !!!', 'malformed'],
  [`Basic ${Buffer.from('no colon').toString('base64')}`, 'malformed'],
  [`Basic ${Buffer.from('a\n:b').toString('base64')}`, 'malformed'],
  [`Basic ${Buffer.from(`a:${'b'.repeat(3000)}`).toString('base64')}`, 'malformed'],
  [`bAsIc   ${Buffer.from('a:b').toString('base64')}`, 'credentials'],
] as const;

for (const [header, kind] of HEADERS) {
  test(`the header ${JSON.stringify(header?.slice(0, 24))} is ${kind}`, () => {
    assert.equal(readBasicCredentials(header).kind, kind);
  });
}

test('a name is locked alike whether somebody has it or nobody, in whatever ways it is spelled', async () => {
  const spellings = [
    '%s@example.org',
    '%S@EXAMPLE.ORG',
    ' %s%40example.org',
    'example.org\\%s',
    'EXAMPLE\\%S',
    '%s',
    '\\%s',
  ];
  const outcomes: string[][] = [];
  for (const local of ['ann', 'zoe']) {
    const { signIn, addUser } = signInBench({ primaryDomain: 'example.org' });
    await addUser('ann@example.org', 'right');
    const seen: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const name = spellings[n % spellings.length]!.replace('%s', local).replace('%S', local.toUpperCase());
      seen.push(outcome(await signIn(name, `wrong ${n}`, { address: `198.51.100.${n}` })));
    }
    outcomes.push(seen);
  }
  assert.deepEqual(outcomes[1], outcomes[0]);
  assert.deepEqual(outcomes[0]!.slice(9), ['wrong-credentials', 'locked', 'locked']);
});
