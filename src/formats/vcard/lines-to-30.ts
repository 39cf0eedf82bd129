import type { ContentLine, Parameter } from '../content-line/content-line.ts';
import { makeLine } from '../content-line/line.ts';
import { parameterOf } from '../content-line/lookup.ts';
import { escapeText } from '../content-line/text.ts';
import { inlineBytes, preferenceOf, typesOf } from './card-line.ts';
import { remakeLine, remakeParameter, remakeParameters, remakeValue } from './card-write.ts';
import { binaryFields } from './photo-line.ts';

const BINARY = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY']);
/** Properties 3.0 lacks that Apple's programs have under another name. */
const RENAMED: Readonly<Record<string, string>> = {
  KIND: 'X-ADDRESSBOOKSERVER-KIND',
  MEMBER: 'X-ADDRESSBOOKSERVER-MEMBER',
};

/** Properties of vCard 4.0 as 3.0 writes them; those 3.0 does not define stay as extensions (RFC 2426 §3.8). */
export function toLinesOf30(lines: readonly ContentLine[]): ContentLine[] {
  const preferred = preferredLines(lines);
  return lines.flatMap((line) => {
    const next = convertLine(line, preferred.has(line));
    const label = line.name === 'ADR' ? parameterOf(line, 'LABEL') : null;
    const sortAs = line.name === 'N' ? parameterOf(line, 'SORT-AS') : null;
    if (label !== null) return [remakeParameter(next, 'LABEL', null), labelLine(next, label)];
    if (sortAs === null) return [next];
    return [remakeParameter(next, 'SORT-AS', null), makeLine({ name: 'SORT-STRING', value: escapeText(sortAs) })];
  });
}

/** 3.0 knows preferred or not: of each property the lines with the lowest PREF are. */
function preferredLines(lines: readonly ContentLine[]): Set<ContentLine> {
  const preferred = new Set<ContentLine>();
  for (const same of Map.groupBy(lines, (line) => line.name).values()) {
    // Not Math.min(...): a card may hold more lines than a call takes arguments.
    let best = Number.POSITIVE_INFINITY;
    for (const line of same) best = Math.min(best, preferenceOf(line) ?? best);
    if (best <= 100) for (const line of same) if (preferenceOf(line) === best) preferred.add(line);
  }
  return preferred;
}

function labelLine(address: ContentLine, label: string): ContentLine {
  const types = typesOf(address);
  const parameters: Parameter[] = types.length === 0 ? [] : [{ name: 'TYPE', values: types }];
  return makeLine({ name: 'LABEL', group: address.group, parameters, value: escapeText(label) });
}

function convertLine(line: ContentLine, isPreferred: boolean): ContentLine {
  const renamed = RENAMED[line.name];
  const named = renamed === undefined ? line : remakeLine(line, { name: renamed });
  const inline = BINARY.has(line.name) ? inlineBytes(line) : null;
  if (inline !== null) return binaryLine(named, inline, isPreferred);
  return convertValue(convertParameters(named, isPreferred));
}

function binaryLine(
  line: ContentLine,
  inline: { readonly mediaType: string | null; readonly bytes: Uint8Array },
  isPreferred: boolean,
): ContentLine {
  const { parameters, value } = binaryFields({ kind: 'data', ...inline }, '3.0');
  const dropped = new Set(['VALUE', 'MEDIATYPE', 'PREF', 'ENCODING', 'TYPE']);
  const places = [...typesOf(line), ...(isPreferred ? ['pref'] : [])];
  if (places.length > 0) parameters.push({ name: 'TYPE', values: places });
  return remakeLine(line, {
    parameters: [...parameters, ...line.parameters.filter(({ name }) => !dropped.has(name))],
    value,
  });
}

function convertParameters(line: ContentLine, isPreferred: boolean): ContentLine {
  const parameters: Parameter[] = [];
  for (const parameter of line.parameters) {
    // RFC 6350 allows one quoted list (`TYPE="work,voice"`), which 3.0 would read as one word.
    if (parameter.name === 'TYPE' && parameter.values.some((value) => value.includes(','))) {
      parameters.push({ name: 'TYPE', values: parameter.values.flatMap((value) => value.split(',')) });
    } else if (parameter.name !== 'PREF') parameters.push(parameter);
  }
  if (isPreferred) parameters.push({ name: 'TYPE', values: ['pref'] });
  // A URI is the default of these in 4.0 and not in 3.0.
  const isUri = BINARY.has(line.name) && /^[a-z][a-z0-9+.-]*:/i.test(line.value);
  if (isUri && parameterOf(line, 'VALUE') === null) parameters.push({ name: 'VALUE', values: ['uri'] });
  return remakeParameters(line, parameters);
}

function convertValue(line: ContentLine): ContentLine {
  if (line.name === 'GEO') {
    const place = /^geo:([^,;]+),([^,;]+)/i.exec(line.value);
    return place === null ? line : remakeValue(line, `${place[1]};${place[2]}`);
  }
  if (line.name === 'TEL') return telephone(line);
  if (line.name === 'RELATED' && typesOf(line).includes('agent')) return agentLine(line);
  if (line.name === 'BDAY' || line.name === 'ANNIVERSARY') return convertDate(line);
  return line;
}

/** An agent is AGENT in 3.0 (RFC 2426 §3.5.4), its card inside as text. */
function agentLine(line: ContentLine): ContentLine {
  const inline = inlineBytes(line);
  if (inline?.mediaType === 'text/vcard') {
    const value = escapeText(Buffer.from(inline.bytes).toString('utf8'));
    return remakeLine(line, { name: 'AGENT', parameters: [], value });
  }
  return remakeLine(line, { name: 'AGENT', parameters: [{ name: 'VALUE', values: ['uri'] }] });
}

/** 3.0 has numbers as text (RFC 2426 §3.3.1); an extension is written as people do. */
function telephone(line: ContentLine): ContentLine {
  const uri = /^tel:([^;]*)(.*)$/i.exec(line.value);
  if (uri === null) return line;
  const extension = /;ext=([^;]+)/i.exec(uri[2]!)?.[1];
  const value = extension === undefined ? uri[1]! : `${uri[1]} x${extension}`;
  return remakeValue(remakeParameter(line, 'VALUE', null), value);
}

/** Dates in 3.0's extended format, which more programs read; one without year in Apple's way. */
function convertDate(line: ContentLine): ContentLine {
  const yearless = /^--(\d{2})-?(\d{2})$/.exec(line.value.trim());
  if (yearless !== null) {
    const marked = remakeParameter(remakeParameter(line, 'X-APPLE-OMIT-YEAR', ['1604']), 'VALUE', ['date']);
    return remakeValue(marked, `1604-${yearless[1]}-${yearless[2]}`);
  }
  const date = /^(\d{4})(\d{2})(\d{2})$/.exec(line.value.trim());
  return date === null ? line : remakeValue(line, `${date[1]}-${date[2]}-${date[3]}`);
}
