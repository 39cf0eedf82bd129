import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../domain/clock.ts';
import { isGatewayError } from '../domain/errors.ts';
import { formatAddress } from './address.ts';
import type { CheckFinding, Progress } from './calls/check.ts';
import type { AdministrationParts } from './create-administration.ts';

/** One thing that can be looked at besides the stores; each string is one finding. */
export interface AdministrationCheck {
  readonly area: string;
  run(): Promise<readonly string[]>;
}

const DAY_MILLISECONDS = 24 * 60 * 60_000;
const WARN_DAYS = 30;

/** Looks at what was given, the directory and the whole store. A check that fails is itself a finding. */
export async function runChecks(parts: AdministrationParts, progress?: Progress): Promise<readonly CheckFinding[]> {
  const checks: AdministrationCheck[] = [
    ...(parts.checks ?? []),
    { area: 'directory', run: () => usersWithoutMailbox(parts) },
    { area: 'store', run: () => parts.stores.mailboxes.verify(progress) },
  ];
  const findings: CheckFinding[] = [];
  for (const { area, run } of checks) {
    try {
      for (const message of await run()) findings.push({ area, message });
    } catch (error) {
      parts.log.error({ area, error }, 'check failed');
      findings.push({ area, message: `It could not be looked at: ${error instanceof Error ? error.message : error}` });
    }
  }
  return findings;
}

async function usersWithoutMailbox(parts: AdministrationParts): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const user of await parts.stores.directory.users()) {
    try {
      await parts.stores.mailboxes.read(user.mailboxId).mailbox();
    } catch (error) {
      if (!isGatewayError(error, 'folder-not-found')) throw error;
      findings.push(`${formatAddress(user)} has no mailbox; remove the user and add it again.`);
    }
  }
  return findings;
}

/**
 * Looks at a certificate's file. One that Causeway makes itself (`isOwn`) may be missing until the server starts.
 */
export function certificateCheck(file: { path: string; isOwn: boolean }, clock: Clock): AdministrationCheck {
  return {
    area: 'certificate',
    async run() {
      try {
        return certificateFindings(await readFile(file.path, 'utf8'), clock);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT' && file.isOwn) return [];
        return [`${file.path} cannot be read: ${message}.`];
      }
    },
  };
}

/** Findings about a certificate in PEM form (the first one of a chain): damaged, not valid yet, over, or soon over. */
export function certificateFindings(pem: string, clock: Clock): readonly string[] {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    return [`The certificate cannot be read (${error instanceof Error ? error.message : error}); replace it.`];
  }
  const now = clock.now();
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  const until = new Date(to).toISOString().slice(0, 10);
  if (now < from) return [`The certificate is valid only from ${new Date(from).toISOString().slice(0, 10)}.`];
  if (now >= to) return [`The certificate ended on ${until}; clients refuse it. Replace it.`];
  const days = Math.floor((to - now) / DAY_MILLISECONDS);
  if (days < WARN_DAYS) return [`The certificate ends on ${until}, in ${days} days; replace it before.`];
  return [];
}
