/** What AWS says that a line in the embedded metric format is, and what CloudWatch makes of one. */
import { Ajv } from 'ajv';

const UNITS = ['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'None'];

/**
 * The JSON Schema of AWS docs, "Specification: Embedded metric format", its titles and examples left out, and its units
 * of bits and bytes.
 */
const SCHEMA = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer' },
        CloudWatchMetrics: {
          type: 'array',
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: { type: 'string', pattern: '^(.*)$', minLength: 1, maxLength: 1024 },
              Dimensions: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'array',
                  minItems: 0,
                  maxItems: 30,
                  items: { type: 'string', pattern: '^(.*)$', minLength: 1, maxLength: 250 },
                },
              },
              Metrics: {
                type: 'array',
                items: {
                  type: 'object',
                  required: ['Name'],
                  properties: {
                    Name: { type: 'string', pattern: '^(.*)$', minLength: 1, maxLength: 1024 },
                    Unit: { type: 'string', enum: UNITS },
                    StorageResolution: { type: 'integer' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

const isEmf = new Ajv().compile(SCHEMA);

interface Document {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

/** A metric as CloudWatch would make it: `Reinstate TimeToAct Environment=prod Service=recommender`, and its value. */
export type Extracted = readonly [name: string, value: number];

/**
 * Reads a line by the words of the specification beside its schema: one JSON object without anything around it; every
 * reference has a member, dimensions are text of at most 1,024 characters, values are numbers.
 * @throws where CloudWatch would take nothing from it.
 */
export function extract(line: string): Extracted[] {
  const document = JSON.parse(line) as Document;
  if (!isEmf(document)) throw new Error(`not in the format: ${JSON.stringify(isEmf.errors)}`);
  return document._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) =>
      Dimensions.map((names): Extracted => {
        const value = document[Name];
        if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`${Name} has no value`);
        return [
          nameOf(
            Namespace,
            Name,
            names.map((name) => [name, dimension(document, name)]),
          ),
          value,
        ];
      }),
    ),
  );
}

/** The same name for a metric, whoever names it. */
export const nameOf = (
  namespace: string,
  name: string,
  dimensions: readonly (readonly [string, string])[],
): string => [namespace, name, ...dimensions.map(([key, value]) => `${key}=${value}`).sort()].join(' ');

function dimension(document: Document, name: string): string {
  const value = document[name];
  if (typeof value !== 'string' || value.length === 0 || value.length > 1024)
    throw new Error(`dimension ${name} has no text`);
  return value;
}
