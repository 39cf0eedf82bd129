import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type MetricsRegistry, Reading } from './registry.ts';

const NS = 1e9;

/** Memory, processor time and how late the event loop is. The function returned ends the measuring. */
export function addProcessMeasures(registry: MetricsRegistry): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const gauge = (name: string, help: string, read: () => number) =>
    registry.add(new Reading('gauge', { name, help }, read));
  gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
  gauge('causeway_heap_used_bytes', 'Memory in use by JavaScript.', () => process.memoryUsage().heapUsed);
  gauge('process_start_time_seconds', 'When the process began, in seconds since 1970.', () =>
    Math.round((performance.timeOrigin ?? 0) / 1000),
  );
  const cpu = { name: 'process_cpu_seconds_total', help: 'Processor time used.' };
  registry.add(
    new Reading('counter', cpu, () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    }),
  );
  const late = {
    name: 'causeway_event_loop_delay_seconds',
    help: 'How late the event loop was since the last reading.',
    labels: ['quantile'],
  };
  registry.add(new Reading('gauge', late, () => readDelay(delay)));
  return () => void delay.disable();
}

function readDelay(delay: ReturnType<typeof monitorEventLoopDelay>): readonly (readonly [readonly string[], number])[] {
  const rows = [
    [['0.5'], delay.percentile(50) / NS],
    [['0.99'], delay.percentile(99) / NS],
    [['max'], delay.max / NS],
  ] as const;
  delay.reset();
  return rows;
}
