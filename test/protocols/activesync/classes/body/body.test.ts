import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyBinding, type NoteText } from '../../../../../protocols/activesync/classes/body/body-binding.ts';
import { type BodySource, bodyFields } from '../../../../../protocols/activesync/classes/body/body-fields.ts';
import { byteLength, truncateText } from '../../../../../protocols/activesync/classes/body/truncate.ts';
import { ClassDataError } from '../../../../../protocols/activesync/classes/class-error.ts';
import { type Field, field } from '../../../../../protocols/activesync/classes/field.ts';
import type { BodyPreference } from '../../../../../protocols/activesync/classes/options.ts';
import { htmlToText } from '../../../../../src/formats/html/html-to-text.ts';
import { textToHtml } from '../../../../../src/formats/html/text-to-html.ts';
import { options, plainFields } from '../samples.ts';

for (const [html, text] of [
  ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
  ['a<br>b<br/>c', 'a\nb\nc'],
  ['<div>a</div><div>b</div>', 'a\nb'],
  ['  a \n  b  ', 'a b'],
  ['<b>a</b> <i>b</i>c', 'a bc'],
  ['&lt;tag&gt; &amp;amp; &auml;&#8364;&#x41;&bogus;', '<tag> &amp; ä€A&bogus;'],
  ['<style>p { color: red }</style><script>alert("</p>")</script>x', 'x'],
  ['<!-- <p>no</p> -->yes', 'yes'],
  ['<a href="http://x.example/?a>b">link</a>', 'link'],
  ['<ul><li>a<li>b</ul>', '- a\n- b'],
  ['<pre>a\n  b</pre>', 'a\n  b'],
  ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
  ['<head><title>t</title><body>b', 'b'],
  ['<p', ''],
  ['&#0;&#xD800;&#1114112;x', '\ufffd\ufffdx'],
] as const) {
  test(`the text of ${html.replace(/\n/g, ' ')}`, () => {
    assert.equal(htmlToText(html), text);
  });
}

test('text made HTML and back is the same text', () => {
  const text = 'a <b> & "c"\nd   e';
  assert.equal(htmlToText(textToHtml(text)), text);
});

test('hostile HTML takes time by its length only', () => {
  for (const piece of ['<', '<a ', '<!--', '&', '<p>', '<script>', "<a b='"]) {
    assert.ok(htmlToText(piece.repeat(200_000)).length <= 200_000 * piece.length + 1);
  }
});

test('truncation never cuts a character', () => {
  const text = 'aä€😀';
  for (let size = 0; size <= byteLength(text); size += 1) {
    const cut = truncateText(text, size);
    assert.ok(text.startsWith(cut) && byteLength(cut) <= size && cut.isWellFormed(), `${size}: ${cut}`);
  }
  assert.equal(truncateText(text, 3), 'aä');
  assert.equal(truncateText(text, 9), 'aä€');
  assert.equal(truncateText(text, 10), text);
});

function shown(source: Partial<BodySource>, preferences: readonly Partial<BodyPreference>[]): unknown {
  const whole = { type: 1 as const, text: 'Hello', unreadBytes: 0, mime: null, ...source };
  const bodyPreferences = preferences.map((preference) => ({
    type: 1 as const,
    truncationSize: null,
    allOrNone: false,
    preview: 0,
    ...preference,
  }));
  return plainFields(bodyFields(whole, options({ bodyPreferences }))).Body;
}

test('MS-ASAIRS the stored form is preferred, whatever the order', () => {
  assert.deepEqual(shown({ type: 2, text: '<b>x</b>' }, [{ type: 1 }, { type: 2 }]), {
    Type: '2',
    EstimatedDataSize: '8',
    Data: '<b>x</b>',
  });
});

test('AllOrNone passes to the next form when the body is too big, and to no data when none fits', () => {
  const html = { type: 2 as const, text: `<b>${'x'.repeat(20)}</b>` };
  const limits = { truncationSize: 22, allOrNone: true };
  assert.deepEqual(shown(html, [{ type: 2, ...limits }, { type: 1 }]), {
    Type: '1',
    EstimatedDataSize: '20',
    Data: 'x'.repeat(20),
  });
  assert.deepEqual(shown(html, [{ type: 2, ...limits }]), { Type: '2', EstimatedDataSize: '27', Truncated: '1' });
});

test('a truncated body says so and tells its whole size', () => {
  assert.deepEqual(shown({ text: 'Grüße' }, [{ truncationSize: 3 }]), {
    Type: '1',
    EstimatedDataSize: '7',
    Truncated: '1',
    Data: 'Gr',
  });
});

test('a preview is plain, on one line and of the characters asked for', () => {
  const body = shown({ type: 2, text: '<p>Hello</p><p>big world</p>' }, [{ type: 2, truncationSize: 0, preview: 9 }]);
  assert.equal((body as Record<string, string>).Preview, 'Hello big');
});

for (const [title, mime, truncationSize, truncated] of [
  ['whole', 'Subject: x', null, '0'],
  ['cut', 'Subject: x', 4, '1'],
] as const) {
  test(`MS-ASCMD_R3387 MIME that is ${title} says whether it is truncated`, () => {
    const bytes = Buffer.from(mime);
    const source = {
      mime: {
        byteLength: bytes.length,
        async *open() {
          yield bytes;
        },
      },
    };
    const body = shown(source, [{ type: 4, truncationSize }]) as Record<string, unknown>;
    assert.deepEqual([body.Type, body.EstimatedDataSize, body.Truncated], ['4', '10', truncated]);
  });
}

const NOTE = bodyBinding<NoteText>({ read: (text) => text, write: (_, text) => text });

function noteOf(...body: readonly Field[]): NoteText {
  return NOTE.write!({ plain: 'old', html: null }, [field('AirSyncBase:Body', body)], options());
}

const TYPE = field('AirSyncBase:Type', '1');
const DATA = field('AirSyncBase:Data', 'new');

test('a Body of a client is taken with all that its schema knows', () => {
  const size = field('AirSyncBase:EstimatedDataSize', '3');
  const truncated = field('AirSyncBase:Truncated', '0');
  assert.deepEqual(noteOf(TYPE, size, truncated, DATA), { plain: 'new', html: null });
});

for (const [title, body] of [
  ['MS-ASAIRS_R10037 with two types', [TYPE, TYPE, DATA]],
  ['MS-ASAIRS_R10038 with its type behind the data', [DATA, TYPE]],
  ['MS-ASAIRS_R10039 with another one inside', [TYPE, DATA, field('AirSyncBase:Body', [TYPE, DATA])]],
] as const) {
  test(`${title} a Body is refused`, () => {
    assert.throws(() => noteOf(...body), ClassDataError);
  });
}
