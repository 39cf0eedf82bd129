/**
 * Item data that cannot be taken: a bad date, a mask out of range, a missing required element. Sync answers it with
 * status 6 for that item (MS-ASCMD §2.2.3.177.17, "error in client/server conversion") and changes nothing.
 */
export class ClassDataError extends Error {
  /** `Page:Element` that is wrong. */
  readonly element: string;

  constructor(element: string, reason: string) {
    super(`${element}: ${reason}`);
    this.name = 'ClassDataError';
    this.element = element;
  }
}
