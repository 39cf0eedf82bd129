import { easWipeAbility } from '../../../../protocols/activesync/wipe/wipe-ability.ts';
import { type AdministrationParts, createAdministration } from '../../../../src/admin/create-administration.ts';
import { markSilentWipes } from '../../../../src/devices/silent-wipes.ts';
import { actingFor } from '../../../../src/observe/acting.ts';
import type { Log } from '../../../../src/observe/log.ts';
import type { CommittedChange } from '../../../../src/store/mailbox-store.ts';
import { createMemoryStores } from '../../../../src/store/memory/open.ts';
import type { Phone, PhoneAnswer, PhoneOptions } from '../../../support/eas/phone.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { acknowledge, ask } from '../commands/provision-exchange.ts';
import { withServer } from '../commands/sync/support.ts';
import type { EasServer } from '../support.ts';

export const ANNA = 'anna@example.org';
export const DEVICE = { address: ANNA, device: 'PHONE1' };
export const LOST = { ...DEVICE, kind: 'full', why: 'lost on the train' } as const;

export const EMPTY = '<Provision xmlns="Provision:"/>';
export const said = (status: number) =>
  `<Provision xmlns="Provision:"><RemoteWipe><Status>${status}</Status></RemoteWipe></Provision>`;

type Administration = ReturnType<typeof createAdministration>;

export interface WipeScene {
  readonly server: EasServer;
  readonly administration: Administration;
  /** Anna's administration as somebody says it. */
  as<T>(user: string, work: (administration: Administration) => Promise<T>): Promise<T>;
  phone(options?: Partial<PhoneOptions>): Phone;
  /** The daily work on wipes; gives how many fell silent. */
  tick(): Promise<number>;
  /** Lines of the security log that the administration wrote, and those of the endpoint. */
  lines(): readonly (readonly [message: string, fields: Readonly<Record<string, unknown>>])[];
}

/** Somebody who administers a running endpoint. */
export async function wipeScene(work: (scene: WipeScene) => Promise<void>): Promise<void> {
  let stores: AdministrationParts['stores'] | null = null;
  const openStores = (publish: (change: CommittedChange) => void) => {
    const opened = createMemoryStores({ clock: fakeClock(), random: (length) => new Uint8Array(length), publish });
    stores = opened;
    return opened;
  };
  await withServer(
    async (server) => {
      const { items: services, log, parking, sync } = server.environment;
      const administration = createAdministration({
        ...{ stores: stores!, services, clock: server.clock, random: sync.random, log: log satisfies Log },
        wipeAbilities: new Map([['activesync', easWipeAbility]]),
        endRequests: (mailboxId, device) => parking.endOf(mailboxId, device, () => true),
      });
      await work({
        server,
        administration,
        as: (user, call) => actingFor({ protocol: 'test', user, address: null }, () => call(administration)),
        phone: (options) => server.phone(options),
        tick: () => markSilentWipes({ ...stores!, syncState: sync.store, clock: server.clock, log }, stores!.devices),
        lines: () => server.lines.map(({ message, fields }) => [message, fields] as const),
      });
    },
    { openStores },
  );
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
