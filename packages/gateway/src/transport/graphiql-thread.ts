import { serve } from '../thread/serve.ts';
import { prepareGraphiQLPage } from './graphiql-page.ts';

const methods = { prepare: prepareGraphiQLPage };

export type GraphiQLMethods = typeof methods;

serve(methods, (error) => ({ code: 'GRAPHIQL_UNAVAILABLE', message: String(error) }));
