/** Name of the mailbox's document in which it is kept. */
export const OUT_OF_OFFICE_DOCUMENT = 'oof';

/** Who gets an automatic answer: people of the own domain, others who are in the contacts, others. */
export const AUDIENCES = ['internal', 'externalKnown', 'externalUnknown'] as const;
export type Audience = (typeof AUDIENCES)[number];

export interface AutomaticAnswer {
  readonly enabled: boolean;
  /** As it was written; HTML or text by `bodyType`. '' for none. */
  readonly text: string;
  readonly bodyType: 'TEXT' | 'HTML';
}

/** What a person wants senders to be told while away; src/mail/auto-reply answers by it. */
export interface OutOfOffice extends Readonly<Record<Audience, AutomaticAnswer>> {
  /** 0 off, 1 on, 2 on from `start` to `end`. */
  readonly state: 0 | 1 | 2;
  /** Seconds since 1970; null unless `state` is 2. */
  readonly start: number | null;
  readonly end: number | null;
}

const NO_ANSWER: AutomaticAnswer = { enabled: false, text: '', bodyType: 'TEXT' };

export const IN_OFFICE: OutOfOffice = {
  state: 0,
  start: null,
  end: null,
  internal: NO_ANSWER,
  externalKnown: NO_ANSWER,
  externalUnknown: NO_ANSWER,
};

/** What is kept as the mailbox's document; null is nothing yet. */
export function storedOutOfOffice(document: unknown): OutOfOffice {
  return document === null ? IN_OFFICE : (document as OutOfOffice);
}
