import type { ItemKind } from '../../../src/domain/item-class.ts';
import type { ApplicationData, Field } from '../classes/field.ts';
import type { MergeOptions, RenderOptions } from '../classes/options.ts';

/** A class whose items are small objects that are read whole: events, contacts, tasks, notes. */
export interface ObjectClass<T> {
  readonly kind: ItemKind;
  /** The media type under which its objects are stored. */
  readonly contentType: string;
  /** @throws ContentSyntaxError */
  parse(content: Uint8Array): T;
  serialize(object: T): Uint8Array;
  /** Null for what this class cannot show. @throws ContentSyntaxError */
  render(object: T, options: RenderOptions): Field[] | null;
  /** The object after an Add (null) or a Change; the same object when nothing changed. @throws ClassDataError */
  merge(object: T | null, fields: ApplicationData, options: MergeOptions): T;
  /** A second object saying the same, that is nobody else's: another UID, and nobody to be invited to it. */
  copy(object: T, uid: string): T;
  /** Elements by which people tell items apart; the first that an item has is marked in a copy. */
  readonly titles: readonly string[];
}
