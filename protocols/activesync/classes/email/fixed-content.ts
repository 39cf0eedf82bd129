import { sameFields } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { type ApplicationData, childrenOf, findField, textOf } from '../field.ts';
import type { BodyPreference } from '../options.ts';

/** What a message says itself, and what therefore is nobody's to change before drafts are written by Sync (16.0). */
const CONTENT = [
  ...['To', 'Cc', 'From', 'ReplyTo', 'Subject', 'Importance'].map((name) => `Email:${name}`),
  ...['Body', 'Attachments'].map((name) => `AirSyncBase:${name}`),
];

/** Whether a client's Change names anything that the message says itself. */
export function namesContent(given: ApplicationData): boolean {
  return given.some(({ name }) => CONTENT.includes(name));
}

/** The body to compare with a client's, whole in the form that the client sent; none where it sent none. */
export function comparedBody(given: ApplicationData): readonly BodyPreference[] {
  const type = textOf(childrenOf(given, 'AirSyncBase:Body') ?? [], 'AirSyncBase:Type') === '2' ? 2 : 1;
  return [{ type, truncationSize: null, allOrNone: false, preview: 0 }];
}

/**
 * A Change may repeat what the message says, as some clients do. One that says something else is refused: taken for done,
 * the client would show a draft that is nowhere (MS-ASCMD, "What a Change means": read, flag and categories).
 * @param shown The message with `comparedBody`
 * @throws ClassDataError
 */
export function checkContent(given: ApplicationData, shown: ApplicationData): void {
  const changed = CONTENT.find((name) => {
    const sent = findField(given, name);
    if (sent === null) return false;
    if (name === 'AirSyncBase:Body') return !isBodyOf(given, shown);
    const held = findField(shown, name);
    return !sameFields([sent], held === null ? [] : [held]);
  });
  if (changed !== undefined) throw new ClassDataError(changed, 'not for a client to change before version 16.0');
}

/** Clients hold bodies that were cut, so the beginning is the same too. MIME is compared with no one's. */
function isBodyOf(given: ApplicationData, shown: ApplicationData): boolean {
  const [sent, held] = [given, shown].map((fields) => childrenOf(fields, 'AirSyncBase:Body') ?? []);
  if (textOf(sent!, 'AirSyncBase:Type') === '4') return false;
  const [text, whole] = [sent!, held!].map((body) => unbroken(textOf(body, 'AirSyncBase:Data') ?? ''));
  return whole!.startsWith(text!) && (text !== '' || whole === '' || isCut(sent!));
}

function isCut(body: ApplicationData): boolean {
  return textOf(body, 'AirSyncBase:Truncated') === '1';
}

function unbroken(text: string): string {
  return text.replace(/\r\n?/g, '\n').trimEnd();
}
