// Relay's `graphql` tags in test/clients stand for the artifacts that its compiler wrote, as babel-plugin-relay has it in an app.

export const relayArtifacts = {
  name: 'relay-artifacts',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!id.includes('/test/clients/relay')) return undefined;
    const names: string[] = [];
    const replaced = code.replaceAll(
      /\bgraphql`\s*(?:query|mutation|subscription)\s+(\w+)[^`]*`/g,
      (_, name) => {
        names.push(name);
        return `${name}Artifact`;
      },
    );
    const imports = names.map((name) => `import ${name}Artifact from './__generated__/${name}.graphql.ts';`);
    return imports.join(' ') + replaced;
  },
};
