import { GatewayError } from '../../../../../src/domain/errors.ts';
import { acknowledge, ask, information, setPolicy } from '../../commands/provision-exchange.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

const provision = (inner: string) => `<Provision xmlns="Provision:">${inner}</Provision>`;
const policies = (inner: string) => provision(`<Policies>${inner}</Policies>`);

/** What a device answers to a policy that was just offered to it. */
const answering =
  (status: string) =>
  async ({ phone }: Scene): Promise<string> => {
    const offer = await phone.post('Provision', ask());
    return acknowledge(/<PolicyKey>(\d+)</.exec(offer.xml)![1]!, status);
  };

const strict = ({ server }: Scene) => setPolicy(server, { required: true, allowPartial: false, allowExternal: false });
const POLICY = 'Provision/Policies/Policy';
/** The device is known to have answered, or to have been offered a policy. */
const DEVICE = ['~device phone1'];

const told = (value: number, what: string) => ({
  value,
  at: POLICY,
  answer: 1,
  asks: { [what]: answering(`${value}`) },
  changes: DEVICE,
});
const wiped = (value: number, what: string) => ({
  value,
  at: 'Provision',
  answer: 1,
  asks: { [`${what}, which nobody asked for`]: provision(`<RemoteWipe><Status>${value}</Status></RemoteWipe>`) },
});

/** MS-ASPROV §2.2.2.54. */
export const PROVISION_ROWS: readonly StatusTable[] = [
  {
    name: 'Provision/Provision',
    command: 'Provision',
    rows: [
      { value: 1, at: 'Provision', asks: { 'a policy wanted': ask() }, changes: DEVICE },
      {
        value: 2,
        at: 'Provision',
        asks: {
          'missing: Policy': policies(''),
          'missing: PolicyType': policies('<Policy/>'),
          'missing: Policies': provision('<Policy><PolicyType>MS-EAS-Provisioning-WBXML</PolicyType></Policy>'),
          'missing: a body': { body: null },
          'malformed: Status': answering('x'),
          'out of range: Status': answering('5'),
          'missing: Status of a wipe': provision('<RemoteWipe/>'),
          'out of range: Status of a wipe': provision('<RemoteWipe><Status>3</Status></RemoteWipe>'),
          'malformed: another root': '<Ping xmlns="Ping:"/>',
        },
      },
      {
        value: 3,
        at: 'Provision',
        asks: { 'a store that cannot answer': ask() },
        prepare: ({ faults }) =>
          void faults.set('sync.write', new GatewayError('store-unavailable', { reason: 'busy' })),
      },
      {
        value: 139,
        at: 'Provision',
        httpIn12: 403,
        prepare: strict,
        asks: { 'partly applied': answering('2') },
        changes: DEVICE,
      },
      {
        value: 141,
        at: 'Provision',
        httpIn12: 449,
        prepare: strict,
        asks: { refused: answering('3') },
        changes: DEVICE,
      },
      {
        value: 145,
        at: 'Provision',
        httpIn12: 403,
        prepare: strict,
        asks: { 'managed elsewhere': answering('4') },
        changes: DEVICE,
      },
      {
        value: 165,
        at: 'Provision',
        versions: ['14.1'],
        asks: {
          'missing: DeviceInformation': ask(''),
          'missing: Model': ask(information('<OS>X</OS>')),
          'oversized: Model': ask(information(`<Model>${'m'.repeat(1025)}</Model>`)),
        },
      },
    ],
  },
  {
    name: 'Provision/PolicyInResponse',
    command: 'Provision',
    rows: [
      { value: 1, at: POLICY, asks: { 'a policy wanted': ask() }, changes: DEVICE },
      { value: 2, never: 'There always is a policy, if one that asks for nothing.' },
      {
        value: 3,
        at: POLICY,
        asks: { 'of version 2.5': ask('', 'MS-WAP-Provisioning-XML'), malformed: ask('', 'x') },
        versions: ['12.1', '14.0'],
      },
      {
        value: 3,
        at: POLICY,
        versions: ['14.1'],
        asks: { malformed: ask(information('<Model>One</Model>'), 'x') },
        // What the device told of itself.
        changes: DEVICE,
      },
      { value: 4, never: 'A policy that is not sound is not sent; the last one that was stays in force.' },
      {
        value: 5,
        at: POLICY,
        asks: {
          'malformed: PolicyKey': acknowledge('x', '1'),
          'missing: PolicyKey': acknowledge('', '1'),
          'oversized: PolicyKey': acknowledge('9'.repeat(30), '1'),
          'out of order: before there was an offer': acknowledge('1', '1'),
        },
      },
    ],
  },
  {
    name: 'Provision/PolicyInRequest',
    command: 'Provision',
    rows: [told(1, 'applied'), told(2, 'partly applied'), told(3, 'refused'), told(4, 'managed elsewhere')],
  },
  {
    name: 'Provision/RemoteWipeInRequest',
    command: 'Provision',
    rows: [wiped(1, 'a wipe'), wiped(2, 'a wipe that failed')],
  },
];
