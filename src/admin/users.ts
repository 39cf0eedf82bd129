import { hashPassword } from '../auth/password-hash.ts';
import { GatewayError } from '../domain/errors.ts';
import { createMailboxWithDefaults } from '../items/default-folders.ts';
import type { User } from '../store/directory-store.ts';
import { formatAddress, parseAddress } from './address.ts';
import type { Administration } from './administration.ts';
import type { UserSummary } from './calls/users.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';

const MAX_PASSWORD_BYTES = 512;

type UserCalls = Pick<Administration, 'userAdd' | 'userList' | 'userPasswd' | 'userRemove'>;

/** The calls about users. A user has one mailbox, which lives and dies with it. */
export function userCalls(parts: AdministrationParts): UserCalls {
  const { directory, mailboxes } = parts.stores;
  const tell = configLog(parts.log);
  return {
    async userAdd({ address, password, isAdmin, displayName }) {
      const { localPart, domain } = parseAddress(address);
      checkPassword(password);
      // Asked before the mailbox is made; the directory itself decides between two at a time.
      if ((await directory.user(localPart, domain)) !== null) throw nameTaken(formatAddress({ localPart, domain }));
      const passwordHash = await hashPassword(password, parts.random);
      const mailboxId = await createMailboxWithDefaults(parts.services);
      const roles = isAdmin ? (['admin'] as const) : [];
      try {
        const user = await directory.addUser({ localPart, domain, displayName, roles, mailboxId, passwordHash });
        tell({ user: formatAddress(user), isAdmin }, 'user added');
        return summaryOf(user);
      } catch (error) {
        await mailboxes.removeMailbox(mailboxId);
        throw error;
      }
    },

    async userList() {
      const users = (await directory.users()).map(summaryOf);
      return users.toSorted((a, b) => (a.address < b.address ? -1 : 1));
    },

    async userPasswd({ address, password }) {
      const user = await requireUser(parts, address);
      checkPassword(password);
      await directory.setPassword(user.id, await hashPassword(password, parts.random));
      tell({ user: formatAddress(user) }, 'password set');
      await endRequestsOf(parts, user);
    },

    async userRemove({ address }) {
      const user = await requireUser(parts, address);
      await directory.removeUser(user.id);
      await mailboxes.removeMailbox(user.mailboxId);
      tell({ user: formatAddress(user) }, 'user removed with the mailbox');
    },
  };
}

/** What waits was let in by the password before: devices come again, with one that is right. */
async function endRequestsOf({ stores, endRequests }: AdministrationParts, { mailboxId }: User): Promise<void> {
  if (endRequests === undefined) return;
  for (const { id } of await stores.syncState.read(mailboxId).devices()) endRequests(mailboxId, id);
}

/** @throws GatewayError 'name-invalid' | 'item-not-found' */
export async function requireUser(parts: AdministrationParts, address: string): Promise<User> {
  const parsed = parseAddress(address);
  const user = await parts.stores.directory.user(parsed.localPart, parsed.domain);
  if (user !== null) return user;
  const item = formatAddress(parsed);
  throw new GatewayError('item-not-found', { item }, `There is no user ${item}; "user list" shows who there is.`);
}

function summaryOf(user: User): UserSummary {
  const { displayName, createdAt } = user;
  return { address: formatAddress(user), displayName, isAdmin: user.roles.includes('admin'), createdAt };
}

/** What could never be sent in Basic (RFC 7617 §2) is refused here, where somebody sees why. */
function checkPassword(password: string): void {
  let reason: string | null = null;
  if (password === '') reason = 'it is empty';
  else if (/[\u0000-\u001f\u007f]/.test(password)) reason = 'it has a control character';
  else if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) reason = `it is longer than ${MAX_PASSWORD_BYTES} bytes`;
  if (reason === null) return;
  throw new GatewayError('name-invalid', { name: 'password', reason }, `The password cannot be used: ${reason}.`);
}

function nameTaken(name: string): GatewayError {
  return new GatewayError('name-taken', { name }, `There is a user ${name} already; "user passwd" changes a password.`);
}
