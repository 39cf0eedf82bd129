import { localSeconds } from '../../../../src/domain/calendar/civil.ts';
import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeComponent, replaceChild, withChildren } from '../../../../src/formats/content-line/edit.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { componentsOf, parameterOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { ContentSyntaxError } from '../../../../src/formats/content-line/syntax-error.ts';
import { escapeText } from '../../../../src/formats/content-line/text.ts';
import { parseDateTime } from '../../../../src/formats/icalendar/date-time.ts';
import {
  durationSeconds,
  exactDuration,
  formatDuration,
  parseDuration,
} from '../../../../src/formats/icalendar/duration.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import { propertyText } from './text-binding.ts';

/** When an alarm goes off: seconds from the start or end (negative: before it), or a time of its own. */
export type AlarmTrigger =
  | { readonly kind: 'relative'; readonly seconds: number; readonly toEnd: boolean }
  | { readonly kind: 'absolute'; readonly utcSeconds: number };

export interface ShownAlarm {
  readonly alarm: Component;
  readonly trigger: AlarmTrigger;
}

/** The alarms a phone could show, in their order: displays and sounds whose trigger can be read. */
export function shownAlarms(component: Component): ShownAlarm[] {
  return componentsOf(component, 'VALARM').flatMap((alarm) => {
    const action = propertyOf(alarm, 'ACTION')?.value.trim().toUpperCase() ?? 'DISPLAY';
    if (action !== 'DISPLAY' && action !== 'AUDIO') return [];
    const trigger = triggerOf(alarm);
    return trigger === null ? [] : [{ alarm, trigger }];
  });
}

function triggerOf(alarm: Component): AlarmTrigger | null {
  const line = propertyOf(alarm, 'TRIGGER');
  if (line === null) return null;
  try {
    if (/^\s*[+-]?P/i.test(line.value)) {
      const seconds = durationSeconds(parseDuration(line.value));
      return { kind: 'relative', seconds, toEnd: parameterOf(line, 'RELATED')?.toUpperCase() === 'END' };
    }
    const value = parseDateTime(line);
    if (value.kind !== 'utc') return null;
    const { year, month, day, hour, minute, second } = value;
    return { kind: 'absolute', utcSeconds: localSeconds(year, month, day, hour, minute, second) };
  } catch (error) {
    // An alarm nobody can read is shown by nobody; it stays in the item.
    if (error instanceof ContentSyntaxError) return null;
    throw error;
  }
}

/** TRIGGER of so many seconds before the start. */
export function relativeTrigger(secondsBefore: number) {
  const duration = formatDuration(exactDuration(-secondsBefore));
  return makeLine({ name: 'TRIGGER', value: duration, parameters: [{ name: 'RELATED', values: [] }] });
}

/** Sets the trigger of an alarm, or adds an alarm where there is none; everything else of the item stays. */
export function withTrigger(
  component: Component,
  alarm: Component | null,
  trigger: ReturnType<typeof makeLine>,
): Component {
  if (alarm !== null) return replaceChild(component, alarm, editProperties(alarm, { set: [trigger] }));
  const made = makeComponent('VALARM', [
    makeLine({ name: 'ACTION', value: 'DISPLAY' }),
    makeLine({ name: 'DESCRIPTION', value: escapeText(propertyText(component, 'SUMMARY') ?? 'Reminder') }),
  ]);
  return withChildren(component, [...component.children, editProperties(made, { set: [trigger] })]);
}
