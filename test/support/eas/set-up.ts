import assert from 'node:assert/strict';
import type { WbxElement } from '../../../protocols/activesync/wbxml/element.ts';
import type { ElementName } from '../../../protocols/activesync/wbxml/elements.ts';
import { child, requiredChild, textOf } from '../../../protocols/activesync/wbxml/read-element.ts';
import type { Phone, PhoneAnswer } from './phone.ts';

/** What OPTIONS says: lists as they come. */
export interface Offered {
  readonly versions: readonly string[];
  readonly commands: readonly string[];
}

const POLICY_TYPE = '<PolicyType>MS-EAS-Provisioning-WBXML</PolicyType>';
const INFORMATION =
  '<DeviceInformation xmlns="Settings:"><Set><Model>Scripted</Model><FriendlyName>Scripted phone</FriendlyName><OS>None 1.0</OS></Set></DeviceInformation>';

/** The first request of every phone (MS-ASHTTP §2.2.3). */
export async function askOptions(phone: Phone): Promise<Offered> {
  const answer = await phone.send('OPTIONS', '', new Uint8Array(0), { path: '/Microsoft-Server-ActiveSync' });
  assert.equal(answer.status, 200, 'OPTIONS');
  const list = (name: string) => String(answer.headers[name] ?? '').split(',');
  return { versions: list('ms-asprotocolversions'), commands: list('ms-asprotocolcommands') };
}

/**
 * Both phases of Provision (MS-ASPROV §3.1.5.1), with the device's description where the version has it there, else by
 * Settings. The phone sends the key from then on.
 */
export async function provision(phone: Phone): Promise<void> {
  const isInside = (phone.options.version ?? '14.1') === '14.1';
  phone.policyKey = '0';
  const temporary = await provisionStep(phone, `${isInside ? INFORMATION : ''}${policies(POLICY_TYPE)}`);
  const final = await provisionStep(
    phone,
    policies(`${POLICY_TYPE}<PolicyKey>${temporary}</PolicyKey><Status>1</Status>`),
  );
  assert.notEqual(final, temporary, 'the second phase gives a key of its own');
  phone.policyKey = final;
  if (isInside) return;
  const told = await phone.command('Settings', `<Settings xmlns="Settings:">${INFORMATION}</Settings>`);
  assert.equal(textAt(told, 'Settings:Status'), '1', 'Settings');
}

function policies(content: string): string {
  return `<Policies><Policy>${content}</Policy></Policies>`;
}

async function provisionStep(phone: Phone, content: string): Promise<string> {
  const root = await phone.command('Provision', `<Provision xmlns="Provision:">${content}</Provision>`);
  const policy = requiredChild(requiredChild(root, 'Provision:Policies'), 'Provision:Policy');
  assert.deepEqual([textAt(root, 'Provision:Status'), textAt(policy, 'Provision:Status')], ['1', '1'], 'Provision');
  const key = textAt(policy, 'Provision:PolicyKey');
  assert.match(key, /^[1-9]\d*$/, 'a policy key');
  return key;
}

/** The text of the element that lies along this path. */
export function textAt(element: WbxElement, ...path: readonly ElementName[]): string {
  return textOf(path.reduce((at, name) => requiredChild(at, name), element));
}

/** The elements that lie along this path, '' for none. */
export function textIf(element: WbxElement, name: ElementName): string {
  const found = child(element, name);
  return found === null ? '' : textOf(found);
}

/** An answer that must be 200 with an empty body: SendMail and its like, MS-ASCMD §2.2.1.17. */
export function expectEmpty(answer: PhoneAnswer, what: string): void {
  assert.deepEqual([answer.status, answer.body.length, answer.xml], [200, 0, ''], what);
}
