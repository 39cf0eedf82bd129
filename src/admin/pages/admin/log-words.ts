import type { DebugCategory } from '../../../observe/debug-switches.ts';
import type { LogName } from '../../../observe/log-names.ts';

/** What is in each log, and what it is called. */
export const LOG_WORDS: Readonly<Record<LogName, readonly [title: string, holds: string]>> = {
  config: ['Config', 'Who changed what: users, rules, policies, services'],
  mail: ['Mail', 'What became of messages'],
  security: ['Security', 'Failed sign-ins, locks, devices let in and kept out, wipes'],
  warning: ['Warning', 'What went another way than it should'],
  error: ['Error', 'What failed, with the place in the program'],
  operations: ['Operations', 'What was removed or moved, by which client, from where'],
  debug: ['Debug', 'What the categories tell that are switched on'],
  server: ['Server', 'Requests, start and stop'],
};

/** What each category of the debug log tells. */
export const CATEGORY_WORDS: Readonly<Record<DebugCategory, string>> = {
  activesync: 'Each exchange with a phone',
  webdav: 'Each exchange with a calendar or contact program',
  authentication: 'Each sign-in and its result',
  store: 'Each write: on whose behalf, how long, or why it failed',
  push: 'Each change published, and how many listen',
  decoding: 'How messages shown to devices are written; what cannot be read',
  quota: 'Writes refused because something is full',
};
