import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { propertyOf } from '../../../../src/formats/content-line/lookup.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import type { Binding } from '../binding.ts';
import { field } from '../field.ts';
import { readInteger } from '../read-values.ts';

const ELEMENT = 'Calendar:BusyStatus';
const MICROSOFT = 'X-MICROSOFT-CDO-BUSYSTATUS';
/** 0 free, 1 tentative, 2 busy, 3 out of office (MS-ASCAL §2.2.2.9; 4 came with 16.0). */
const WORDS: readonly string[] = ['FREE', 'TENTATIVE', 'BUSY', 'OOF'];

/** BusyStatus as TRANSP, and as Microsoft's own property where TRANSP cannot say it or it is there already. */
export const BUSY_STATUS_BINDING: Binding<Component> = {
  names: [ELEMENT],
  staysWhenAbsent: true,
  read: (event) => [field(ELEMENT, String(busyStatusOf(event)))],
  write: (event, fields) => {
    const status = readInteger(fields, ELEMENT, 0, 4) ?? 2;
    const isFree = status === 0 || status === 4;
    const needsTransparency = isFree || propertyOf(event, 'TRANSP') !== null;
    const transparency = makeLine({ name: 'TRANSP', value: isFree ? 'TRANSPARENT' : 'OPAQUE' });
    const edited = needsTransparency ? editProperties(event, { set: [transparency] }) : event;
    if (propertyOf(event, MICROSOFT) === null && busyStatusOf(edited) === status) return edited;
    const word = WORDS[status] ?? 'WORKINGELSEWHERE';
    return editProperties(edited, { set: [makeLine({ name: MICROSOFT, value: word })] });
  },
};

/** What these versions can say: someone working elsewhere is as free or busy as TRANSP has it. */
export function busyStatusOf(event: Component): number {
  const word = propertyOf(event, MICROSOFT)?.value.trim().toUpperCase() ?? '';
  const known = WORDS.indexOf(word);
  if (known >= 0) return known;
  if (propertyOf(event, 'TRANSP')?.value.trim().toUpperCase() === 'TRANSPARENT') return 0;
  return propertyOf(event, 'STATUS')?.value.trim().toUpperCase() === 'TENTATIVE' ? 1 : 2;
}
