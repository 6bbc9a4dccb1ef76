// vite.config.ts: the page and the service are of one origin, so CORS plays no part.

export default {
  server: {
    // The second is for the files of imports.
    proxy: { '/graphql': 'http://127.0.0.1:4000', '/imports': 'http://127.0.0.1:4000' },
  },
};
