import type { ServerCommand } from '../../../../src/sync/request.ts';
import type { RenderedItem } from '../../translate/rendered-item.ts';
import type { CommandAnswer } from './collection-answer.ts';

/** What one answer may still hold, over all its collections. */
export class Budget {
  /** Commands of the server (WindowSize of the whole request). */
  commands: number;
  bytes: number;

  constructor(commands: number, bytes: number) {
    this.commands = commands;
    this.bytes = bytes;
  }

  get isSpent(): boolean {
    return this.commands <= 0 || this.bytes <= 0;
  }

  take(commands: readonly ServerCommand<RenderedItem>[], answers: readonly CommandAnswer[]): void {
    this.commands -= commands.length;
    for (const command of commands) this.bytes -= 'rendered' in command ? command.rendered.size : 0;
    for (const { fetched } of answers) this.bytes -= fetched?.size ?? 0;
  }
}
