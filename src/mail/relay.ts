/** One message for other servers. */
export interface RelayRequest {
  /** Envelope sender; '' is the null sender, which nobody reports to (RFC 5321 §4.5.5). */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** About how many bytes `content` gives. */
  readonly size: number;
  /** The message with CRLF line ends, from its beginning each time. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

/** What became of one recipient. `status` is an enhanced status code (RFC 3463), `reason` the words of whoever decided. */
export type Verdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' | 'later'; readonly status: string; readonly reason: string }
  /** Nobody is there who could take it. */
  | { readonly kind: 'kept'; readonly status: string; readonly reason: string };

/** The port behind which mail leaves for other servers. */
export interface Relay {
  /** A verdict for every recipient asked for. Never rejects: what goes wrong on the way is a verdict 'later'. */
  send(request: RelayRequest): Promise<ReadonlyMap<string, Verdict>>;
  /** Cuts off what is under way. */
  close(): void;
}
