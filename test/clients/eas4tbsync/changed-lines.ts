/** When it was written, not what it says. */
const STAMPS = /^(?:DTSTAMP|LAST-MODIFIED|REV|SEQUENCE|PRODID)[:;]/u;

/** The lines that only one of two texts has, stamps left out: `-` before those of the first, `+` before those of the second. */
export function changedLines(before: string, after: string): string[] {
  const [left, right] = [linesOf(before), linesOf(after)];
  return [...without(left, right).map((line) => `-${line}`), ...without(right, left).map((line) => `+${line}`)];
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/u).filter((line) => line !== '' && !STAMPS.test(line));
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
