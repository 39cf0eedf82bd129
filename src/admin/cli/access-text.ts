import type { AccessVerdict, Approval, DeviceAccessRules } from '../../config/device-access.ts';
import { type DeviceMatch, MATCH_PARTS } from '../../config/device-match.ts';

/** The access rules in lines for people. */
export function accessText(access: DeviceAccessRules): string {
  const { rules, protocols, maximumPerUser } = access;
  const lines = [
    `default:           ${verdictText(access.default, access.defaultApproval)}`,
    `maximum per user:  ${maximumPerUser ?? 'none'}`,
    ...listLines(
      'rules',
      rules.map(({ match, access, approval, why }) => {
        return `${matchText(match)} → ${verdictText(access, approval)}${why === '' ? '' : `: ${oneLine(why)}`}`;
      }),
    ),
    ...listLines(
      'protocols',
      protocols.map(({ match, on }) => `${matchText(match)} → ${on ? 'on' : 'off'}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** What a rule looks at, e.g. `type "iPhone", group "staff"`: patterns may hold commas and blanks. */
export function matchText(match: DeviceMatch): string {
  const given = MATCH_PARTS.filter((part) => match[part] !== undefined);
  if (given.length === 0) return 'everything';
  return given.map((part) => `${part} ${JSON.stringify(match[part])}`).join(', ');
}

function verdictText(verdict: AccessVerdict, approval: Approval | undefined): string {
  return verdict === 'quarantine' ? `quarantine, approval by ${approval ?? 'administrator'}` : verdict;
}

/** The order is what decides, so the entries have numbers. */
function listLines(name: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return [`${`${name}:`.padEnd(19)}none`];
  const width = String(entries.length).length;
  return [`${name}:`, ...entries.map((entry, at) => `  ${String(at + 1).padStart(width)}. ${entry}`)];
}

/** A reason may have line ends, and what follows one would look like a rule. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
