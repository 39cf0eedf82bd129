import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import { folderReason } from './folder-reason.ts';
import { isLoopback, parseListenAddress } from './listen-address.ts';
import { parseLmtpAddress } from './lmtp-address.ts';
import { loadSettings, type SettingsInput } from './load-settings.ts';
import { describeProblem, SettingsError } from './problem.ts';
import { relayAddress } from './relay-password.ts';
import type { Settings } from './settings-schema.ts';
import { readTlsFiles } from './tls-files.ts';

/** What a look at the configuration found; `settings` is null when they cannot be used at all. */
export interface ConfigCheck {
  readonly settings: Settings | null;
  /** One sentence each: what is wrong and what to do. Empty when all is well. */
  readonly findings: readonly string[];
}

function certificateFindings({ tls }: Settings): string[] {
  if (tls.cert === undefined || tls.key === undefined) return [];
  const { cert, key } = tls;
  try {
    // What OpenSSL thinks of it counts last: it may refuse keys that are too short.
    createSecureContext(readTlsFiles({ cert, key }));
    return [];
  } catch (error) {
    return [`${(error as Error).message}.`];
  }
}

function folderFindings({ data }: Settings): string[] {
  let path = data;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && !found.isDirectory()) return [`data ${data} is not a folder. Choose another with --data.`];
    // A missing folder is made at start: what counts is the nearest one that is there.
    while (!statSync(path, { throwIfNoEntry: false }) && dirname(path) !== path) path = dirname(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    return [];
  } catch (error) {
    return [`data ${data} cannot be used: ${folderReason(error) ?? error}.`];
  }
}

function plainFindings({ listen, trustedProxies }: Settings): string[] {
  if (trustedProxies.length > 0) return [];
  return listen
    .filter((text) => text.toLowerCase().startsWith('http:') && !isLoopback(parseListenAddress(text).host))
    .map(
      (text) =>
        `listen ${text} takes passwords in clear from other machines. Use https, or name the front end in trustedProxies.`,
    );
}

function relayFindings({ relay }: Settings): string[] {
  try {
    relayAddress(relay);
    return [];
  } catch (error) {
    return [`${(error as Error).message}.`];
  }
}

function lmtpFindings({ lmtp }: Settings): string[] {
  return lmtp.listen.flatMap((text) => {
    const address = parseLmtpAddress(text);
    if (address.kind === 'tcp') return [];
    const folder = dirname(address.path);
    const found = statSync(folder, { throwIfNoEntry: false });
    return found?.isDirectory()
      ? []
      : [`lmtp.listen ${text}: there is no folder ${folder}. Make it, for this user and the mail server.`];
  });
}

/** Tries the configuration without starting or changing anything. */
export function checkConfig(input: SettingsInput): ConfigCheck {
  try {
    const { settings } = loadSettings(input);
    return {
      settings,
      findings: [certificateFindings, folderFindings, plainFindings, relayFindings, lmtpFindings].flatMap((look) =>
        look(settings),
      ),
    };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { settings: null, findings: error.problems.map(describeProblem) };
  }
}
