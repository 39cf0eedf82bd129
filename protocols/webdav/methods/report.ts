import type { DavContext } from '../context.ts';
import { DavError, davCondition, nothingThere } from '../dav-error.ts';
import { isResource, type Target } from '../resource.ts';
import { clark } from '../xml/element.ts';

/** REPORT (RFC 3253 §3.6): the root element of the body says which. */
export async function report(context: DavContext, target: Target): Promise<void> {
  if (!isResource(target)) throw nothingThere();
  const body = await context.xmlBody();
  if (body === null) throw new DavError(400, 'REPORT needs a body that names the report.');
  context.logFields.report = body.name;
  const definition = context.registry.reports.get(clark(body));
  if (definition === undefined || !definition.appliesTo(target)) {
    throw new DavError(403, `The report ${body.name} is not served here.`, {
      condition: davCondition('supported-report'),
    });
  }
  await definition.run(context, target, body);
}
