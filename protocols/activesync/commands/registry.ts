import type { EasCommand } from '../command.ts';
import type { EasCommands } from '../http/endpoint.ts';
import { FOLDER_SYNC } from './folder-sync.ts';

/** Every command that is served, in the order in which OPTIONS lists them: one file each. */
const COMMANDS: readonly EasCommand[] = [FOLDER_SYNC];

export const EAS_COMMANDS: EasCommands = new Map(COMMANDS.map((command) => [command.name, command]));
