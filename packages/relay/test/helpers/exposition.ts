// A strict reader of Prometheus' text format, version 0.0.4: throws at the first line that breaks a rule of
// https://prometheus.io/docs/instrumenting/exposition_formats/ (grammar, one HELP and TYPE per family and before its
// samples, no sample twice, whole histograms).

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

function toValue(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  if (text === 'NaN') return Number.NaN;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) throw new Error(`no number: ${text}`);
  return Number(text);
}

function toLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;
  while (label.lastIndex < text.length) {
    const match = label.exec(text);
    if (match === null) throw new Error(`labels: ${text}`);
    const [, name = '', value = ''] = match;
    if (name in labels) throw new Error(`label twice: ${name}`);
    labels[name] = value;
  }
  return labels;
}

function toSample(line: string): Sample {
  const match = /^([^\s{]+)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (match === null) throw new Error(`no sample: ${line}`);
  const [, name = '', labels = '', value = ''] = match;
  if (!NAME.test(name)) throw new Error(`no name: ${name}`);
  return { name, labels: toLabels(labels), value: toValue(value) };
}

/** Buckets grow, end with +Inf, and that equals the count. */
function checkHistogram({ name, samples }: Family): void {
  const seriesOf = ({ labels: { le: _, ...rest } }: Sample) => JSON.stringify(rest);
  for (const [series, own] of Map.groupBy(samples, seriesOf)) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => toValue(labels.le ?? ''));
    const counts = buckets.map(({ value }) => value);
    const grows = (list: readonly number[]) =>
      list.every((value, n) => n === 0 || value >= (list[n - 1] ?? 0));
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    if (
      !grows(bounds) ||
      !grows(counts) ||
      bounds.at(-1) !== Number.POSITIVE_INFINITY ||
      counts.at(-1) !== count
    )
      throw new Error(`not a whole histogram: ${name} ${series}`);
  }
}

export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let help: { name: string; text: string } | undefined;
  let current: Family | undefined;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, kind, name = '', rest = ''] = comment;
      if (!NAME.test(name)) throw new Error(`no name: ${name}`);
      if (families.has(name)) throw new Error(`family twice: ${name}`);
      if (kind === 'HELP') {
        help = { name, text: rest };
      } else {
        if (!TYPES.includes(rest)) throw new Error(`no type: ${rest}`);
        if (help?.name !== name || help.text === '') throw new Error(`no help: ${name}`);
        current = { name, type: rest, help: help.text, samples: [] };
        families.set(name, current);
      }
    } else if (!line.startsWith('#')) {
      const sample = toSample(line);
      if (current === undefined) throw new Error(`without a family: ${line}`);
      const { name, type } = current;
      const names = (SUFFIXES[type] ?? ['']).map((suffix) => `${name}${suffix}`);
      if (!names.includes(sample.name)) throw new Error(`${sample.name} under ${name}`);
      const identity = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(identity)) throw new Error(`sample twice: ${line}`);
      if (type === 'counter' && !(sample.value >= 0)) throw new Error(`a counter below zero: ${line}`);
      seen.add(identity);
      current.samples.push(sample);
    }
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family);
  return families;
}
