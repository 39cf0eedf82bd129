import type { Terminal } from './terminal.ts';

/**
 * What a terminal takes for commands, and what turns the direction of a text: devices choose their names and agents, and mail its
 * senders. To a terminal U+009B begins a command as ESC [ does (ECMA-48 §5.4), and U+202E shows "exe.gnp" as a picture.
 */
const COMMANDS_IN_RESULTS = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;
/** Messages draw their progress: these two are ours. */
const COMMANDS_IN_MESSAGES = /[^\P{Cc}\n\t\r\u001b]|[\u202a-\u202e\u2066-\u2069]/gu;

/** The terminal, to which such characters are written as JSON writes them: JSON stays what it was, and a text shows them. */
export function plainTerminal(terminal: Terminal): Terminal {
  return {
    ...terminal,
    out: (text) => terminal.out(text.replace(COMMANDS_IN_RESULTS, written)),
    err: (text) => terminal.err(text.replace(COMMANDS_IN_MESSAGES, written)),
  };
}

function written(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
