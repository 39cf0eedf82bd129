import type { ContentLine, Parameter } from '../content-line/content-line.ts';
import { makeLine } from '../content-line/line.ts';
import { escapeText } from '../content-line/text.ts';
import type { CardVersion } from './card.ts';

/** Parameters that say how the old value was written; a new value brings its own. */
const OF_THE_VALUE = new Set(['ENCODING', 'CHARSET']);
const BARE_ENCODING = /^(?:QUOTED-PRINTABLE|BASE64|7BIT|8BIT|B)$/i;

/** Escapes one text as the version wants: 2.1 knows `\;` and nothing else. */
export function escapeCardText(text: string, version: CardVersion): string {
  return version === '2.1' ? text.replace(/\r\n?/g, '\n').replace(/;/g, '\\;') : escapeText(text);
}

/**
 * The line with another value, given with its escapes; everything else of it stays. The same object when the value is
 * the one it has. In 2.1 what is not plain ASCII becomes quoted-printable UTF-8 (§2.1.3: the default charset is ASCII).
 */
export function writeValue(line: ContentLine, value: string, version: CardVersion): ContentLine {
  const parameters = withoutEncoding(line.parameters);
  const isPlain = version !== '2.1' || /^[\x20-\x7e\t]*$/.test(value);
  if (isPlain && line.value === value && parameters.length === line.parameters.length) return line;
  if (isPlain) return remakeLine(line, { parameters, value });
  const encoding: Parameter[] = [
    { name: 'CHARSET', values: ['UTF-8'] },
    { name: 'ENCODING', values: ['QUOTED-PRINTABLE'] },
  ];
  return remakeLine(line, { parameters: [...parameters, ...encoding], value: quotedPrintable(value) });
}

/** The line with other fields, to be written anew. */
export function remakeLine(
  line: ContentLine,
  fields: Partial<Pick<ContentLine, 'name' | 'parameters' | 'value' | 'group'>>,
): ContentLine {
  const { name, parameters, value, group } = { ...line, ...fields };
  return { ...makeLine({ name, parameters, value: value.replace(/[\r\n]+/g, ' '), group }), line: line.line };
}

/** The line with another value as it is written; the same object when it is the one it has. */
export function remakeValue(line: ContentLine, value: string): ContentLine {
  return line.value === value ? line : remakeLine(line, { value });
}

/** The line with these parameters; the same object when they are the ones it has. */
export function remakeParameters(line: ContentLine, parameters: readonly Parameter[]): ContentLine {
  const isSame =
    parameters.length === line.parameters.length &&
    parameters.every((parameter, at) => parameter === line.parameters[at]);
  return isSame ? line : remakeLine(line, { parameters });
}

/** The line with this parameter set, or removed with null. */
export function remakeParameter(line: ContentLine, name: string, values: readonly string[] | null): ContentLine {
  const at = line.parameters.findIndex((parameter) => parameter.name === name);
  if (values === null && at < 0) return line;
  const others = line.parameters.filter((parameter) => parameter.name !== name);
  return remakeLine(line, { parameters: values === null ? others : [...others, { name, values }] });
}

function withoutEncoding(parameters: readonly Parameter[]): Parameter[] {
  return parameters.filter(
    ({ name, values }) =>
      !OF_THE_VALUE.has(name) && !(name === '' && values.every((value) => BARE_ENCODING.test(value))),
  );
}

function quotedPrintable(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text.replace(/\n/g, '\r\n'))) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x3d;
    encoded += isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  // A blank at the very end would be lost in transport.
  return encoded.replace(/ $/, '=20');
}
