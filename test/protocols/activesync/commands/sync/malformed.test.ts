import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectXml } from '../../../../support/eas/cross-check.ts';
import { syncXml } from '../../../../support/eas/sync-phone.ts';
import { card, stateOf, syncPhone, withServer } from './support.ts';

const whole = (status: number) => `<Sync xmlns="AirSync:"><Status>${status}</Status></Sync>`;
const collection = (content: string) => syncXml(`<Collections><Collection>${content}</Collection></Collections>`);
const contact = (name: string) => `<ApplicationData><c:FirstName>${name}</c:FirstName></ApplicationData>`;

/** Documents that break the protocol, with `{key}` for a key in force, `{id}` for a collection, `{item}` for an item. */
const MALFORMED: Readonly<Record<string, string>> = {
  'no Collections': syncXml('<WindowSize>5</WindowSize>'),
  'no Collection': syncXml('<Collections/>'),
  'no SyncKey': collection('<CollectionId>{id}</CollectionId>'),
  'no CollectionId': collection('<SyncKey>{key}</SyncKey>'),
  'a SyncKey that is too long': collection(`<SyncKey>${'9'.repeat(65)}</SyncKey><CollectionId>{id}</CollectionId>`),
  'a CollectionId that is too long': collection(`<SyncKey>0</SyncKey><CollectionId>${'9'.repeat(65)}</CollectionId>`),
  'a WindowSize that is no number': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><WindowSize>many</WindowSize>',
  ),
  'a WindowSize below 0': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><WindowSize>-1</WindowSize>',
  ),
  'a FilterType above 8': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Options><FilterType>9</FilterType></Options>',
  ),
  'a Conflict of no meaning': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Options><Conflict>2</Conflict></Options>',
  ),
  'a command that no client has': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><SoftDelete><ServerId>{id}:{item}</ServerId></SoftDelete></Commands>',
  ),
  'an Add without ClientId': collection(
    `<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><Add>${contact('A')}</Add></Commands>`,
  ),
  'an Add with an empty ClientId': collection(
    `<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><Add><ClientId/>${contact('A')}</Add></Commands>`,
  ),
  'a ClientId of 65 characters': collection(
    `<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><Add><ClientId>${'c'.repeat(65)}</ClientId>${contact('A')}</Add></Commands>`,
  ),
  'an Add without ApplicationData': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><Add><ClientId>c</ClientId></Add></Commands>',
  ),
  'a Change without ServerId': collection(
    `<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><Change>${contact('A')}</Change></Commands>`,
  ),
  'a Change without ApplicationData': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><Change><ServerId>{id}:{item}</ServerId></Change></Commands>',
  ),
  'a Delete without ServerId': collection(
    '<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands><Delete/></Commands>',
  ),
  'more than 200 commands': collection(
    `<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Commands>${'<Delete><ServerId>{id}:{item}</ServerId></Delete>'.repeat(201)}</Commands>`,
  ),
  'more Options than there could be': collection(
    `<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId>${'<Options><FilterType>0</FilterType></Options>'.repeat(17)}`,
  ),
  'more body preferences than there could be': collection(
    `<SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId><Options>${'<b:BodyPreference><b:Type>1</b:Type></b:BodyPreference>'.repeat(17)}</Options>`,
  ),
  'one collection twice': syncXml(
    '<Collections><Collection><SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId></Collection><Collection><SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId></Collection></Collections>',
  ),
  'Wait and HeartbeatInterval': syncXml(
    '<Collections><Collection><SyncKey>{key}</SyncKey><CollectionId>{id}</CollectionId></Collection></Collections><Wait>5</Wait><HeartbeatInterval>300</HeartbeatInterval>',
  ),
  'Partial and nothing else': syncXml('<Partial/>'),
};

for (const [title, xml] of Object.entries(MALFORMED)) {
  test(`status 4 and nothing changed: ${title}`, () =>
    withServer(async (server) => {
      const item = await server.put('contacts', 'a', card('u', 'Ada'));
      const id = `${(await server.folder('contacts')).id}`;
      const phone = syncPhone(server);
      await phone.begin(id);
      const before = await stateOf(server);
      const filled = xml.replaceAll('{key}', phone.key(id)).replaceAll('{id}', id).replaceAll('{item}', `${item}`);
      expectXml(await phone.phone.post('Sync', filled), whole(4));
      assert.deepEqual(await stateOf(server), before);
    }));
}
