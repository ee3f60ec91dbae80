// Loaded before the gateway's own command: a parent that was killed could not end it.
process.on('disconnect', () => process.exit(1));
