import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

/**
 * What each part may import besides itself (the first prefix that fits a file decides). `formats ← domain ← store ports ←
 * items, push, auth ← protocols, admin ← server`; observe and config are leaves usable by all but formats and domain.
 */
const CORE = ['src/formats/', 'src/domain/', 'src/store/mailbox-store.ts', 'src/store/directory-store.ts'];
const APP_PASSWORDS = 'src/store/app-password-store.ts';
const SYNC_PORT = [
  'src/store/sync-state-store.ts',
  'src/store/device-store.ts',
  APP_PASSWORDS,
  'src/store/refusals.ts',
];
const ACTIVITY_PORT = ['src/store/device-activity-store.ts', 'src/store/activity-rules.ts'];
const REGISTER_PORT = ['src/store/device-register.ts', ...ACTIVITY_PORT, ...SYNC_PORT];
const USAGE_PORT = 'src/store/usage-store.ts';
const LEAVES = ['src/observe/', 'src/config/'];
const ALLOWED: readonly (readonly [part: string, may: readonly string[]])[] = [
  ['src/formats/', []],
  ['src/domain/', ['src/formats/']],
  ['src/store/', ['src/domain/', ...LEAVES]],
  ['src/items/', [...CORE, 'src/store/refusals.ts', ...LEAVES]],
  // The engine knows items by id and revision only: bytes are its translators' affair.
  ['src/sync/', ['src/domain/', 'src/store/mailbox-store.ts', ...SYNC_PORT, 'src/items/', 'src/push/']],
  ['src/search/', [...CORE, 'src/store/search-index.ts', ...LEAVES]],
  ['src/devices/', [...CORE, ...REGISTER_PORT, ...LEAVES]],
  ['src/mail/', [...CORE, ...SYNC_PORT, ...LEAVES, 'src/items/', 'src/push/']],
  ['src/push/', [...CORE, ...LEAVES]],
  ['src/auth/', [...CORE, APP_PASSWORDS, 'src/store/sign-in-store.ts', ...LEAVES]],
  // Knows messages and files, no mailbox and no protocol.
  ['src/recorder/', ['src/domain/', ...LEAVES]],
  [
    'src/admin/',
    [
      ...CORE,
      ...LEAVES,
      ...REGISTER_PORT,
      USAGE_PORT,
      'src/items/',
      'src/auth/',
      'src/push/',
      'src/sync/',
      'src/mail/',
      'src/devices/',
      'src/recorder/',
    ],
  ],
  ['src/observe/', []],
  ['src/config/', []],
  ['src/server/compose', ['src/', 'protocols/']],
  [
    'src/server/',
    [
      ...CORE,
      ...LEAVES,
      USAGE_PORT,
      'src/devices/',
      'src/items/',
      'src/auth/',
      'src/push/',
      'src/admin/',
      'src/recorder/',
    ],
  ],
  ['src/main.ts', ['src/config/', 'src/server/', 'src/observe/']],
  ['src/cli.ts', ['src/config/', 'src/server/compose', 'src/admin/']],
  [
    'protocols/activesync/',
    [
      ...CORE,
      ...LEAVES,
      ...SYNC_PORT,
      'src/items/',
      'src/push/',
      'src/sync/',
      'src/mail/',
      'src/search/',
      'src/devices/',
      'src/recorder/',
    ],
  ],
  ['protocols/webdav/', [...CORE, ...LEAVES, 'src/items/', 'src/push/', 'src/recorder/']],
  ['protocols/caldav/', [...CORE, ...LEAVES, 'src/items/', 'src/push/', 'protocols/webdav/']],
  ['protocols/carddav/', [...CORE, ...LEAVES, 'src/items/', 'src/push/', 'protocols/webdav/']],
];

/** Only these may name a store adapter's folder. */
const ADAPTERS = /^src\/store\/(memory|sqlite)\//u;
const ADAPTER_USERS = /^src\/(server\/compose|store\/)/u;

interface Edge {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(): string[] {
  return globSync(['src/**/*.ts', 'protocols/**/*.ts']).map((file) => file.replaceAll('\\', '/'));
}

function importsOf(file: string): Edge[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/gu);
  return [...found].map((match) => ({
    from: file,
    to: normalize(join(dirname(file), match[1]!)).replaceAll('\\', '/'),
  }));
}

function isAllowed({ from, to }: Edge): boolean {
  const rule = ALLOWED.find(([part]) => from.startsWith(part));
  if (!rule) return false;
  const [part, may] = rule;
  if (ADAPTERS.test(to) && !ADAPTER_USERS.test(from)) return false;
  return to.startsWith(part) || may.some((prefix) => to.startsWith(prefix));
}

