import { invalidFilter } from '../../webdav/filter/refusal.ts';
import type { XmlElement } from '../../webdav/xml/element.ts';
import type { TimeRange } from './calendar-filter.ts';

const UTC_DATE_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Reads the `start` and `end` attributes of time-range (RFC 4791 §9.9), which are UTC date-times; at least one is
 * needed and the end lies after the start. Throws GatewayError 'filter-unsupported' (valid-filter).
 */
export function readTimeRange(element: XmlElement): TimeRange {
  const start = readInstant(element, 'start');
  const end = readInstant(element, 'end');
  if (start === null && end === null) throw invalidFilter(`${element.name} needs a start or an end`);
  if (start !== null && end !== null && end <= start) throw invalidFilter(`${element.name} ends before it starts`);
  return { ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) };
}

/** The same with both ends required: expand, limit-recurrence-set and limit-freebusy-set (RFC 4791 §9.6.5 to §9.6.7). */
export function readClosedTimeRange(element: XmlElement): { start: number; end: number } {
  const { start, end } = readTimeRange(element);
  if (start === undefined || end === undefined) throw invalidFilter(`${element.name} needs both start and end`);
  return { start, end };
}

function readInstant(element: XmlElement, attribute: 'start' | 'end'): number | null {
  const text = element.attributes.get(attribute);
  if (text === undefined) return null;
  const fields = UTC_DATE_TIME.exec(text)?.slice(1).map(Number);
  if (fields === undefined)
    throw invalidFilter(`${attribute} is a UTC date-time such as 20260101T000000Z, not "${text}"`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60) {
    throw invalidFilter(`"${text}" is not a date and time of the calendar`);
  }
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
}
