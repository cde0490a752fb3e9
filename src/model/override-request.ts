// What an operator asks for, as plain data.

export interface OverrideRequest {
  readonly region: string;
  readonly kind: 'drain' | 'down' | 'up';
  readonly actor: string;
  readonly reason: string;
  /** A span with its unit, such as `10m`; left out of a permanent word alone. */
  readonly for?: string;
  /** The name of a service of the region: within it alone. */
  readonly service?: string;
  /** An address of the region: it alone. */
  readonly endpoint?: string;
  /** Of client networks, above 0 up to 1, that a drain is for; all when it is left out. */
  readonly share?: number;
  /** Without an end; `confirm` must then name the region once more. */
  readonly permanent?: boolean;
  readonly confirm?: string;
  /** Safety rules to override, and why; the word then needs an end. */
  readonly breakGlass?: { readonly rules: readonly string[]; readonly reason: string };
}
