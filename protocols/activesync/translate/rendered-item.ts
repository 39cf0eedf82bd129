import type { ApplicationData, Field } from '../classes/field.ts';

/** An item as an answer holds it. */
export interface RenderedItem {
  /** Bytes it takes in the answer, near enough for the budget. */
  readonly size: number;
  /** Children of ApplicationData or Properties. */
  readonly fields: readonly Field[];
}

/** What a client's Sync command brings. */
export interface ClassCommand {
  /** Children of ApplicationData; none for a Delete. */
  readonly fields: ApplicationData;
  /** A Delete of mail moves it to Deleted Items (MS-ASCMD §2.2.3.43). */
  readonly deletesAsMoves: boolean;
}
