// Loaded before the gateway's own command: a parent that was killed could not end it.
process.on('disconnect', () => process.exit(1));
// A listener keeps the channel, and so the process; it shall end by itself when it is stopped.
process.channel?.unref();
