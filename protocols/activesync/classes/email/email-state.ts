import { type Binding, mergeBindings, renderBindings } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { categoryFields, readCategories } from '../component/categories-binding.ts';
import { shownText } from '../component/text-binding.ts';
import { dashedDate, readDate } from '../dates.ts';
import { type ApplicationData, childrenOf, type Field, field, isChildren, textOf } from '../field.ts';
import type { MergeOptions, RenderOptions } from '../options.ts';
import { readBoolean, readInteger } from '../read-values.ts';

/** What a mailbox notes of a message beside its bytes. */
export interface EmailState {
  readonly read: boolean;
  readonly categories: readonly string[];
  readonly flag: FollowUpFlag | null;
  /** 1 reply, 2 reply to all, 3 forward, and when (seconds since 1970); 'none' where there was one that was taken back. */
  readonly lastVerb: { readonly verb: 1 | 2 | 3; readonly at: number } | 'none' | null;
}

/** A flag for follow-up, with the dates of its task. */
export interface FollowUpFlag {
  /** 1 done, 2 to be done (MS-ASEMAIL §2.2.2.72). */
  readonly status: 1 | 2;
  readonly type: string;
  /** Seconds since 1970. */
  readonly completedAt: number | null;
  /** Elements of the Tasks page as they were sent: dates, reminder, subject. */
  readonly task: readonly { readonly name: string; readonly value: string }[];
}

const DATES = ['UtcStartDate', 'StartDate', 'UtcDueDate', 'DueDate', 'DateCompleted', 'ReminderTime', 'OrdinalDate'];
const TASK_ELEMENTS = new Set([...DATES, 'ReminderSet', 'SubOrdinalDate', 'Subject'].map((name) => `Tasks:${name}`));
/** What is refused, and not only left alone (MS-ASEMAIL §2.2.2). */
const FIXED = new Set(
  ['ConversationId', 'ConversationIndex', 'ReceivedAsBcc', 'Sender'].map((name) => `Email2:${name}`),
);
const DEFAULT_TYPE = 'Flag for follow up';

const READ_BINDING: Binding<EmailState> = {
  names: ['Email:Read'],
  staysWhenAbsent: true,
  read: ({ read }) => [field('Email:Read', read ? '1' : '0')],
  write: (state, fields) => ({ ...state, read: readBoolean(fields, 'Email:Read') ?? state.read }),
};

const FLAG_BINDING: Binding<EmailState> = {
  names: ['Email:Flag'],
  staysWhenAbsent: true,
  read: ({ flag }) => [field('Email:Flag', flag === null ? '' : flagFields(flag))],
  write: (state, fields) => ({ ...state, flag: readFlag(childrenOf(fields, 'Email:Flag') ?? []) }),
};

const CATEGORIES_BINDING: Binding<EmailState> = {
  names: ['Email:Categories'],
  staysWhenAbsent: true,
  // Mail without any says so (MS-ASEMAIL §2.2.2.16).
  read: ({ categories }) => {
    const shown = categoryFields('Email', categories);
    return shown.length === 0 ? [field('Email:Categories', '')] : shown;
  },
  write: (state, fields) => ({ ...state, categories: readCategories('Email', fields) }),
};

const VERB_BINDING: Binding<EmailState> = {
  names: ['Email2:LastVerbExecuted', 'Email2:LastVerbExecutionTime'],
  read: ({ lastVerb }) => {
    if (lastVerb === null) return [];
    // What is absent stays on the phone, and no verb has a value of its own (MS-ASEMAIL, LastVerbExecuted).
    if (lastVerb === 'none') return [field('Email2:LastVerbExecuted', '0')];
    return [
      field('Email2:LastVerbExecuted', String(lastVerb.verb)),
      field('Email2:LastVerbExecutionTime', dashedDate(lastVerb.at)),
    ];
  },
};

const BINDING_OF: { readonly [aspect in keyof EmailState]: Binding<EmailState> } = {
  read: READ_BINDING,
  flag: FLAG_BINDING,
  categories: CATEGORIES_BINDING,
  lastVerb: VERB_BINDING,
};
const BINDINGS = Object.values(BINDING_OF);

