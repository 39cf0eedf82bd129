import type { Component } from '../../../../src/formats/content-line/content-line.ts';
import { makeLine } from '../../../../src/formats/content-line/line.ts';
import { propertiesOf } from '../../../../src/formats/content-line/lookup.ts';
import { joinTextList, splitTextList } from '../../../../src/formats/content-line/text.ts';
import { editProperties } from '../../../../src/formats/icalendar/edit-properties.ts';
import type { Binding } from '../binding.ts';
import { ClassDataError } from '../class-error.ts';
import { childrenOf, type Field, field, textsOf } from '../field.ts';
import { shownText } from './text-binding.ts';

/** MS-ASCAL §2.2.2.11: at most 300 categories. */
const MOST_CATEGORIES = 300;

/** Categories of a page as CATEGORIES, in its order, over as many lines as are there. */
export function categoriesBinding(page: string): Binding<Component> {
  return {
    names: [`${page}:Categories`],
    read: (component) => categoryFields(page, categoriesOf(component)),
    write: (component, fields) => {
      const categories = readCategories(page, fields);
      if (categories.length === 0) return editProperties(component, { remove: ['CATEGORIES'] });
      return editProperties(component, { set: [makeLine({ name: 'CATEGORIES', value: joinTextList(categories) })] });
    },
  };
}

function categoriesOf(component: Component): string[] {
  return propertiesOf(component, 'CATEGORIES').flatMap((line) => splitTextList(line.value));
}

/** A Categories element, or nothing where there is none. */
export function categoryFields(page: string, categories: readonly string[]): Field[] {
  const shown = [...new Set(categories.map((text) => shownText(text)?.trim() ?? ''))].filter((text) => text !== '');
  if (shown.length === 0) return [];
  return [
    field(
      `${page}:Categories`,
      shown.slice(0, MOST_CATEGORIES).map((text) => field(`${page}:Category`, text)),
    ),
  ];
}

/** The categories a client sent, each once. @throws ClassDataError for more than 300 */
export function readCategories(page: string, fields: readonly Field[]): string[] {
  const children = childrenOf(fields, `${page}:Categories`) ?? [];
  const categories = textsOf(children, `${page}:Category`).map((text) => text.trim());
  if (categories.length > MOST_CATEGORIES) {
    throw new ClassDataError(`${page}:Categories`, `more than ${MOST_CATEGORIES} categories`);
  }
  return [...new Set(categories)].filter((text) => text !== '');
}
