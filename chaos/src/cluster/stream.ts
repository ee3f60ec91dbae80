/** The name of the stream that the gateways share; those of others begin with it. */
export const STREAM = 'se5';
