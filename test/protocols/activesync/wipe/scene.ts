import { markSilentWipes } from '../../../../src/devices/silent-wipes.ts';
import { actingFor } from '../../../../src/observe/acting.ts';
import type { Phone, PhoneAnswer, PhoneOptions } from '../../../support/eas/phone.ts';
import { type EasAdministration, withAdministration } from '../administered-server.ts';
import { acknowledge, ask } from '../commands/provision-exchange.ts';
import type { EasServer } from '../support.ts';

export const ANNA = 'anna@example.org';
export const DEVICE = { address: ANNA, device: 'PHONE1' };
export const LOST = { ...DEVICE, kind: 'full', why: 'lost on the train' } as const;

export const EMPTY = '<Provision xmlns="Provision:"/>';
export const said = (status: number) =>
  `<Provision xmlns="Provision:"><RemoteWipe><Status>${status}</Status></RemoteWipe></Provision>`;

export interface WipeScene {
  readonly server: EasServer;
  readonly administration: EasAdministration;
  /** Anna's administration as somebody says it. */
  as<T>(user: string, work: (administration: EasAdministration) => Promise<T>): Promise<T>;
  phone(options?: Partial<PhoneOptions>): Phone;
  /** The daily work on wipes; gives how many fell silent. */
  tick(): Promise<number>;
  /** Lines of the security log that the administration wrote, and those of the endpoint. */
  lines(): readonly (readonly [message: string, fields: Readonly<Record<string, unknown>>])[];
}

/** Somebody who administers a running endpoint. */
export async function wipeScene(work: (scene: WipeScene) => Promise<void>): Promise<void> {
  await withAdministration(async ({ server, administration, stores }) => {
    const { log, sync } = server.environment;
    await work({
      server,
      administration,
      as: (user, call) => actingFor({ protocol: 'test', user, address: null }, () => call(administration)),
      phone: (options) => server.phone(options),
      tick: () => markSilentWipes({ ...stores, syncState: sync.store, clock: server.clock, log }, stores.devices),
      lines: () => server.lines.map(({ message, fields }) => [message, fields] as const),
    });
  });
}

/** Has the phone take the policy, so that it is known to know policies. */
export async function provision(phone: Phone): Promise<void> {
  const offer = await phone.post('Provision', ask());
  const final = await phone.post('Provision', acknowledge(/<PolicyKey>(\d+)</.exec(offer.xml)![1]!, '1'));
  phone.policyKey = /<PolicyKey>(\d+)</.exec(final.xml)![1]!;
}

/** The status that a refusal has in this version: in the document, or that of HTTP. */
export function statusOf(answer: PhoneAnswer): string {
  const status = /<Status>(\d+)</.exec(answer.xml)?.[1];
  return status === undefined ? `HTTP ${answer.status}` : status;
}
