import { foldText } from '../domain/folding.ts';

/** Whether what was typed stands in the address or the name of a user, letters compared as every search does. */
export function isUserFound(
  { address, displayName }: { readonly address: string; readonly displayName: string | null },
  typed: string,
): boolean {
  return foldText(`${address}\n${displayName ?? ''}`).includes(foldText(typed.trim()));
}
