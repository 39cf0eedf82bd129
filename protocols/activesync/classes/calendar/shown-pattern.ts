import { isGatewayError } from '../../../../src/domain/errors.ts';
import { propertiesOf, propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { nearestPattern } from '../recurrence/nearest-pattern.ts';
import type { Pattern } from '../recurrence/pattern.ts';
import { ruleToPattern } from '../recurrence/rule-to-pattern.ts';
import { type EventView, seriesStart } from './event-view.ts';

const shown = new WeakMap<EventView, Pattern | null>();

/**
 * The Recurrence a phone is shown; null for a single event, and for a series of which no more than the first occurrence
 * can be told. See docs/decisions/0009.
 */
export function shownPattern(view: EventView): Pattern | null {
  const known = shown.get(view);
  if (known !== undefined) return known;
  const pattern = findPattern(view);
  shown.set(view, pattern);
  return pattern;
}

function findPattern(view: EventView): Pattern | null {
  const { series, event } = view;
  if (series === null || (series.rules.length === 0 && series.dates.length === 0)) return null;
  const start = seriesStart(view);
  const [rule, second] = series.rules;
  try {
    // RDATE only adds: the rule alone shows nothing that is not real. EXRULE takes away what nobody computes here.
    const pattern = rule !== undefined && second === undefined ? ruleToPattern(rule, start) : null;
    if (pattern !== null && propertyOf(event, 'EXRULE') === null) return pattern;
    if (propertiesOf(event, 'EXRULE').length > 0) return null;
    return nearestPattern(series, start);
  } catch (error) {
    // A rule made to be slow is shown as its first occurrence.
    if (isGatewayError(error, 'too-many-results')) return null;
    throw error;
  }
}
