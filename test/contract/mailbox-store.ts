import { describe } from 'node:test';
import { feedContract } from './mailbox-feed.ts';
import { feedPropertyContract } from './mailbox-feed-property.ts';
import { folderContract } from './mailbox-folders.ts';
import { itemContract } from './mailbox-items.ts';
import { lifecycleContract } from './mailbox-lifecycle.ts';
import { listContract } from './mailbox-list.ts';
import { transactionContract } from './mailbox-transactions.ts';
import type { OpenStore } from './store-under-test.ts';

/** Everything a MailboxStore must do, run whole over every adapter. */
export function mailboxStoreContract(name: string, open: OpenStore): void {
  describe(`${name}: MailboxStore`, () => {
    describe('items', () => itemContract(open));
    describe('lists', () => listContract(open));
    describe('folders', () => folderContract(open));
    describe('feed', () => feedContract(open));
    describe('feed, random histories', () => feedPropertyContract(open));
    describe('transactions', () => transactionContract(open));
    describe('lifecycle', () => lifecycleContract(open));
  });
}
