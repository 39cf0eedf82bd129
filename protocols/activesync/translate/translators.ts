import type { ItemServices } from '../../../src/items/services.ts';
import type { Translator } from '../../../src/sync/translator.ts';
import type { ClientView } from './client-view.ts';
import { EmailTranslator } from './email-translator.ts';
import { CALENDAR_CLASS, CONTACTS_CLASS, NOTES_CLASS, TASKS_CLASS } from './object-classes.ts';
import { ObjectTranslator } from './object-translator.ts';
import type { ClassCommand, RenderedItem } from './rendered-item.ts';
import type { Collection } from './view.ts';

/**
 * What is in quarantine and was tried at a lower stamp is tried again: raise it with a release that can show what the one before
 * could not. An administrator has single items tried again by `retryQuarantine`.
 */
export const RETRY_STAMP = 0;

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
