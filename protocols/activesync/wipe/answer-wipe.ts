import { isWiped, wipeUnderWay } from '../../../src/devices/wipe.ts';
import type { WipeKind } from '../../../src/store/device-store.ts';
import type { EasBody, EasContext, EasResponse } from '../command.ts';
import { statusDocument } from '../roots.ts';
import { EasStatusError } from '../status.ts';
import { el, type WbxElement } from '../wbxml/element.ts';
import { child, childNumber } from '../wbxml/read-element.ts';

/** The element that tells to wipe, and in which the device says what became of it (MS-ASPROV §2.2.2.45, §2.2.2.1). */
const DIRECTIVE = {
  full: 'Provision:RemoteWipe',
  account: 'Provision:AccountOnlyRemoteWipe',
} as const satisfies Readonly<Record<WipeKind, string>>;

/** MS-ASPROV §2.2.2.54.2, and what the device says of the wipe: §2.2.2.54.3 */
const STATUS = { done: 1, protocolError: 2, failed: 2 } as const;

/** Provision of a device that is to be wiped: the directive, whatever it asks for, until it says what became of it. */
export async function answerWipe(context: EasContext, body: EasBody, remoteAddress: string): Promise<EasResponse> {
  const { device, principal } = context;
  const { wipes } = context.environment;
  const root = body.kind === 'document' ? body.root : null;
  // The answer to its word was lost: it may hear it again, and nothing else.
  if (isWiped(device)) return answerWiped(device.wipe?.kind ?? 'full', root);
  const kind = wipeUnderWay(device)?.kind ?? 'full';
  const target = { mailboxId: principal.mailboxId, device: device.id, remoteAddress };
  const said = saidOf(kind, root);
  context.logFields.wipe = said;
  if (said === 'unreadable') return { kind: 'document', root: statusDocument('Provision', STATUS.protocolError) };
  if (said === 'done' || said === 'failed') {
    const wipe = await wipes.answered(target, said === 'done');
    if (wipe?.state === 'acknowledged') return { kind: 'document', root: statusDocument('Provision', STATUS.done) };
    // §3.2.5.1.2.2: a failure is answered with the directive once more.
    if (wipe?.state === 'failed') return directive(kind, STATUS.failed);
  }
  const wipe = await wipes.sent(target, kind);
  // Taken back in this very moment.
  if (wipe === null) throw new EasStatusError(142, 'the wipe of the device was taken back');
  return directive(kind, STATUS.done);
}

/** §3.2.5.1.1 */
function directive(kind: WipeKind, status: number): EasResponse {
  return { kind: 'document', root: el('Provision:Provision', el('Provision:Status', status), el(DIRECTIVE[kind])) };
}

function answerWiped(kind: WipeKind, root: WbxElement | null): EasResponse {
  if (saidOf(kind, root) === 'done') return { kind: 'document', root: statusDocument('Provision', STATUS.done) };
  throw new EasStatusError(129, 'the device was wiped');
}

/** iOS puts the status beside the element. */
function saidOf(kind: WipeKind, root: WbxElement | null): 'nothing' | 'done' | 'failed' | 'unreadable' {
  const wipe = root === null ? null : child(root, DIRECTIVE[kind]);
  if (root === null || wipe === null) return 'nothing';
  const bounds = { min: 1, max: 2 };
  const status = childNumber(wipe, 'Provision:Status', bounds) ?? childNumber(root, 'Provision:Status', bounds);
  if (status === null) return 'unreadable';
  return status === 1 ? 'done' : 'failed';
}
