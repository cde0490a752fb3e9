// The language of scenarios: forms of sentences, and how a line is understood as one of them.

/** Words of a text, whose quotes are taken off. */
const quoted = '"[^"]+"';

/** What may stand where a form has a word in capitals. */
const patterns = {
  ADDRESS: String.raw`[\da-f.:]+`,
  ACTOR: String.raw`\S+`,
  APP: '[a-z]+',
  ANSWER: String.raw`.+?`,
  BEHAVIOUR: 'works|fails|hangs',
  BOARD: '[a-z]+',
  BOARDS: '[a-z]+(?: [a-z]+)*',
  CLIENT: String.raw`\S+`,
  CODE: '[a-z-]+',
  COUNTRY: '[A-Z]{2}',
  COUNT: String.raw`\d+`,
  DATA: '.+',
  DIRECTOR: String.raw`[a-z]+-\d`,
  DIRECTORS: String.raw`[a-z]+-\d(?: [a-z]+-\d)*`,
  EVENT: '[a-z-]+',
  FATE: 'dies|hangs|returns',
  FLEET: '[a-z-]+',
  FROM: String.raw`\d+%`,
  KEPT: 'kept',
  KIND: 'drain|down|up',
  LOAD: String.raw`\d+(?:\.\d+)?`,
  NAME: String.raw`[\w.@*-]+`,
  NETWORK: String.raw`[\da-f.:]+/\d+`,
  NEWS: String.raw`[a-z-]+\.[a-z-]+`,
  NOTE: quoted,
  OBSERVER: String.raw`[a-z]+-\d`,
  OBSERVERS: String.raw`nobody|[a-z]+-\d(?: [a-z]+-\d)*`,
  PHASE: 'preparing|step|done|aborted',
  PLACE: String.raw`-?\d+,-?\d+`,
  POLICY: '.+',
  REASON: '.+?',
  REGION: '[a-z]+',
  REGIONS: '[a-z]+(?: [a-z]+)*',
  RESOLVER: String.raw`\S+`,
  ROLE: 'counted|isolated|uncounted',
  RULE: '[a-zA-Z]+',
  SCOPE: String.raw`\d+`,
  SETTINGS: String.raw`\{.*\}`,
  SHARES: String.raw`[a-z]+ \d+%(?: [a-z]+ \d+%)*`,
  SHARE: String.raw`\d+%`,
  SPAN: String.raw`\d+(?:ms|s|m|h|d)`,
  STAGE: 'out|holding|half-open|open',
  STEPS: String.raw`\d+%(?: \d+%)*`,
  STATE: 'alone|fresh|partial|isolated',
  TO: String.raw`\d+%`,
  TTL: String.raw`\d+`,
  TURN: 'starts|stops|restarts|crashes',
  TYPE: '[A-Z]+',
  VERDICT: 'up|down|unknown',
  WAY: 'ahead|behind',
  WEATHER: 'sound|lossy|slow|doubling|stormy',
  WHY: quoted,
  WORD: 'up|draining|down|silent',
} as const;

/** What stood for each word; empty where nothing did. */
export type Words = Readonly<Record<keyof typeof patterns, string>>;

/** Lines that say something, with their numbers; `#` begins a remark on a line of its own. */
export function linesOf(text: string): { readonly line: string; readonly number: number }[] {
  return text
    .split('\n')
    .map((line, i) => ({ line: line.trim().replace(/\s+/g, ' '), number: i + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'));
}

export interface Understood<Act> {
  readonly act: Act;
  readonly words: Words;
}

/** Finds the one form that a line has; throws when it has none, or several. */
export function understand<Act>(
  line: string,
  sentences: Readonly<Record<string, Act>>,
): Understood<Act> {
  const found = Object.entries(sentences).flatMap(([form, act]) => {
    const match = expressionOf(form).exec(line);
    return match === null ? [] : [{ form, act, words: readWords(match.groups) }];
  });
  const [first, ...others] = found;
  if (first === undefined) throw new Error(`not understood: ${line}`);
  if (others.length === 0) return first;
  throw new Error(`could be any of: ${found.map(({ form }) => form).join('; ')}`);
}

const expressions = new Map<string, RegExp>();

/** `ask NAME [TYPE]`: words in capitals are named groups, brackets hold what may be left out. */
function expressionOf(form: string): RegExp {
  const known = expressions.get(form);
  if (known !== undefined) return known;
  const source = form
    .replace(/ \[/g, '(?: ')
    .replace(/\]/g, ')?')
    .replace(/[A-Z]+/g, (word) => `(?<${word}>${patternOf(word)})`);
  const expression = new RegExp(`^${source}$`);
  expressions.set(form, expression);
  return expression;
}

function patternOf(word: string): string {
  const pattern = (patterns as Readonly<Record<string, string>>)[word];
  if (pattern === undefined) throw new Error(`no pattern for ${word}`);
  return pattern;
}

function readWords(groups: Readonly<Record<string, string | undefined>> = {}): Words {
  const words = Object.keys(patterns).map((word) => {
    const text = groups[word] ?? '';
    return [word, patternOf(word) === quoted ? text.slice(1, -1) : text];
  });
  return Object.fromEntries(words) as Words;
}
