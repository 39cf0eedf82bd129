import type { Clock, RandomBytes } from '../../domain/clock.ts';
import type { Administration } from '../administration.ts';
import type { ReplayServices } from './replay-command.ts';
import type { Terminal } from './terminal.ts';

/** What a command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly administration: Administration;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** What a command works with that touches no data folder. */
export interface StandaloneContext extends Omit<CommandContext, 'administration'> {
  readonly replay: () => Promise<ReplayServices>;
}

/** Exit codes: 0 done, 1 done but something was refused or found, 2 not done. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  /** The words that call it. */
  readonly words: readonly string[];
  /** Arguments after the words, for the usage line. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Paragraphs, options and examples. */
  readonly help: string;
  /** True for the commands that may begin a data folder. */
  readonly createsData?: boolean;
  /**
   * Checks the arguments without touching anything, and gives what is to be done: a mistake is told before the data is
   * opened. Throws UsageError, or what `parseArgs` throws.
   */
  prepare(args: readonly string[]): (context: CommandContext) => Promise<ExitCode>;
}

/** A command that needs neither a server nor a data folder. */
export interface StandaloneCommand extends Omit<Command, 'prepare' | 'createsData'> {
  readonly standsAlone: true;
  prepare(args: readonly string[]): (context: StandaloneContext) => Promise<ExitCode>;
}
