/**
 * The syntax that iCalendar (RFC 5545 §3.1) and vCard (RFC 6350 §3.3) share: folded lines of
 * `[group.]name *(;param) : value`, nested by BEGIN/END. Everything keeps the bytes it came from, so that what nobody
 * edited is written again exactly as it was read: order, case, folding, line ends, escapes and unknown things.
 */
export interface ContentLine {
  /** vCard group prefix as written (`item1`), else null. */
  readonly group: string | null;
  /** Upper case, for comparing. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Raw value after unfolding; escapes (`\n`, `\,`) are still in it. */
  readonly value: string;
  /** 1-based number of its first physical line in what was read; 0 for a line made here. */
  readonly line: number;
  /**
   * The exact bytes (physical lines with folds and line end) as latin1 string, or null when made or changed here: then it
   * is written from the fields, folded at 75 octets without splitting a UTF-8 sequence.
   */
  readonly raw: string | null;
}

export interface Parameter {
  /** Upper case, for comparing; '' for vCard 2.1 bare values (`;HOME`), which then are its values. */
  readonly name: string;
  /** Unquoted, RFC 6868 carets decoded. */
  readonly values: readonly string[];
}

export interface Component {
  /** Upper case (VCALENDAR, VEVENT, VCARD, X-…). */
  readonly name: string;
  /** BEGIN and END lines as they were written; null when made here. */
  readonly begin: ContentLine | null;
  readonly end: ContentLine | null;
  /** Properties and sub-components in the order written. */
  readonly children: readonly (ContentLine | Component)[];
}
