import { isGatewayError } from '../../../../src/domain/errors.ts';
import { isKnown } from '../../classes/version.ts';
import type { EasCommand, EasContext, EasResponse } from '../../command.ts';
import { statusDocument } from '../../roots.ts';
import { EasStatusError } from '../../status.ts';
import { el, type WbxElement } from '../../wbxml/element.ts';
import { WbxValueError } from '../../wbxml/errors.ts';
import { childElements } from '../../wbxml/read-element.ts';
import { emptyFolder } from './empty-folder.ts';
import { checkFetch, fetch } from './fetch.ts';
import { moveConversation } from './move-conversation.ts';
import { OPERATION_STATUS } from './operation-status.ts';
import { Parts } from './parts.ts';

interface Operation {
  /** Nothing of the request is done when one of its operations breaks the schema. @throws WbxValueError */
  readonly check?: (request: WbxElement) => void;
  readonly run: (context: EasContext, request: WbxElement, parts: Parts | null) => Promise<WbxElement>;
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['ItemOperations:Fetch', { check: checkFetch, run: fetch }],
  ['ItemOperations:EmptyFolderContents', { run: emptyFolder }],
  ['ItemOperations:Move', { run: moveConversation }],
]);

/** ItemOperations (MS-ASCMD §2.2.1.10): operations one after the other, each with a status of its own. */
export const ITEM_OPERATIONS: EasCommand = {
  name: 'ItemOperations',
  protocolError: OPERATION_STATUS.protocolError,
  takes: {},
  async handle(context, body) {
    if (body.kind !== 'document') throw new EasStatusError(103, 'ItemOperations needs a document');
    const requests = childElements(body.root);
    context.logFields.operations = requests.length;
    if (requests.length > context.environment.limits.maxItemOperations) {
      return { kind: 'document', root: statusDocument('ItemOperations', OPERATION_STATUS.tooLarge) };
    }
    const operations = requests.map((request) => ({ request, ...operationOf(context, request) }));
    if (operations.length === 0) throw new WbxValueError('missing', body.root.name, 'has no operation');
    for (const { request, check } of operations) check?.(request);
    try {
      return await answer(context, operations);
    } catch (error) {
      // The only failure of the server that the command has a word for, and in all versions.
      if (!isGatewayError(error, 'store-unavailable')) throw error;
      context.logFields.refused = error.message;
      return { kind: 'document', root: statusDocument('ItemOperations', OPERATION_STATUS.serverError) };
    }
  },
};

async function answer(
  context: EasContext,
  operations: readonly (Operation & { readonly request: WbxElement })[],
): Promise<EasResponse> {
  const parts = context.line.acceptMultipart ? new Parts() : null;
  const results: WbxElement[] = [];
  for (const { request, run } of operations) results.push(await run(context, request, parts));
  const root = el(
    'ItemOperations:ItemOperations',
    el('ItemOperations:Status', OPERATION_STATUS.done),
    el('ItemOperations:Response', results),
  );
  return parts === null ? { kind: 'document', root } : { kind: 'multipart', root, parts: parts.list };
}

/** @throws WbxValueError for one that this version does not have: nothing of the request is done then */
function operationOf({ version }: EasContext, request: WbxElement): Operation {
  const operation = OPERATIONS.get(request.name);
  if (operation !== undefined && isKnown(request.name, version)) return operation;
  throw new WbxValueError('structure', request.name, `is no operation of protocol version ${version}`);
}
