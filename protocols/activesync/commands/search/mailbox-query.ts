import { hexOf } from '../../../../src/search/message-words.ts';
import { wordsOf } from '../../../../src/search/words.ts';
import { ClassDataError } from '../../classes/class-error.ts';
import { readDate } from '../../classes/dates.ts';
import { isElement, type WbxElement } from '../../wbxml/element.ts';
import { bytesOf, child, childElements, requiredChild, textOf } from '../../wbxml/read-element.ts';
import { STORE_STATUS } from './store-answer.ts';

/** What is to be searched for in the mailbox. */
export interface MailboxQuery {
  /** Classes and collections as they were named, in order. */
  readonly classes: readonly string[];
  readonly collectionIds: readonly string[];
  readonly words: readonly string[];
  /** Text was given in which there is no word: nothing has it. */
  readonly isUnfindable: boolean;
  readonly thread: string | null;
  /** Seconds since 1970, both exclusive. */
  readonly after: number | null;
  readonly before: number | null;
}

type Refusal = typeof STORE_STATUS.invalid | typeof STORE_STATUS.tooComplex;

/** Words of one query; each costs a walk through the index. */
const MOST_WORDS = 32;
const LONGEST_TEXT = 4_096;
const MOST_COLLECTIONS = 300;
const LONGEST_ID = 64;

/**
 * Reads the Query of a mailbox search (MS-ASCMD §2.2.3.143.2): conditions that all must hold, inside one And or without. What
 * the specification lets servers leave out (Or, nesting, several And, other properties) is too complex.
 * @throws WbxValueError
 */
export function readMailboxQuery(store: WbxElement): MailboxQuery | Refusal {
  const query = requiredChild(store, 'Search:Query');
  const and = child(query, 'Search:And');
  // MS-ASCMD §2.2.3.10: a condition beside the And would be one of another level.
  if (and !== null && childElements(query).length > 1) return STORE_STATUS.tooComplex;
  const conditions = childElements(and ?? query);
  const reader = new QueryReader();
  for (const condition of conditions) {
    const refusal = reader.read(condition);
    if (refusal !== null) return refusal;
  }
  return conditions.length === 0 ? STORE_STATUS.invalid : reader.query();
}

class QueryReader {
  readonly #classes: string[] = [];
  readonly #collectionIds: string[] = [];
  readonly #texts: string[] = [];
  #thread: string | null = null;
  #after: number | null = null;
  #before: number | null = null;

  read(condition: WbxElement): Refusal | null {
    switch (condition.name) {
      case 'AirSync:Class':
        this.#classes.push(textOf(condition).trim());
        return null;
      case 'AirSync:CollectionId':
        this.#collectionIds.push(textOf(condition).trim());
        return null;
      case 'Search:FreeText':
        return this.#readText(textOf(condition).trim());
      case 'Search:ConversationId':
        return this.#readThread(condition);
      case 'Search:GreaterThan':
      case 'Search:LessThan':
        return this.#readTime(condition);
      default:
        // What is of the language of queries could be answered, if not here; a property of an item is no condition.
        return condition.name.startsWith('Search:') ? STORE_STATUS.tooComplex : STORE_STATUS.invalid;
    }
  }

  query(): MailboxQuery | Refusal {
    const words = wordsOf(this.#texts.join('\n'), MOST_WORDS + 1);
    if (words.length > MOST_WORDS || this.#collectionIds.length > MOST_COLLECTIONS) return STORE_STATUS.tooComplex;
    if (this.#collectionIds.some((id) => id.length > LONGEST_ID)) return STORE_STATUS.invalid;
    return {
      classes: this.#classes,
      collectionIds: this.#collectionIds,
      words,
      isUnfindable: words.length === 0 && this.#texts.length > 0,
      thread: this.#thread,
      after: this.#after,
      before: this.#before,
    };
  }

  /** MS-ASCMD §2.2.3.35.2: no message is of two conversations. */
  #readThread(condition: WbxElement): Refusal | null {
    const isSecond = this.#thread !== null;
    this.#thread = hexOf(bytesOf(condition));
    return isSecond || this.#thread === '' ? STORE_STATUS.invalid : null;
  }

  #readText(text: string): Refusal | null {
    if (text === '') return STORE_STATUS.invalid;
    if (text.length > LONGEST_TEXT) return STORE_STATUS.tooComplex;
    this.#texts.push(text);
    return null;
  }

  #readTime(condition: WbxElement): Refusal | null {
    const [property] = childElements(condition).filter(({ name }) => name !== 'Search:Value');
    if (property === undefined || property.children.some(isElement)) return STORE_STATUS.invalid;
    if (property.name !== 'Email:DateReceived') return STORE_STATUS.tooComplex;
    const seconds = secondsOf(textOf(requiredChild(condition, 'Search:Value')).trim());
    if (seconds === null) return STORE_STATUS.invalid;
    if (condition.name === 'Search:GreaterThan') this.#after = seconds;
    else this.#before = seconds;
    return null;
  }
}

function secondsOf(text: string): number | null {
  try {
    return Math.floor(readDate(text, 'Search:Value'));
  } catch (error) {
    if (error instanceof ClassDataError) return null;
    throw error;
  }
}
