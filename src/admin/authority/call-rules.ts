import { WHOLE_SERVER } from '../../domain/admin-role.ts';
import type { AdministrationCall } from '../administration.ts';
import { requireAddress, requireDomain, requireScope, requireSelf, requireWholeServer } from './authority.ts';
import { type CallRule, listOf, ofServer, ofUser, ofUserOrAll } from './call-rule.ts';
import { readsPolicies, readsPolicy, setsPolicy } from './policy-rules.ts';
import {
  ofRecording,
  RECORD_CONTENTS_SCOPE,
  requireGivable,
  requireRoleWithin,
  requireTargetWithin,
} from './role-rules.ts';

/** Who may make which call: one line each, and a call without one does not compile (docs/decisions/0018-who-may-administer.md). */
export const CALL_RULES: { readonly [C in AdministrationCall]: CallRule<C> } = {
  userAdd: ofUser('admin', ({ authority, input }) => {
    if (input.isAdmin) requireRoleWithin(authority, WHOLE_SERVER, 'An administrator of the whole server');
  }),
  userList: listOf('read', (users, isSeen) => users.filter(({ address }) => isSeen(address))),
  userShow: ofUser('read'),
  userRoleSet: ofUser('admin', async (asked) => {
    requireGivable(asked.authority, asked.input.role);
    await requireTargetWithin(asked);
  }),
  userPasswd: ofUser('helpdesk', requireTargetWithin),
  userRemove: ofUser('admin', requireTargetWithin),
  unlockAll: ofServer('helpdesk'),

  appPasswordList: ofUser('read'),
  appPasswordAdd: ofUser('helpdesk', requireTargetWithin),
  appPasswordRevoke: ofUser('helpdesk'),

  folderList: ofUser('read'),
  // What people keep is read and written by who may do everything.
  importFolder: ofUser('admin'),
  importBatch: ofUser('admin'),
  exportPage: ofUser('admin'),
  exportChunk: ofUser('admin'),

  deviceList: {
    scope: 'read',
    narrow({ authority, input }) {
      if (input.address !== null) requireAddress(authority, input.address);
      if (input.domain !== null) requireDomain(authority, input.domain);
      return { ...input, domain: input.domain ?? authority.domain };
    },
  },
  deviceShow: ofUser('read'),
  deviceDecide: ofUser('helpdesk'),
  // An owner's own word; who administers says theirs by deviceDecide.
  deviceApprove: ofUser('helpdesk', requireSelf),
  deviceResync: ofUser('helpdesk'),
  deviceRemove: ofUser('helpdesk'),
  wipeForecast: ofUser('read'),
  wipeStart: ofUser('wipe'),
  wipeConsent: ofUser('wipe'),
  wipeCancel: ofUser('wipe'),
  wipeClear: ofUser('wipe'),
  wipeList: {
    scope: 'read',
    narrow({ authority, input }) {
      if (input.address !== null) requireAddress(authority, input.address);
      if (input.domain !== null) requireDomain(authority, input.domain);
      return { ...input, domain: input.domain ?? authority.domain };
    },
  },
  wipeSettingsShow: ofServer('read'),
  wipeSettingsSet: ofServer('admin'),
  quarantineList: ofUser('read'),
  quarantineRetry: ofUser('helpdesk'),
  quarantineClear: ofUser('helpdesk'),

  conflictRuleSet: {
    scope: 'admin',
    narrow({ authority, input }) {
      if (input.address !== null) requireAddress(authority, input.address);
      if (input.domain !== null) requireDomain(authority, input.domain);
      return input;
    },
  },
  // Both show what people wrote.
  conflictList: ofUser('helpdesk'),
  conflictRestore: ofUser('helpdesk'),

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

  recordStart: ofUser('helpdesk', ({ authority, input }) => {
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
  userQuotaSet: ofUser('admin'),
  serviceList: ofServer('read'),
  serviceSet: ofServer('admin'),
  serviceStart: ofServer('admin'),
  // The administration is not stopped from itself, whatever is asked: whoever did could not start it again.
  serviceStop: {
    scope: 'admin',
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