export function stateFields(state: EmailState, options: RenderOptions): Field[] {
  return renderBindings(BINDINGS, state, options);
}

/**
 * The elements of what changed, alone: the rest stays as the client has it (MS-ASEMAIL, "Sending E-Mail Changes to the Client"). A version that knows none
 * of them is told the state that it knows, since a Change is not empty.
 */
export function changedFields(
  state: EmailState,
  changed: readonly (keyof EmailState)[],
  options: RenderOptions,
): Field[] {
  const bindings = changed.map((aspect) => BINDING_OF[aspect]);
  const fields = renderBindings(bindings, state, options);
  return fields.length === 0 ? stateFields(state, options) : fields;
}

/**
 * The state after a client's Change: read, flag and categories; everything else of a mail is not a client's to change.
 * The same object when nothing changed. @throws ClassDataError
 */
export function mergeEmail(state: EmailState, fields: ApplicationData, options: MergeOptions): EmailState {
  const fixed = fields.find(({ name }) => FIXED.has(name));
  if (fixed !== undefined) throw new ClassDataError(fixed.name, 'not for a client to change');
  return mergeBindings(BINDINGS, state, fields, options);
}

function flagFields({ status, type, completedAt, task }: FollowUpFlag): Field[] {
  return [
    field('Email:Status', String(status)),
    field('Email:FlagType', shownText(type) ?? DEFAULT_TYPE),
    ...(completedAt === null ? [] : [field('Email:CompleteTime', dashedDate(completedAt))]),
    ...task.map(({ name, value }) => field(name, value)),
  ];
}

/** An empty Flag and status 0 take the flag away. @throws ClassDataError */
function readFlag(children: readonly Field[]): FollowUpFlag | null {
  const status = readInteger(children, 'Email:Status', 0, 2) ?? 0;
  if (status === 0) return null;
  checkDates(children);
  // MS-ASEMAIL §2.2.2.27 wants a FlagType beside status 2; the mail program of Firefox OS flags by Status alone.
  const type = textOf(children, 'Email:FlagType')?.trim().slice(0, 255) ?? '';
  const completed = textOf(children, 'Email:CompleteTime')?.trim() ?? '';
  const task = children.flatMap(({ name, value }) => {
    if (!TASK_ELEMENTS.has(name) || isChildren(value) || typeof value !== 'string' || value === '') return [];
    if (value.length > 1_000) throw new ClassDataError(name, 'longer than 1000 characters');
    return [{ name, value }];
  });
  return {
    status: status as 1 | 2,
    type: type || DEFAULT_TYPE,
    completedAt: completed === '' ? null : readDate(completed, 'Email:CompleteTime'),
    task,
  };
}

const SPAN = ['StartDate', 'DueDate', 'UtcStartDate', 'UtcDueDate'] as const;

/**
 * The dates of the task come all four or not at all, an end not before its start, and a reminder with its time
 * (MS-ASEMAIL §2.2.2.31, §2.2.2.65, §2.2.2.72). @throws ClassDataError
 */
function checkDates(children: readonly Field[]): void {
  const dates = new Map<string, number>();
  for (const name of DATES) {
    const text = textOf(children, `Tasks:${name}`)?.trim() ?? '';
    if (text !== '') dates.set(name, readDate(text, `Tasks:${name}`));
  }
  const missing = SPAN.find((name) => !dates.has(name));
  if (missing !== undefined && SPAN.some((name) => dates.has(name))) {
    throw new ClassDataError(`Tasks:${missing}`, 'missing beside the other dates');
  }
  for (const zone of ['', 'Utc']) {
    const [start, due] = [dates.get(`${zone}StartDate`) ?? 0, dates.get(`${zone}DueDate`) ?? 0];
    if (due < start) throw new ClassDataError(`Tasks:${zone}DueDate`, 'before the start');
  }
  if (readBoolean(children, 'Tasks:ReminderSet') === true && !dates.has('ReminderTime')) {
    throw new ClassDataError('Tasks:ReminderTime', 'a reminder needs a time');
  }
}
