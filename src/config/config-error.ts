/** A setting is wrong. The message is one line that says which and what it accepts, and never has a secret in it. */
export class ConfigError extends Error {}
