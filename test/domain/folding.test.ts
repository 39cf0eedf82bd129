import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldText } from '../../src/domain/folding.ts';

const CASES: readonly (readonly [written: string, typed: string])[] = [
  ['Møller', 'moller'],
  ['STRAẞE Straße', 'strasse strasse'],
  ['Łódź', 'lodz'],
  ['Đorđe', 'dorde'],
  ['Æsir, Œuvre', 'aesir, oeuvre'],
  ['Þórður Guðmundsson', 'thordur gudmundsson'],
  ['ISIK Işık İzmir', 'isik isik izmir'],
  ['Ħamrun', 'hamrun'],
  ['Ŋábmi Ŧ', 'nabmi t'],
  ['Müller Mu\u0308ller', 'muller muller'],
  ['Ǿ ǽ', 'o ae'],
  ['ﬁn Ⅳ ｆｕｌｌ', 'fin iv full'],
  ['Ὀδυσσεύς ΟΔΟΣ', 'οδυσσευσ οδοσ'],
  ['Ёлка', 'елка'],
];

for (const [written, typed] of CASES) {
  test(`${written} is compared as ${typed}`, () => assert.equal(foldText(written), typed));
}

test('every character: what is folded stays as it is when it is folded again', () => {
  for (let code = 0; code < 0x30000; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const folded = foldText(String.fromCodePoint(code));
    assert.equal(foldText(folded), folded, code.toString(16));
  }
});
