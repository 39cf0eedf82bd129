import type { ItemServices } from '../../../src/items/services.ts';
import type { Translator } from '../../../src/sync/translator.ts';
import type { ClientView } from './client-view.ts';
import { EmailTranslator } from './email-translator.ts';
import { CALENDAR_CLASS, CONTACTS_CLASS, NOTES_CLASS, TASKS_CLASS } from './object-classes.ts';
import { ObjectTranslator } from './object-translator.ts';
import type { ClassCommand, RenderedItem } from './rendered-item.ts';
import type { Collection } from './view.ts';

const HOUR_MS = 3_600_000;

/**
 * What is in quarantine and was tried at a lower stamp is tried again, once an hour: a device that repeated itself over an item may
 * only have lost its answers on the way, and another release may show what could not be shown. An administrator need not
 * wait (`retryQuarantine`).
 * @param now Milliseconds since 1970.
 */
export function retryStampAt(now: number): number {
  return Math.floor(now / HOUR_MS);
}

/** What a collection's items are between the engine and a device; one for each collection of each request. */
export function translatorFor(
  services: ItemServices,
  collection: Collection,
  view: ClientView,
): Translator<ClassCommand, RenderedItem> {
  switch (collection.easClass) {
    case 'Email':
      return new EmailTranslator(services, collection, view);
    case 'Calendar':
      return new ObjectTranslator(services, collection, view, CALENDAR_CLASS);
    case 'Contacts':
      return new ObjectTranslator(services, collection, view, CONTACTS_CLASS);
    case 'Tasks':
      return new ObjectTranslator(services, collection, view, TASKS_CLASS);
    case 'Notes':
      return new ObjectTranslator(services, collection, view, NOTES_CLASS);
  }
}
