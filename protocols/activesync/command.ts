import type { Principal } from '../../src/domain/principal.ts';
import type { Device } from '../../src/store/device-store.ts';
import type { ClassVersion } from './classes/version.ts';
import type { EasEnvironment } from './environment.ts';
import type { CommandName } from './query/commands.ts';
import type { EasRequestLine } from './query/request-line.ts';
import type { EasClass } from './translate/view.ts';
import type { WbxElement } from './wbxml/element.ts';

/** Who asks, from what, in which version. */
export interface EasContext {
  readonly environment: EasEnvironment;
  readonly principal: Principal;
  /** As it was stored when the request came. Of a probe (`line.isProbe`) nothing is stored, nor may be. */
  readonly device: Device;
  readonly line: EasRequestLine;
  readonly version: ClassVersion;
  /** Classes of which the device has one folder only (quirks.ts). */
  readonly oneFolderOf: readonly EasClass[];
  /** Becomes part of the request's log line. No secrets, no content. */
  readonly logFields: Record<string, unknown>;
}

/** The request's body: a document; or, of SendMail and its like in 12.1, a message. */
export type EasBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'document'; readonly root: WbxElement }
  | { readonly kind: 'message'; readonly chunks: readonly Uint8Array[] };

export type EasResponse =
  | { readonly kind: 'document'; readonly root: WbxElement }
  /** 200 without a body: done, and nothing to say. */
  | { readonly kind: 'empty' }
  /** MS-ASCMD §2.2.1.10.1: the document, and what its Part elements count from 1 on. */
  | { readonly kind: 'multipart'; readonly root: WbxElement; readonly parts: readonly ResponsePart[] }
  /** GetAttachment: the bytes themselves. */
  | { readonly kind: 'bytes'; readonly contentType: string; readonly body: AsyncIterable<Uint8Array> }
  | { readonly kind: 'http'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Answered when something happens; until then only the connection is kept. */
  | { readonly kind: 'parked'; readonly park: Park };

export interface ResponsePart {
  readonly byteLength: number;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * Begins to wait; called once. `answer` is called at most once, later or at once; never after the function that is returned, which
 * is called when the client is gone. `end` asks for a quiet answer at once (the server stops, a newer request takes over).
 */
export type Park = (answer: (response: Promise<EasResponse> | EasResponse) => void) => {
  /** The client left: lets go of everything, answers nothing. */
  cancel(): void;
  /** Answers now, as if the time were over. */
  end(): void;
};

/** One command. */
export interface EasCommand {
  readonly name: CommandName;
  /** What it answers in its own Status when a document breaks the schema, in every version; null: 103, by HTTP before 14.0. */
  readonly protocolError: number | null;
  /** What it takes as body beside a document with its root (roots.ts). */
  readonly takes: { readonly empty?: boolean; readonly message?: boolean };
  /** Looks at the policy itself, or passes without a key (MS-ASPROV §3.1.5.1): Provision, and Ping, with which AOSP sends none. */
  readonly passesWithoutPolicy?: boolean;
  /** @throws EasStatusError, WbxValueError, GatewayError: answered as `protocolError` and status.ts say */
  handle(context: EasContext, body: EasBody): Promise<EasResponse>;
}

/** The commands by name, in the order in which OPTIONS lists them. */
export type EasCommands = ReadonlyMap<CommandName, EasCommand>;
