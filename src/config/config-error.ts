/** A setting is wrong; one line that says which, and what it accepts. Never holds a secret. */
export class ConfigError extends Error {}
