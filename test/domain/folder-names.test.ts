import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownName } from '../../src/domain/folder-names.ts';
import { FOLDER_ROLES } from '../../src/domain/item-class.ts';

const sent = { displayName: null, role: 'sent', name: 'Sent Items' } as const;

test('a default folder is shown in the first language that is known', () => {
  assert.equal(shownName(sent, ['de-AT', 'en']), 'Gesendete Elemente');
  assert.equal(shownName(sent, ['tlh', 'pt-BR']), 'Itens enviados');
  assert.equal(shownName(sent, []), 'Sent Items');
  assert.equal(shownName(sent, ['*']), 'Sent Items');
});

test('a name that someone chose is shown in every language', () => {
  assert.equal(shownName({ ...sent, displayName: 'Abgang' }, ['fr']), 'Abgang');
});

test('an own folder is shown by its DAV name until it has another', () => {
  assert.equal(shownName({ displayName: null, role: null, name: 'work' }, ['de']), 'work');
});

test('every language names every default folder', () => {
  for (const language of ['cs', 'da', 'de', 'en', 'es', 'fi', 'fr', 'it', 'nl', 'pl', 'pt', 'sv']) {
    const names = FOLDER_ROLES.map((role) => shownName({ displayName: null, role, name: '?' }, [language]));
    assert.equal(new Set(names).size, FOLDER_ROLES.length, `${language}: ${names}`);
  }
});
