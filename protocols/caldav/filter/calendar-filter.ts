import type { ParamFilter } from '../../webdav/filter/param-filter.ts';
import type { TextMatch } from '../../webdav/filter/text-match.ts';

/** Half-open [start, end) in seconds since 1970 UTC; a missing end is open (RFC 4791 §9.9). */
export interface TimeRange {
  readonly start?: number;
  readonly end?: number;
}

/** RFC 4791 §9.7.1. `isNotDefined` excludes everything else. */
export interface CompFilter {
  /** Upper case. */
  readonly name: string;
  readonly isNotDefined: boolean;
  /** Of VCALENDAR: some component in it overlaps. */
  readonly timeRange: TimeRange | null;
  readonly propFilters: readonly PropFilter[];
  readonly compFilters: readonly CompFilter[];
}

/** RFC 4791 §9.7.2. At most one of `timeRange` and `textMatch`. */
export interface PropFilter {
  /** Upper case. */
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly timeRange: TimeRange | null;
  readonly textMatch: TextMatch | null;
  readonly paramFilters: readonly ParamFilter[];
}
