import { GatewayError } from '../../../src/domain/errors.ts';
import type { SyncReader } from '../../../src/store/sync-state-store.ts';
import type { EasBody, EasCommand, EasContext, EasResponse, Park } from '../command.ts';
import { noteRefusal } from '../note-refusal.ts';
import { checkPolicy, isPolicyDue } from '../policy/gate.ts';
import { policyRules } from '../policy/policy-rules.ts';
import { statusDocument } from '../roots.ts';
import { findCollection } from '../translate/find-collection.ts';
import { type WaitOutcome, waitForChanges } from '../waiting/wait-for-changes.ts';
import { type Waiter, type Watched, watchedOf } from '../waiting/watched.ts';
import { el } from '../wbxml/element.ts';
import { type PingRequest, readPingRequest } from './ping/ping-request.ts';
import { keepPing, noteSent, noteTold, type PingState, readPingState } from './ping/ping-state.ts';

/** MS-ASCMD §2.2.3.177.11 */
const STATUS = {
  over: 1,
  changed: 2,
  incomplete: 3,
  malformed: 4,
  interval: 5,
  tooMany: 6,
  hierarchy: 7,
  serverError: 8,
} as const;

/** MS-ASCMD §2.2.1.13: waits until something changes in one of the folders. */
export const PING: EasCommand = {
  name: 'Ping',
  protocolError: STATUS.malformed,
  takes: { empty: true },
  passesWithoutPolicy: true,
  async handle(context, body) {
    const response = await orServerError(answer(context, body), context.logFields);
    return response.kind === 'parked' ? { kind: 'parked', park: guarded(response.park, context.logFields) } : response;
  },
};

const AS_LAST_TIME: PingRequest = { seconds: null, folders: null };

function askedBy(body: EasBody): PingRequest {
  return body.kind === 'document' ? readPingRequest(body.root) : AS_LAST_TIME;
}

async function answer(context: EasContext, body: EasBody): Promise<EasResponse> {
  const { environment, principal, device, line, logFields } = context;
  const asked = askedBy(body);
  const refusal = outOfLimits(context, asked);
  if (refusal !== null) return refusal;
  // A client that tries out an account holds no hierarchy, and nothing may be kept of it.
  if (line.isProbe) return status(STATUS.hierarchy);
  if (await hasToFetchPolicy(context)) return status(STATUS.hierarchy);
  const reader = environment.sync.store.read(principal.mailboxId);
  const kept = await readPingState(reader, device.id);
  const seconds = asked.seconds ?? kept.seconds;
  const folders = asked.folders ?? kept.folders;
  if (seconds === null || folders === null) return status(STATUS.incomplete);
  await keepPing(environment, principal.mailboxId, device.id, { seconds, folders });
  const watched = await watchedIn(context, reader, folders, kept);
  Object.assign(logFields, { heartbeat: seconds, watched: watched.length });
  return waitForChanges({ context, command: 'Ping', watched, seconds }, answerTo);
}

/**
 * A device that waits by Ping alone would not hear of a new policy until something changes. One that shows a key is told as by every
 * command; one that shows none, and may know no such status here, is sent to FolderSync, with which it shows its key.
 */
async function hasToFetchPolicy(context: EasContext): Promise<boolean> {
  const rules = await policyRules(context);
  const { environment, principal, device, line } = context;
  if (line.showsPolicyKey) {
    await checkPolicy(context, rules);
    return false;
  }
  if (!isPolicyDue(device, rules)) return false;
  // Where no policy is demanded, FolderSync without a key passes: one that never shows its key would go in circles.
  return (
    rules.isRequired || noteSent(environment, principal.mailboxId, device.id, `${device.policy.key} ${rules.hash}`)
  );
}

function outOfLimits({ environment }: EasContext, { seconds, folders }: PingRequest): EasResponse | null {
  const { minHeartbeatSeconds: least, maxHeartbeatSeconds: most, maxPingFolders } = environment.limits;
  if (seconds !== null && (seconds < least || seconds > most)) {
    const nearest = Math.min(most, Math.max(least, seconds));
    return status(STATUS.interval, el('Ping:HeartbeatInterval', nearest));
  }
  if (folders === null || folders.length <= maxPingFolders) return null;
  return status(STATUS.tooMany, el('Ping:MaxFolders', maxPingFolders));
}

/**
 * The collections there are of those asked for. One that is gone since the device's last FolderSync is told by the hierarchy; an
 * id that never was would be answered with 7 for ever, so it is passed over.
 */
async function watchedIn(
  context: EasContext,
  reader: SyncReader,
  ids: readonly string[],
  { told }: PingState,
): Promise<Watched[]> {
  const watched: Watched[] = [];
  for (const id of ids) {
    const collection = await findCollection(reader, context, id);
    if (collection !== null) watched.push(watchedOf(collection, told[id] ?? null));
  }
  return watched;
}

async function answerTo(outcome: WaitOutcome, waiter: Waiter): Promise<EasResponse> {
  switch (outcome.kind) {
    case 'over':
      return status(STATUS.over);
    case 'hierarchy':
      return status(STATUS.hierarchy);
    case 'changed': {
      const { collections } = outcome;
      await noteTold(waiter, collections);
      const folders = collections.map(({ id }) => el('Ping:Folder', id));
      return status(STATUS.changed, el('Ping:Folders', folders));
    }
  }
}

/** On its own, so that the function holds its arguments and nothing of the request. */
function guarded(park: Park, logFields: Record<string, unknown>): Park {
  return (send) => park((later) => send(orServerError(later, logFields)));
}

/** A store that cannot answer has a status of its own here. */
async function orServerError(
  response: Promise<EasResponse> | EasResponse,
  logFields: Record<string, unknown>,
): Promise<EasResponse> {
  try {
    return await response;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    noteRefusal(logFields, error);
    return status(STATUS.serverError);
  }
}

function status(code: number, ...more: readonly ReturnType<typeof el>[]): EasResponse {
  if (more.length === 0) return { kind: 'document', root: statusDocument('Ping', code) };
  return { kind: 'document', root: el('Ping:Ping', el('Ping:Status', code), more) };
}
