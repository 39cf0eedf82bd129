/** A moment of the year at which a zone changes its clock: the nth (5: last) of a weekday (0: Sunday) in a month. */
interface Change {
  readonly month: number;
  readonly weekday: number;
  readonly nth: number;
  readonly hour: number;
}

interface Rules {
  /** Minutes to add to local standard time to get UTC. */
  readonly bias: number;
  readonly standard: Change;
  readonly daylight: Change;
}

const SUNDAY = 0;

export const NEW_YORK: Rules = {
  bias: 300,
  standard: { month: 11, weekday: SUNDAY, nth: 1, hour: 2 },
  daylight: { month: 3, weekday: SUNDAY, nth: 2, hour: 2 },
};

export const PARIS: Rules = {
  bias: -60,
  standard: { month: 10, weekday: SUNDAY, nth: 5, hour: 3 },
  daylight: { month: 3, weekday: SUNDAY, nth: 5, hour: 2 },
};

const [SIZE, STANDARD, STANDARD_BIAS, DAYLIGHT, DAYLIGHT_BIAS] = [172, 68, 84, 152, 168];

/** The TimeZone structure (MS-ASDTYPE §2.7.6) without names, as base64; built here so that it is not our own codec’s. */
export function zoneBlob({ bias, standard, daylight }: Rules): string {
  const blob = Buffer.alloc(SIZE);
  blob.writeInt32LE(bias, 0);
  writeChange(blob, STANDARD, standard);
  writeChange(blob, DAYLIGHT, daylight);
  blob.writeInt32LE(0, STANDARD_BIAS);
  blob.writeInt32LE(-60, DAYLIGHT_BIAS);
  return blob.toString('base64');
}

/** The rules of a blob, names left out, in the same form. */
export function withoutNames(base64: string): string {
  const blob = Buffer.from(base64, 'base64');
  blob.fill(0, 4, STANDARD);
  blob.fill(0, STANDARD_BIAS + 4, DAYLIGHT);
  return blob.toString('base64');
}

function writeChange(blob: Buffer, at: number, { month, weekday, nth, hour }: Change): void {
  blob.writeUInt16LE(month, at + 2);
  blob.writeUInt16LE(weekday, at + 4);
  blob.writeUInt16LE(nth, at + 6);
  blob.writeUInt16LE(hour, at + 8);
}
