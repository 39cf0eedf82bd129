import type { Device } from '../store/device-store.ts';

/** What a device is, as far as a picture can say it; 'program': something that tells no device it runs on. */
export type DeviceKind = 'phone' | 'tablet' | 'computer' | 'program' | 'unknown';

/**
 * What types, models, systems and agents are called, the first that is found decides: a tablet says what a phone says and something more,
 * and an app of a phone names the program of the computer.
 */
const NAMES: readonly (readonly [RegExp, DeviceKind])[] = [
  [/\bipad|tablet|kindle|galaxy ?tab|\bsm-[tx]\d|nexus ?(7|9|10)\b|touchdown|\bsurface\b/, 'tablet'],
  [/outlook[ -](ios|android)|outlook for (ios|android)/, 'phone'],
  [/windows ?outlook|\boutlook\/|windows ?mail|\bmac ?os|\bmacintosh|\bimac\b|macbook/, 'computer'],
  [/thunderbird|evolution|akonadi|\bkde\b|\bkorganizer|\bgnome|windows nt|\bx11\b|ubuntu|\bdesktop\b/, 'computer'],
  [/iphone|\bipod|\bios\b|android|windows ?phone|\bwp\d|pocket ?pc|smart ?phone|blackberry|symbian/, 'phone'],
  [/samsung|\bsm-[a-z]\d|\bgt-[a-z]\d|nokia|\bhtc|huawei|xiaomi|redmi|firefox ?os|palm ?os|webos|sailfish/, 'phone'],
];

/** The kind of a device, by the names it gives. */
export function deviceKind({ type, information, agent }: Pick<Device, 'type' | 'information' | 'agent'>): DeviceKind {
  const { Model: model = '', OS: os = '' } = information;
  const said = [type, model, os, agent].join('\n').toLowerCase();
  const named = NAMES.find(([pattern]) => pattern.test(said));
  if (named !== undefined) return named[1];
  return agent === '' && type === '' ? 'unknown' : 'program';
}
