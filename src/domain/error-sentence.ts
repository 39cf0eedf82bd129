import type { ErrorCode, ErrorFacts } from './errors.ts';

/** What is said where the code that refuses has nothing better to say: the thing, the reason, and what to do about it. */
const SENTENCES: { readonly [C in ErrorCode]: (facts: ErrorFacts[C]) => string } = {
  'folder-not-found': ({ folder }) => `There is no folder ${folder}.`,
  'item-not-found': ({ item }) => `There is no item ${item}.`,
  'access-denied': ({ right }) => `You may not do that here: it needs the right "${right}".`,
  'revision-mismatch': ({ expected, actual }) =>
    actual === null
      ? `${expected} was expected, but there is nothing any more; read it again.`
      : `${expected} was expected, ${actual} is there now; read it again.`,
  'cursor-expired': ({ cursor }) => `${cursor} is too old to go on from; begin again.`,
  'uid-conflict': ({ uid, name }) => `UID ${uid} is already in ${name}; change that item instead.`,
  'name-taken': ({ name }) => `There is something called ${name} already; choose another name.`,
  'name-invalid': ({ name, reason }) => `The name "${name}" cannot be used: ${reason}.`,
  'content-invalid': ({ reason, line }) => `It cannot be read: ${reason}${at(line)}.`,
  'object-invalid': ({ reason, line }) => `It is not taken: ${reason}${at(line)}.`,
  'content-unsupported': ({ contentType }) => `${contentType} is not taken here.`,
  'component-unsupported': ({ component, allowed }) =>
    `This folder takes no ${component}, only ${allowed.join(', ')}; choose another folder.`,
  'item-too-large': ({ size, limit }) => `At most ${limit} bytes are taken, ${size} were sent.`,
  'quota-exceeded': ({ limit, unit }) =>
    `The mailbox is full: it may hold ${limit} ${unit}. Delete something, or ask the administrator for more.`,
  'filter-unsupported': ({ reason }) => `The query is not served: ${reason}.`,
  'too-many-results': ({ limit }) => `The answer would hold more than ${limit}; ask for less at a time.`,
  protected: ({ what, reason }) => `${what} stays as it is: ${reason}.`,
  'wipe-refused': ({ device, reason }) => `This cannot be done to the device ${device}: ${reason}.`,
  'storage-full': ({ reason }) => reason,
  'message-invalid': ({ reason }) => `The message cannot be sent: ${reason}.`,
  'no-recipient': ({ fields }) => `The message names nobody in ${fields.join(', ')}.`,
  'recipient-invalid': ({ address, reason }) => `${address} cannot be written to: ${reason}.`,
  'submission-refused': ({ reason }) => `The mail relay refused the message: ${reason}.`,
  'store-unavailable': ({ reason }) => reason,
};

function at(line: number | undefined): string {
  return line === undefined ? '' : ` (line ${line})`;
}

/** One sentence for people about a refusal, made of its facts alone. */
export function errorSentence<C extends ErrorCode>(code: C, facts: ErrorFacts[C]): string {
  return SENTENCES[code](facts);
}
