import { SaxesParser } from 'saxes';
import { maskContentLines } from './content-lines.ts';
import { maskHref, type PathRule } from './paths.ts';

/** Elements whose text the server made, or that says how much and when. Local names: their namespaces do not matter here. */
const PLAIN = new Set(
  [
    'sync-token getetag getctag status getcontenttype getcontentlength getlastmodified creationdate sync-level depth nresults',
    'max-resource-size max-instances max-attendees-per-instance min-date-time max-date-time calendar-color calendar-order',
    'quota-available-bytes quota-used-bytes lockscope timeout',
  ].flatMap((line) => line.split(' ')),
);
const CONTENT_LINES = new Set(['calendar-data', 'calendar-timezone', 'address-data']);
const PLAIN_ATTRIBUTES = new Set(
  'name start end content-type version collation match-type negate-condition test novalue type force'.split(' '),
);

/** An XML document with the texts of people masked; structure, ETags, tokens, hrefs by the rule for paths. @throws Error when it is none */
export function maskXml(body: Buffer, rule: PathRule): Buffer {
  const parser = new SaxesParser({ xmlns: false });
  const names: string[] = [];
  let out = '<?xml version="1.0" encoding="UTF-8"?>\n';
  let text = '';
  const flush = () => {
    if (text !== '') out += escaped(maskText(names.at(-1) ?? '', text, rule));
    text = '';
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    flush();
    const given = Object.entries(attributes).map(
      ([key, value]) => ` ${key}="${escaped(maskAttribute(key, value, rule))}"`,
    );
    out += `<${name}${given.join('')}>`;
    names.push(localName(name));
  });
  parser.on('text', (value) => {
    text += value;
  });
  parser.on('cdata', (value) => {
    text += value;
  });
  parser.on('closetag', ({ name }) => {
    flush();
    names.pop();
    out += `</${name}>`;
  });
  parser.write(body.toString('utf8')).close();
  return Buffer.from(out);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function maskText(name: string, text: string, rule: PathRule): string {
  // White space between elements is no value.
  if (text.trim() === '' || PLAIN.has(name)) return text;
  if (name === 'href') return maskHref(text, rule);
  if (CONTENT_LINES.has(name)) return maskContentLines(Buffer.from(text), rule.masker).toString('utf8');
  return rule.masker.text(text);
}

function maskAttribute(name: string, value: string, { masker }: PathRule): string {
  const isPlain = /^xmlns(?::|$)/u.test(name) || PLAIN_ATTRIBUTES.has(localName(name));
  return isPlain ? value : masker.text(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"\r]/gu, (character) => ESCAPES[character]!);
}
