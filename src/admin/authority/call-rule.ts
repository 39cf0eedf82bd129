import type { AdminScope } from '../../domain/admin-role.ts';
import type { Administration, AdministrationCall } from '../administration.ts';
import { type Authority, isWithin, requireAddress, requireWholeServer } from './authority.ts';

export type InputOf<C extends AdministrationCall> = Parameters<Administration[C]>[0];
export type ResultOf<C extends AdministrationCall> = Awaited<ReturnType<Administration[C]>>;

/** The calls about one user. */
export type UserCall = {
  [C in AdministrationCall]: InputOf<C> extends { readonly address: string } ? C : never;
}[AdministrationCall];

/** The calls about one user or all. */
export type UserOrAllCall = {
  [C in AdministrationCall]: null extends (InputOf<C> extends { readonly address: infer A } ? A : undefined)
    ? C
    : never;
}[AdministrationCall];

/** What a rule looks at. */
export interface Asked<C extends AdministrationCall> {
  readonly authority: Authority;
  readonly input: InputOf<C>;
  /** The whole administration, to see whom something is about. */
  readonly administration: Administration;
}

/** Who may make a call. */
export interface CallRule<C extends AdministrationCall> {
  readonly scope: AdminScope;
  /** It is about the whole server: administrators of a domain may never make it. */
  readonly isServerWide?: boolean;
  /** Refuses what the role is not for, and gives the input as it is to be used: narrowed to the domain. */
  narrow(asked: Asked<C>): InputOf<C> | Promise<InputOf<C>>;
  /** Leaves out of the answer what is not for these eyes. */
  filter?(result: ResultOf<C>, authority: Authority): ResultOf<C>;
}

/** About one user, who is in the administrator's domain; `more` refuses what else is to be refused. */
export function ofUser<C extends UserCall>(
  scope: AdminScope,
  more?: (asked: Asked<C>) => void | Promise<void>,
): CallRule<C> {
  return {
    scope,
    async narrow(asked) {
      requireAddress(asked.authority, (asked.input as { readonly address: string }).address);
      await more?.(asked);
      return asked.input;
    },
  };
}

/** About the whole server: not for administrators of a domain. */
export function ofServer<C extends AdministrationCall>(scope: AdminScope): CallRule<C> {
  return {
    scope,
    isServerWide: true,
    narrow({ authority, input }) {
      requireWholeServer(authority);
      return input;
    },
  };
}

/** Lists what is one user's or, with null, everybody's: an administrator of a domain sees its part. */
export function ofUserOrAll<C extends UserOrAllCall>(
  scope: AdminScope,
  filter: (result: ResultOf<C>, isSeen: (address: string) => boolean) => ResultOf<C>,
): CallRule<C> {
  return {
    ...listOf<C>(scope, filter),
    narrow({ authority, input }) {
      const { address } = input as { readonly address: string | null };
      if (address !== null) requireAddress(authority, address);
      return input;
    },
  };
}

/** Lists people, or what is theirs: an administrator of a domain sees its part. */
export function listOf<C extends AdministrationCall>(
  scope: AdminScope,
  filter: (result: ResultOf<C>, isSeen: (address: string) => boolean) => ResultOf<C>,
): CallRule<C> {
  return {
    scope,
    narrow: ({ input }) => input,
    filter: (result, authority) => filter(result, (address) => isWithin(authority, address)),
  };
}
