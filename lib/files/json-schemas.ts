import * as z from 'zod';
import { environmentFormat } from './environment-format.ts';
import { withExamples } from './examples.ts';
import { serviceFormat } from './service-format.ts';

/** The JSON Schemas of both file formats, by file name. Draft 7 is what yaml-language-server knows best. */
export const jsonSchemas = (): Readonly<Record<string, object>> => ({
  'environment.schema.json': schemaOf(environmentFormat),
  'service.schema.json': schemaOf(serviceFormat),
});

const schemaOf = (format: z.ZodType): object =>
  withExamples(z.toJSONSchema(format, { target: 'draft-7', io: 'input' })) as object;
