import type { PolicyScope } from '../../config/device-policies.ts';
import type { DevicePolicy, DeviceSettingValue } from '../../config/device-policy.ts';
import { DEVICE_SETTINGS } from '../../config/device-settings.ts';
import { scopeText } from '../policy-scope.ts';
import { matchText } from './access-text.ts';

/** A policy in lines for people, with whose it is. */
export function policyText(scope: PolicyScope, policy: DevicePolicy): string {
  const { required, allowPartial, allowExternal, exempt, settings } = policy;
  const values = Object.entries(settings).map(([name, value]) => `${name}: ${valueText(name, value)}`);
  const lines = [
    `policy of ${scopeText(scope)}`,
    `required:           ${yesOrNo(required)}`,
    `partly is enough:   ${yesOrNo(allowPartial)}`,
    `managed elsewhere:  ${allowExternal ? 'may go on' : 'is turned away'}`,
    ...listLines('exempt', exempt.map(matchText)),
    ...listLines('settings', values),
  ];
  return `${lines.join('\n')}\n`;
}

function yesOrNo(is: boolean): string {
  return is ? 'yes' : 'no';
}

function listLines(name: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return [`${`${name}:`.padEnd(20)}none`];
  return [`${name}:`, ...entries.map((entry) => `  ${entry}`)];
}

/** As in a file that "policy set" takes, lists with commas. */
function valueText(name: string, value: DeviceSettingValue): string {
  if (typeof value !== 'string') return value.join(', ');
  if (DEVICE_SETTINGS[name]?.kind.type === 'boolean') return value === '1' ? 'true' : 'false';
  return value === '' ? 'no limit' : value;
}
