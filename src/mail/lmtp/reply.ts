import type { Verdict } from '../relay.ts';

/** A refusal as the SMTP library takes it: the code, and the words after it. It adds the enhanced code that goes with the code. */
export class LmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.name = 'LmtpReply';
    this.responseCode = responseCode;
  }
}

/** RFC 2033 §5 wants enhanced codes: each of these reply codes is sent with the one it stands beside here. */
const CODES: Readonly<Record<string, number>> = {
  '4.2.2': 452,
  '4.3.0': 451,
  // The library sends 4.2.2 with it, which is said of a full mailbox; the words say what is meant.
  '4.3.1': 452,
  '5.1.1': 550,
  '5.2.2': 552,
  '5.6.0': 554,
};

/** What a recipient's verdict is called in LMTP. */
export function replyFor(verdict: Exclude<Verdict, { kind: 'accepted' }>, address: string): LmtpReply {
  const code = CODES[verdict.status] ?? (verdict.kind === 'refused' ? 554 : 451);
  return new LmtpReply(code, `<${address}> ${verdict.reason}`);
}
