import { WHOLE_SERVER } from '../../domain/admin-role.ts';
import type { AdministrationCall } from '../administration.ts';
import type { ConflictRuleEntry } from '../calls/conflicts.ts';
import {
  type Authority,
  isWithin,
  requireAddress,
  requireDomain,
  requireScope,
  requireSelf,
  requireWholeServer,
} from './authority.ts';
import { type CallRule, listOf, ofServer, ofUser, ofUserOrAll, withinDomain } from './call-rule.ts';
import { readsPolicies, readsPolicy, setsPolicy } from './policy-rules.ts';
import {
  ofRecording,
  RECORD_CONTENTS_SCOPE,
  requireGivable,
  requireRoleWithin,
  requireTargetWithin,
  toUser,
} from './role-rules.ts';

/** Rules of other domains and their people are not for who is kept to one. */
function isRuleSeen(authority: Authority, { domain, address }: ConflictRuleEntry): boolean {
  if (address !== null) return isWithin(authority, address);
  return authority.domain === null || domain === authority.domain;
}

/** Who may make which call: one line each, and a call without one does not compile (docs/decisions/0018-who-may-administer.md). */
export const CALL_RULES: { readonly [C in AdministrationCall]: CallRule<C> } = {
  userAdd: ofUser('admin', ({ authority, input }) => {
    if (input.isAdmin) requireRoleWithin(authority, WHOLE_SERVER, 'An administrator of the whole server');
  }),
  userList: listOf('read', (users, isSeen) => users.filter(({ address }) => isSeen(address))),
  userShow: ofUser('read'),
  userRoleSet: toUser('admin', ({ authority, input }) => requireGivable(authority, input.role)),
  userPasswd: toUser('helpdesk'),
  userRemove: toUser('admin'),
  unlockAll: ofServer('helpdesk'),

  appPasswordList: ofUser('read'),
  appPasswordAdd: toUser('helpdesk'),
  appPasswordRevoke: toUser('helpdesk'),

  folderList: ofUser('read'),
  // What people keep is read and written by who may do everything.
  importFolder: toUser('admin'),
  importBatch: toUser('admin'),
  exportPage: toUser('admin'),
  exportChunk: toUser('admin'),

  deviceList: { scope: 'read', narrow: withinDomain },
  deviceShow: ofUser('read'),
  deviceDecide: toUser('helpdesk'),
  // An owner's own word; who administers says theirs by deviceDecide.
  deviceApprove: ofUser('helpdesk', requireSelf),
  deviceResync: toUser('helpdesk'),
  deviceRemove: toUser('helpdesk'),
  // It is read out to who forgot theirs: a helpdesk's work, like a new password (docs/decisions/0023-recovery-passwords.md).
  recoveryPasswordShow: toUser('helpdesk'),
  wipeForecast: ofUser('read'),
  wipeStart: toUser('wipe'),
  wipeConsent: toUser('wipe'),
  wipeCancel: toUser('wipe'),
  wipeClear: toUser('wipe'),
  wipeList: { scope: 'read', narrow: withinDomain },
  wipeSettingsShow: ofServer('read'),
  wipeSettingsSet: ofServer('admin'),
  quarantineList: ofUser('read'),
  quarantineRetry: toUser('helpdesk'),
  quarantineClear: toUser('helpdesk'),

  conflictRuleSet: {
    scope: 'admin',
    async narrow({ authority, input, administration }) {
      const { address, domain } = input;
      if (address !== null) requireAddress(authority, address);
      if (domain !== null) requireDomain(authority, domain);
      if (address !== null) await requireTargetWithin({ authority, administration, input: { address } });
      return input;
    },
  },
  conflictRuleList: {
    scope: 'read',
    narrow: ({ input }) => input,
    filter: (rules, authority) => rules.filter((rule) => isRuleSeen(authority, rule)),
  },
  // Both show what people wrote.
  conflictList: toUser('helpdesk'),
  conflictRestore: toUser('helpdesk'),

  accessShow: ofServer('read'),
  accessSet: ofServer('admin'),
  groupList: ofServer('read'),
  groupSet: ofServer('admin'),
  policyList: readsPolicies,
  policyShow: readsPolicy,
  policySet: setsPolicy,
  policyOf: ofUser('read'),

  outboxList: ofUserOrAll('helpdesk', (messages, isSeen) => messages.filter(({ owner }) => isSeen(owner))),
  outboxRetry: {
    scope: 'helpdesk',
    narrow({ authority, input }) {
      if (input.address === null) requireWholeServer(authority);
      else requireAddress(authority, input.address);
      return input;
    },
  },

  logShow: ofServer('helpdesk'),
  logClear: ofServer('admin'),
  logDebug: ofServer('admin'),

  recordStart: toUser('helpdesk', ({ authority, input }) => {
    if (input.withContents) requireScope(authority, RECORD_CONTENTS_SCOPE);
  }),
  recordList: listOf('read', (recordings, isSeen) => recordings.filter(({ address }) => isSeen(address))),
  recordStop: ofRecording(),
  recordRemove: ofRecording(),
  recordFiles: ofRecording(),
  recordRead: ofRecording(),

  watchShow: ofServer('read'),
  watchSet: ofServer('admin'),
  usageList: {
    scope: 'read',
    narrow({ authority, input }) {
      if (input.domain !== null) requireDomain(authority, input.domain);
      return { ...input, domain: input.domain ?? authority.domain };
    },
  },
  usageShow: ofUser('read'),
  userQuotaSet: toUser('admin'),
  serviceList: ofServer('read'),
  serviceSet: ofServer('admin'),
  serviceStart: ofServer('admin'),
  // The administration is not stopped from itself, whatever is asked: whoever did could not start it again.
  serviceStop: {
    scope: 'admin',
    isServerWide: true,
    narrow({ authority, input }) {
      requireWholeServer(authority);
      return { name: input.name };
    },
  },
  // A connection that nobody has signed in on may be anybody's.
  connectionList: ofUserOrAll('read', (connections, isSeen) => connections.filter(({ user }) => isSeen(user ?? ''))),
  openFolderList: ofUserOrAll('read', (folders, isSeen) => folders.filter(({ user }) => isSeen(user))),
  addressGroupList: ofServer('read'),
  addressGroupSet: ofServer('admin'),
  overview: ofServer('read'),

  check: ofServer('read'),
};
