/** Seeded messages, well-formed and broken, for property tests and fuzzing. */

import type { Random } from '../../support/random.ts';

/** Cuts bytes into chunks of random sizes, empty ones and single bytes included. */
export function chunked(random: Random, bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const largest = random.pick([1, 3, 17, 200, 5000]);
  for (let at = 0; at < bytes.length; ) {
    const size = random.below(largest + 1);
    chunks.push(new Uint8Array(bytes.subarray(at, at + size)));
    at += size;
  }
  return chunks;
}

/** The chunks as a stream. */
export async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

/** A message with the line ends, nesting and mistakes the seed draws. */
export function makeMessage(random: Random): Uint8Array {
  const lineEnd = random.pick(['\r\n', '\r\n', '\n', '\r']);
  const fields = [
    'From: A <a@example.com>',
    'Subject: =?utf-8?q?H=C3=A4?= \xe4',
    'Date: Sat, 1 Jan 2022 10:00:00 +0100',
  ];
  if (random.chance(0.1)) fields.splice(1, 0, 'garbage without colon');
  const lines = random.chance(0.05) ? [] : fields;
  return Buffer.from(
    [...lines, ...makeEntity(random, 0)].join(lineEnd) + (random.chance(0.5) ? lineEnd : ''),
    'latin1',
  );
}

function makeEntity(random: Random, depth: number): string[] {
  const kind = depth > 3 ? 0 : random.next();
  if (kind < 0.4) return makeLeaf(random);
  if (kind < 0.5) return ['Content-Type: message/rfc822', '', 'Subject: inner', ...makeEntity(random, depth + 1)];
  const boundary = random.pick(['b', 'b2', '=_x y', '--dash', 'B'.repeat(70)]);
  const type = random.pick(['mixed', 'alternative', 'digest']);
  const lines = [`Content-Type: multipart/${type};`, `\tboundary="${boundary}"`];
  if (random.chance(0.9)) lines.push('', 'preamble');
  const count = random.below(4);
  for (let number = 0; number < count; number += 1) {
    lines.push(`--${boundary}${random.chance(0.2) ? '  ' : ''}`, ...makeEntity(random, depth + 1));
  }
  if (random.chance(0.8)) lines.push(`--${boundary}--`, 'epilogue');
  return lines;
}

function makeLeaf(random: Random): string[] {
  const encoding = random.pick(['base64', 'quoted-printable', 'x-uuencode', '8bit', '7-bit', 'strange']);
  const type = random.pick(['text/plain; charset=iso-8859-1', 'text/html', 'image/png; name="a;b.png"', 'nonsense']);
  const body = Array.from({ length: random.below(5) }, () =>
    random.pick([
      'SGVsbG8=',
      'a=E4b =20=',
      '--',
      '--b',
      'end ',
      '',
      '#86)C',
      'begin 644 x',
      '\xff\x00\r\x01',
      'x'.repeat(1500),
    ]),
  );
  const header = [`Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`];
  return random.chance(0.1) ? [...header, ...body] : [...header, '', ...body];
}
