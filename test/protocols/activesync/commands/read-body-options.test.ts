import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBodyOptions } from '../../../../protocols/activesync/commands/read-body-options.ts';
import { EasStatusError } from '../../../../protocols/activesync/status.ts';
import { el, type WbxElement } from '../../../../protocols/activesync/wbxml/element.ts';
import type { ElementName } from '../../../../protocols/activesync/wbxml/elements.ts';
import { WbxValueError } from '../../../../protocols/activesync/wbxml/errors.ts';

const WHOLE = { truncationSize: null, allOrNone: false, preview: 0 };

function preference(
  name: 'BodyPreference' | 'BodyPartPreference',
  values: Readonly<Record<string, string>>,
): WbxElement {
  const children = Object.entries(values).map(([key, value]) => el(`AirSyncBase:${key}` as ElementName, value));
  return el(`AirSyncBase:${name}`, children);
}

function read(...children: readonly WbxElement[]) {
  return readBodyOptions(el('AirSync:Options', children));
}

test('MS-ASAIRS §2.2.2.12 preferences are read with their defaults and in order, RTF is none', () => {
  assert.equal(read().bodyPreferences, null);
  const sizes = { TruncationSize: '512', AllOrNone: '1', Preview: '255' };
  const { bodyPreferences } = read(
    preference('BodyPreference', { Type: '4', ...sizes }),
    preference('BodyPreference', { Type: '3' }),
    preference('BodyPreference', {}),
  );
  assert.deepEqual(bodyPreferences, [
    { type: 4, truncationSize: 512, allOrNone: true, preview: 255 },
    { type: 1, ...WHOLE },
  ]);
  assert.deepEqual(read(preference('BodyPreference', { Type: '3' })).bodyPreferences, []);
});

test('MS-ASAIRS §2.2.2.11 a BodyPartPreference is HTML, any other type is 164', () => {
  assert.equal(read().bodyPartPreference, null);
  const { bodyPartPreference } = read(preference('BodyPartPreference', { Type: '2', TruncationSize: '4294967295' }));
  assert.deepEqual(bodyPartPreference, { ...WHOLE, truncationSize: 2 ** 32 - 1 });
  for (const Type of ['1', '3', '4']) {
    assert.throws(
      () => read(preference('BodyPartPreference', { Type })),
      (error) => error instanceof EasStatusError && error.status === 164,
    );
  }
});

test('values out of range break the schema, and so do more preferences than there are forms', () => {
  for (const wrong of [{ Preview: '256' }, { TruncationSize: '-1' }, { AllOrNone: 'x' }]) {
    for (const name of ['BodyPreference', 'BodyPartPreference'] as const) {
      assert.throws(() => read(preference(name, { Type: '2', ...wrong })), WbxValueError);
    }
  }
  const many = Array.from({ length: 17 }, () => preference('BodyPreference', { Type: '1' }));
  assert.throws(() => read(...many), WbxValueError);
  const twice = [preference('BodyPreference', { Type: '1' }), preference('BodyPreference', { Type: '1' })];
  assert.throws(() => read(...twice), WbxValueError);
  assert.throws(() => read(preference('BodyPreference', { TruncationSize: '1', Type: '1' })), WbxValueError);
});
