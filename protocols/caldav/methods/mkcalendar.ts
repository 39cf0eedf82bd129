import type { DavContext } from '../../webdav/context.ts';
import { createCollection, requireFreePlace } from '../../webdav/create-collection.ts';
import { DavError } from '../../webdav/dav-error.ts';
import { answerCreation } from '../../webdav/methods/mkcol.ts';
import { readConditions } from '../../webdav/preconditions.ts';
import { updatesIn } from '../../webdav/property-updates.ts';
import type { MethodDefinition } from '../../webdav/registry.ts';
import { isResource, type Target } from '../../webdav/resource.ts';
import { CALDAV } from '../../webdav/xml/element.ts';
import { isNamed } from '../../webdav/xml/query.ts';
import { CALENDAR_TYPE } from '../resource-type.ts';

/** RFC 4791 §5.3.1: creates a calendar with its properties, all of it or none. */
export const MKCALENDAR: MethodDefinition = {
  name: 'MKCALENDAR',
  appliesTo: (target) => target.kind === 'unmapped-collection' && target.home === 'calendars',
  run: mkcalendar,
};

async function mkcalendar(context: DavContext, target: Target): Promise<void> {
  if (isResource(target)) {
    requireFreePlace(target, 403);
  }
  const body = await context.xmlBody();
  if (body !== null && !isNamed(body, 'mkcalendar', CALDAV)) {
    throw new DavError(415, 'The body of MKCALENDAR is not a CALDAV:mkcalendar document.');
  }
  (await readConditions(context, target)).check(null);
  // The method says what is made; a resourcetype beside it, as some clients send, says nothing more.
  const updates = (body === null ? [] : updatesIn(body)).filter(({ element }) => !isNamed(element, 'resourcetype'));
  const result = await createCollection(context, { target, type: CALENDAR_TYPE, updates });
  answerCreation(context, 'refused' in result ? result.refused : null, { ns: CALDAV, name: 'mkcalendar-response' });
}
