import assert from 'node:assert/strict';
import type { FolderRole } from '../../../src/domain/item-class.ts';
import type { Principal } from '../../../src/domain/principal.ts';
import type { PhoneAnswer } from '../../support/eas/phone.ts';
import { type EasServer, withServer } from './support.ts';

export { withServer };

/** As opaque values stand in XML. */
export function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString('base64');
}

/** MS-ASCMD §2.2.1.17: success is a 200 without a body. */
export function assertSent(answer: PhoneAnswer): void {
  assert.equal(answer.xml, '');
  assert.deepEqual([answer.status, answer.body.length], [200, 0]);
}

/** What a default folder holds, in order of id, one character per byte. */
export async function held(server: EasServer, role: FolderRole, principal: Principal = server.anna): Promise<string[]> {
  const reader = server.environment.items.store.read(principal.mailboxId);
  const { items } = await reader.list((await server.folder(role, principal)).id, { limit: 100, withContent: true });
  return items.map(({ content }) => Buffer.from(content!).toString('latin1'));
}

/** Neither anna nor bert have anything of it. */
export async function assertNothingSent(server: EasServer): Promise<void> {
  for (const role of ['outbox', 'sent'] as const) assert.deepEqual(await held(server, role), [], role);
  assert.deepEqual(await held(server, 'inbox', server.bert), []);
}
