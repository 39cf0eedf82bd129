import type { Field, FieldValue } from '../../classes/field.ts';
import { field, isChildren } from '../../classes/field.ts';
import type { ResponsePart } from '../../command.ts';

const BODIES = new Set(['AirSyncBase:Body', 'AirSyncBase:BodyPart']);

/** The parts of a multipart answer as they come together; the document is part 0 (MS-ASCMD §2.2.1.10.1). */
export class Parts {
  readonly list: ResponsePart[] = [];

  /** @returns What its Part element says. */
  add(part: ResponsePart): number {
    return this.list.push(part);
  }

  /** The fields of an item with the data of its bodies as parts. */
  withBodyAsPart(fields: readonly Field[]): Field[] {
    return fields.map((body) => {
      if (!BODIES.has(body.name) || !isChildren(body.value)) return body;
      const data = body.value.find(({ name }) => name === 'AirSyncBase:Data');
      if (data === undefined) return body;
      // MS-ASAIRS §2.2.2.9: the last of its elements, behind the Preview.
      const others = body.value.filter((child) => child !== data);
      return field(body.name, [...others, this.#part(data.value)]);
    });
  }

  #part(value: FieldValue): Field {
    if (isChildren(value)) throw new TypeError('The data of a body holds no elements.');
    const part = typeof value === 'object' && 'open' in value ? value : heldPart(value);
    return field('ItemOperations:Part', String(this.add(part)));
  }
}

function heldPart(value: string | Uint8Array): ResponsePart {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return {
    byteLength: bytes.length,
    async *open() {
      yield bytes;
    },
  };
}
