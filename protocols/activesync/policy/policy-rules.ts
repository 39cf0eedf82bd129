import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DirectoryStore } from '../../../src/store/directory-store.ts';

/** Where the run-time setting is kept. */
export const POLICY_SETTING = 'activesync.policy';

/** What an administrator asks of devices. */
export interface PolicyRules {
  /** Whether a device that never provisions is turned away. */
  readonly isRequired: boolean;
  /** Settings by their element of the Provision page, without the page. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names this set of settings: devices with another must fetch it. */
  readonly hash: string;
}

const SCHEMA = z.object({
  required: z.boolean().default(false),
  settings: z.record(z.string(), z.string()).default({}),
});

/** Without a word from an administrator: nothing is demanded, every device that asks gets a policy that asks for nothing. */
export async function policyRules(directory: Pick<DirectoryStore, 'setting'>): Promise<PolicyRules> {
  const { required, settings } = SCHEMA.parse((await directory.setting(POLICY_SETTING)) ?? {});
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 16);
  return { isRequired: required, settings, hash };
}
