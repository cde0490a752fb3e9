// What holds for all that is loaded after it: where compiled code is kept, and how memory is collected.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Compiled code of the last start makes this one sooner and smaller; by the variable, threads and a
// process that takes over have it too. The folder is our own, because whoever can write to a shared
// one could put code there.
const compiled = join(import.meta.dirname, '../node_modules/.cache/meridian');
enableCompileCache(compiled);
process.env['NODE_COMPILE_CACHE'] ??= compiled;

// What a query allocates dies at once, so the nursery need not grow: starting, which works through
// millions of ranges, would enlarge it and hold some 40 MB for good. At 4 MB it is collected so seldom that
// a query costs a thirtieth less than at the 1 MB it begins with by itself, and at 8 MB no less than that.
setFlagsFromString('--min-semi-space-size=4');
setFlagsFromString('--max-semi-space-size=16');
setFlagsFromString('--semi-space-growth-factor=1');
