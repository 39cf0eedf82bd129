import { type CommandName, commandOfCode } from './commands.ts';
import { type DeviceId, deviceIdOfBytes } from './device-id.ts';
import { EasQueryError } from './error.ts';
import { isDeviceType } from './plain-query.ts';
import type { EasRequestLine } from './request-line.ts';

/** Tags of the parameters at the end (MS-ASHTTP §2.2.1.1.1.1.3). */
const TAG = { attachmentName: 0, collectionId: 1, itemId: 3, longId: 4, occurrence: 6, options: 7, user: 8 } as const;
const SAVE_IN_SENT = 0x01;
const ACCEPT_MULTIPART = 0x02;

/** The bytes of a base64 query (MS-ASHTTP §2.2.1.1.1.1). @throws EasQueryError */
export function parseBase64Query(bytes: Buffer): EasRequestLine {
  const reader = new Reader(bytes);
  const version = reader.byte();
  reader.protocolVersion = `${Math.floor(version / 10)}.${version % 10}`;
  const code = reader.byte();
  reader.command = commandOfCode(code);
  const locale = reader.bytes(2).readUInt16LE();
  const device = deviceOf(reader);
  const policy = policyOf(reader);
  const deviceType = reader.sized().toString('utf8');
  if (!isDeviceType(deviceType)) throw reader.error('device-type', 'The device type is missing or not well formed.');
  const parameters = parametersOf(reader);
  const text = (tag: number): string | null => parameters.get(tag)?.toString('utf8') ?? null;
  const options = parameters.get(TAG.options)?.[0] ?? 0;
  return {
    form: 'base64',
    command: reader.command,
    commandText: reader.command ?? String(code),
    user: text(TAG.user),
    ...device,
    deviceType,
    protocolVersion: reader.protocolVersion,
    ...policy,
    locale,
    attachmentName: text(TAG.attachmentName),
    collectionId: text(TAG.collectionId),
    itemId: text(TAG.itemId),
    longId: text(TAG.longId),
    occurrence: text(TAG.occurrence),
    saveInSent: (options & SAVE_IN_SENT) !== 0,
    acceptMultipart: (options & ACCEPT_MULTIPART) !== 0,
  };
}

function deviceOf(reader: Reader): DeviceId {
  const device = deviceIdOfBytes(reader.sized());
  if (device === null) throw reader.error('device-id', 'The device id is missing.');
  return device;
}

function policyOf(reader: Reader): Pick<EasRequestLine, 'policyKey' | 'showsPolicyKey'> {
  const key = reader.sized();
  if (key.length === 0) return { policyKey: null, showsPolicyKey: false };
  if (key.length !== 4) throw reader.error('malformed', `A policy key has 4 bytes, not ${key.length}.`);
  return { policyKey: key.readUInt32LE() || null, showsPolicyKey: true };
}

/** By tag; the first of a repeated one, unknown ones too: their length tells where the next begins. Empty ones say nothing. */
function parametersOf(reader: Reader): Map<number, Buffer> {
  const parameters = new Map<number, Buffer>();
  while (!reader.isAtEnd) {
    const tag = reader.byte();
    const value = reader.sized();
    if (value.length > 0 && !parameters.has(tag)) parameters.set(tag, value);
  }
  return parameters;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  /** What errors tell, as soon as it is known. */
  command: CommandName | null = null;
  protocolVersion: string | null = null;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  byte(): number {
    return this.bytes(1)[0]!;
  }

  /** One byte of length, then so many bytes. */
  sized(): Buffer {
    return this.bytes(this.byte());
  }

  bytes(length: number): Buffer {
    const from = this.#at;
    if (from + length > this.#bytes.length) throw this.error('malformed', `The query ends early, at byte ${from}.`);
    this.#at += length;
    return this.#bytes.subarray(from, from + length);
  }

  error(code: EasQueryError['code'], message: string): EasQueryError {
    return new EasQueryError(code, message, { command: this.command, protocolVersion: this.protocolVersion });
  }
}
