import { z } from 'zod';

/**
 * What OpenAPI 3.1.0 §4.8 allows, object by object, closed: a field that is not of the specification fails. Left out is what
 * our document has no use for (links, callbacks, webhooks, XML), so that it fails as well and is thought about.
 */
const EXTENSION = /^x-/;

/** A fixed set of fields, and extensions (§4.9). */
function fields<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.looseObject(shape).superRefine((value, context) => {
    for (const key of Object.keys(value)) {
      if (!(key in shape) && !EXTENSION.test(key))
        context.addIssue({ code: 'custom', message: `${key} is no field here` });
    }
  });
}

const text = z.string().min(1);

/** §4.8.23. */
const reference = z.strictObject({ $ref: z.string().regex(/^#\/components\/\w+\/\w+$/), description: text.optional() });

/** §4.8.24: JSON Schema 2020-12, of it the keywords that mean the same in every draft since 6. */
const TYPES = z.enum(['string', 'integer', 'number', 'boolean', 'array', 'object', 'null']);
const count = z.int().nonnegative();
const schema: z.ZodType = z.lazy(() =>
  z.union([
    reference,
    z
      .strictObject({
        type: z.union([TYPES, z.array(TYPES).min(1)]).optional(),
        enum: z.array(z.unknown()).min(1).optional(),
        const: z.unknown().optional(),
        description: text.optional(),
        default: z.unknown().optional(),
        format: text.optional(),
        pattern: text.optional(),
        ...{ minLength: count.optional(), maxLength: count.optional() },
        ...{ minimum: z.number().optional(), maximum: z.number().optional() },
        ...{ minItems: count.optional(), maxItems: count.optional(), items: schema.optional() },
        properties: z.record(z.string(), schema).optional(),
        required: z.array(text).min(1).optional(),
        additionalProperties: z.union([z.boolean(), schema]).optional(),
        anyOf: z.array(schema).min(2).optional(),
        oneOf: z.array(schema).min(2).optional(),
      })
      .refine(
        ({ required = [], properties = {} }) => required.every((name) => name in properties),
        'required names no property',
      )
      .refine(
        ({ properties, type }) => properties === undefined || type === 'object',
        'properties of what is no object',
      ),
  ]),
);

/** §4.8.14. */
const mediaType = fields({ schema, example: z.unknown().optional() });
const content = z.record(z.string().regex(/^\w+\/[\w.+-]+$/), mediaType);

/** §4.8.12: a parameter in the path is required. */
const parameter = fields({
  name: text,
  in: z.enum(['path', 'query']),
  description: text,
  required: z.boolean().optional(),
  schema,
}).refine((one) => one.in !== 'path' || one.required === true, 'a parameter in the path is required');

/** §4.8.13. */
const requestBody = fields({ description: text.optional(), content, required: z.boolean() });

/** §4.8.17; headers are parameters without a name and a place (§4.8.21). */
const response = fields({
  description: text,
  headers: z.record(text, fields({ description: text, schema })).optional(),
  content: content.optional(),
});

/** §4.8.30. */
const security = z.array(z.record(z.literal('bearer'), z.array(text)));

/** §4.8.10. */
const operation = fields({
  operationId: z.string().regex(/^[a-zA-Z]\w*$/),
  tags: z.array(text).min(1),
  summary: text,
  description: text.optional(),
  parameters: z.array(z.union([reference, parameter])).optional(),
  requestBody: z.union([reference, requestBody]).optional(),
  responses: z.record(z.string().regex(/^(?:[1-5]\d\d|default)$/), z.union([reference, response])),
  security,
});

/** §4.8.9. */
const pathItem = fields({
  parameters: z.array(z.union([reference, parameter])).optional(),
  ...{ get: operation.optional(), put: operation.optional(), post: operation.optional(), delete: operation.optional() },
});

const named = <T extends z.ZodType>(kind: T) => z.record(z.string().regex(/^[\w.-]+$/), kind);

/** §4.8.1 and below: the whole document. */
export const OPENAPI_RULES = fields({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: fields({
    title: text,
    version: text,
    description: text.optional(),
    license: fields({ name: text, identifier: text }),
  }),
  servers: z.array(fields({ url: text, description: text.optional() })).min(1),
  tags: z.array(fields({ name: text, description: text })),
  paths: z.record(z.string().regex(/^(?:\/(?:[\w.-]+|\{\w+\}))+$/), pathItem),
  components: fields({
    securitySchemes: named(
      fields({ type: z.literal('http'), scheme: text, bearerFormat: text.optional(), description: text.optional() }),
    ),
    parameters: named(parameter),
    requestBodies: named(requestBody),
    responses: named(response),
    schemas: named(schema),
  }),
});
