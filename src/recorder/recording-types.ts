import type { CapturedMessage } from './capture.ts';

/** What is to be recorded. */
export interface RecordingChoice {
  /** Whose requests: local@domain, lower case. */
  readonly address: string;
  /** Only of this device: its id, or a part of the program's User-Agent; null for all. */
  readonly device: string | null;
  readonly minutes: number;
  /** Whether what people wrote is kept as it is. */
  readonly withContents: boolean;
}

/** Where a recording ends by itself. */
export interface RecordingBounds {
  readonly minutes: number;
  readonly exchanges: number;
  readonly bytes: number;
}

/** A recording as an administrator sees it; times in milliseconds since 1970. */
export interface RecordingSummary {
  readonly id: string;
  readonly address: string;
  readonly device: string | null;
  readonly withContents: boolean;
  readonly startedAt: number;
  readonly endsAt: number;
  /** null while it goes on. */
  readonly endedAt: number | null;
  /** Why it ended; null while it goes on. */
  readonly reason: string | null;
  readonly exchanges: number;
  /** Of bodies as they came. */
  readonly bytes: number;
  /** Requests whose clients left before they were answered; they are not kept. */
  readonly unanswered: number;
}

/** A request with its answer, bodies without content coding, headers without credentials. */
export interface RecordedExchange {
  readonly request: CapturedMessage;
  /** null when the client left before it was answered. */
  readonly response: CapturedMessage | null;
  readonly userAgent: string;
  /** The device that the protocol found. */
  readonly device: string | null;
  /** It waited while others were answered. */
  readonly wasParked: boolean;
}
