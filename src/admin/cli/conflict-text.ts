import type { ConflictEntry } from '../calls/conflicts.ts';
import { versionLines } from '../version-lines.ts';
import { timeText } from './device-commands.ts';

/** Lines of each version that are shown: a picture in a card has thousands. */
export const MOST_VERSION_LINES = 12;
/** Characters of a line that are shown: not every program folds its lines (RFC 5545 §3.1). */
const MOST_CHARACTERS = 160;

/** A conflict in lines for people: what it is, and below it what each version has that the other one has not. */
export function conflictText(entry: ConflictEntry): string {
  const { id, at, device, folder, itemId, side, rule, lost, present } = entry;
  const state = present === null ? 'the item is gone' : 'the item is there';
  const lines = [
    [id, timeText(at), device, folder, itemId, `${side} lost`, rule, state].join('  '),
    ...blockOf('lost', lost, present),
    ...(present === null ? ['  present: none'] : blockOf('present', present, lost)),
  ];
  return `${lines.join('\n')}\n`;
}

function blockOf(name: string, version: string, other: string | null): string[] {
  const shown = versionLines(version, other)
    .filter(({ text, isApart }) => text !== '' && (other === null || isApart))
    .map(({ text }) => `    ${cut(text)}`);
  if (shown.length === 0) return [`  ${name}: no line that the other one has not`];
  const rest = shown.length - MOST_VERSION_LINES;
  const more = rest > 0 ? [`    and ${rest} more ${rest === 1 ? 'line' : 'lines'}`] : [];
  return [`  ${name}:`, ...shown.slice(0, MOST_VERSION_LINES), ...more];
}

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  // By code points, so that no half of one is left.
  return `${[...text.slice(0, 2 * MOST_CHARACTERS)].slice(0, MOST_CHARACTERS).join('')}…`;
}
