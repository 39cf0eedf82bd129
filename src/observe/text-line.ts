/** Names of pino's numeric levels, padded to one width. */
const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info ', 40: 'WARN ', 50: 'ERROR' };
const OWN = new Set(['level', 'time', 'msg', 'error']);

function valueText(value: unknown): string {
  if (typeof value === 'string' && /^[\w.,:;/@+%*()[\]~-]+$/.test(value)) return value;
  // JSON quotes what could be taken for another field or line: clients choose paths and agents.
  const json = JSON.stringify(value) ?? 'undefined';
  // JSON leaves DEL and the C1 controls as they are, of which U+009B begins a command to a terminal, and what turns the direction
  // of a text: all that follows in the line would be read backwards.
  return json.replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, (control) => {
    return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A line of pino's JSON as a person reads it: time, level, message, fields, and an error's stack below. */
export function textLine(json: string): string {
  const record = JSON.parse(json) as Record<string, unknown>;
  const time = new Date(Number(record.time)).toISOString().slice(0, 19).replace('T', ' ');
  const fields = Object.entries(record)
    .filter(([key, value]) => !OWN.has(key) && value !== null && value !== '')
    .map(([key, value]) => ` ${key}=${valueText(value)}`);
  const error = record.error as { stack?: string; message?: string } | undefined;
  const trace = error ? `\n    ${(error.stack ?? error.message ?? valueText(error)).replace(/\n/g, '\n    ')}` : '';
  return `${time} ${LEVELS[Number(record.level)] ?? ''} ${String(record.msg)}${fields.join('')}${trace}\n`;
}

/** As `textLine`, without the line's end. A line that was cut off when the machine stopped is shown as it is. */
export function shownLine(line: string): string {
  try {
    return textLine(line).trimEnd();
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return line.replace(/[\p{Cc}\p{Cf}]/gu, '?');
  }
}

/** pino's number of a line's level; 0 where the line does not say. */
export function levelOfLine(line: string): number {
  return Number(/"level":(\d+)/u.exec(line)?.[1] ?? 0);
}
