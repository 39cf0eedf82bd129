import { seededRandom } from '../../support/random.ts';

/** What happens in a history, with how often it does unless a profile says otherwise. */
const WEIGHTS = {
  create: 10,
  edit: 9,
  mark: 6,
  remove: 5,
  move: 8,
  date: 9,
  rename: 2,
  breakItem: 2,
  mendItem: 2,
  upgrade: 1,
  prune: 1,
  time: 3,
  sync: 40,
  addOnDevice: 5,
  changeOnDevice: 6,
  markOnDevice: 4,
  removeOnDevice: 3,
  alterPending: 3,
  dropPending: 3,
  filter: 3,
  startAgain: 1,
  late: 2,
  storm: 1,
  quiesce: 1,
} as const;

/** What happens besides where devices read several folders as one. */
const MERGING = { addFolder: 2, removeFolder: 2, regroup: 1, moveWithin: 14 } as const;

export type OperationKind = keyof typeof WEIGHTS | keyof typeof MERGING;

export interface Operation {
  readonly kind: OperationKind;
  /** Whole numbers below a million, for whatever the operation has to choose. */
  readonly draw: readonly [number, number, number, number];
}

export interface History {
  readonly seed: number;
  readonly folders: number;
  readonly devices: number;
  /** Devices beside those that have one folder for all. */
  readonly merging: number;
  readonly rule: number;
  readonly operations: readonly Operation[];
}

/** Each makes something rare frequent: a busy server, a filter at work, moves, and twice a device on a bad line. */
const PROFILES: readonly Partial<Record<OperationKind, number>>[] = [
  {},
  { sync: 12, create: 16, edit: 14, date: 14 },
  { filter: 12, time: 10, date: 20, move: 15, addOnDevice: 8, changeOnDevice: 10 },
  { create: 3, mark: 12, markOnDevice: 8, move: 22, date: 16, edit: 12, sync: 36, addOnDevice: 3, breakItem: 4 },
  {
    ...{ create: 2, addOnDevice: 5, move: 18, date: 8, edit: 8, changeOnDevice: 12, removeOnDevice: 4 },
    ...{ alterPending: 8, dropPending: 8, late: 4, prune: 2, startAgain: 2, storm: 3 },
  },
  {
    ...{ late: 8, alterPending: 8, dropPending: 8, changeOnDevice: 14, addOnDevice: 10, removeOnDevice: 6 },
    ...{ move: 12, prune: 3, startAgain: 3 },
  },
];

/** The history of a seed: 50 to 200 operations. */
export function historyOf(seed: number): History {
  const { below } = seededRandom(seed);
  const operations = drawn(below, { ...WEIGHTS, ...PROFILES[seed % PROFILES.length]! });
  return { seed, folders: 1 + below(3), devices: 1 + below(3), merging: 0, rule: below(4), operations };
}

/** The history of a seed with devices that read two or three folders as one, which come and go. */
export function mergingHistoryOf(seed: number): History {
  const { below } = seededRandom(seed);
  const operations = drawn(below, { ...WEIGHTS, ...PROFILES[seed % PROFILES.length]!, ...MERGING });
  return { seed, folders: 2 + below(2), devices: below(2), merging: 1 + below(2), rule: below(4), operations };
}

function drawn(below: (limit: number) => number, weighed: Partial<Record<OperationKind, number>>): Operation[] {
  const weights = Object.entries(weighed) as [OperationKind, number][];
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const kindAt = (place: number): OperationKind => {
    let end = 0;
    for (const [kind, weight] of weights) {
      end += weight;
      if (place < end) return kind;
    }
    return 'sync';
  };
  return Array.from({ length: 50 + below(151) }, (): Operation => {
    return { kind: kindAt(below(total)), draw: [below(1e6), below(1e6), below(1e6), below(1e6)] };
  });
}
