import type { CommandName } from './commands.ts';

/** What a request says about itself beside its body, whichever form its query has. */
export interface EasRequestLine {
  readonly form: 'plain' | 'base64';
  /** null for a command that the protocol does not know; then `commandText` is for the log. */
  readonly command: CommandName | null;
  readonly commandText: string;
  /** The name that the client gave; the credentials decide. */
  readonly user: string | null;
  /** The id as the client spells it, in base64 queries as text where it is text, else in hex. */
  readonly deviceId: string;
  /** Every spelling of this id, in lower case, `deviceId` first: two requests that share one come from one device. */
  readonly deviceIdAliases: readonly string[];
  readonly deviceType: string;
  /** A client trying out an account; its device is not registered. */
  readonly isProbe: boolean;
  /** `14.1` and so on, also such as are not served; null when the client names none. */
  readonly protocolVersion: string | null;
  /** 1 … 4294967295; null for none and for 0, which never is a key. */
  readonly policyKey: number | null;
  /** Whether a key came at all, be it 0, with which clients say that they have none yet. */
  readonly showsPolicyKey: boolean;
  /** Windows language code of a base64 query. */
  readonly locale: number | null;
  readonly attachmentName: string | null;
  readonly collectionId: string | null;
  readonly itemId: string | null;
  readonly longId: string | null;
  readonly occurrence: string | null;
  readonly saveInSent: boolean;
  readonly acceptMultipart: boolean;
}

/** Headers that say what a base64 query says itself. */
export interface EasHeaders {
  /** MS-ASProtocolVersion */
  readonly protocolVersion?: string | undefined;
  /** X-MS-PolicyKey */
  readonly policyKey?: string | undefined;
  /** MS-ASAcceptMultiPart */
  readonly acceptMultipart?: string | undefined;
}

/**
 * Fills in from the headers what the query left open; where both speak, the query wins (MS-ASHTTP §2.2.1.1.2: with a base64
 * query the headers are not to be sent).
 */
export function withHeaders(line: EasRequestLine, headers: EasHeaders): EasRequestLine {
  return {
    ...line,
    protocolVersion: line.protocolVersion ?? (headers.protocolVersion?.trim() || null),
    policyKey: line.policyKey ?? policyKeyOf(headers.policyKey),
    showsPolicyKey: line.showsPolicyKey || headers.policyKey !== undefined,
    acceptMultipart: line.form === 'base64' ? line.acceptMultipart : isTrue(headers.acceptMultipart),
  };
}

/** A key in decimal; null for anything that is none. */
export function policyKeyOf(text: string | null | undefined): number | null {
  const key = /^\s*\d{1,10}\s*$/.test(text ?? '') ? Number(text) : 0;
  return key > 0 && key <= 0xffff_ffff ? key : null;
}

/** `T` is what MS-ASHTTP writes. */
export function isTrue(text: string | null | undefined): boolean {
  return /^\s*(t|true|1)\s*$/i.test(text ?? '');
}
