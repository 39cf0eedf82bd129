import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { RandomBytes } from '../domain/clock.ts';

/** What one hash costs (RFC 9106 §3.1). */
export interface HashCost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

/** OWASP's smallest recommended argon2id setting: 19 MiB, two passes, one lane. */
export const DEFAULT_COST: HashCost = { memoryKiB: 19 * 1024, passes: 2, lanes: 1 };

const SALT_BYTES = 16;
const TAG_BYTES = 32;
/** What a stored string may ask for, so that a damaged one cannot eat the machine. */
const MAX_COST: HashCost = { memoryKiB: 1024 * 1024, passes: 64, lanes: 16 };

const PHC = /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,86})$/;

const argon2Async = promisify(argon2);

interface ParsedHash extends HashCost {
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** Passwords are compared as NFC: keyboards differ in how they write an umlaut (RFC 8265 §4.2.1). */
export function normalisePassword(password: string): string {
  return password.normalize('NFC');
}

/** Hashes with argon2id; the result is a PHC string (`$argon2id$v=19$m=…,t=…,p=…$salt$tag`). */
export async function hashPassword(
  password: string,
  random: RandomBytes,
  cost: HashCost = DEFAULT_COST,
): Promise<string> {
  const salt = Buffer.from(random(SALT_BYTES));
  return toPhc({ ...cost, salt, tag: await derive(password, { ...cost, salt, tagBytes: TAG_BYTES }) });
}

/** True when `password` made `phc`. Throws TypeError when `phc` is no argon2id PHC string of version 19. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const stored = parsePhc(phc);
  const tag = await derive(password, { ...stored, tagBytes: stored.tag.length });
  return timingSafeEqual(tag, stored.tag);
}

/** True when the stored hash is cheaper than `cost` in any respect. */
export function needsRehash(phc: string, cost: HashCost = DEFAULT_COST): boolean {
  const stored = parsePhc(phc);
  return stored.memoryKiB < cost.memoryKiB || stored.passes < cost.passes || stored.lanes < cost.lanes;
}

/** A hash that no password is known for and that costs what a real one does: for names that do not exist. */
export function unmatchableHash(random: RandomBytes, cost: HashCost = DEFAULT_COST): string {
  return toPhc({ ...cost, salt: Buffer.from(random(SALT_BYTES)), tag: Buffer.from(random(TAG_BYTES)) });
}

function derive(password: string, use: HashCost & { salt: Buffer; tagBytes: number }): Promise<Buffer> {
  return argon2Async('argon2id', {
    message: Buffer.from(normalisePassword(password), 'utf8'),
    nonce: use.salt,
    parallelism: use.lanes,
    tagLength: use.tagBytes,
    memory: use.memoryKiB,
    passes: use.passes,
  });
}

function toPhc(hash: ParsedHash): string {
  const cost = `m=${hash.memoryKiB},t=${hash.passes},p=${hash.lanes}`;
  return `$argon2id$v=19$${cost}$${unpadded(hash.salt)}$${unpadded(hash.tag)}`;
}

function parsePhc(phc: string): ParsedHash {
  const match = PHC.exec(phc);
  if (match === null) throw new TypeError('A stored password is no argon2id hash of version 19 in PHC string format');
  const [, memoryKiB, passes, lanes, salt, tag] = match;
  const parsed = {
    memoryKiB: Number(memoryKiB),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt!, 'base64'),
    tag: Buffer.from(tag!, 'base64'),
  };
  const dear =
    parsed.memoryKiB > MAX_COST.memoryKiB || parsed.passes > MAX_COST.passes || parsed.lanes > MAX_COST.lanes;
  if (dear) throw new TypeError('A stored password hash asks for more memory or time than is allowed');
  return parsed;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
