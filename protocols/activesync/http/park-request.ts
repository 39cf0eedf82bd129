import type Koa from 'koa';
import type { EasResponse, Park } from '../command.ts';

/**
 * Lets go of everything about a request but its connection until there is an answer. `settle` turns failures into answers, null
 * when there is nobody to answer; `write` sends one.
 */
export function parkRequest(
  ctx: Koa.Context,
  park: Park,
  settle: (response: Promise<EasResponse>) => Promise<EasResponse | null>,
  write: (response: EasResponse) => Promise<void>,
): void {
  const { res } = ctx;
  ctx.respond = false;
  let isOver = false;
  // For whoever lists what is going on.
  ctx.state.isWaiting = true;
  const parked = park((response) => {
    if (isOver) return;
    isOver = true;
    ctx.state.isWaiting = false;
    res.off('close', leave);
    void settle(Promise.resolve(response)).then((settled) => (settled === null ? undefined : write(settled)));
  });
  function leave(): void {
    if (isOver) return;
    isOver = true;
    parked.cancel();
  }
  res.once('close', leave);
  if (res.destroyed) leave();
}
