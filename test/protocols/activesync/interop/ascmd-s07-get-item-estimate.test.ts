import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectXml } from '../../../support/eas/cross-check.ts';
import { stateOf, syncPhone, withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

/** One collection that was begun, asked about with these elements beside its id and key. */
async function asks(server: EasServer, role: 'inbox' | 'contacts' | 'calendar', xml: string) {
  const id = `${(await server.folder(role)).id}`;
  const phone = syncPhone(server);
  await phone.begin(id);
  const before = JSON.stringify(await stateOf(server));
  const collection = `<a:SyncKey>${phone.key(id)}</a:SyncKey><CollectionId>${id}</CollectionId>${xml}`;
  const document = `<GetItemEstimate xmlns="GetItemEstimate:" xmlns:a="AirSync:"><Collections><Collection>${collection}</Collection></Collections></GetItemEstimate>`;
  const answer = await phone.phone.post('GetItemEstimate', document);
  assert.equal(JSON.stringify(await stateOf(server)), before);
  return { answer, id };
}

const whole = (content: string): string => `<GetItemEstimate xmlns="GetItemEstimate:">${content}</GetItemEstimate>`;
const ofClass = (name: string): string => `<a:Options><a:Class>${name}</a:Class></a:Options>`;

test('MS-ASCMD_R2100 ConversationMode for what is not mail is 103 of its collection', () =>
  withServer(async (server) => {
    for (const role of ['contacts', 'calendar'] as const) {
      const { answer, id } = await asks(server, role, '<a:ConversationMode>1</a:ConversationMode>');
      const collection = `<Collection><CollectionId>${id}</CollectionId></Collection>`;
      expectXml(answer, whole(`<Response><Status>103</Status>${collection}</Response>`));
    }
  }));

test('MS-ASCON_R211 ConversationMode for mail is counted as without', () =>
  withServer(async (server) => {
    const { answer } = await asks(server, 'inbox', '<a:ConversationMode>1</a:ConversationMode>');
    assert.match(answer.xml, /<Status>1<.*<Estimate>0</s);
  }));

test('MS-ASCMD_R908 Options for classes that do not go together are 4 of the whole; R907 mail and SMS go together', () =>
  withServer(async (server) => {
    const others = await asks(server, 'inbox', ofClass('Tasks') + ofClass('Contacts'));
    expectXml(others.answer, whole('<Status>4</Status>'));
    const both = await asks(server, 'inbox', ofClass('Email') + ofClass('SMS'));
    assert.match(both.answer.xml, /<Status>1</);
  }));
