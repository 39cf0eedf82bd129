import type { Measure, MetricsRegistry, Sample } from './registry.ts';

/** Prometheus' text format, version 0.0.4. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function exposition(registry: MetricsRegistry): string {
  return registry.measures.map(block).join('');
}

function block(measure: Measure): string {
  const { name, help } = measure.options;
  const lines = measure.samples().map((sample) => `${name}${line(sample)}\n`);
  if (lines.length === 0) return '';
  return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${measure.type}\n${lines.join('')}`;
}

function line({ suffix, labels, value }: Sample): string {
  const text = labels.map(([name, content]) => `${name}="${escaped(content)}"`).join(',');
  return `${suffix}${text === '' ? '' : `{${text}}`} ${number(value)}`;
}

function escaped(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
