#!/usr/bin/env node
// The command: `main.ts`, a tenth of a second sooner, since this file is JavaScript: for the first file that
// is TypeScript, and in no cache yet, Node would load its compiler.

import './warm.js';

await import('./main.ts');
