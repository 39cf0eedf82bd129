import { ApiProblem, INVALID } from './problem.ts';

/** Names with their values. @throws ApiProblem for a name that is given twice, of which one would be left out in silence */
export function queryOf(querystring: string): Readonly<Record<string, string>> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(querystring)) {
    if (query.has(name)) {
      const mistakes = [{ pointer: `/query/${name}`, detail: 'is given twice' }];
      throw new ApiProblem(INVALID, 'The query names something twice.', { mistakes });
    }
    query.set(name, value);
  }
  return Object.fromEntries(query);
}
