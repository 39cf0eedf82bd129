import type Koa from 'koa';
import type { FolderId } from '../../src/domain/folder.ts';
import type { Mailbox, MailboxId } from '../../src/domain/mailbox.ts';
import type { Principal } from '../../src/domain/principal.ts';
import { notedReads } from '../../src/items/noted-reads.ts';
import type { ItemServices } from '../../src/items/services.ts';
import type { Log } from '../../src/observe/log.ts';
import type { DirectoryStore } from '../../src/store/directory-store.ts';
import type { MailboxReader } from '../../src/store/mailbox-store.ts';
import { type Depth, type Preferences, parseDepth, parsePreferences } from './headers.ts';
import { collectionHref } from './path.ts';
import type { DavRegistry } from './registry.ts';
import { readXmlBody } from './request-body.ts';
import type { DavHome } from './resource.ts';
import type { ErrorScope } from './status.ts';
import type { SyncTokens } from './sync-token.ts';
import { Turns } from './turns.ts';
import type { XmlElement } from './xml/element.ts';
import { MultistatusWriter } from './xml/multistatus.ts';

/** What the handler is built from. */
export interface DavEnvironment {
  readonly services: ItemServices;
  readonly directory: DirectoryStore;
  /** Free bytes where the mailboxes lie; 0 when nothing more is taken. */
  readonly freeBytes: () => Promise<number>;
  /** Told of each collection that a request names, for whoever lists who has what open. */
  readonly onCollection?: (mailboxId: MailboxId, folderId: FolderId) => void;
  readonly log: Log;
  readonly registry: DavRegistry;
  readonly syncTokens: SyncTokens;
}

/** One request: who asks, of what, and the means to answer. */
export class DavContext {
  readonly koa: Koa.Context;
  readonly principal: Principal;
  readonly services: ItemServices;
  readonly environment: DavEnvironment;
  readonly registry: DavRegistry;
  /** Reads of the principal's own mailbox. */
  readonly reader: MailboxReader;
  readonly principalHref: string;
  readonly preferences: Preferences;
  readonly turns: Turns;
  /** Grows into the one log line of the request. */
  readonly logFields: Record<string, unknown>;
  /** Where refusals of the core happen, in whose words they are told; COPY and MOVE set it to the destination. */
  errorPlace: { readonly home: DavHome; readonly collectionHref: string } | null = null;
  #mailbox: Promise<Mailbox> | null = null;

  constructor(koa: Koa.Context, principal: Principal, environment: DavEnvironment) {
    this.koa = koa;
    this.principal = principal;
    this.environment = environment;
    this.services = environment.services;
    this.registry = environment.registry;
    const reader = environment.services.store.read(principal.mailboxId);
    // A set that the server hands in, to learn which folders a client holds (docs/wipe.md).
    const { foldersRead } = koa.state as { foldersRead?: Set<number> };
    this.reader = foldersRead === undefined ? reader : notedReads(reader, (folderId) => foldersRead.add(folderId));
    this.principalHref = collectionHref('principals', principal.domain, principal.localPart);
    this.turns = new Turns(environment.services.clock, () => koa.res.destroyed);
    this.preferences = parsePreferences(koa.get('Prefer'), koa.get('Brief'));
    const state = koa.state as { logFields?: Record<string, unknown> };
    state.logFields ??= {};
    this.logFields = state.logFields;
  }

  homeHref(home: DavHome): string {
    return collectionHref(home, this.principal.domain, this.principal.localPart);
  }

  /** The principal's mailbox, read once per request. */
  mailbox(): Promise<Mailbox> {
    this.#mailbox ??= this.reader.mailbox();
    return this.#mailbox;
  }

  /** How `status.ts` is to word a refusal of this request. */
  errorScope(): ErrorScope {
    const conditions = this.errorPlace === null ? null : (this.registry.conditions.get(this.errorPlace.home) ?? null);
    return { conditions, href: this.koa.path, collectionHref: this.errorPlace?.collectionHref ?? '/' };
  }

  /**
   * The Depth header, `fallback` when there is none.
   * @throws DavError 400 when it is none of 0, 1, infinity (RFC 4918 §10.2).
   */
  depth(fallback: Depth): Depth {
    return parseDepth(this.koa.get('Depth'), fallback);
  }

  /** The request's XML, null for an empty body. @throws DavError 400, 413 */
  xmlBody(): Promise<XmlElement | null> {
    return readXmlBody(this.koa, this.services.limits);
  }

  /** Begins a 207 answer; nothing is sent before the first 64 KB or the end, so errors until then are still clean. */
  multistatus(): MultistatusWriter {
    return new MultistatusWriter(this.koa, this.logFields, this.turns);
  }
}
