import { allowedMethods } from '../allow.ts';
import type { DavContext } from '../context.ts';
import type { Target } from '../resource.ts';

/** OPTIONS: Allow for this target; DAV for what the whole server serves (RFC 4918 §10.1, RFC 4791 §5.1). */
export async function options(context: DavContext, target: Target): Promise<void> {
  const { koa, registry } = context;
  koa.status = 200;
  koa.set('Allow', allowedMethods(registry, target).join(', '));
  koa.set('DAV', registry.davHeader);
  koa.set('Content-Length', '0');
  koa.body = '';
}
