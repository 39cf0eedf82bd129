import { hashPassword } from '../auth/password-hash.ts';
import { readUserGroups, USER_GROUPS_SETTING } from '../config/user-groups.ts';
import { quotaOfDomain } from '../config/watch-settings.ts';
import { wipeRefused, wipeUnderWay } from '../devices/wipe.ts';
import { isPassword, keepCredential } from '../devices/wipe-credential.ts';
import { WHOLE_SERVER } from '../domain/admin-role.ts';
import { GatewayError } from '../domain/errors.ts';
import { createMailboxWithDefaults } from '../items/default-folders.ts';
import { acting } from '../observe/acting.ts';
import { inLog } from '../observe/log-names.ts';
import type { Device } from '../store/device-store.ts';
import type { User } from '../store/directory-store.ts';
import { formatAddress, parseAddress } from './address.ts';
import type { Administration } from './administration.ts';
import { watchInForce } from './apply-quotas.ts';
import { checkedRole } from './authority/checked-role.ts';
import type { UserDetails, UserSummary } from './calls/users.ts';
import { configLog } from './config-log.ts';
import type { AdministrationParts } from './create-administration.ts';
import { forgetUser } from './forget-user.ts';
import { type Turn, turnByTurn } from './one-at-a-time.ts';

const MAX_PASSWORD_BYTES = 512;

type UserCalls = Pick<
  Administration,
  'userAdd' | 'userList' | 'userShow' | 'userRoleSet' | 'userPasswd' | 'userRemove'
>;

/** The calls about users. A user has one mailbox, which lives and dies with it. */
export function userCalls(parts: AdministrationParts, turn: Turn = turnByTurn()): UserCalls {
  const { directory, mailboxes } = parts.stores;
  const tell = configLog(parts.log);
  return {
    userAdd: (input) => addUser(parts, input),

    async userList() {
      const users = (await directory.users()).map(summaryOf);
      return users.toSorted((a, b) => (a.address < b.address ? -1 : 1));
    },

    async userShow({ address }) {
      return detailsOf(parts, await requireUser(parts, address));
    },

    userRoleSet: (input) => setRole(parts, input),

    async userPasswd({ address, password }) {
      const user = await requireUser(parts, address);
      checkPassword(password);
      const passwordHash = await hashPassword(password, parts.random);
      await keepCredential(parts.stores.syncState, user.mailboxId, user.passwordHash, isPassword);
      await directory.setPassword(user.id, passwordHash);
      tell({ user: formatAddress(user) }, 'password set');
      await endRequestsOf(parts, user);
    },

    async userRemove({ address: given }) {
      const user = await requireUser(parts, given);
      const address = formatAddress(user);
      const devices = await parts.stores.syncState.read(user.mailboxId).devices();
      // With the mailbox the wipes of its devices would be forgotten, and no device could come for one.
      for (const device of devices) checkForgotten(device);
      await directory.removeUser(user.id);
      // What waits would wait for nobody; what comes next is refused, and what was recorded so far stays.
      for (const { id } of devices) parts.endRequests?.(user.mailboxId, id);
      for (const recording of parts.recorder?.recordingsOf(address) ?? []) await recording.end('user removed');
      await turn(() => forgetUser(directory, address));
      await mailboxes.removeMailbox(user.mailboxId);
      tell({ user: address }, 'user removed with the mailbox');
    },
  };
}

async function addUser(
  parts: AdministrationParts,
  { address, password, isAdmin, displayName }: Parameters<UserCalls['userAdd']>[0],
): Promise<UserSummary> {
  const { stores, services, random, log } = parts;
  const { directory, mailboxes, usage } = stores;
  const { localPart, domain } = parseAddress(address);
  checkPassword(password);
  // Asked before the mailbox is made; the directory itself decides between two at a time.
  if ((await directory.user(localPart, domain)) !== null) throw nameTaken(formatAddress({ localPart, domain }));
  const passwordHash = await hashPassword(password, random);
  const mailboxId = await createMailboxWithDefaults(services);
  const role = isAdmin ? WHOLE_SERVER : null;
  try {
    const { watch } = await watchInForce(directory);
    await usage.setOthers([mailboxId], quotaOfDomain(watch, domain));
    const user = await directory.addUser({ localPart, domain, displayName, role, mailboxId, passwordHash });
    configLog(log)({ user: formatAddress(user), isAdmin }, 'user added');
    return summaryOf(user);
  } catch (error) {
    await mailboxes.removeMailbox(mailboxId);
    throw error;
  }
}

async function setRole(
  parts: AdministrationParts,
  { address, role: given }: Parameters<UserCalls['userRoleSet']>[0],
): Promise<UserSummary> {
  const user = await requireUser(parts, address);
  const role = checkedRole(given);
  await parts.stores.directory.setRole(user.id, role);
  const told = { scopes: role?.scopes.join(' ') ?? 'none', domain: role?.domain ?? null };
  configLog(parts.log)({ user: formatAddress(user), ...told }, 'role of an administrator set');
  const { user: who, address: from } = acting();
  inLog(parts.log, 'security').info(
    { who, address: from, user: formatAddress(user), ...told },
    'role of an administrator set',
  );
  return summaryOf({ ...user, role });
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

function checkForgotten(device: Device): void {
  if (wipeUnderWay(device) === null && device.wipe?.state !== 'waiting-for-consent') return;
  const reason = 'its wipe is not done, and it could not come for it without its user';
  throw wipeRefused(device, `${reason}; wait until it is, cancel it, or clear it when it never answers`);
}

function summaryOf(user: User): UserSummary {
  const { displayName, createdAt, role } = user;
  return { address: formatAddress(user), displayName, isAdmin: role !== null, role, createdAt };
}

async function detailsOf({ stores }: AdministrationParts, user: User): Promise<UserDetails> {
  const reader = stores.syncState.read(user.mailboxId);
  const [{ usedBytes, itemCount, quotaBytes, quotaItems }, folders, devices, setting] = await Promise.all([
    reader.mailbox(),
    reader.folders(),
    reader.devices(),
    stores.directory.setting(USER_GROUPS_SETTING),
  ]);
  const summary = summaryOf(user);
  const groups = Object.entries(readUserGroups(setting)).filter(([, users]) => users.includes(summary.address));
  return {
    ...{ ...summary, usedBytes, items: itemCount, quotaBytes, quotaItems },
    ...{ folders: folders.length, devices: devices.length },
    groups: groups.map(([name]) => name).sort(),
  };
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
