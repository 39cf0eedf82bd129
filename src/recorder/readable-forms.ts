import type { CapturedMessage } from './capture.ts';
import { contentTypeOf } from './redact/redact-message.ts';
import type { WireFormat } from './wire-format.ts';

/** A body that people cannot read, as XML beside it; nothing for others, and for what cannot be decoded. */
export function readableForms(
  name: string,
  message: CapturedMessage,
  path: string,
  formats: readonly WireFormat[],
): { readonly name: string; readonly content: Buffer }[] {
  const type = contentTypeOf(message);
  const own = formats.find(({ bodies }) => bodies?.takes(type, path) === true)?.bodies;
  if (own === undefined || message.body.length === 0) return [];
  try {
    const xml = own.toXml(message.body, type);
    return xml === null ? [] : [{ name: `${name}.xml`, content: Buffer.from(`${xml}\n`) }];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      { name: `${name}.xml`, content: Buffer.from(`<!-- cannot be decoded: ${reason.replaceAll('--', '- -')} -->\n`) },
    ];
  }
}
