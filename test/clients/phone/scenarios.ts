import type { PhoneOptions } from '../../support/eas/phone.ts';

export interface ScenarioName {
  readonly name: 'set-up' | 'daily' | 'search' | 'attachment' | 'send';
  readonly versions: readonly NonNullable<PhoneOptions['version']>[];
}

/** What the scripted phone does, each against a gateway of its own. */
export const PHONE_SCENARIOS: readonly ScenarioName[] = [
  { name: 'set-up', versions: ['12.1', '14.0', '14.1'] },
  { name: 'daily', versions: ['14.1'] },
  { name: 'search', versions: ['14.1'] },
  { name: 'attachment', versions: ['12.1', '14.1'] },
  { name: 'send', versions: ['12.1', '14.1'] },
];
