import { el, type WbxElement } from '../../wbxml/element.ts';

/** The only type of 12.0 and later; the other one is XML in a text (MS-ASPROV §2.2.2.43). */
export const WBXML_POLICY = 'MS-EAS-Provisioning-WBXML';

/** Statuses of a Policy in an answer (MS-ASPROV §2.2.2.54.1). */
export const POLICY_STATUS = { done: 1, unknownType: 3, wrongKey: 5 } as const;

/** The answer to a request with a policy: done as a whole, and what became of the policy. */
export function policyAnswer(
  type: string,
  status: (typeof POLICY_STATUS)[keyof typeof POLICY_STATUS],
  more: readonly WbxElement[] = [],
  information: WbxElement | null = null,
): WbxElement {
  return el(
    'Provision:Provision',
    information,
    el('Provision:Status', 1),
    el(
      'Provision:Policies',
      el('Provision:Policy', el('Provision:PolicyType', type), el('Provision:Status', status), more),
    ),
  );
}
