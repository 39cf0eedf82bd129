import type { ParamFilter } from '../../webdav/filter/param-filter.ts';
import type { TextMatch } from '../../webdav/filter/text-match.ts';

/** Whether one condition is enough or all are needed (RFC 6352 §10.5, §10.5.1). */
export type FilterTest = 'anyof' | 'allof';

/** CARDDAV:filter. Without prop-filters it matches every card. */
export interface AddressFilter {
  readonly test: FilterTest;
  readonly propFilters: readonly PropFilter[];
}

/** RFC 6352 §10.5.1. `isNotDefined` excludes everything else. */
export interface PropFilter {
  /** Upper case, without group. */
  readonly name: string;
  /** Upper case; null matches whatever group the property is in. */
  readonly group: string | null;
  readonly test: FilterTest;
  readonly isNotDefined: boolean;
  readonly textMatches: readonly TextMatch[];
  readonly paramFilters: readonly ParamFilter[];
}
