import { createHash } from 'node:crypto';
import { appPasswordOf } from '../domain/principal.ts';
import type { DeviceContact } from './contact.ts';

/** Names that stand in the User-Agent of many programs and tell none of them apart. */
const SAID_BY_MANY = new Set(['mozilla', 'gecko', 'applewebkit', 'khtml', 'version', 'mobile', 'safari']);

const LONGEST_NAME = 48;

/** Systems whose own programs share an account: one sets it up (accountsd), others read it (dataaccessd, CalendarAgent, …). */
const SYSTEM = /^(ios|ipados|macos|mac[ _+]os[ _+]x)\//i;

/**
 * A client that names no device, as one: it is known by the mailbox whose password it has and by the products in its User-Agent
 * without their versions, so that an update of the program does not make it another (RFC 9110 §10.1.5). One that has an app
 * password is known by that as well, and so apart from the same program elsewhere.
 */
export function webClient(
  protocol: string,
  userAgent: string,
  remoteAddress: string,
  credential?: string,
): DeviceContact {
  const agent = userAgent.slice(0, 256);
  const products = productsOf(agent);
  const appPassword = appPasswordOf(credential);
  const id = `${protocol}:${slugOf(products)}${appPassword === null ? '' : `:${appPassword}`}`;
  const system = SYSTEM.exec(agent)?.[1];
  const kin = system === undefined ? {} : { kin: system.toLowerCase() };
  const base = { protocol, agent, version: null, remoteAddress, ...kin };
  return { ...base, aliases: [id], shownId: id, type: products.join(' ') };
}

function productsOf(agent: string): readonly string[] {
  const tokens = withoutComments(agent).split(/\s+/u);
  const names = tokens.map((token) => token.split('/')[0]!).filter((name) => /[\p{L}]/u.test(name));
  const telling = names.filter((name) => !SAID_BY_MANY.has(name.toLowerCase()));
  return [...new Set(telling.length > 0 ? telling : names)];
}

/** Comments nest, and name systems and builds. */
function withoutComments(agent: string): string {
  let depth = 0;
  let text = '';
  for (const char of agent) {
    if (char === '(') depth += 1;
    else if (char === ')' && depth > 0) depth -= 1;
    else if (depth === 0) text += char;
  }
  return text;
}

/** Readable, since administrators type it; a name that does not fit is told apart by its hash. */
function slugOf(products: readonly string[]): string {
  const name = products.join(' ').toLowerCase();
  const slug = name.replaceAll(/[^a-z0-9.]+/g, '-').replaceAll(/^-+|-+$/g, '');
  if (name === '') return 'unnamed';
  if (slug.length <= LONGEST_NAME && /^[a-z0-9. _-]+$/.test(name)) return slug;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${slug.slice(0, LONGEST_NAME)}-${hash}`;
}
