// The OpenAPI document: true to the routes, and with the words that the data's licence asks for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApp, setStage } from '../../support/http-stage.ts';

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, unknown> }>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string; readonly description: string };
  readonly components: { readonly securitySchemes: Record<string, unknown> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

test('the document says its version and whose GeoIP data answers stand on', async (t) => {
  const stage = setStage();
  const app = await openApp(t, stage);
  const document = (await app.inject({ url: '/openapi.json' })).json<Document>();
  assert.equal(document.openapi, '3.1.0');
  assert.equal(document.info.version, '0.1.0');
  assert.ok(document.info.description.includes(stage.api.about().geo.attribution));
});

test('each operation describes its path, its success, and the problem it may end in', async (t) => {
  const app = await openApp(t, setStage());
  const { paths } = (await app.inject({ url: '/openapi.json' })).json<Document>();
  assert.ok(Object.keys(paths).length > 10);
  for (const [path, operations] of Object.entries(paths)) {
    const named = new Set([...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]));
    for (const [method, operation] of Object.entries(operations)) {
      const { summary, parameters = [], responses } = operation;
      const inPath = parameters.filter((each) => each.in === 'path').map((each) => each.name);
      assert.deepEqual(new Set(inPath), named, `${method} ${path}`);
      assert.ok(summary, `${method} ${path}`);
      assert.ok(responses['default']?.content?.['application/problem+json'], path);
      assert.ok(
        Object.keys(responses).some((status) => /^[23]/.test(status)),
        path,
      );
    }
  }
});

test('changes, and what tells of clients or of who did what, ask for a bearer token, and nothing else does', async (t) => {
  const app = await openApp(t, setStage());
  const { paths, components } = (await app.inject({ url: '/openapi.json' })).json<Document>();
  assert.ok(components.securitySchemes['bearer']);
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(operations)) {
      const isForSome = method !== 'get' || ['/v1/clients', '/v1/timeline'].includes(path);
      assert.deepEqual(
        security,
        isForSome ? [{ bearer: [] }, { certificate: [] }] : undefined,
        `${method} ${path}`,
      );
    }
  }
});

test('parameters and their defaults are in it', async (t) => {
  const app = await openApp(t, setStage());
  const { paths } = (await app.inject({ url: '/openapi.json' })).json<Document>();
  const names = (path: string, method: string) =>
    paths[path]?.[method]?.parameters?.map((each) => `${each.in} ${each.name}`);
  assert.deepEqual(names('/v1/resolve', 'get'), [
    'query name',
    'query type',
    'query client',
    'query resolver',
    'query explain',
  ]);
  assert.deepEqual(names('/v1/health/{region}', 'get')?.sort(), [
    'header if-none-match',
    'path region',
    'query epoch',
    'query wait',
  ]);
  assert.deepEqual(names('/v1/events', 'get'), ['header last-event-id']);
  assert.ok(paths['/v1/events']?.['get']?.responses['200']?.content?.['text/event-stream']);
  const clients = paths['/v1/clients']?.['get']?.responses['200']?.content;
  assert.deepEqual(Object.keys(clients ?? {}), ['application/json', 'text/csv']);
  assert.ok(paths['/v1/health']?.['get']?.responses['304']);
  assert.deepEqual(names('/v1/overrides/{id}', 'delete')?.sort(), [
    'header idempotency-key',
    'header if-match',
    'path id',
    'query actor',
    'query because',
    'query breakGlass',
  ]);
  assert.deepEqual(names('/v1/overrides', 'post')?.sort(), [
    'header idempotency-key',
    'header if-match',
    'query dryRun',
  ]);
  assert.ok(paths['/v1/overrides']?.['post']?.requestBody);
});
