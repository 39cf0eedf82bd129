import { localSeconds } from '../../../../src/domain/calendar/civil.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import { parseDateTime } from '../../../../src/formats/icalendar/date-time.ts';

/** Seconds since 1970 of a UTC property such as DTSTAMP; null where it is missing or cannot be read. */
export function utcProperty(component: Component, name: string): number | null {
  const line = propertyOf(component, name);
  if (line === null) return null;
  try {
    const value = parseDateTime(line);
    return localSeconds(value.year, value.month, value.day, value.hour, value.minute, value.second);
  } catch (error) {
    // Stamps are bookkeeping: a bad one is as good as none.
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

/** When the component was last stamped; 1970 where nobody noted it. */
export function stampOf(component: Component): number {
  return utcProperty(component, 'DTSTAMP') ?? utcProperty(component, 'LAST-MODIFIED') ?? 0;
}
