import type { EasCommand } from '../command.ts';
import type { EasCommands } from '../http/endpoint.ts';
import { PROVISION } from './provision/provision.ts';
import { RESOLVE_RECIPIENTS } from './resolve-recipients/resolve-recipients.ts';
import { SEARCH } from './search/search.ts';
import { SETTINGS } from './settings/settings.ts';

/** Every command that is served, in the order in which OPTIONS lists them: one file each. */
const COMMANDS: readonly EasCommand[] = [SEARCH, SETTINGS, PROVISION, RESOLVE_RECIPIENTS];

export const EAS_COMMANDS: EasCommands = new Map(COMMANDS.map((command) => [command.name, command]));
