import type { ContentLine, Parameter } from '../content-line/content-line.ts';
import { parameterOf } from '../content-line/lookup.ts';
import { encodingOf, inlineBytes, lineText, preferenceOf, typesOf, typeWords } from './card-line.ts';
import { remakeLine, remakeParameter, remakeParameters, remakeValue } from './card-write.ts';
import { binaryFields } from './photo-line.ts';

const BINARY = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY']);
/** Apple's names for what 4.0 defines. */
const RENAMED: Readonly<Record<string, string>> = {
  'X-ADDRESSBOOKSERVER-KIND': 'KIND',
  'X-ADDRESSBOOKSERVER-MEMBER': 'MEMBER',
};

/** Properties of vCard 3.0 as 4.0 writes them (RFC 6350 appendix A lists the differences). */
export function toLinesOf40(lines: readonly ContentLine[]): ContentLine[] {
  const labels = lines.filter((line) => line.name === 'LABEL');
  const waiting = Map.groupBy(labels, placeOf);
  for (const same of waiting.values()) same.reverse();
  const taken = new Set<ContentLine>();
  const sortAs = lines.find((line) => line.name === 'SORT-STRING');
  const hasName = lines.some((line) => line.name === 'N');
  const converted: ContentLine[] = [];
  for (const line of lines) {
    if (line.name === 'LABEL' || (line === sortAs && hasName)) continue;
    let next = convertLine(line);
    if (line.name === 'ADR') {
      const label = waiting.get(placeOf(line))?.pop() ?? null;
      if (label !== null) taken.add(label);
      next = withLabel(next, label);
    }
    if (line.name === 'N' && sortAs !== undefined) next = remakeParameter(next, 'SORT-AS', [lineText(sortAs, '3.0')]);
    converted.push(next);
  }
  // A label without address: 4.0 knows labels only as a parameter of one (RFC 6350 §6.3.1).
  for (const label of labels) {
    if (taken.has(label)) continue;
    const adr = remakeLine(label, { name: 'ADR', value: ';;;;;;' });
    converted.push(withLabel(convertParameters(adr), label));
  }
  return converted;
}

/** A label belongs to the first address of the same group and types that has none yet. */
function placeOf(line: ContentLine): string {
  return `${line.group ?? ''}:${typesOf(line).sort().join()}`;
}

function withLabel(address: ContentLine, label: ContentLine | null): ContentLine {
  return label === null ? address : remakeParameter(address, 'LABEL', [lineText(label, '3.0')]);
}

function convertLine(line: ContentLine): ContentLine {
  if (BINARY.has(line.name) && encodingOf(line) === 'base64') return binaryLine(line);
  const named = RENAMED[line.name] === undefined ? line : remakeLine(line, { name: RENAMED[line.name]! });
  return convertValue(convertParameters(named));
}

function binaryLine(line: ContentLine): ContentLine {
  const { mediaType, bytes } = inlineBytes(line)!;
  const dropped = new Set(['ENCODING', 'TYPE', 'VALUE', 'CHARSET']);
  const kept = line.parameters.filter(({ name }) => !dropped.has(name));
  const places = typeWords(line).filter((word) => /^(?:home|work)$/i.test(word));
  if (places.length > 0) kept.push({ name: 'TYPE', values: places });
  if (preferenceOf(line) !== null) kept.push({ name: 'PREF', values: ['1'] });
  return remakeLine(line, { parameters: kept, value: binaryFields({ kind: 'data', mediaType, bytes }, '4.0').value });
}

/** `TYPE=pref` → PREF=1 (RFC 6350 §5.3); INTERNET, charsets and encodings are gone in 4.0. */
function convertParameters(line: ContentLine): ContentLine {
  const isPreferred = preferenceOf(line) !== null && parameterOf(line, 'PREF') === null;
  const dropsInternet = line.name === 'EMAIL';
  const parameters: Parameter[] = [];
  for (const parameter of line.parameters) {
    if (parameter.name === 'CHARSET' || parameter.name === 'ENCODING') continue;
    if (parameter.name !== 'TYPE') {
      parameters.push(parameter);
      continue;
    }
    const values = parameter.values.filter(
      (word) => !/^pref$/i.test(word) && !(dropsInternet && /^internet$/i.test(word)),
    );
    if (values.length > 0)
      parameters.push(values.length === parameter.values.length ? parameter : { name: 'TYPE', values });
  }
  if (isPreferred) parameters.push({ name: 'PREF', values: ['1'] });
  return remakeParameters(line, parameters);
}

function convertValue(line: ContentLine): ContentLine {
  if (line.name === 'GEO') {
    const [latitude, longitude] = line.value.split(';');
    return longitude === undefined ? line : remakeValue(line, `geo:${latitude!.trim()},${longitude.trim()}`);
  }
  if (line.name === 'BDAY' || line.name === 'ANNIVERSARY') return convertDate(line);
  if (line.name === 'REV')
    return remakeValue(
      line,
      line.value.replace(/[:-](?=\d)/g, (mark, at: number) => (at > 10 && mark === '-' ? mark : '')),
    );
  if (line.name === 'MEMBER') return remakeValue(line, line.value.trim());
  if (line.name === 'AGENT') return agentLine(line);
  return line;
}

/** RFC 6350 §4.3.1 wants the basic format; Apple writes a birthday without year as one of 1604. */
function convertDate(line: ContentLine): ContentLine {
  const date = /^(\d{4})-?(\d{2})-?(\d{2})(.*)$/.exec(line.value.trim());
  if (date === null) return line;
  const [, year, month, day, time] = date;
  if (parameterOf(line, 'X-APPLE-OMIT-YEAR') !== year) {
    // Only the time of day has colons; a zone keeps its sign.
    return remakeValue(line, `${year}${month}${day}${time!.replaceAll(':', '')}`);
  }
  const plain = remakeParameter(remakeParameter(line, 'X-APPLE-OMIT-YEAR', null), 'VALUE', null);
  return remakeValue(plain, `--${month}${day}`);
}

/** AGENT became RELATED (RFC 6350 appendix A.2); a card inside becomes a `data:` URI. */
function agentLine(line: ContentLine): ContentLine {
  const isUri = parameterOf(line, 'VALUE')?.toLowerCase() === 'uri';
  const value = isUri ? line.value : `data:text/vcard;charset=utf-8,${encodeURIComponent(lineText(line, '3.0'))}`;
  return remakeLine(line, { name: 'RELATED', parameters: [{ name: 'TYPE', values: ['agent'] }], value });
}
