import type { DavContext } from '../context.ts';
import type { PropertyDefinition, PropertyWriter } from '../property.ts';
import type { Resource } from '../resource.ts';
import { CALENDARSERVER, DAV } from '../xml/element.ts';
import { writeElement } from '../xml/write.ts';

const isCollection = (resource: Resource): boolean => resource.kind === 'collection';
const hasQuota = (resource: Resource): boolean => resource.kind === 'home' || resource.kind === 'collection';

/** What tells clients about change (RFC 6578 §4, CTag), space (RFC 4331) and reports (RFC 3253 §3.1.5). */
export const COLLECTION_PROPERTIES: readonly PropertyDefinition[] = [
  {
    ns: DAV,
    name: 'sync-token',
    appliesTo: isCollection,
    inAllprop: false,
    compile:
      ({ environment }) =>
      (resource) =>
        resource.kind === 'collection' ? environment.syncTokens.tokenOf(resource.folder) : null,
  },
  {
    ns: CALENDARSERVER,
    name: 'getctag',
    appliesTo: isCollection,
    inAllprop: false,
    compile: () => (resource) =>
      resource.kind === 'collection' ? `${resource.folder.id}-${resource.folder.last}` : null,
  },
  { ns: DAV, name: 'quota-used-bytes', appliesTo: hasQuota, inAllprop: false, compile: compileUsed },
  { ns: DAV, name: 'quota-available-bytes', appliesTo: hasQuota, inAllprop: false, compile: compileAvailable },
  { ns: DAV, name: 'supported-report-set', appliesTo: () => true, inAllprop: false, compile: compileReports },
];

async function compileUsed(context: DavContext): Promise<PropertyWriter> {
  const { usedBytes } = await context.mailbox();
  return () => String(usedBytes);
}

/** RFC 4331 §3: without a quota the space that is really there. */
async function compileAvailable(context: DavContext): Promise<PropertyWriter> {
  const { usedBytes, quotaBytes } = await context.mailbox();
  const free = await context.environment.freeBytes();
  const available = quotaBytes === null ? free : Math.min(free, Math.max(0, quotaBytes - usedBytes));
  return () => String(Math.floor(available));
}

function compileReports(context: DavContext): PropertyWriter {
  const reports = [...context.registry.reports.values()].map((report) => ({
    appliesTo: report.appliesTo,
    xml: writeElement(DAV, 'supported-report', writeElement(DAV, 'report', writeElement(report.ns, report.name))),
  }));
  return (resource) => reports.reduce((all, { appliesTo, xml }) => (appliesTo(resource) ? all + xml : all), '');
}
