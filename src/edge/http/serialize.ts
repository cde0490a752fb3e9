// How answers are written: compiled from their shapes when the first of them is.

import { createRequire } from 'node:module';
import type { FastifyServerOptions } from 'fastify';

type Factory = NonNullable<
  NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']
>['buildSerializer'];
type Build = NonNullable<Factory>;
type Compile = ReturnType<Build>;

/** Compiling those of all routes, and loading what does it, would be a third of the server's start. */
export const buildSerializer: Build = (shapes, options) => {
  let compile: Compile | undefined;
  return (route) => {
    let write: ReturnType<Compile> | undefined;
    return (data) => {
      compile ??= loadBuild()(shapes, options);
      write ??= compile(route);
      return write(data);
    };
  };
};

/** What fastify would have taken itself. */
function loadBuild(): Build {
  const fromFastify = createRequire(import.meta.resolve('fastify'));
  const select = fromFastify('@fastify/fast-json-stringify-compiler') as () => Build;
  return select();
}
