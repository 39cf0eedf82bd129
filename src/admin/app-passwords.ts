import { appPasswordDigest, makeAppPassword } from '../auth/app-password-secret.ts';
import { generatePassword } from '../auth/generate-password.ts';
import { revokeAppPasswords } from '../devices/app-passwords.ts';
import type { RandomBytes } from '../domain/clock.ts';
import { GatewayError } from '../domain/errors.ts';
import { CLIENT_ORIGIN } from '../domain/mailbox.ts';
import { acting } from '../observe/acting.ts';
import type { AppPassword, AppPasswordReader } from '../store/app-password-store.ts';
import { formatAddress } from './address.ts';
import { setupOf } from './app-password-setup.ts';
import type { AppPasswordCalls, AppPasswordEntry } from './calls/app-passwords.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { SETUP_PROTOCOLS } from './program-setup.ts';
import { requireUser } from './users.ts';

const LONGEST_LABEL = 100;
/** Passwords one user may have at a time: more than devices, fewer than a program that went wrong would make. */
const MOST = 100;
/** Letters of an id in groups of four: it is typed to revoke, and is no secret. */
const ID_GROUPS = 2;

/** The calls about passwords for single devices. What is kept, and why: docs/decisions/0019-app-passwords.md. */
export function appPasswordCalls(parts: AdministrationParts): AppPasswordCalls {
  const { clock, log, random, stores } = parts;
  const { syncState } = stores;
  return {
    async appPasswordList({ address }) {
      const { mailboxId } = await requireUser(parts, address);
      const all = (await syncState.read(mailboxId).appPasswords()).map(entryOf);
      const ended = all.filter(({ revokedAt }) => revokedAt !== null);
      return [
        ...all.filter(({ revokedAt }) => revokedAt === null),
        ...ended.toSorted((a, b) => (b.revokedAt ?? 0) - (a.revokedAt ?? 0)),
      ];
    },

    async appPasswordAdd({ address, label: given, protocols: named, server }) {
      const user = await requireUser(parts, address);
      const [label, protocols] = [checkedLabel(given), checkedProtocols(named)];
      const origin = checkedServer(server ?? parts.publicUrl ?? null);
      const password = makeAppPassword(random);
      const added = await syncState.write(user.mailboxId, CLIENT_ORIGIN, async (tx) => {
        const id = await freeId(tx, random);
        const made = { createdAt: clock.now(), createdBy: acting().user };
        const unused = { device: null, lastUsedAt: null, lastUsedFrom: null, revokedAt: null };
        const entry: AppPassword = { id, digest: appPasswordDigest(password)!, label, protocols, ...made, ...unused };
        await tx.putAppPassword(entry);
        return entry;
      });
      const userName = formatAddress(user);
      configLog(log)({ user: userName, appPassword: added.id, label, protocols }, 'app password added');
      return { entry: entryOf(added), password, setup: setupOf({ server: origin, userName, password, protocols }) };
    },

    async appPasswordRevoke({ address, id }) {
      const { mailboxId } = await requireUser(parts, address);
      const ended = await syncState.write(mailboxId, CLIENT_ORIGIN, async (tx) => {
        if (id !== null && (await tx.appPassword(id)) === null) throw notFound(id);
        return revokeAppPasswords(tx, clock.now(), (password) => id === null || password.id === id);
      });
      for (const { id: appPassword, label, device } of ended) {
        configLog(log)({ user: address, appPassword, label, device: device?.id ?? null }, 'app password revoked');
        // What waits was let in by it: the device comes again, and is refused.
        if (device !== null) parts.endRequests?.(mailboxId, device.id);
      }
      return ended.length;
    },
  };
}

async function freeId(reader: AppPasswordReader, random: RandomBytes): Promise<string> {
  const all = await reader.appPasswords();
  if (all.filter(({ revokedAt }) => revokedAt === null).length >= MOST) {
    const reason = `there are ${MOST} app passwords already`;
    throw new GatewayError('object-invalid', { reason }, `No app password was made: ${reason}; revoke one first.`);
  }
  let id = generatePassword(random, ID_GROUPS);
  while (all.some((password) => password.id === id)) id = generatePassword(random, ID_GROUPS);
  return id;
}

function entryOf({ digest: _, device, ...entry }: AppPassword): AppPasswordEntry {
  return { ...entry, device: device === null ? null : { protocol: device.protocol, id: device.id } };
}

function checkedLabel(given: string): string {
  const label = given.trim().normalize('NFC');
  const isFit = label !== '' && label.length <= LONGEST_LABEL && !/[\p{Cc}\p{Cs}]/u.test(label);
  if (isFit) return label;
  const reason = `a label has 1 to ${LONGEST_LABEL} characters on one line`;
  throw new GatewayError('name-invalid', { name: given, reason }, `The app password needs another label: ${reason}.`);
}

function checkedProtocols(named: readonly string[] | null): readonly string[] | null {
  if (named === null) return null;
  const protocols = [...new Set(named.map((name) => name.trim().toLowerCase()))];
  const unknown = protocols.find((name) => !SETUP_PROTOCOLS.includes(name));
  if (unknown === undefined && protocols.length > 0) return protocols;
  const known = `there are ${SETUP_PROTOCOLS.join(' and ')} (webdav is CalDAV and CardDAV)`;
  const reason = unknown === undefined ? `no protocol is named; ${known}` : `"${unknown}" is no protocol; ${known}`;
  throw new GatewayError('object-invalid', { reason }, `No app password was made: ${reason}.`);
}

function checkedServer(server: string | null): string | null {
  if (server === null) return null;
  const url = URL.parse(server);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  const reason = `"${server}" is no address of a server; write it as https://sync.example.org`;
  throw new GatewayError('object-invalid', { reason }, `No app password was made: ${reason}.`);
}

function notFound(id: string): GatewayError {
  const message = `There is no app password ${id}; "app-password list" shows which there are.`;
  return new GatewayError('item-not-found', { item: id }, message);
}
