import assert from 'node:assert/strict';

/** A line of Prometheus' text format. */
export interface ExposedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/gy;

/** Reads the text format strictly: every sample after the type of its family, no line that is neither. */
export function parseExposition(text: string): ExposedSample[] {
  assert.ok(text.endsWith('\n'));
  let family = '';
  let type = '';
  const seen = new Set<string>();
  return text
    .slice(0, -1)
    .split('\n')
    .flatMap((line) => {
      const head = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
      if (head !== null) {
        if (head[1] === 'TYPE') [family, type] = [head[2]!, head[3]!];
        return [];
      }
      const match = SAMPLE.exec(line);
      assert.ok(match, line);
      const [, name = '', labelText = '', number = ''] = match;
      const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      assert.ok(
        suffixes.some((suffix) => name === `${family}${suffix}`),
        `${line} is not of ${family}`,
      );
      assert.equal(seen.has(`${name}{${labelText}}`), false, `${line} twice`);
      seen.add(`${name}{${labelText}}`);
      const value = number === '+Inf' ? Number.POSITIVE_INFINITY : Number(number);
      assert.ok(!Number.isNaN(value), line);
      return [{ name, labels: labelsOf(labelText, line), value }];
    });
}

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(LABEL)) {
    labels[match[1]!] = match[2]!;
    end = match.index + match[0].length;
  }
  assert.equal(end, text.length, line);
  return labels;
}
