import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import type { Binding } from '../binding.ts';
import { field } from '../field.ts';
import { readInteger } from '../read-values.ts';

/** 0 normal, 1 personal (which iCalendar does not know), 2 private, 3 confidential (MS-ASCAL §2.2.2.40). */
const CLASSES: Readonly<Record<string, string>> = { PUBLIC: '0', PRIVATE: '2', CONFIDENTIAL: '3' };
const PERSONAL = 'X-MICROSOFT-PERSONAL';

/** Sensitivity as CLASS. Unknown classes are private (RFC 5545 §3.8.1.3). */
export function sensitivityBinding(page: string): Binding<Component> {
  const element = `${page}:Sensitivity`;
  return {
    names: [element],
    defaults: { [element]: '0' },
    read: (component) => [field(element, sensitivityOf(component))],
    write: (component, fields) => {
      const value = readInteger(fields, element, 0, 3) ?? 0;
      if (value === 0) return editProperties(component, { remove: ['CLASS'] });
      const word = value === 1 ? PERSONAL : value === 2 ? 'PRIVATE' : 'CONFIDENTIAL';
      return editProperties(component, { set: [makeLine({ name: 'CLASS', value: word })] });
    },
  };
}

function sensitivityOf(component: Component): string {
  const word = propertyOf(component, 'CLASS')?.value.trim().toUpperCase() ?? '';
  if (word === '') return '0';
  return word === PERSONAL ? '1' : (CLASSES[word] ?? '2');
}
