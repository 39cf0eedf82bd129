const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** For people: about three figures and a binary unit. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** What a person writes: `500`, `64 KiB`, `1.5GiB`, `2g`, all binary; null when it is none. */
export function parseBytes(text: string): number | null {
  const [, number = '', prefix = ''] =
    /^(\d{1,15}(?:\.\d{1,6})?)\s*(?:bytes|([kmgtp])(?:ib|b)?|b)?$/i.exec(text.trim()) ?? [];
  if (number === '') return null;
  const bytes = Math.round(Number(number) * 1024 ** ' kmgtp'.indexOf(prefix.toLowerCase() || ' '));
  return Number.isSafeInteger(bytes) ? bytes : null;
}
