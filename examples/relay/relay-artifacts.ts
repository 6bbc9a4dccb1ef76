// A plugin of Vite: `graphql` tags stand for the artifacts that Relay's compiler wrote beside their files, as babel-plugin-relay has it
// where there is Babel.

const tag = /\bgraphql`\s*(?:query|mutation|subscription|fragment)\s+(\w+)[^`]*`/g;

export const relayArtifacts = {
  name: 'relay-artifacts',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (id.includes('/node_modules/')) return undefined;
    const names: string[] = [];
    const replaced = code.replaceAll(tag, (document: string, name: string) => {
      names.push(name);
      // As many lines as before, so that a place in the source stays the same.
      return `${name}Artifact${document.replaceAll(/[^\n]/g, '')}`;
    });
    if (names.length === 0) return undefined;
    const imports = names.map((name) => `import ${name}Artifact from './__generated__/${name}.graphql.ts';`);
    return { code: imports.join(' ') + replaced, map: null };
  },
};
