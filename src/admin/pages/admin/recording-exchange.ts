import { bytesText } from '../../../config/byte-sizes.ts';
import { type CapturedMessage, decodeMessage } from '../../../recorder/capture.ts';
import type { Administration } from '../../administration.ts';
import { html, type Part } from '../html.ts';
import { xmlLines } from '../parts/xml-lines.ts';

/** More of a body is not shown; the download has it all. */
const MOST_SHOWN = 32 * 1024;

/** An exchange for people: heads as they are, bodies as XML or text; what is neither is told by its size. */
export async function readExchange(
  calls: Pick<Administration, 'recordRead'>,
  id: string,
  number: string,
  names: ReadonlySet<string>,
): Promise<Part> {
  const side = async (name: string) => {
    const message = decodeMessage(await readStart(calls, id, name));
    const decoded = names.has(`${name}.xml`) ? (await readStart(calls, id, `${name}.xml`)).toString('utf8') : null;
    return { message, decoded };
  };
  const [request, response] = await Promise.all([side(`${number}.request`), side(`${number}.response`)]);
  const [method = '', target = ''] = request.message.startLine.split(' ');
  const status = response.message.startLine.replace(/^HTTP\/\S+ /u, '');
  const waited = names.has(`${number}.parked`);
  return html`<summary><span class="mono">${number} ${method} ${target} → ${status}</span>${waited && ', waited'}</summary>
${messagePart('Request', request)}${messagePart('Answer', response)}`;
}

interface Side {
  readonly message: CapturedMessage;
  /** The body as XML, where people cannot read it as it is. */
  readonly decoded: string | null;
}

function messagePart(title: string, { message, decoded }: Side): Part {
  const headers = message.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  return html`<h3>${title}</h3><pre>${message.startLine}
${headers}</pre>${bodyPart(message.body, decoded)}`;
}

function bodyPart(body: Buffer, decoded: string | null): Part {
  if (body.length === 0) return html`<p class="muted">No body.</p>`;
  const text = decoded ?? textOf(body);
  if (text === null) return html`<p class="muted">${bytesText(body.length)} that are no text.</p>`;
  const shown = text.slice(0, MOST_SHOWN);
  const isXml = shown.trimStart().startsWith('<');
  const isCut = text.length > MOST_SHOWN || body.length >= MOST_SHOWN;
  return html`<pre tabindex="0">${isXml ? xmlLines(shown) : shown}</pre>${isCut && html`<p class="muted">The rest is in the download.</p>`}`;
}

/** Null for what is no text. The last letter may be cut in two. */
function textOf(body: Buffer): string | null {
  const text = body.toString('utf8');
  return /[\0-\x08\x0e-\x1f]|\ufffd(?!$)/u.test(text) ? null : text;
}

/** The beginning of a file, as far as it is shown. */
async function readStart(calls: Pick<Administration, 'recordRead'>, id: string, name: string): Promise<Buffer> {
  return Buffer.from(await calls.recordRead({ id, name, start: 0, end: 2 * MOST_SHOWN }));
}
