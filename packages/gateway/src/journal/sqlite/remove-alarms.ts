/** The alarms that the event at a position opened go with it, in the same transaction. */
export const REMOVE_ALARMS = 'DELETE FROM alarm WHERE opened = ?';
