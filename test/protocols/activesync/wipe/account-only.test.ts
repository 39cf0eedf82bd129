import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EasContext } from '../../../../protocols/activesync/command.ts';
import { decodeWbxml } from '../../../../protocols/activesync/wbxml/decode.ts';
import { encodeWbxml } from '../../../../protocols/activesync/wbxml/encode.ts';
import { wbxmlToXml } from '../../../../protocols/activesync/wbxml/to-xml.ts';
import { answerWipe } from '../../../../protocols/activesync/wipe/answer-wipe.ts';
import { CLIENT_ORIGIN } from '../../../../src/domain/mailbox.ts';
import type { Device } from '../../../../src/store/device-store.ts';
import { wbxFromXml } from '../wbxml/from-xml.ts';
import { DEVICE, LOST, provision, said, type WipeScene, wipeScene } from './scene.ts';

const accountSaid = (status: number) =>
  `<Provision xmlns="Provision:"><AccountOnlyRemoteWipe><Status>${status}</Status></AccountOnlyRemoteWipe></Provision>`;

/** Has the device speak 16.1 as far as the register knows: no endpoint serves that yet. */
async function speaking161({ server }: WipeScene): Promise<Device> {
  return server.environment.sync.store.write(server.anna.mailboxId, CLIENT_ORIGIN, async (tx) => {
    const device = { ...(await tx.deviceByAlias('phone1'))!, version: '16.1' };
    await tx.putDevice(device);
    return device;
  });
}

/** A Provision of the device as an endpoint of 16.1 would hand it over; the answer as it goes over the wire. */
async function ask({ server }: WipeScene, xml: string): Promise<string> {
  const { environment, anna: principal } = server;
  const device = (await environment.sync.store.read(principal.mailboxId).deviceByAlias('phone1'))!;
  const context = { environment, principal, device, logFields: {} } as unknown as EasContext;
  const root = decodeWbxml(encodeWbxml(wbxFromXml(xml), { version: '16.1' }));
  const answer = await answerWipe(context, { kind: 'document', root }, '192.0.2.7');
  assert.ok(answer.kind === 'document');
  return wbxmlToXml(decodeWbxml(encodeWbxml(answer.root, { version: '16.1' })));
}

test('MS-ASPROV §2.2.2.1 a 16.1 device may be asked to wipe the account alone: directive, acknowledgement', () =>
  wipeScene(async (scene) => {
    const { administration } = scene;
    await provision(scene.phone());
    await speaking161(scene);
    assert.deepEqual((await administration.wipeForecast(DEVICE)).kinds, ['full', 'account']);
    const begun = await administration.wipeStart({ ...LOST, kind: 'account' });
    assert.deepEqual([begun.kind, begun.method], ['account', 'account']);
    const directive = /<Status>1<\/Status><AccountOnlyRemoteWipe\/>/;
    assert.match(await ask(scene, '<Provision xmlns="Provision:"/>'), directive);
    assert.match(await ask(scene, said(1)), directive, 'the word for the whole device is none for the account');
    assert.match(await ask(scene, accountSaid(2)), /<Status>2<\/Status><AccountOnlyRemoteWipe\/>/);
    assert.equal((await administration.deviceShow(DEVICE)).wipe, 'failed');
    assert.match(await ask(scene, '<Provision xmlns="Provision:"/>'), directive);
    assert.doesNotMatch(await ask(scene, accountSaid(1)), /AccountOnlyRemoteWipe/);
    const { wipe, wipeDetails } = await administration.deviceShow(DEVICE);
    assert.deepEqual([wipe, wipeDetails?.remoteAddress], ['acknowledged', '192.0.2.7']);
  }));

test('MS-ASWBXML §2.1.2.1.15 AccountOnlyRemoteWipe is 0x3B of page 14, and unknown to earlier versions', () => {
  const root = wbxFromXml('<Provision xmlns="Provision:"><AccountOnlyRemoteWipe/></Provision>');
  assert.deepEqual([...encodeWbxml(root, { version: '16.1' })].slice(-5), [0x00, 0x0e, 0x45, 0x3b, 0x01]);
  const left: string[] = [];
  encodeWbxml(root, { version: '14.1', onMisfit: (name) => left.push(name) });
  assert.deepEqual(left, ['Provision:AccountOnlyRemoteWipe']);
});