test('every import follows the dependency rule', () => {
  const edges = sourceFiles().flatMap(importsOf);
  assert.ok(edges.length > 50, 'the import graph was not read');
  const forbidden = edges.filter((edge) => !isAllowed(edge)).map(({ from, to }) => `${from} → ${to}`);
  assert.deepEqual(forbidden, []);
});

test('the rule itself forbids what it should', () => {
  assert.equal(isAllowed({ from: 'src/domain/item.ts', to: 'src/store/mailbox-store.ts' }), false);
  assert.equal(isAllowed({ from: 'src/items/put-item.ts', to: 'src/store/sqlite/open.ts' }), false);
  assert.equal(isAllowed({ from: 'protocols/carddav/plugin.ts', to: 'protocols/caldav/plugin.ts' }), false);
  assert.equal(isAllowed({ from: 'protocols/activesync/http.ts', to: 'protocols/webdav/http.ts' }), false);
  assert.equal(isAllowed({ from: 'protocols/webdav/http.ts', to: 'src/server/router.ts' }), false);
  assert.equal(isAllowed({ from: 'src/sync/synchronise.ts', to: 'src/formats/mime/index.ts' }), false);
  assert.equal(isAllowed({ from: 'src/formats/mime/index.ts', to: 'src/domain/errors.ts' }), false);
  assert.equal(isAllowed({ from: 'src/server/compose.ts', to: 'src/store/sqlite/open.ts' }), true);
});

test('below the composition nothing takes time, timers or randomness by itself', () => {
  const taken =
    /\b(Date\.now\(\)|new Date\(\)|Math\.random\(\)|setTimeout\(|setInterval\(|randomUUID\(|randomBytes\()/u;
  const offenders = sourceFiles()
    .filter((file) => /^(src\/(formats|domain|store|items|sync|push|mail|auth|admin|recorder)|protocols)\//u.test(file))
    .filter((file) => taken.test(withoutComments(readFileSync(file, 'utf8'))));
  assert.deepEqual(offenders, []);
});

test('no source file is longer than 400 lines, tables of data apart', () => {
  const long = everySource()
    .filter((file) => !file.endsWith('.generated.ts'))
    .filter((file) => readFileSync(file, 'utf8').split('\n').length > 401);
  assert.deepEqual(long, []);
});

test('every path that docs/architecture.md names is there', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const folders = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/gu)].map((match) => match[1]!));
  assert.ok(folders.length > 15, 'the table was not read');
  assert.deepEqual(
    folders.filter((folder) => !existsSync(folder)),
    [],
  );
  // The flows leave out what is above the part: `webdav/http.ts`.
  const files = sourceFiles();
  const named = [...page.matchAll(/[a-z][a-z/-]*\.ts\b/gu)].map((match) => match[0]);
  assert.ok(named.length > 5, 'the flows were not read');
  assert.deepEqual(
    named.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`))),
    [],
  );
});

test('links between documents, and the files they name, are there', () => {
  const missing = documents().flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const links = [...text.matchAll(/\]\(([^):#]+)(?:#[^)]*)?\)/gu)].map((match) => join(dirname(file), match[1]!));
    const named = [...text.matchAll(/`((?:src|protocols|test|docs|captures)\/[\w./-]+)`/gu)].map((match) => match[1]!);
    return [...links, ...named].filter((path) => !existsSync(path)).map((path) => `${file}: ${path}`);
  });
  assert.deepEqual(missing, []);
});

test('no document or source names a path of the machine it was written on', () => {
  const machine = /(?<![\w.~/-])\/(?:home|root|Users|tmp|work|mnt|opt)\/[a-z]/u;
  const offenders = [...documents(), ...everySource(), 'package.json'].filter((file) =>
    machine.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(offenders, []);
});

test('nothing is left for later in the sources', () => {
  const later = new RegExp(['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'].map((word) => `\\b${word}\\b`).join('|'), 'u');
  assert.deepEqual(
    everySource().filter((file) => later.test(readFileSync(file, 'utf8'))),
    [],
  );
});

function documents(): string[] {
  return globSync(['*.md', 'docs/**/*.md', 'captures/*.md']);
}

function everySource(): string[] {
  return globSync(['src/**/*.{ts,mjs}', 'protocols/**/*.ts', 'test/**/*.{ts,py}']);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//gu, '').replaceAll(/\/\/.*$/gmu, '');
}
