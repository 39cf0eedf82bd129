import { GatewayError } from '../../../src/domain/errors.ts';
import type { ClassVersion } from '../classes/version.ts';
import type { EasCommands, EasResponse } from '../command.ts';
import { COMMON_HTTP, type CommonStatus } from '../common-status.ts';
import type { EasEnvironment } from '../environment.ts';
import { noteRefusal } from '../note-refusal.ts';
import type { CommandName } from '../query/commands.ts';
import { EasQueryError } from '../query/error.ts';
import { statusDocument } from '../roots.ts';
import { commonStatusOf, EasStatusError, hasCommonStatus, httpStatusOf } from '../status.ts';
import { WbxmlError, WbxValueError } from '../wbxml/errors.ts';
import { isServed } from './options.ts';
import { BodyTooLarge } from './read-body.ts';

/** What is known of a request so far: as much of it decides in which form an error is told. */
export interface KnownRequest {
  command: CommandName | null;
  version: ClassVersion | null;
}

export interface RefusalParts {
  readonly commands: EasCommands;
  readonly log: EasEnvironment['log'];
  readonly logFields: Record<string, unknown>;
  /** The request's header of that name; '' without one. */
  readonly clientVersion: string;
  readonly requestId: unknown;
}

/**
 * What is answered to a request that failed with this error, noted in its log line. What can be told from the error itself joins what is
 * known. A mistake of ours is logged and told as one.
 */
export function refusalOf(error: unknown, known: KnownRequest, parts: RefusalParts): EasResponse {
  noteRefusal(parts.logFields, error);
  if (error instanceof BodyTooLarge) return { kind: 'http', status: 413 };
  if (error instanceof EasQueryError) return queryRefusal(error, known, parts);
  const protocolError = known.command === null ? null : (parts.commands.get(known.command)?.protocolError ?? null);
  const isSchema = error instanceof WbxValueError || (error instanceof EasStatusError && error.status === 103);
  if (isSchema && protocolError !== null) {
    return { kind: 'document', root: statusDocument(known.command!, protocolError) };
  }
  if (error instanceof EasStatusError) return statusResponse(error, known, parts);
  if (error instanceof WbxmlError) return statusResponse(new EasStatusError(102, error.message), known, parts);
  if (error instanceof WbxValueError) return statusResponse(new EasStatusError(103, error.message), known, parts);
  if (error instanceof GatewayError)
    return statusResponse(new EasStatusError(commonStatusOf(error), error.message), known, parts);
  parts.log.error({ requestId: parts.requestId, command: known.command, error }, 'An ActiveSync request failed: a bug');
  return statusResponse(new EasStatusError(110, 'a bug'), known, parts);
}

function queryRefusal(error: EasQueryError, known: KnownRequest, parts: RefusalParts): EasResponse {
  known.command ??= error.command;
  const status = error.code === 'device-id' ? 108 : error.code === 'device-type' ? 109 : null;
  const version = error.protocolVersion ?? parts.clientVersion;
  if (status === null || !isServed(version)) return { kind: 'http', status: 400 };
  known.version = version;
  return statusResponse(new EasStatusError(status, error.message), known, parts);
}

/** A common status in the form that the version knows. */
function statusResponse({ status, http }: EasStatusError, known: KnownRequest, parts: RefusalParts): EasResponse {
  parts.logFields.commonStatus = status;
  const retry = http === 503 ? { headers: { 'Retry-After': '30' } } : {};
  if (known.command !== null && known.version !== null && hasCommonStatus(known.version, known.command)) {
    return { kind: 'document', root: statusDocument(known.command, status) };
  }
  return { kind: 'http', status: known.command === null ? http : httpFor(status, known.command, http), ...retry };
}

/** What the refusal says itself, where that is not the usual one. */
function httpFor(status: CommonStatus, command: CommandName, http: number): number {
  return http === COMMON_HTTP[status] ? httpStatusOf(status, command) : http;
}
