import { el, type WbxElement } from '../wbxml/element.ts';
import { type ElementName, isElementName } from '../wbxml/elements.ts';
import type { PolicyRules } from './policy-rules.ts';

/** What the entries of the two lists are called (MS-ASPROV §2.2.2.55, §2.2.2.22). */
const ENTRY_OF: Readonly<Record<string, ElementName>> = {
  UnapprovedInROMApplicationList: 'Provision:ApplicationName',
  ApprovedApplicationList: 'Provision:Hash',
};

/**
 * The policy as devices take it (MS-ASPROV §2.2.2.28). Settings that ask for nothing are there too, with the value that says
 * so: a device keeps what it was told before about settings that are missing (§3.2.5.1.1). Those that its version does not know
 * are left out.
 */
export function provisionDocument(rules: Pick<PolicyRules, 'settings'>): WbxElement {
  const settings = [...rules.settings].map(([name, value]) => {
    if (typeof value === 'string') return el(elementOf(name), value);
    return el(
      elementOf(name),
      value.map((entry) => el(ENTRY_OF[name]!, entry)),
    );
  });
  return el('Provision:EASProvisionDoc', settings);
}

function elementOf(name: string): ElementName {
  const element = `Provision:${name}`;
  if (!isElementName(element)) throw new TypeError(`${element} is no element.`);
  return element;
}
