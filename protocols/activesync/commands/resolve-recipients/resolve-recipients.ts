import type { EasCommand, EasContext } from '../../command.ts';
import { EasStatusError } from '../../status.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { childElements, textOf } from '../../wbxml/read-element.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { availabilityOf } from './availability.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { type ResolveOptions, readResolveOptions } from './options.ts';
import { Pictures } from './pictures.ts';

/** MS-ASCMD §2.2.3.177.12: of the whole command. */
const STATUS = { done: 1, protocolError: 5, serverError: 6 } as const;
/** Of one name. */
const RESOLVED = { one: 1, ambiguous: 2, partly: 3, nobody: 4 } as const;
/** MS-ASCMD §2.2.3.177.12: no certificates are kept. */
const NO_CERTIFICATE = 7;
/** MS-ASCMD §2.2.3.184 */
const LONGEST_NAME = 256;

/** ResolveRecipients (MS-ASCMD §2.2.1.15): whom a name means that somebody typed. */
export const RESOLVE_RECIPIENTS: EasCommand = {
  name: 'ResolveRecipients',
  protocolError: STATUS.protocolError,
  takes: {},
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(103, 'ResolveRecipients needs a document');
    const names = childElements(body.root, 'ResolveRecipients:To').map(textOf);
    const { maxResolvedNames } = context.environment.limits;
    if (names.length === 0 || names.length > maxResolvedNames) throw new EasStatusError(103, `${names.length} names`);
    if (names.some(({ length }) => length > LONGEST_NAME)) throw new EasStatusError(103, 'a name that is too long');
    const options = readResolveOptions(body.root, context.version);
    context.logFields.names = names.length;
    return orUnavailable(context, 'ResolveRecipients', STATUS.serverError, () => answer(context, names, options));
  },
};

async function answer(context: EasContext, names: readonly string[], options: ResolveOptions): Promise<WbxElement> {
  const pictures = options.picture === null ? null : new Pictures(context, options.picture);
  const responses: WbxElement[] = [];
  for (const name of names) responses.push(await responseTo(context, name, options, pictures));
  return el('ResolveRecipients:ResolveRecipients', el('ResolveRecipients:Status', STATUS.done), responses);
}

async function responseTo(
  context: EasContext,
  name: string,
  options: ResolveOptions,
  pictures: Pictures | null,
): Promise<WbxElement> {
  const found = await candidatesFor(context, name);
  const shown = found.length > 1 ? found.slice(0, options.maxAmbiguous) : found;
  const status = statusOf(found.length, shown.length);
  const recipients: WbxElement[] = [];
  for (const candidate of shown) {
    const details = status === RESOLVED.one ? await detailsOf(context, candidate, options) : [];
    const picture = pictures === null ? null : await pictures.of(candidate);
    recipients.push(recipientElement(candidate, details, picture));
  }
  return el(
    'ResolveRecipients:Response',
    el('ResolveRecipients:To', name),
    el('ResolveRecipients:Status', status),
    status === RESOLVED.nobody ? null : el('ResolveRecipients:RecipientCount', found.length),
    recipients,
  );
}

function statusOf(found: number, shown: number): number {
  if (found === 0) return RESOLVED.nobody;
  if (found === 1) return RESOLVED.one;
  return shown < found ? RESOLVED.partly : RESOLVED.ambiguous;
}

/** What is only said of somebody who is surely meant (MS-ASCMD §2.2.3.184). */
async function detailsOf(context: EasContext, candidate: Candidate, options: ResolveOptions): Promise<WbxElement[]> {
  const details: WbxElement[] = [];
  if (options.availability !== null) details.push(await availabilityOf(context, candidate, options.availability));
  if (options.wantsCertificates) {
    const count = el('ResolveRecipients:CertificateCount', 0);
    details.push(el('ResolveRecipients:Certificates', el('ResolveRecipients:Status', NO_CERTIFICATE), count));
  }
  return details;
}

function recipientElement(
  { type, displayName, address }: Candidate,
  details: readonly WbxElement[],
  picture: WbxElement | null,
): WbxElement {
  return el(
    'ResolveRecipients:Recipient',
    el('ResolveRecipients:Type', type),
    el('ResolveRecipients:DisplayName', displayName),
    el('ResolveRecipients:EmailAddress', address),
    details,
    picture,
  );
}
