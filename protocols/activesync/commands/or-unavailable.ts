import { isGatewayError } from '../../../src/domain/errors.ts';
import type { EasContext, EasResponse } from '../command.ts';
import { noteRefusal } from '../note-refusal.ts';
import type { CommandName } from '../query/commands.ts';
import { statusDocument } from '../roots.ts';
import type { WbxElement } from '../wbxml/element.ts';

/**
 * Answers what `work` gives, and a store that cannot answer by the command's own status: of the failures of a server it is the
 * only one for which these commands have a word, and they have it in all versions.
 */
export async function orUnavailable(
  { logFields }: Pick<EasContext, 'logFields'>,
  command: CommandName,
  status: number,
  work: () => Promise<WbxElement | EasResponse>,
): Promise<EasResponse> {
  try {
    const answer = await work();
    return 'kind' in answer ? answer : { kind: 'document', root: answer };
  } catch (error) {
    if (!isGatewayError(error, 'store-unavailable')) throw error;
    noteRefusal(logFields, error);
    return { kind: 'document', root: statusDocument(command, status) };
  }
}
