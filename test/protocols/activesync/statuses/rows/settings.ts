import { GatewayError } from '../../../../../src/domain/errors.ts';
import { setPolicy } from '../../commands/provision-exchange.ts';
import type { Scene } from '../scene.ts';
import type { StatusTable } from '../table.ts';

const request = (...inner: readonly string[]) => `<Settings xmlns="Settings:">${inner.join('')}</Settings>`;
const set = (element: string, inner: string) => request(`<${element}><Set>${inner}</Set></${element}>`);
const get = (element: string, inner = '') => request(`<${element}><Get>${inner}</Get></${element}>`);
const message = (inner: string) => `<OofMessage><AppliesToInternal/>${inner}</OofMessage>`;
const between = (start: string, end: string) =>
  `<OofState>2</OofState><StartTime>${start}</StartTime><EndTime>${end}</EndTime>`;
/** libwbxml misspells its first letters. */
const RIGHTS = 'ihsManagementInformation';

const OF_ELEMENT = 'Said of the element that it is about, not of the whole command.';
const SCHEMA = 'An element without what it must hold is 2 of the whole command.';
const OF_WHOLE = 'A store that cannot answer is 4 of the whole command.';
const OWN_ONLY = 'Nothing can be set but one’s own mailbox.';
const NO_RIGHTS = 'Rights management is off: 168.';

const OOF = 'Settings/Oof';
const INFORMATION = 'Settings/DeviceInformation';
const PASSWORD = 'Settings/DevicePassword';

/** A policy that lets devices deposit recovery passwords. */
const asksForRecovery = ({ server }: Scene) => setPolicy(server, { settings: { PasswordRecoveryEnabled: true } });

