/** The values of a series' labels, in the order of their names. */
type LabelValues = readonly string[];

/** What every measure is made with. */
export interface MeasureOptions {
  /** In Prometheus' spelling, with its unit: `causeway_request_duration_seconds`. */
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** How many series there may be; what would be one more counts as `other`. 200 when absent. */
  readonly mostSeries?: number;
}

/** One line of the exposition: name, labels, value. */
export interface Sample {
  readonly suffix: '' | '_bucket' | '_sum' | '_count';
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

export interface Measure {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly options: MeasureOptions;
  samples(): readonly Sample[];
}

const MOST_SERIES = 200;
const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Series by their labels. No value that a client chooses can make more of them than `mostSeries`. */
class Series<T> {
  readonly #options: MeasureOptions;
  readonly #make: () => T;
  readonly #byKey = new Map<string, { readonly values: LabelValues; readonly state: T }>();

  constructor(options: MeasureOptions, make: () => T) {
    this.#options = options;
    this.#make = make;
    if (options.labels === undefined) this.of([]);
  }

  of(values: LabelValues): T {
    const { name, labels = [], mostSeries = MOST_SERIES } = this.#options;
    if (values.length !== labels.length) throw new TypeError(`${name} has the labels ${labels.join(', ')}`);
    const key = values.join('\u0000');
    const known = this.#byKey.get(key);
    if (known !== undefined) return known.state;
    const isFull = this.#byKey.size >= mostSeries - 1;
    if (isFull && values.some((value) => value !== 'other')) return this.of(values.map(() => 'other'));
    const state = this.#make();
    this.#byKey.set(key, { values, state });
    return state;
  }

  *all(): Generator<{ labels: (readonly [string, string])[]; state: T }> {
    const { labels = [] } = this.#options;
    for (const { values, state } of this.#byKey.values()) {
      yield { labels: labels.map((label, at) => [label, values[at]!] as const), state };
    }
  }
}

/** Counts up. */
export class Counter implements Measure {
  readonly type = 'counter';
  readonly options: MeasureOptions;
  readonly #series: Series<{ value: number }>;

  constructor(options: MeasureOptions) {
    this.options = options;
    this.#series = new Series(options, () => ({ value: 0 }));
  }

  add(amount: number, ...values: LabelValues): void {
    this.#series.of(values).value += amount;
  }

  samples(): readonly Sample[] {
    return [...this.#series.all()].map(({ labels, state }) => ({ suffix: '', labels, value: state.value }));
  }
}

/** Read when somebody asks: how much there is now, or a count that is kept elsewhere. */
export class Reading implements Measure {
  readonly type: 'counter' | 'gauge';
  readonly options: MeasureOptions;
  readonly #read: () => number | readonly (readonly [values: LabelValues, value: number])[];

  constructor(
    type: 'counter' | 'gauge',
    options: MeasureOptions,
    read: () => number | readonly (readonly [values: LabelValues, value: number])[],
  ) {
    this.type = type;
    this.options = options;
    this.#read = read;
  }

  samples(): readonly Sample[] {
    const { labels = [] } = this.options;
    const read = this.#read();
    const rows = typeof read === 'number' ? [[[] as LabelValues, read] as const] : read;
    return rows.map(([values, value]) => {
      return { suffix: '', labels: labels.map((label, at) => [label, values[at] ?? ''] as const), value };
    });
  }
}

interface Buckets {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** How values are spread over fixed buckets. */
export class Histogram implements Measure {
  readonly type = 'histogram';
  readonly options: MeasureOptions;
  readonly #bounds: readonly number[];
  readonly #series: Series<Buckets>;

  /** @param bounds Upper bounds, rising; one without end is added. */
  constructor(options: MeasureOptions, bounds: readonly number[]) {
    this.options = options;
    this.#bounds = bounds;
    this.#series = new Series(options, () => ({ counts: bounds.map(() => 0), sum: 0, count: 0 }));
  }

  observe(value: number, ...values: LabelValues): void {
    const buckets = this.#series.of(values);
    const at = this.#bounds.findIndex((bound) => value <= bound);
    if (at >= 0) buckets.counts[at]! += 1;
    buckets.sum += value;
    buckets.count += 1;
  }

  samples(): readonly Sample[] {
    return [...this.#series.all()].flatMap(({ labels, state: { counts, sum, count } }) => {
      let below = 0;
      const buckets = this.#bounds.map((bound, at): Sample => {
        below += counts[at]!;
        return { suffix: '_bucket', labels: [...labels, ['le', String(bound)]], value: below };
      });
      const all: Sample = { suffix: '_bucket', labels: [...labels, ['le', '+Inf']], value: count };
      return [...buckets, all, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: count }];
    });
  }
}

/** All measures of a process. */
export class MetricsRegistry {
  readonly #measures = new Map<string, Measure>();

  /** @throws TypeError when the name is no name, or taken */
  add<T extends Measure>(measure: T): T {
    const { name, labels = [] } = measure.options;
    if (![name, ...labels].every((one) => NAME.test(one))) throw new TypeError(`${name} or a label of it is no name`);
    if (this.#measures.has(name)) throw new TypeError(`There is a measure ${name} already`);
    this.#measures.set(name, measure);
    return measure;
  }

  get measures(): readonly Measure[] {
    return [...this.#measures.values()];
  }
}
