// The OpenAPI document of the HTTP API, made from the routes as they are registered.

import { errorBodySchema } from '@wedsync/shared';
import * as z from 'zod';
import type { DescribedRoute, Schema } from './api.ts';

type Json = Record<string, unknown>;

function toJson(schema: Schema<unknown>): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' });
  return rest;
}

/** Path and query parameters, from the members of an object schema. */
function parametersOf(schema: Schema<unknown> | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJson(schema) as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: type,
  }));
}

function operationOf(route: DescribedRoute): Json {
  const json = (schema: Schema<unknown>) => ({ 'application/json': { schema: toJson(schema) } });
  return {
    summary: route.summary,
    security: route.auth === 'public' ? [] : [{ [route.auth]: [] }],
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: json(route.body) } }),
    responses: {
      [route.status]: { description: 'Done', content: json(route.result) },
      default: { description: 'Refused or failed', content: json(errorBodySchema) },
    },
  };
}

/** An OpenAPI 3.1 document. */
export function toOpenApi(routes: readonly DescribedRoute[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'WedSync', version, description: 'Client lists of wedding photographers.' },
    paths,
    components: {
      securitySchemes: {
        person: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A signed-in person's Supabase token",
        },
        admin: { type: 'http', scheme: 'bearer', description: 'The token in DATA_DIR/relay.json' },
      },
    },
  };
}