/** MS-ASCMD §2.2.3.177.15. */
export const SETTINGS_ROWS: readonly StatusTable[] = [
  {
    name: 'Settings/Settings',
    command: 'Settings',
    rows: [
      { value: 1, at: 'Settings', asks: { 'one’s address': get('UserInformation') } },
      {
        value: 2,
        at: 'Settings',
        asks: {
          'missing: an element': request(),
          'oversized: 21 elements': request('<Oof><Get/></Oof>'.repeat(21)),
          'malformed: another root': '<Ping xmlns="Ping:"/>',
          'missing: Get and Set of Oof': request('<Oof/>'),
          'out of order: both in Oof': request('<Oof><Get/><Set/></Oof>'),
          'missing: Set of DeviceInformation': request('<DeviceInformation/>'),
          'malformed: Get in DeviceInformation': get('DeviceInformation'),
          'missing: Get of UserInformation': request('<UserInformation/>'),
          'malformed: Set in UserInformation': set('UserInformation', ''),
          'malformed: Get in DevicePassword': get('DevicePassword'),
          'missing: Password': set('DevicePassword', ''),
        },
      },
      {
        value: 2,
        at: 'Settings',
        versions: ['12.1', '14.0'],
        asks: { 'out of order: of a later version': get(RIGHTS) },
      },
      { value: 3, never: OWN_ONLY },
      {
        value: 4,
        at: 'Settings',
        asks: { 'a store that cannot answer': set('Oof', '<OofState>1</OofState>') },
        prepare: ({ faults }) =>
          void faults.set('sync.write', new GatewayError('store-unavailable', { reason: 'busy' })),
      },
      { value: 5, never: OF_ELEMENT },
      { value: 6, never: OF_ELEMENT },
      { value: 7, never: OF_ELEMENT },
    ],
  },
  {
    name: OOF,
    command: 'Settings',
    rows: [
      { value: 1, at: OOF, asks: { set: set('Oof', '<OofState>1</OofState>') }, changes: ['+document oof'] },
      {
        value: 2,
        at: OOF,
        asks: {
          'missing: EndTime': set('Oof', '<OofState>2</OofState><StartTime>2026-08-01T00:00:00Z</StartTime>'),
          'missing: StartTime': set('Oof', '<OofState>2</OofState><EndTime>2026-08-01T00:00:00Z</EndTime>'),
        },
      },
      { value: 3, never: OWN_ONLY },
      { value: 4, never: OF_WHOLE },
      {
        value: 5,
        at: OOF,
        asks: {
          'malformed: OofState': set('Oof', '<OofState>3</OofState>'),
          'malformed: BodyType': get('Oof', '<BodyType>RTF</BodyType>'),
          'malformed: Enabled': set('Oof', message('<Enabled>maybe</Enabled>')),
          'malformed: times': set('Oof', between('soon', 'later')),
          'missing: for whom': set('Oof', '<OofMessage><Enabled>1</Enabled></OofMessage>'),
          'oversized: ReplyMessage': set('Oof', message(`<ReplyMessage>${'a'.repeat(128 * 1024 + 1)}</ReplyMessage>`)),
        },
      },
      {
        value: 6,
        at: OOF,
        asks: {
          'out of order: the end before the start': set('Oof', between('2026-08-02T00:00:00Z', '2026-08-01T00:00:00Z')),
          'two messages for the same people': set(
            'Oof',
            message('<ReplyMessage>A</ReplyMessage>') + message('<ReplyMessage>B</ReplyMessage>'),
          ),
        },
      },
    ],
  },
  {
    name: INFORMATION,
    command: 'Settings',
    rows: [
      {
        value: 1,
        at: INFORMATION,
        asks: { 'a model': set('DeviceInformation', '<Model>One</Model>') },
        changes: ['~device phone1'],
      },
      {
        value: 2,
        at: INFORMATION,
        asks: {
          'malformed: an element for a text': set('DeviceInformation', '<Model><OS>X</OS></Model>'),
        },
      },
      {
        value: 5,
        at: INFORMATION,
        asks: {
          'oversized: Model': set('DeviceInformation', `<OS>X</OS><Model>${'m'.repeat(1025)}</Model>`),
          'malformed: EnableOutboundSMS': set(
            'DeviceInformation',
            '<OS>X</OS><EnableOutboundSMS>9</EnableOutboundSMS>',
          ),
        },
      },
      {
        value: 6,
        at: INFORMATION,
        asks: { 'two models': set('DeviceInformation', '<Model>One</Model><Model>Two</Model>') },
      },
    ],
  },
  {
    name: 'Settings/UserInformation',
    command: 'Settings',
    rows: [
      { value: 1, at: 'Settings/UserInformation', asks: { 'one’s address': get('UserInformation') } },
      { value: 2, never: SCHEMA },
    ],
  },
  {
    name: PASSWORD,
    command: 'Settings',
    rows: [
      {
        value: 1,
        at: PASSWORD,
        asks: { 'a password': set('DevicePassword', '<Password>secret</Password>') },
        prepare: asksForRecovery,
        changes: ['+document phone1/recovery-password'],
      },
      {
        value: 2,
        at: PASSWORD,
        asks: {
          'malformed: Password': set('DevicePassword', '<Password><Get/></Password>'),
        },
        prepare: asksForRecovery,
      },
      {
        value: 5,
        at: PASSWORD,
        asks: {
          'oversized: Password': set('DevicePassword', `<Password>${'p'.repeat(256)}</Password>`),
          'malformed: what nobody can type': set('DevicePassword', '<Password>\u009b</Password>'),
        },
        prepare: asksForRecovery,
      },
      { value: 7, at: PASSWORD, asks: { 'a password': set('DevicePassword', '<Password>secret</Password>') } },
    ],
  },
  {
    name: 'Settings/RightsManagementInformation',
    command: 'Settings',
    rows: [
      { value: 1, never: NO_RIGHTS },
      { value: 168, at: 'Settings/RightsManagementInformation', versions: ['14.1'], asks: { templates: get(RIGHTS) } },
      { value: 169, never: NO_RIGHTS },
      { value: 170, never: NO_RIGHTS },
    ],
  },
];
