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
  activesync: 'Commands of phones and their answers',
  webdav: 'Requests of calendar and contact programs',
  authentication: 'How sign-ins were decided',
  store: 'What was read and written',
  push: 'Who waits for changes and what ended it',
  decoding: 'What could not be understood in messages',
  quota: 'What mailboxes hold of what they may',
};
