import { parseArgs } from 'node:util';
import type { OutboxEntry } from '../calls/outbox.ts';
import type { Command } from './command.ts';
import { oneAddress } from './user-commands.ts';

export const outboxList: Command = {
  words: ['outbox', 'list'],
  usage: '[ADDRESS] [--json]',
  summary: 'list mail that has not left yet, and why',
  help: `One message a line: whose it is, its number in the mailbox, since when it waits, when it is tried again, its Message-ID.
Below it a line for each recipient who still waits: address, attempts, reason. Without ADDRESS: of all users.

  --json  an array of objects instead

Examples:
  causeway outbox list
  causeway outbox list ann@example.org --json`,
  prepare(args) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const address = positionals.length === 0 ? null : oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const entries = await administration.outboxList({ address });
      if (values.json) {
        terminal.out(`${JSON.stringify(entries, null, 2)}\n`);
        return 0;
      }
      for (const entry of entries) terminal.out(linesOf(entry));
      if (entries.length === 0) terminal.out('nothing waits\n');
      return 0;
    };
  },
};

export const outboxRetry: Command = {
  words: ['outbox', 'retry'],
  usage: '[ADDRESS]',
  summary: 'try again now to send what has not left yet',
  help: `Tries every message that "causeway outbox list" shows again at once, and not after the pause. Without ADDRESS: of all users.
Without a running server they are tried when it starts.

Example:
  causeway outbox retry ann@example.org`,
  prepare(args) {
    const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
    const address = positionals.length === 0 ? null : oneAddress(positionals);
    return async ({ administration, terminal }) => {
      const { messages, isNow } = await administration.outboxRetry({ address });
      const what = messages === 1 ? '1 message is' : `${messages} messages are`;
      terminal.out(
        messages === 0 ? 'nothing waits\n' : `${what} tried again ${isNow ? 'now' : 'when the server starts'}\n`,
      );
      return 0;
    };
  },
};

function linesOf({ owner, itemId, queuedAt, nextTryAt, messageId, waiting }: OutboxEntry): string {
  const next = nextTryAt === null ? 'when there is a relay' : moment(nextTryAt);
  const head = `${owner}  ${itemId}  since ${moment(queuedAt)}  next ${next}  <${printable(messageId)}>\n`;
  return head + waiting.map(recipientLine).join('');
}

function recipientLine({ address, tries, reason }: OutboxEntry['waiting'][number]): string {
  return `    ${printable(address)}  ${tries} ${tries === 1 ? 'attempt' : 'attempts'}${reason === null ? '' : `: ${printable(reason)}`}\n`;
}

function moment(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').slice(0, 16);
}

/** Others chose these words: none of them may steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}
